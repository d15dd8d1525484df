//! The world of one test: the whole system in this process, on a data folder of its own, with a
//! clock that the test moves. Nothing but this file knows what the system is made of; everything
//! else goes through HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use local::triggers::Held;
use local::{Settings, System, http};
use reqwest::Method;
use review::dates::london_date;
use review::values::{CspId, DocumentId, Reference};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::casefile::{Casefile, assert_chained};
use crate::client::Client;
use crate::mail::{Mail, assert_no_mail_twice};
use crate::stage::Stage;

/// A system that runs, and whoever watches it.
pub struct World {
    pub client: Client,
    pub stage: Stage,
    references: Mutex<Vec<String>>,
    backend: Backend,
    folder: Folder,
}

/// A data folder of the test's own, gone when the test is.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // A test that failed early may not have made it.
        fs::remove_dir_all(&self.0).ok();
    }
}

struct Backend {
    system: Arc<System>,
    server: JoinHandle<std::io::Result<()>>,
    stop: oneshot::Sender<()>,
    base: String,
}

impl Backend {
    #[allow(clippy::disallowed_methods, reason = "the world is where the tests read the clock")]
    async fn start(data: &Path, clock: Option<DateTime<Utc>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let settings = Settings {
            data: data.to_owned(),
            port,
            clock,
            wall: Arc::new(Utc::now),
            aws_endpoint: std::env::var("DHR_TEST_ENDPOINT").ok(),
            generation: local::services::FIRST,
            hold_mail: false,
            calls: std::env::var_os("DHR_TEST_CALLS").map(Into::into),
        };
        let system = Arc::new(Box::pin(System::start(settings)).await.unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async {
            stopped.await.ok();
        };
        let server = tokio::spawn(http::serve(listener, Arc::clone(&system), stopped));
        Self { system, server, stop, base: format!("http://127.0.0.1:{port}") }
    }

    async fn stop(self) {
        drop(self.stop);
        self.server.await.unwrap().unwrap();
        self.system.stop().await.unwrap();
    }
}

impl World {
    /// Given a system whose clock is set.
    pub async fn at(clock: &str) -> Self {
        Self::on(Stage::default(), clock).await
    }

    /// The same for one journey of several that are played together.
    pub async fn on(stage: Stage, clock: &str) -> Self {
        let folder =
            Folder(Path::new(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string()));
        let backend = Backend::start(&folder.0, Some(instant(clock))).await;
        let client = Client::new(backend.base.clone());
        Self { client, stage, references: Mutex::default(), backend, folder }
    }

    /// When the system is switched off, and on again at a later time.
    pub async fn restart(self, clock: &str) -> Self {
        let Self { client, stage, references, backend, folder } = self;
        drop(client);
        backend.stop().await;
        let backend = Backend::start(&folder.0, Some(instant(clock))).await;
        let client = Client::new(backend.base.clone());
        Self { client, stage, references, backend, folder }
    }

    /// Then every history that was written is whole, no mail was sent twice, and the system stops.
    pub async fn end(self) {
        self.settles().await;
        let references = self.references.lock().unwrap().clone();
        for reference in &references {
            let case = Casefile::of(&self, reference);
            let history = case.history().await;
            assert_chained(&history);
            self.assert_verifies(reference, history.len()).await;
            self.stage.saw(&history);
        }
        assert_no_mail_twice(&self.mails().await);
        self.stage.heard(self.client.problems(), self.mails().await);
        let Self { client, backend, folder, .. } = self;
        drop(client);
        backend.stop().await;
        drop(folder);
    }

    /// Keeps a case in mind, so that its history is looked at in the end.
    pub fn remember(&self, reference: &str) {
        self.references.lock().unwrap().push(reference.to_owned());
    }

    pub async fn now(&self) -> DateTime<Utc> {
        let shown = self.client.local(Method::GET, "/local/clock", None).await.ok();
        instant(shown["now"].as_str().unwrap())
    }

    /// The London date.
    pub async fn today(&self) -> NaiveDate {
        london_date(self.now().await)
    }

    /// When it becomes this late; everything that falls due on the way happens.
    pub async fn until(&self, clock: &str) {
        self.moves_to(instant(clock)).await;
    }

    pub async fn moves_to(&self, now: DateTime<Utc>) {
        self.client.local(Method::POST, "/local/clock", Some(&json!({ "now": now }))).await.ok();
    }

    /// When days pass.
    pub async fn days_pass(&self, days: i64) {
        self.moves_to(self.now().await + TimeDelta::days(days)).await;
    }

    /// When everything that was set off has come to rest.
    pub async fn settles(&self) {
        self.mails().await;
    }

    /// Every mail so far.
    pub async fn mails(&self) -> Vec<Mail> {
        let sent = self.client.local(Method::GET, "/local/mail", None).await.ok();
        sent.as_array().unwrap().iter().map(Mail::read).collect()
    }
}

/// What no client can see or do: the tests of it go past the API.
impl World {
    /// How many files of a case the bucket holds.
    pub async fn kept_files(&self, reference: &str) -> usize {
        let csp = CspId::parse(review::sample::CSP).unwrap();
        let files = &self.backend.system.gate.cloud.files;
        files.of_case(&csp, &Reference::parse(reference).unwrap()).await.unwrap().len()
    }

    /// Walks the stored chain with its records and salts.
    pub async fn assert_verifies(&self, reference: &str, events: usize) {
        let csp = CspId::parse(review::sample::CSP).unwrap();
        let reference = Reference::parse(reference).unwrap();
        let report = self.backend.system.gate.cloud.store.verify(&csp, &reference).await.unwrap();
        assert!(report.is_whole(), "{reference}: {report:?}");
        assert_eq!(report.events, u64::try_from(events).unwrap());
    }

    /// When nothing is delivered, not even what the scanner finds, until what this gives is dropped.
    pub async fn deliveries_are_late(&self) -> Held {
        self.backend.system.triggers.hold().await
    }

    /// When `GuardDuty` reports on a document: a sample event, told of this object.
    pub async fn scanner_reports(&self, reference: &str, document: &str, sample: &str) {
        let cloud = &self.backend.system.gate.cloud;
        let csp = CspId::parse(review::sample::CSP).unwrap();
        let reference = Reference::parse(reference).unwrap();
        let case = cloud.store.load(&csp, &reference).await.unwrap().unwrap().case;
        let held = &case.file.documents[&DocumentId::parse(document).unwrap()];
        let mut event: Value = serde_json::from_str(sample).unwrap();
        let object = &mut event["detail"]["s3ObjectDetails"];
        object["bucketName"] = cloud.config.documents.as_ref().unwrap().bucket.clone().into();
        object["objectKey"] = held.key.clone().into();
        documents::scanned(cloud, &event).await.unwrap();
    }
}

/// Reads an instant.
pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Reads a civil date.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
