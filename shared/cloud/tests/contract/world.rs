//! Tables of its own for each test, on a server that speaks DynamoDB's protocol.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use cloud::app::{App, CommandKey, Done, Failure, Refer};
use cloud::store::{Append, AppendError, Membership, Store, Stored, TableNames, create_tables};
use cloud::{Clock, Config, Entropy};
use dynoxide::Database;
use review::event::{self, Recorded};
use review::records::Referral;
use review::values::{ActorId, CspId, Email, Reference};
use review::{Action, Actor, Case, Command, Event, Role, sample};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A store with tables of its own, and people.
pub struct World {
    pub store: Store,
    pub app: App,
    pub client: Client,
    pub names: TableNames,
    endpoint: String,
}

/// The instant at which every test takes place.
pub fn now() -> DateTime<Utc> {
    "2027-01-04T10:00:00Z".parse().unwrap()
}

pub fn csp() -> CspId {
    CspId::parse(sample::CSP).unwrap()
}

pub fn id(name: &str) -> ActorId {
    ActorId::parse(name).unwrap()
}

pub fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@agency.example")).unwrap()
}

pub fn referral() -> Referral {
    sample::referral().unwrap()
}

pub fn command(action: Action) -> Command {
    action.read(sample::body(action)).unwrap()
}

/// An event by its name and record.
pub fn event(kind: &str, record: &Value) -> Event {
    serde_json::from_value(json!({ "kind": kind, "record": record })).unwrap()
}

pub fn information(text: &str) -> Event {
    event("information-added", &json!({ "text": text }))
}

pub fn coordinator() -> Actor {
    Actor { id: id("sample-coordinator"), role: Role::Coordinator, csp: csp(), agency: None }
}

/// What a command is answered with here.
pub fn reply(case: &Case, history: &[Recorded]) -> Value {
    json!({ "reference": case.reference, "seq": case.seq, "events": history.len() })
}

fn config() -> Config {
    Config::from(|name| {
        let value = match name {
            "CASES_TABLE" | "EVENTS_TABLE" => "unused",
            "CSPS" => "sample-csp=Sample partnership",
            "MATCH_KEY" => "a key of thirty-two characters at least",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .unwrap()
}

/// The server named from outside, if there is one.
#[allow(clippy::disallowed_methods, reason = "the test world reads the environment")]
pub fn server() -> Option<String> {
    std::env::var("DHR_TEST_ENDPOINT").ok()
}

/// The server named from outside, or an embedded one that lives as long as the test.
async fn endpoint() -> String {
    if let Some(endpoint) = server() {
        return endpoint;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, Database::memory().unwrap()));
    endpoint
}

fn settings(endpoint: &str, attempts: u32) -> Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-2"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(endpoint)
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(attempts)
                .with_initial_backoff(Duration::from_millis(5)),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(Duration::from_mins(1))
                .operation_attempt_timeout(Duration::from_secs(30))
                .build(),
        )
}

impl World {
    pub async fn new() -> Self {
        let endpoint = endpoint().await;
        let unique = uuid::Uuid::new_v4();
        let names =
            TableNames { cases: format!("cases-{unique}"), events: format!("events-{unique}") };
        let client = Client::from_conf(settings(&endpoint, 3).build());
        create_tables(&client, &names).await.unwrap();
        // Starting again finds them there.
        create_tables(&client, &names).await.unwrap();
        let store = Store::new(client.clone(), names.clone(), Entropy::system());
        let world = Self { app: app(&store), store, client, names, endpoint };
        world.join("sample-police", &[Role::Police]).await;
        world
    }

    /// The same tables through another client.
    pub fn through(&self, attempts: u32, change: impl FnOnce(Builder) -> Builder) -> (Store, App) {
        let client = Client::from_conf(change(settings(&self.endpoint, attempts)).build());
        let store = Store::new(client, self.names.clone(), Entropy::system());
        let app = app(&store);
        (store, app)
    }

    pub async fn join(&self, name: &str, roles: &[Role]) {
        let membership = Membership {
            csp: csp(),
            roles: roles.iter().copied().collect(),
            agency: None,
            email: email(name),
            active: true,
        };
        self.store.put_member(&id(name), &membership).await.unwrap();
    }

    /// Refers the sample's death under a key.
    pub async fn refer(&self, key: &str) -> Result<Done, Failure> {
        refer(&self.app, "sample-police", referral(), key).await
    }

    /// A fresh case.
    pub async fn case(&self) -> Stored {
        let case = self.refer(&uuid::Uuid::new_v4().to_string()).await.unwrap().case.unwrap();
        self.load(&case.reference).await
    }

    pub async fn load(&self, reference: &Reference) -> Stored {
        self.store.load(&csp(), reference).await.unwrap().unwrap()
    }

    /// Adds events to a case, whatever the domain thinks of them.
    pub async fn add(&self, before: &Stored, events: Vec<Event>) -> Result<Stored, AppendError> {
        let (case, history) = applied(before, events);
        let append = Append {
            before: Some(before),
            case: &case,
            history: &history,
            command: None,
            referrer: None,
        };
        self.store.append(self.store.prepare(append)?).await?;
        Ok(self.load(&case.reference).await)
    }

    /// An item as it stands in the table.
    pub async fn item(&self, table: &str, pk: &str, sk: &str) -> Option<Item> {
        let request = self.client.get_item().table_name(table).consistent_read(true);
        let request = request.key("pk", text(pk)).key("sk", text(sk));
        request.send().await.unwrap().item
    }

    /// Writes an item past the store.
    pub async fn put(&self, table: &str, item: Item) {
        let request = self.client.put_item().table_name(table).set_item(Some(item));
        request.send().await.unwrap();
    }

    /// Deletes an item past the store.
    pub async fn delete(&self, table: &str, pk: &str, sk: &str) {
        let request = self.client.delete_item().table_name(table);
        request.key("pk", text(pk)).key("sk", text(sk)).send().await.unwrap();
    }
}

pub type Item = std::collections::HashMap<String, AttributeValue>;

pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub fn pk(reference: &Reference) -> String {
    format!("CASE#{}#{reference}", csp())
}

fn app(store: &Store) -> App {
    App::new(store.clone(), Arc::new(config()), Clock::new(Arc::new(now)))
}

pub async fn refer(app: &App, actor: &str, referral: Referral, key: &str) -> Result<Done, Failure> {
    let actor = id(actor);
    let key = CommandKey::parse(&actor, "POST /referrals", key).unwrap();
    app.refer(Refer { actor, csp: csp(), referral, key, reply: &reply }).await
}

pub fn applied(before: &Stored, events: Vec<Event>) -> (Case, Vec<Recorded>) {
    event::apply(Some(before.case.clone()), events, &coordinator(), now()).unwrap()
}
