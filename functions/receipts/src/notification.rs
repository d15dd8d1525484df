//! A message of the queue: SNS's envelope round the document that SES publishes.

use std::collections::HashMap;

use cloud::mail::{ATTEMPT_TAG, ITEM_TAG};
use review::records::DeliveryOutcome;
use serde::Deserialize;

/// SNS's envelope.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    message: String,
}

/// SES's document; the addresses in it are not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    event_type: String,
    mail: Mail,
}

#[derive(Deserialize)]
struct Mail {
    /// SES gives each tag a list of values.
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

/// What SES says of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notification {
    /// The outbox item, as the mail's tag names it.
    pub(crate) item: Option<String>,
    /// The attempt.
    pub(crate) attempt: Option<String>,
    /// What became of it; `None` for what does not concern a sender, such as opening a mail.
    pub(crate) outcome: Option<DeliveryOutcome>,
}

/// A message that is not SES's.
#[derive(Debug, thiserror::Error)]
#[error("the message is not a notification of SES; the fault is at line {line}, column {column}")]
pub(crate) struct NotSes {
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for NotSes {
    /// Keeps the place only: the message holds an address.
    fn from(error: serde_json::Error) -> Self {
        Self { line: error.line(), column: error.column() }
    }
}

impl Notification {
    /// Reads a message's body; `None` for the note by which SES tries a new topic out, which is
    /// plain text.
    pub(crate) fn parse(body: &str) -> Result<Option<Self>, NotSes> {
        let envelope: Envelope = serde_json::from_str(body)?;
        if !envelope.message.trim_start().starts_with('{') {
            return Ok(None);
        }
        let document: Document = serde_json::from_str(&envelope.message)?;
        let tag = |name| document.mail.tags.get(name).and_then(|values| values.first()).cloned();
        Ok(Some(Self {
            item: tag(ITEM_TAG),
            attempt: tag(ATTEMPT_TAG),
            outcome: outcome(&document.event_type),
        }))
    }
}

/// The names of SES's event types.
fn outcome(event_type: &str) -> Option<DeliveryOutcome> {
    match event_type {
        "Send" => Some(DeliveryOutcome::Sent),
        "Delivery" => Some(DeliveryOutcome::Delivered),
        "Bounce" => Some(DeliveryOutcome::Bounced),
        "Complaint" => Some(DeliveryOutcome::Complained),
        "Reject" => Some(DeliveryOutcome::Rejected),
        "DeliveryDelay" => Some(DeliveryOutcome::Delayed),
        _ => None,
    }
}
