//! Starts everything: backends, tables, sample directory, functions, triggers, and stops it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cloud::store::create_tables;
use cloud::{Cloud, Config};
use edge::Gate;
use tokio::task::JoinHandle;

use crate::LocalError;
use crate::backend::BackendError;
use crate::backend::dynamodb::streams::{StartingPosition, StreamPoller};
use crate::backend::mailbox::{self, Mailbox};
use crate::backend::scanner::Scanner;
use crate::clock::{LocalClock, Wall};
use crate::sample;
use crate::services::{Services, sdk};
use crate::tokens::{self, Tokens};
use crate::triggers::Triggers;

const CONFIGURATION_SET: &str = "dhr";
const LOCK: &str = "lock";

/// How to start.
pub struct Settings {
    /// The folder that keeps everything.
    pub data: PathBuf,
    /// The port of 127.0.0.1 that mails link to.
    pub port: u16,
    /// The time to start at.
    pub clock: Option<DateTime<Utc>>,
    /// The machine's clock.
    pub wall: Wall,
    /// The AWS emulator that serves `DynamoDB` and S3, if the embedded ones are not to.
    pub aws_endpoint: Option<String>,
}

/// The whole system.
pub struct System {
    /// What the functions with an HTTP edge have in their hands.
    pub gate: Gate,
    /// The clock.
    pub clock: LocalClock,
    /// Sent mail.
    pub mailbox: Mailbox,
    /// Issues tokens.
    pub tokens: Tokens,
    /// The triggers.
    pub triggers: Triggers,
    /// The AWS services.
    pub services: Services,
    tasks: Vec<JoinHandle<()>>,
    folder: PathBuf,
    /// Held as long as the folder is in use.
    lock: File,
}

impl System {
    /// Starts everything and does at once what fell due while it was off.
    ///
    /// # Errors
    /// One sentence saying what stands in the way.
    pub async fn start(settings: Settings) -> Result<Self, LocalError> {
        let data = settings.data.as_path();
        let lock = claim(data)?;
        let clock = LocalClock::open(data, Arc::clone(&settings.wall), settings.clock)?;
        let tokens = Tokens::open(data, Arc::clone(&settings.wall))?;
        let shown = clock.clone();
        let mailbox = Mailbox::open(
            Some(data),
            mailbox::Settings {
                identities: vec![format!("{}.example", review::sample::CSP)],
                configuration_sets: vec![CONFIGURATION_SET.to_owned()],
                ..mailbox::Settings::new(Arc::new(move || shown.now()))
            },
        )?;
        let services = Services::start(data, settings.aws_endpoint.as_deref(), &mailbox).await?;

        let cloud = connect(&settings, &clock, &tokens, &services)?;
        let tables = sdk(&services.dynamodb, services.access_key);
        let client = aws_sdk_dynamodb::Client::new(&tables);
        create_tables(&client, &services.names.tables).await?;
        sample::seed(&cloud.store).await?;
        let arn = stream_arn(&client, &services.names.tables.cases).await?;
        let streams = aws_sdk_dynamodbstreams::Client::new(&tables);
        let stream = StreamPoller::start(streams, arn, StartingPosition::Latest).await?;
        let shown = clock.clone();
        let (objects, bucket) = (services.objects.clone(), services.names.bucket.as_str());
        let scanner =
            Scanner::open(data, objects.clone(), bucket, Arc::new(move || shown.now())).await?;

        let wall = cloud::Clock::new(Arc::clone(&settings.wall));
        let gate = Gate::open(cloud.clone(), wall)
            .await
            .map_err(|error| LocalError::Settings(error.to_string()))?;
        let triggers = Triggers::new(cloud, clock.clone(), mailbox.clone(), stream, scanner);
        triggers.fire(clock.now(), true).await?;
        let ringer = triggers.clone();
        let tasks = vec![
            tokio::spawn(triggers.clone().listen()),
            tokio::spawn(triggers.clone().keep_time()),
            tokio::spawn(async move {
                loop {
                    objects.created().await;
                    ringer.ring();
                }
            }),
        ];
        Ok(Self {
            gate,
            clock,
            mailbox,
            tokens,
            triggers,
            services,
            tasks,
            folder: settings.data,
            lock,
        })
    }

    /// Ends the triggers and the backends, and lets go of the data folder; everything acknowledged
    /// is on disk. A connection that was given up may still share the system: it finds nothing to
    /// write to any more.
    ///
    /// # Errors
    /// The folder cannot be let go of.
    pub async fn stop(&self) -> Result<(), LocalError> {
        for task in &self.tasks {
            task.abort();
        }
        self.services.stop().await;
        self.lock.unlock().map_err(|reason| LocalError::file(&self.folder, reason))
    }
}

/// Makes the data folder and claims it for this process.
fn claim(data: &Path) -> Result<File, LocalError> {
    let unusable = |reason| BackendError::Folder { path: data.to_owned(), reason };
    fs::create_dir_all(data).map_err(unusable)?;
    let file = File::create(data.join(LOCK)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LocalError::InUse { path: data.to_owned() }),
        Err(TryLockError::Error(reason)) => Err(unusable(reason).into()),
    }
}

fn connect(
    settings: &Settings,
    clock: &LocalClock,
    tokens: &Tokens,
    services: &Services,
) -> Result<Cloud, LocalError> {
    let names = &services.names;
    let key_set = tokens.key_set().to_string();
    let csps = format!("{}={}", review::sample::CSP, sample::CSP_NAME);
    let sender = format!("DHR casework <dhr@{}.example>", review::sample::CSP);
    let link_base = format!("http://127.0.0.1:{}", settings.port);
    let config = Config::from(|name| {
        Some(match name {
            "CASES_TABLE" => names.tables.cases.clone(),
            "EVENTS_TABLE" => names.tables.events.clone(),
            "CSPS" => csps.clone(),
            "MATCH_KEY" => "a-local-key-that-protects-no-real-data".to_owned(),
            "DOCUMENTS_BUCKET" => names.bucket.clone(),
            "MAIL_SENDER" => sender.clone(),
            "MAIL_CONFIGURATION_SET" => CONFIGURATION_SET.to_owned(),
            "LINK_BASE" => link_base.clone(),
            "MAIL_RATE_PER_SECOND" => "500".to_owned(),
            "TOKEN_JWKS" => key_set.clone(),
            "TOKEN_ISSUER" => tokens::ISSUER.to_owned(),
            "TOKEN_AUDIENCE" => tokens::AUDIENCE.to_owned(),
            _ => return None,
        })
    })
    .map_err(|error| LocalError::Settings(error.to_string()))?;
    let [tables, objects, mails] =
        [&services.dynamodb, &services.s3, &services.ses].map(|at| sdk(at, services.access_key));
    Ok(Cloud::over_each(config, clock.domain(), &tables, &objects, &mails))
}

async fn stream_arn(client: &aws_sdk_dynamodb::Client, table: &str) -> Result<String, LocalError> {
    let described = client.describe_table().table_name(table).send().await.map_err(|error| {
        LocalError::Settings(aws_sdk_dynamodb::error::DisplayErrorContext(error).to_string())
    })?;
    described
        .table
        .and_then(|table| table.latest_stream_arn)
        .ok_or_else(|| LocalError::Settings("the table has no stream".to_owned()))
}
