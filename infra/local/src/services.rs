//! The AWS services of one system: embedded in this process, or those of an emulator that runs
//! beside it, because what only one implementation keeps is no promise. Mail goes to the mailbox
//! here in either case: no emulator can be asked what arrived.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials as Keys, SharedCredentialsProvider};
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::operation::create_bucket::CreateBucketError;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use cloud::store::TableNames;
use uuid::Uuid;

use crate::LocalError;
use crate::backend::mailbox::Mailbox;
use crate::backend::s3::{self, EmbeddedS3};
use crate::backend::scanner::Source;
use crate::backend::{Running, dynamodb};

/// The region of the services.
pub const REGION: &str = "eu-west-2";
/// The access key of the embedded services; the secret is the same word.
pub const ACCESS_KEY: &str = "local";
/// The one that emulators know, by custom.
const EMULATOR_KEY: &str = "test";
/// The file of the data folder that keeps what its names in an emulator end in.
pub const NAMES_FILE: &str = "emulator-names";

/// The generation of a system whose tables were never restored into new ones.
pub const FIRST: u8 = 1;

/// Where the services and what they hold are taken from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// An emulator's address; `None` for the embedded services.
    pub emulator: Option<&'a str>,
    /// Which generation of the tables and the anchors, as the template's parameter of that name
    /// has it. The documents stay where they are.
    pub generation: u8,
}

/// What the system's tables and its buckets are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The tables.
    pub tables: TableNames,
    /// The bucket of the documents.
    pub bucket: String,
    /// The bucket of the anchors.
    pub anchors: String,
}

/// The services, reachable at their addresses until they are stopped.
pub struct Services {
    /// Where `DynamoDB` and its streams are.
    pub dynamodb: String,
    /// Where S3 is.
    pub s3: String,
    /// Where SES is.
    pub ses: String,
    /// The access key that they take; the secret is the same word.
    pub access_key: &'static str,
    /// What is what in them.
    pub names: Names,
    /// The documents, for the malware scanner.
    pub objects: Source,
    embedded: Option<(Running, EmbeddedS3)>,
    mail: Running,
}

impl Services {
    /// Starts the services in the data folder, or takes those of an emulator.
    ///
    /// # Errors
    /// A service cannot start, or the emulator has no bucket to give.
    pub async fn start(
        data: &Path,
        origin: Origin<'_>,
        mailbox: &Mailbox,
    ) -> Result<Self, LocalError> {
        let mail = mailbox.serve(0).await?;
        let ses = mail.endpoint().to_owned();
        if let Some(endpoint) = origin.emulator {
            let names = Names::of(data, origin.generation)?;
            let client = aws_sdk_s3::Client::new(&sdk(endpoint, EMULATOR_KEY));
            make_bucket(&client, &names.bucket).await?;
            make_bucket(&client, &names.anchors).await?;
            return Ok(Self {
                dynamodb: endpoint.to_owned(),
                s3: endpoint.to_owned(),
                ses,
                access_key: EMULATOR_KEY,
                names,
                objects: Source::Emulated(client),
                embedded: None,
                mail,
            });
        }
        let names = Names::ending_in("", origin.generation);
        let credentials = s3::Credentials {
            access_key_id: ACCESS_KEY.to_owned(),
            secret_access_key: ACCESS_KEY.to_owned(),
        };
        let tables = dynamodb::start(Some(data), 0).await?;
        let objects = s3::start(data, 0, &credentials).await?;
        objects.ensure_bucket(&names.bucket).await?;
        objects.ensure_bucket(&names.anchors).await?;
        Ok(Self {
            dynamodb: tables.endpoint().to_owned(),
            s3: objects.endpoint().to_owned(),
            ses,
            access_key: ACCESS_KEY,
            names,
            objects: Source::Embedded(objects.objects().clone()),
            embedded: Some((tables, objects)),
            mail,
        })
    }

    /// Their names and addresses.
    #[must_use]
    pub fn endpoints(&self) -> [(&'static str, &str); 3] {
        [("dynamodb", &self.dynamodb), ("s3", &self.s3), ("ses", &self.ses)]
    }

    /// Stops what was started; an emulator runs on.
    pub async fn stop(&self) {
        self.mail.stop().await;
        if let Some((tables, objects)) = &self.embedded {
            objects.stop().await;
            tables.stop().await;
        }
    }
}

impl Names {
    fn ending_in(end: &str, generation: u8) -> Self {
        let name = |of: &str| format!("{of}{end}");
        let restored = |of: &str| match generation {
            FIRST => name(of),
            later => format!("{}-{later}", name(of)),
        };
        Self {
            tables: TableNames { cases: restored("cases"), events: restored("events") },
            bucket: name("documents"),
            anchors: restored("anchors"),
        }
    }

    /// Names of the data folder's own, so that many may share an emulator.
    fn of(data: &Path, generation: u8) -> Result<Self, LocalError> {
        let file = data.join(NAMES_FILE);
        let kept = match fs::read_to_string(&file) {
            Ok(kept) => kept,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let made = Uuid::new_v4().to_string();
                fs::write(&file, &made).map_err(|reason| LocalError::file(&file, reason))?;
                made
            }
            Err(error) => return Err(LocalError::file(&file, error)),
        };
        let end = Uuid::parse_str(&kept).map_err(|reason| LocalError::file(&file, reason))?;
        Ok(Self::ending_in(&format!("-{end}"), generation))
    }
}

/// How an SDK client reaches a service with a key.
#[must_use]
pub fn sdk(endpoint: &str, key: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(Keys::new(
            key, key, None, None, "local",
        )))
        .build()
}

async fn make_bucket(client: &aws_sdk_s3::Client, name: &str) -> Result<(), LocalError> {
    let here = CreateBucketConfiguration::builder()
        .location_constraint(BucketLocationConstraint::from(REGION))
        .build();
    let made = client.create_bucket().bucket(name).create_bucket_configuration(here).send().await;
    match made {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            Some(CreateBucketError::BucketAlreadyOwnedByYou(_)) => Ok(()),
            Some(_) | None => Err(LocalError::Emulator(DisplayErrorContext(error).to_string())),
        },
    }
}
