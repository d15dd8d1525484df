//! Records of the table's stream. The stream is a doorbell: it says that something was written
//! and where; what is there now is read from the table.

use serde::Deserialize;
use serde_json::Value;

use crate::store::{CaseKey, OutboxId, keys};

const SOURCE: &str = "aws:dynamodb";

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Change {
    /// It is new.
    Insert,
    /// It was changed.
    Modify,
    /// It was removed.
    Remove,
}

/// One record of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place in the stream, by which a batch response names it.
    pub sequence: String,
    /// What happened.
    pub change: Change,
    /// The item's partition key.
    pub pk: String,
    /// The item's sort key.
    pub sk: String,
}

impl Record {
    /// The records of a stream event, in order; `None` if the payload is not one.
    #[must_use]
    pub fn all(payload: &Value) -> Option<Vec<Self>> {
        super::records(payload, SOURCE)?
            .iter()
            .map(|record| Raw::deserialize(record).ok().map(Self::from))
            .collect()
    }

    /// The new outbox item it is about, if it is about one.
    #[must_use]
    pub fn new_outbox(&self) -> Option<OutboxId> {
        self.is_new().then(|| OutboxId::from_key(&self.pk, &self.sk)).flatten()
    }

    /// The new case it is about, if it is about one.
    #[must_use]
    pub fn new_case(&self) -> Option<CaseKey> {
        (self.is_new() && self.sk == keys::CASE).then(|| CaseKey::parse(&self.pk)).flatten()
    }

    fn is_new(&self) -> bool {
        self.change == Change::Insert
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "eventName")]
    change: Change,
    dynamodb: Written,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    keys: Keys,
    sequence_number: String,
}

#[derive(Deserialize)]
struct Keys {
    pk: Text,
    sk: Text,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: String,
}

impl From<Raw> for Record {
    fn from(raw: Raw) -> Self {
        Self {
            sequence: raw.dynamodb.sequence_number,
            change: raw.change,
            pk: raw.dynamodb.keys.pk.text,
            sk: raw.dynamodb.keys.sk.text,
        }
    }
}
