//! What AWS would know about the account: who may send, what is published where, how fast.

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The account that an emulator has.
pub(super) const ACCOUNT: &str = "000000000000";

/// The account's settings.
pub struct Settings {
    /// Verified addresses and domains. More can be verified through the API; those last as long
    /// as the process.
    pub identities: Vec<String>,
    /// Configuration sets, each with an event destination for every event on `topic_arn`.
    pub configuration_sets: Vec<String>,
    /// SES's `MaxSendRate` in recipients a second; without one, nothing is throttled.
    pub max_per_second: Option<u32>,
    /// The region that is told to functions and in messages.
    pub region: String,
    /// The SNS topic of the event destination.
    pub topic_arn: String,
    /// The SQS queue that subscribes to the topic.
    pub queue_arn: String,
    /// When a message is sent.
    pub clock: Clock,
}

impl Settings {
    /// London, no throttle, and nobody verified.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            identities: Vec::new(),
            configuration_sets: Vec::new(),
            max_per_second: None,
            region: "eu-west-2".to_owned(),
            topic_arn: format!("arn:aws:sns:eu-west-2:{ACCOUNT}:mail-events"),
            queue_arn: format!("arn:aws:sqs:eu-west-2:{ACCOUNT}:mail-events"),
            clock,
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }
}
