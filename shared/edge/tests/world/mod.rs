//! A partnership in a test: the embedded database, a directory of people, a clock that can be
//! moved, and tokens that are signed with a key made for this test.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    reason = "each test uses a part; a test may read the clock"
)]

pub mod signer;

use std::sync::{Arc, Mutex};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use chrono::{DateTime, TimeDelta, Utc};
use cloud::store::{Membership, TableNames, create_tables};
use cloud::{Clock, Cloud, Config};
use dynoxide::Database;
use edge::{Gate, Request, Response};
use lambda_http::Body;
use lambda_http::http::{self, Method};
use review::Role;
use review::values::{ActorId, AgencyId, CspId, Email};
use serde_json::Value;
use tokio::net::TcpListener;

use signer::Signer;

/// The partnership of the samples.
pub const CSP: &str = "sample-csp";

/// Everything a handler needs.
pub struct World {
    pub gate: Gate,
    pub signer: Signer,
    pub dynamodb: aws_sdk_dynamodb::Client,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl World {
    /// One partnership, on 4 January 2027, without people.
    pub async fn new() -> Self {
        Self::with("sample-csp=Sample Partnership", |_, sdk| sdk.clone()).await
    }

    /// Partnerships as the configuration names them.
    pub async fn of(csps: &str) -> Self {
        Self::with(csps, |_, sdk| sdk.clone()).await
    }

    /// As [`World::of`], with S3 at another endpoint.
    pub async fn with(csps: &str, s3: impl FnOnce(&str, &SdkConfig) -> SdkConfig) -> Self {
        let endpoint = database().await;
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-2"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                "test", "test", None, None, "test",
            )))
            .endpoint_url(&endpoint)
            .build();
        let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
        let names = TableNames { cases: "cases".into(), events: "events".into() };
        create_tables(&dynamodb, &names).await.unwrap();
        let now = Arc::new(Mutex::new("2027-01-04T10:00:00Z".parse().unwrap()));
        let clock = {
            let now = Arc::clone(&now);
            Clock::new(Arc::new(move || *now.lock().unwrap()))
        };
        let signer = Signer::new();
        let config = config(csps, &signer.jwks());
        let mut cloud = Cloud::over(config, clock, &sdk);
        cloud.files =
            Cloud::over((*cloud.config).clone(), cloud.clock.clone(), &s3(&endpoint, &sdk)).files;
        let gate = Gate::open(cloud, Clock::new(Arc::new(Utc::now))).await.unwrap();
        Self { gate, signer, dynamodb, now }
    }

    /// Moves the domain's clock.
    pub fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// Lets someone belong to the sample partnership.
    pub async fn join(&self, actor: &str, roles: &[Role], agency: Option<&str>) {
        self.enrol(actor, CSP, roles, agency, true).await;
    }

    /// Writes a membership.
    pub async fn enrol(
        &self,
        actor: &str,
        csp: &str,
        roles: &[Role],
        agency: Option<&str>,
        active: bool,
    ) {
        let membership = Membership {
            csp: CspId::parse(csp).unwrap(),
            roles: roles.iter().copied().collect(),
            agency: agency.map(|id| AgencyId::parse(id).unwrap()),
            email: Email::parse(&format!("{actor}@sample.example")).unwrap(),
            active,
        };
        let actor = ActorId::parse(actor).unwrap();
        self.gate.cloud.store.put_member(&actor, &membership).await.unwrap();
    }

    /// A request by someone.
    pub fn ask(&self, actor: &str, method: Method, path: &str) -> Asked {
        Asked::new(method, path)
            .header("authorization", &format!("Bearer {}", self.signer.token(actor)))
    }

    /// How many items both tables hold.
    pub async fn items(&self) -> usize {
        let mut count = 0;
        for table in ["cases", "events"] {
            let page =
                self.dynamodb.scan().table_name(table).consistent_read(true).send().await.unwrap();
            assert!(page.last_evaluated_key().is_none(), "a test of this size fits in one page");
            count += page.items().len();
        }
        count
    }
}

/// A request in the making.
pub struct Asked {
    builder: http::request::Builder,
    body: Body,
}

impl Asked {
    pub fn new(method: Method, path: &str) -> Self {
        Self { builder: http::Request::builder().method(method).uri(path), body: Body::Empty }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.text(&body.to_string())
    }

    #[must_use]
    pub fn text(mut self, body: &str) -> Self {
        self.body = Body::Text(body.to_owned());
        self.header("content-type", "application/json")
    }

    /// Bytes, with whatever content type was set.
    #[must_use]
    pub fn bytes(mut self, body: &[u8]) -> Self {
        self.body = Body::Binary(body.to_vec());
        self
    }

    pub fn build(self) -> Request {
        self.builder.body(self.body).unwrap()
    }
}

/// The JSON of an answer.
pub fn json(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// The value of a header of an answer.
pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Starts an empty database that goes with the test.
async fn database() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    endpoint
}

fn config(csps: &str, jwks: &str) -> Config {
    let settings = [
        ("CASES_TABLE", "cases"),
        ("EVENTS_TABLE", "events"),
        ("CSPS", csps),
        ("MATCH_KEY", "a key for tests that is long enough"),
        ("DOCUMENTS_BUCKET", "documents"),
        ("TOKEN_JWKS", jwks),
        ("TOKEN_ISSUER", signer::ISSUER),
        ("TOKEN_AUDIENCE", signer::AUDIENCE),
    ];
    Config::from(|name| {
        settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
    .unwrap()
}
