//! Starts everything: backends, tables, sample directory, functions, triggers, and stops it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cloud::store::create_tables;
use edge::Gate;
use tokio::task::JoinHandle;

use crate::LocalError;
use crate::backend::BackendError;
use crate::backend::dynamodb::streams::{StartingPosition, StreamPoller};
use crate::backend::mailbox::{self, Mailbox};
use crate::backend::scanner::Scanner;
use crate::calls::Calls;
use crate::cases::SampleCases;
use crate::clock::{LocalClock, Wall};
use crate::functions::Functions;
use crate::outside::{self, Environment, Outside, environment};
use crate::sample;
use crate::services::{Origin, Services, sdk};
use crate::tokens::Tokens;
use crate::triggers::{Line, Triggers};

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
    /// Which generation of the tables and the anchors to use.
    pub generation: u8,
    /// Whether mail that is owed is kept back.
    pub hold_mail: bool,
    /// The file to write down in what each function asks of AWS, if anyone wants to know.
    pub calls: Option<PathBuf>,
}

/// The whole system.
pub struct System {
    /// The outside as no function's in particular, for whoever looks past the API.
    pub gate: Gate,
    /// What the functions have in their hands.
    pub functions: Functions,
    /// What functions that run elsewhere would have to find in their environment.
    pub environment: Environment,
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
    /// The sample cases.
    pub cases: SampleCases,
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
                configuration_sets: vec![outside::CONFIGURATION_SET.to_owned()],
                ..mailbox::Settings::new(Arc::new(move || shown.now()))
            },
        )?;
        let cases = SampleCases::open(data)?;
        let origin =
            Origin { emulator: settings.aws_endpoint.as_deref(), generation: settings.generation };
        let services = Services::start(data, origin, &mailbox).await?;

        let environment = environment(settings.port, &tokens, &services);
        let wall = cloud::Clock::new(Arc::clone(&settings.wall));
        let outside = Outside::new(&environment, [clock.domain(), wall], &services)?;
        let gate = outside.open(None).await?;
        let names = || services.names.clone();
        let calls = settings.calls.as_ref().map(|file| Calls::open(file, names())).transpose()?;
        let functions = Functions::open(&outside, calls.as_ref()).await?;
        let cloud = gate.cloud.clone();
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

        let hands = functions.clone();
        let line = Line { stream, scanner, hold_mail: settings.hold_mail };
        let triggers = Triggers::new(cloud, hands, clock.clone(), mailbox.clone(), line);
        triggers.fire(clock.now(), true).await?;
        triggers.verify().await?;
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
            functions,
            environment,
            clock,
            mailbox,
            tokens,
            triggers,
            services,
            cases,
            tasks,
            folder: settings.data,
            lock,
        })
    }

    /// Ends the triggers and the backends, and lets go of the data folder; everything acknowledged
    /// is on disk, and anchored. A connection that was given up may still share the system: it finds nothing to
    /// write to any more.
    ///
    /// # Errors
    /// The folder cannot be let go of.
    pub async fn stop(&self) -> Result<(), LocalError> {
        for task in &self.tasks {
            task.abort();
        }
        if let Err(error) = self.triggers.anchor().await {
            tracing::error!(%error, "the last anchor could not be taken; the next start takes it");
        }
        self.services.stop().await;
        self.lock.unlock().map_err(|reason| LocalError::file(&self.folder, reason))
    }
}

/// Makes the data folder and claims it for this process.
pub(crate) fn claim(data: &Path) -> Result<File, LocalError> {
    let unusable = |reason| BackendError::Folder { path: data.to_owned(), reason };
    fs::create_dir_all(data).map_err(unusable)?;
    let file = File::create(data.join(LOCK)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LocalError::InUse { path: data.to_owned() }),
        Err(TryLockError::Error(reason)) => Err(unusable(reason).into()),
    }
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
