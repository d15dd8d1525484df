//! The whole system in one thread: the handlers of all functions, each in a container of its own,
//! over clients whose wire is ours, on a clock that moves only when nothing else can happen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::TokioSleep;
use chrono::{DateTime, TimeDelta, Utc};
use cloud::trigger::BatchResponse;
use cloud::{Budget, Clock, Cloud, Config};
use edge::{Gate, Request, Response};
use local::backend::mailbox::{self, Mailbox};
use local::backend::s3::{self, InProcess};
use review::values::CspId;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::chance::Chance;
use super::life::{Death, live};
use super::mutants::Mutant;
use super::people::Badges;
use super::post::Post;
use super::story::{Chapter, Files};
use super::stream::Stream;
use super::tables::Tables;
use super::wire::{Behind, Wire};
use super::{BUCKET, CASES, EVENTS};

/// How long API Gateway and a function behind it may take.
const REQUEST: Duration = Duration::from_secs(29);
/// How long a function without an HTTP edge may take.
const TRIGGER: Duration = Duration::from_mins(1);
/// Mails in a second.
pub const RATE: u32 = 14;
const KEY: &str = "simulated";

/// The functions, each with one container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    Referrals,
    Casework,
    Documents,
    Deadlines,
    Notices,
    Receipts,
}

/// How a run begins.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The tables that it begins with.
    pub tables: PathBuf,
    pub now: DateTime<Utc>,
    /// The folder of the bucket, where a run has one.
    pub bucket: Option<PathBuf>,
    pub mutant: Option<Mutant>,
    /// How many mails SES takes in a second; any number, if it does not say.
    pub ses_takes: Option<u32>,
    /// Whether every receipt is noted within its window.
    pub timely: bool,
    pub traced: bool,
    /// Where in the story it begins, if not with an empty table.
    pub chapter: Option<&'static Chapter>,
}

/// The system.
pub struct World {
    pub chance: Chance,
    pub clock: Clock,
    pub wire: Wire,
    pub tables: Tables,
    pub mailbox: Mailbox,
    pub post: Post,
    pub objects: Option<InProcess>,
    pub stream: RefCell<Stream>,
    pub csp: CspId,
    /// The documents that its case had when it began, by the names of the story.
    pub files: Files,
    /// The results that the scanner sent, by document.
    pub scans: RefCell<BTreeMap<String, Vec<&'static str>>>,
    /// When invocations ran into their time limit.
    pub timeouts: RefCell<Vec<DateTime<Utc>>>,
    config: Config,
    sdk: SdkConfig,
    warm: RefCell<BTreeMap<Function, Vec<Gate>>>,
}

