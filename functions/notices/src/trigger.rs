//! The two things that start this function, told apart once.

use cloud::trigger::{self, Record, UnknownTrigger};
use serde_json::Value;

/// What started this function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The table's stream: something was written.
    Doorbell(Vec<Record>),
    /// The schedule: send everything owed.
    Sweep,
}

impl Trigger {
    /// Reads a payload.
    ///
    /// # Errors
    /// [`UnknownTrigger`] for a payload that is neither.
    pub fn parse(payload: &Value) -> Result<Self, UnknownTrigger> {
        if let Some(records) = Record::all(payload) {
            return Ok(Self::Doorbell(records));
        }
        match trigger::job(payload) {
            Some("sweep") => Ok(Self::Sweep),
            Some(_) | None => Err(UnknownTrigger {
                takes: "records of the cases table's stream, or {\"job\": \"sweep\"}",
            }),
        }
    }
}
