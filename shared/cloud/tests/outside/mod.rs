//! The outside for tests: an embedded DynamoDB, an SES that answers as it is told, and a clock
//! that is moved by hand. The code under test is the one that runs in AWS.

#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test may panic")]

pub mod http;
pub mod metrics;
pub mod ses;
pub mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_config::profile::profile_file;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use cloud::store::{
    Append, CaseKey, Membership, OutboxItem, OutboxStatus, TableNames, create_tables,
};
use cloud::{Clock, Cloud, Config};
use review::decide::Intake;
use review::records::Referral;
use review::values::{ActorId, AgencyId, CspId, Email, Reference};
use review::{Actor, Ask, Command, Role, decide, event};
use tokio::net::TcpListener;

use ses::Ses;

/// The partnership of the fixtures.
pub const CSP: &str = "sample-csp";

/// The case of the fixtures.
pub const REFERENCE: &str = "DHR-7KQ4-M6XD";

/// The table of cases.
pub const CASES: &str = "cases";

/// Everything outside.
pub struct Outside {
    pub cloud: Cloud,
    pub ses: Ses,
    pub table: aws_sdk_dynamodb::Client,
    now: Arc<Mutex<DateTime<Utc>>>,
    sdk: SdkConfig,
}

impl Outside {
    /// An empty installation on 4 January 2027, 09:00.
    pub async fn new() -> Self {
        let (dynamodb, _) = dynamodb().await;
        Self::over(&dynamodb).await
    }

    /// The same with the tables behind another address.
    pub async fn over(dynamodb: &str) -> Self {
        metrics::install();
        let ses = Ses::start().await;
        let sdk = sdk(dynamodb, ses.endpoint()).await;
        let table = aws_sdk_dynamodb::Client::new(&sdk);
        let names = TableNames { cases: CASES.to_owned(), events: "events".to_owned() };
        create_tables(&table, &names).await.unwrap();
        let now = Arc::new(Mutex::new("2027-01-04T09:00:00Z".parse().unwrap()));
        let cloud = Cloud::over(config(), clock(&now), &sdk);
        Self { cloud, ses, table, now, sdk }
    }

    /// Another worker over the same tables and the same SES.
    pub fn worker(&self) -> Cloud {
        Cloud::over(config(), clock(&self.now), &self.sdk)
    }

    /// Moves the clock.
    pub fn later(&self, length: TimeDelta) {
        *self.now.lock().unwrap() += length;
    }

    /// Sets the clock.
    pub fn at(&self, instant: &str) {
        *self.now.lock().unwrap() = instant.parse().unwrap();
    }

    /// Adds a person, whose address is `<id>@people.example`.
    pub async fn member(&self, id: &str, roles: &[Role], agency: Option<&str>) {
        self.membership(id, roles, agency, true).await;
    }

    /// Sets a person's membership.
    pub async fn membership(&self, id: &str, roles: &[Role], agency: Option<&str>, active: bool) {
        let membership = Membership {
            csp: csp(),
            roles: roles.iter().copied().collect(),
            agency: agency.map(|agency| AgencyId::parse(agency).unwrap()),
            email: Email::parse(&format!("{id}@people.example")).unwrap(),
            active,
        };
        self.cloud.store.put_member(&actor(id), &membership).await.unwrap();
    }

    /// The people whom a referral concerns: `referrer-1`, `coordinator-1`, `csp-chair-1`.
    pub async fn people(&self) {
        self.member("referrer-1", &[Role::Referrer], None).await;
        self.member("coordinator-1", &[Role::Coordinator], None).await;
        self.member("csp-chair-1", &[Role::CspChair], None).await;
    }

    /// Opens the case of the fixtures.
    pub async fn open(&self) -> CaseKey {
        self.open_as(REFERENCE, vec![]).await
    }

    /// Opens a case by `referrer-1`.
    pub async fn open_as(&self, reference: &str, match_keys: Vec<String>) -> CaseKey {
        let actor =
            Actor { id: actor("referrer-1"), role: Role::Referrer, csp: csp(), agency: None };
        let reference = Reference::parse(reference).unwrap();
        let rules = self.cloud.config.rules.clone();
        let intake = Intake { reference: reference.clone(), csp: csp(), rules, match_keys };
        let command = Command::Refer(Box::new(referral()));
        let now = self.cloud.clock.now();
        let ask =
            Ask { actor: &actor, command: &command, if_match: None, now, intake: Some(&intake) };
        let events = decide(None, &ask).unwrap();
        let (case, history) = event::apply(None, events, &actor, now).unwrap();
        let append =
            Append { before: None, case: &case, history: &history, command: None, referrer: None };
        let prepared = self.cloud.store.prepare(append).unwrap();
        self.cloud.store.append(prepared).await.unwrap();
        CaseKey { csp: csp(), reference }
    }

