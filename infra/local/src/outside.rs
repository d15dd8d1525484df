//! The outside as a function gets it: settings from its environment, and clients.

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::SharedHttpClient;
use cloud::{Clock, Cloud, Config};
use edge::Gate;

use crate::LocalError;
use crate::sample;
use crate::services::{Services, sdk};
use crate::tokens::{self, Tokens};

/// The configuration set of the mailbox.
pub const CONFIGURATION_SET: &str = "dhr";

/// Variables and what they are set to.
pub type Environment = BTreeMap<&'static str, String>;

/// What every function finds in its environment.
#[must_use]
pub fn environment(port: u16, tokens: &Tokens, services: &Services) -> Environment {
    let names = &services.names;
    BTreeMap::from([
        ("CASES_TABLE", names.tables.cases.clone()),
        ("EVENTS_TABLE", names.tables.events.clone()),
        ("CSPS", format!("{}={}", review::sample::CSP, sample::CSP_NAME)),
        ("MATCH_KEY", "a-local-key-that-protects-no-real-data".to_owned()),
        ("DOCUMENTS_BUCKET", names.bucket.clone()),
        ("ANCHORS_BUCKET", names.anchors.clone()),
        ("MAIL_SENDER", format!("DHR casework <dhr@{}.example>", review::sample::CSP)),
        ("MAIL_CONFIGURATION_SET", CONFIGURATION_SET.to_owned()),
        ("LINK_BASE", format!("http://127.0.0.1:{port}")),
        ("MAIL_RATE_PER_SECOND", "500".to_owned()),
        ("TOKEN_JWKS", tokens.key_set().to_string()),
        ("TOKEN_ISSUER", tokens::ISSUER.to_owned()),
        ("TOKEN_AUDIENCE", tokens::AUDIENCE.to_owned()),
    ])
}

/// What an outside is made of.
pub struct Outside {
    config: Config,
    /// The domain's clock and the machine's.
    clocks: [Clock; 2],
    /// How `DynamoDB`, S3 and SES are reached.
    services: [SdkConfig; 3],
}

impl Outside {
    /// Reads the environment.
    ///
    /// # Errors
    /// A setting is not accepted; a defect of this program.
    pub fn new(
        environment: &Environment,
        clocks: [Clock; 2],
        services: &Services,
    ) -> Result<Self, LocalError> {
        let config = Config::from(|name| environment.get(name).cloned());
        let reached = [&services.dynamodb, &services.s3, &services.ses];
        Ok(Self {
            config: config.map_err(|error| LocalError::Settings(error.to_string()))?,
            clocks,
            services: reached.map(|at| sdk(at, services.access_key)),
        })
    }

    /// Connects, over an HTTP client of its own if one is given.
    ///
    /// # Errors
    /// As [`Outside::new`].
    pub async fn open(&self, http: Option<SharedHttpClient>) -> Result<Gate, LocalError> {
        let [clock, wall] = self.clocks.clone();
        let over = |sdk: &SdkConfig| match &http {
            None => sdk.clone(),
            Some(http) => sdk.to_builder().http_client(http.clone()).build(),
        };
        let [tables, objects, mails] = self.services.each_ref().map(over);
        let cloud = Cloud::over_each(self.config.clone(), clock, &tables, &objects, &mails);
        Gate::open(cloud, wall).await.map_err(|error| LocalError::Settings(error.to_string()))
    }
}
