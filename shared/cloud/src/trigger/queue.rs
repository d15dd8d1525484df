//! Messages of a queue.

use serde::Deserialize;
use serde_json::Value;

const SOURCE: &str = "aws:sqs";

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id, by which a batch response names it.
    #[serde(rename = "messageId")]
    pub id: String,
    /// What it says.
    pub body: String,
}

impl Message {
    /// The messages of a queue's event; `None` if the payload is not one.
    #[must_use]
    pub fn all(payload: &Value) -> Option<Vec<Self>> {
        super::records(payload, SOURCE)?
            .iter()
            .map(|record| Self::deserialize(record).ok())
            .collect()
    }
}