    /// Carries a command out as the coordinator, having read the case.
    pub async fn act(&self, case: &CaseKey, role: Role, command: &Command) {
        let CaseKey { csp, reference } = case;
        let actor = &Actor { id: actor("coordinator-1"), role, csp: csp.clone(), agency: None };
        let stored = self.cloud.store.load(csp, reference).await.unwrap().unwrap();
        let run = cloud::app::Run {
            actor,
            csp,
            reference,
            command,
            if_match: Some(stored.case.revision),
            version: None,
            key: None,
            reply: &|_, _| serde_json::Value::Null,
        };
        self.cloud.app.run(run).await.unwrap();
    }

    /// A case as it is.
    pub async fn case(&self, key: &CaseKey) -> review::Case {
        self.cloud.store.load(&key.csp, &key.reference).await.unwrap().unwrap().case
    }

    /// The kinds of a case's events, in order.
    pub async fn history(&self, key: &CaseKey) -> Vec<review::EventKind> {
        let page = self.cloud.store.history(&key.csp, &key.reference, 0, 1000).await.unwrap();
        page.entries.into_iter().map(|entry| entry.envelope.kind).collect()
    }

    /// A case's outbox.
    pub async fn outbox(&self, key: &CaseKey) -> Vec<OutboxItem> {
        self.cloud.store.outbox_of(key).await.unwrap()
    }

    /// The statuses of a case's outbox, in order.
    pub async fn statuses(&self, key: &CaseKey) -> Vec<OutboxStatus> {
        self.outbox(key).await.into_iter().map(|item| item.status).collect()
    }

    /// Sets one attribute of an item of the table of cases.
    pub async fn scribble(&self, pk: &str, sk: &str, name: &str, value: &str) {
        self.table
            .update_item()
            .table_name(CASES)
            .set_key(Some(key(pk, sk)))
            .update_expression("SET #name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", AttributeValue::S(value.to_owned()))
            .send()
            .await
            .unwrap();
    }

    /// Takes one attribute from an item of the table of cases.
    pub async fn forget(&self, pk: &str, sk: &str, name: &str) {
        self.table
            .update_item()
            .table_name(CASES)
            .set_key(Some(key(pk, sk)))
            .update_expression("REMOVE #name")
            .expression_attribute_names("#name", name)
            .send()
            .await
            .unwrap();
    }
}

/// An embedded DynamoDB: its address, and its tables for who fills them by hand.
pub async fn dynamodb() -> (String, dynoxide::Database) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
    (endpoint, database)
}

/// The key of an item.
pub fn key(pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

/// A recorded payload of `infra/events`.
pub fn fixture(name: &str) -> serde_json::Value {
    let path = format!("{}/../../infra/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub fn csp() -> CspId {
    CspId::parse(CSP).unwrap()
}

pub fn actor(id: &str) -> ActorId {
    ActorId::parse(id).unwrap()
}

fn referral() -> Referral {
    serde_json::from_value(review::sample::body(review::Action::Refer)).unwrap()
}

fn clock(now: &Arc<Mutex<DateTime<Utc>>>) -> Clock {
    let now = Arc::clone(now);
    Clock::new(Arc::new(move || *now.lock().unwrap()))
}

fn config() -> Config {
    Config::from(|name| {
        let value = match name {
            "CASES_TABLE" => CASES,
            "EVENTS_TABLE" => "events",
            "CSPS" => "sample-csp=Sample Safety Partnership",
            "MATCH_KEY" => "a key of a test, which is long enough",
            "DOCUMENTS_BUCKET" => "documents",
            "MAIL_SENDER" => "DHR casework <dhr@sample-csp.example>",
            "MAIL_CONFIGURATION_SET" => "dhr-casework",
            "LINK_BASE" => "https://dhr.sample-csp.example",
            "MAIL_RATE_PER_SECOND" => "500",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .unwrap()
}

/// The SDK's settings with an endpoint for each service, as the environment would set them.
#[expect(deprecated, reason = "the new names stand in a crate that nothing else here needs")]
pub async fn sdk(dynamodb: &str, other: &str) -> SdkConfig {
    let profile = format!(
        "[default]\nservices = here\n[services here]\ndynamodb =\n  endpoint_url = {dynamodb}\n\
         ses =\n  endpoint_url = {other}\ns3 =\n  endpoint_url = {other}\n"
    );
    let files = profile_file::ProfileFiles::builder()
        .with_contents(profile_file::ProfileFileKind::Config, profile)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .profile_files(files)
        .region(Region::from_static("eu-west-2"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await
}
