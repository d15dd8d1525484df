//! Everything outside, made once when a function starts. Lambda gives a function a whole core
//! while it starts and a fraction of one afterwards, so clients are built and the first
//! connection is opened here and not in the first request.

pub(crate) mod on_use;
pub(crate) mod tls;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;
pub use on_use::OnUse;

use crate::app::App;
use crate::audit::Audit;
use crate::clock::Clock;
use crate::config::Config;
use crate::entropy::Entropy;
use crate::fault::Fault;
use crate::files::Files;
use crate::mail::Mail;
use crate::store::{Store, TableNames};
use on_use::Made;

/// For how long one request may try in all. The SDK has no such limit of its own.
const OPERATION: Duration = Duration::from_secs(10);

/// For how long one attempt may wait.
const ATTEMPT: Duration = Duration::from_secs(4);

/// For how long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);

/// Attempts where repeating a request does no harm: every write to the store has a condition.
const ATTEMPTS: u32 = 3;

/// The outside, whole. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Cases, events, the outbox, the directory and lists.
    pub store: Store,
    /// Documents.
    pub files: Files,
    /// The sending of mail.
    pub mail: Mail,
    /// The anchors, and what is verified against them.
    pub audit: Audit,
    /// Load, decide, append.
    pub app: App,
    /// What the installation sets.
    pub config: Arc<Config>,
    /// The domain's clock.
    pub clock: Clock,
    /// What ids are drawn from.
    pub entropy: Entropy,
}

/// Builds the outside from the environment that AWS gives a function, and opens the connection
/// to the store. A store that does not answer yet is no reason not to start: the first request
/// will say so. A refusal is an answer, and opens the connection as well.
///
/// # Errors
/// [`Fault::GiveUp`] where the environment names no region or no credentials, or TLS cannot be set
/// up.
pub async fn start(config: Config, clock: Clock) -> Result<Cloud, Fault> {
    let http = tls::client(config.aws.ca_bundle.as_deref());
    let http = http.map_err(|error| Fault::give_up("start", error))?;
    let sdks = config.aws.sdks(&http).map_err(|unset| Fault::give_up("start", unset))?;
    let cloud = Cloud::assemble(config, clock, Entropy::system(), sdks.each_ref());
    match cloud.store.warm_up().await {
        Err(fault) if fault.is_retryable() => {
            tracing::warn!(fault = fault.chain(), "the store did not answer at start");
        }
        Ok(()) | Err(_) => (),
    }
    Ok(cloud)
}

impl Cloud {
    /// The same over any endpoints: AWS, a laptop's embedded servers, a test's.
    #[must_use]
    pub fn over(config: Config, clock: Clock, sdk: &SdkConfig) -> Self {
        Self::over_each(config, clock, sdk, sdk, sdk)
    }

    /// The same with a randomness of its own, for runs that must be repeatable.
    #[must_use]
    pub fn drawing(config: Config, clock: Clock, entropy: Entropy, sdk: &SdkConfig) -> Self {
        Self::assemble(config, clock, entropy, [sdk; 3])
    }

    /// The same with an endpoint of its own for each of `DynamoDB`, S3 and SES, in this order.
    #[must_use]
    pub fn over_each(
        config: Config,
        clock: Clock,
        tables: &SdkConfig,
        objects: &SdkConfig,
        mails: &SdkConfig,
    ) -> Self {
        Self::assemble(config, clock, Entropy::system(), [tables, objects, mails])
    }

    fn assemble(
        config: Config,
        clock: Clock,
        entropy: Entropy,
        [tables, objects, mails]: [&SdkConfig; 3],
    ) -> Self {
        let config = Arc::new(config);
        let names =
            TableNames { cases: config.cases_table.clone(), events: config.events_table.clone() };
        let store = Store::new(dynamodb(tables), names, entropy.clone());
        let objects = OnUse::new(objects);
        let anchors = config.anchors.as_ref().map(|anchors| anchors.bucket.clone());
        let audit = Audit::new(objects.clone(), anchors, store.clone(), clock.clone());
        let bucket = config.documents.as_ref().map(|documents| documents.bucket.clone());
        let app = App::new(store.clone(), Arc::clone(&config), clock.clone());
        let mail = Mail::new(
            OnUse::new(mails),
            store.clone(),
            app.clone(),
            Arc::clone(&config),
            clock.clone(),
        );
        let files = Files::new(objects, bucket);
        Self { store, files, mail, audit, app, config, clock, entropy }
    }
}

fn dynamodb(sdk: &SdkConfig) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::config::Builder::from(sdk)
        .timeout_config(timeouts(ATTEMPT))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

impl Made for aws_sdk_s3::Client {
    fn over(sdk: &SdkConfig) -> Self {
        let config = aws_sdk_s3::config::Builder::from(sdk)
            .timeout_config(timeouts(ATTEMPT))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        Self::from_conf(config.build())
    }
}

/// Exactly one attempt: SES has no idempotency token, so what the SDK repeats arrives twice.
impl Made for aws_sdk_ses::Client {
    fn over(sdk: &SdkConfig) -> Self {
        let config = aws_sdk_ses::config::Builder::from(sdk)
            .timeout_config(timeouts(OPERATION))
            .retry_config(RetryConfig::disabled());
        Self::from_conf(config.build())
    }
}

fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_timeout(OPERATION)
        .operation_attempt_timeout(attempt)
        .connect_timeout(CONNECT)
        .build()
}