impl World {
    pub async fn new(chance: &Chance, setting: &Setting) -> Self {
        let (begun, base) = (Instant::now(), setting.now);
        let now = Arc::new(move || base + TimeDelta::from_std(Instant::now() - begun).unwrap());
        let clock = Clock::new(now.clone());
        let tables = Tables::copy_of(&setting.tables);
        let mailbox = Mailbox::open(
            None,
            mailbox::Settings {
                identities: vec![format!("{}.example", review::sample::CSP)],
                configuration_sets: vec!["dhr".to_owned()],
                max_per_second: setting.ses_takes,
                ..mailbox::Settings::new(now)
            },
        )
        .unwrap();
        let objects = match &setting.bucket {
            None => None,
            Some(folder) => {
                let key = s3::Credentials {
                    access_key_id: KEY.to_owned(),
                    secret_access_key: KEY.to_owned(),
                };
                Some(InProcess::open(folder, BUCKET, &key).await.unwrap())
            }
        };
        let post = Post::new(tables.clone(), clock.clone());
        let stream = RefCell::new(Stream::of(&tables));
        let wire = Wire::new(Behind {
            tables: tables.clone(),
            mailbox: mailbox.clone(),
            objects: objects.clone(),
            post: post.clone(),
            mutant: setting.mutant,
            traced: setting.traced,
        });
        let csp = CspId::parse(review::sample::CSP).unwrap();
        let (config, sdk) = (config(), sdk(&wire));
        Self {
            chance: chance.clone(),
            clock,
            wire,
            tables,
            mailbox,
            post,
            objects,
            stream,
            csp,
            files: setting.chapter.map(|chapter| chapter.files.clone()).unwrap_or_default(),
            scans: RefCell::default(),
            timeouts: RefCell::default(),
            config,
            sdk,
            warm: RefCell::default(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A container of a function: one that is warm and idle, or a new one. Who takes it gives it
    /// back unless it dies.
    async fn container(&self, function: Function) -> Gate {
        let idle = self.warm.borrow_mut().get_mut(&function).and_then(Vec::pop);
        match idle {
            Some(gate) => gate,
            None => self.gate().await,
        }
    }

    fn idle(&self, function: Function, gate: Gate) {
        self.warm.borrow_mut().entry(function).or_default().push(gate);
    }

    /// Clients and keys as a new container makes them.
    pub async fn gate(&self) -> Gate {
        let entropy = self.chance.entropy();
        let cloud = Cloud::drawing(self.config.clone(), self.clock.clone(), entropy, &self.sdk);
        Gate::open(cloud, Badges::wall()).await.unwrap()
    }

    /// A new version is deployed: every idle container is gone.
    pub fn is_deployed_anew(&self) {
        self.warm.borrow_mut().clear();
    }

    fn died(&self, function: Function, death: Death) {
        self.wire.note(|| format!("{function:?}: {death:?}"));
        if death == Death::TimedOut {
            self.timeouts.borrow_mut().push(self.now());
        }
    }

    /// A request through the gateway; `None` where no answer came.
    pub async fn request(&self, request: Request) -> Option<Response> {
        let path = request.uri().path();
        let of_documents = path.split('/').nth(3) == Some("documents");
        let function = match path {
            "/referrals" => Function::Referrals,
            _ if of_documents => Function::Documents,
            _ => Function::Casework,
        };
        self.wire.note(|| format!("{} {function:?} {} {path}", self.now(), request.method()));
        let gate = self.container(function).await;
        let answered = live(
            REQUEST,
            Box::pin(async {
                match function {
                    Function::Referrals => referrals::handle(&gate, request).await,
                    Function::Documents => documents::handle(&gate, request).await,
                    Function::Casework => casework::handle(&gate, request).await,
                    Function::Deadlines | Function::Notices | Function::Receipts => {
                        unreachable!("they have no HTTP edge")
                    }
                }
            }),
        );
        match answered.await {
            Ok(response) => {
                self.idle(function, gate);
                Some(response)
            }
            Err(death) => {
                self.died(function, death);
                None
            }
        }
    }

    /// An event for a function; `Err` where the invocation failed or its process died.
    pub async fn event(&self, function: Function, event: &Value) -> Result<BatchResponse, ()> {
        self.wire.note(|| {
            let head: String = event.to_string().chars().take(100).collect();
            format!("{} {function:?} {head}", self.now())
        });
        let gate = self.container(function).await;
        let cloud = gate.cloud.clone();
        let budget =
            Budget::until(self.now() + TimeDelta::from_std(TRIGGER).unwrap(), cloud.clock.clone());
        let done = live(
            TRIGGER,
            Box::pin(async {
                match function {
                    Function::Deadlines => deadlines::handle(&cloud, event, &budget).await,
                    Function::Notices => notices::handle(&cloud, event, &budget).await,
                    Function::Receipts => receipts::handle(&cloud, event).await,
                    Function::Documents => documents::scanned(&cloud, event)
                        .await
                        .map(|()| BatchResponse::default())
                        .map_err(Into::into),
                    Function::Referrals | Function::Casework => {
                        unreachable!("they take requests only")
                    }
                }
            }),
        );
        match done.await {
            Ok(done) => {
                self.idle(function, gate);
                done.map_err(|error| self.wire.note(|| format!("{function:?} failed: {error}")))
            }
            Err(death) => {
                self.died(function, death);
                Err(())
            }
        }
    }

    /// A schedule fires.
    pub async fn fires(&self, function: Function, job: &str) {
        let now = self.now();
        // Whether it fails is the next firing's business.
        self.event(function, &json!({ "job": job, "scheduled_time": now })).await.ok();
    }

    /// When time passes; what is under way meanwhile happens in its order.
    pub async fn passes(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

fn config() -> Config {
    Config::from(|name| {
        Some(match name {
            "CASES_TABLE" => CASES.to_owned(),
            "EVENTS_TABLE" => EVENTS.to_owned(),
            "CSPS" => format!("{}=Sample partnership", review::sample::CSP),
            "MATCH_KEY" => "a-simulated-key-that-protects-no-data".to_owned(),
            "DOCUMENTS_BUCKET" => BUCKET.to_owned(),
            "MAIL_SENDER" => format!("DHR casework <dhr@{}.example>", review::sample::CSP),
            "MAIL_CONFIGURATION_SET" => "dhr".to_owned(),
            "LINK_BASE" => "https://dhr.example".to_owned(),
            "MAIL_RATE_PER_SECOND" => RATE.to_string(),
            "TOKEN_JWKS" => Badges::key_set(),
            "TOKEN_ISSUER" => local::tokens::ISSUER.to_owned(),
            "TOKEN_AUDIENCE" => local::tokens::AUDIENCE.to_owned(),
            _ => return None,
        })
    })
    .unwrap()
}

/// How clients reach the wire. The SDK keeps its quota of retries for each region of the process,
/// so every run has a region of its own.
pub fn sdk(wire: &Wire) -> SdkConfig {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(format!("simulated-{run}")))
        // By its address, so that the bucket stands in the path.
        .endpoint_url("http://127.0.0.1:1")
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            KEY,
            KEY,
            None,
            None,
            "simulated",
        )))
        .http_client(wire.clone())
        .sleep_impl(TokioSleep::new())
        .build()
}
