//! The three things that start this function, told apart once.

use cloud::trigger::{self, Record, UnknownTrigger};
use serde_json::Value;

/// What started this function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The schedule of every fifteen minutes: do what is due.
    Sweep,
    /// The nightly schedule: look at every case again.
    Reconcile,
    /// The table's stream: cases may be new.
    NewCases(Vec<Record>),
}

impl Trigger {
    /// Reads a payload; whatever else a scheduler puts into it is ignored.
    ///
    /// # Errors
    /// [`UnknownTrigger`] for any other payload.
    pub fn parse(payload: &Value) -> Result<Self, UnknownTrigger> {
        if let Some(records) = Record::all(payload) {
            return Ok(Self::NewCases(records));
        }
        match trigger::job(payload) {
            Some("sweep") => Ok(Self::Sweep),
            Some("reconcile") => Ok(Self::Reconcile),
            Some(_) | None => Err(UnknownTrigger {
                takes: "{\"job\": \"sweep\"}, {\"job\": \"reconcile\"}, or records of the cases table's stream",
            }),
        }
    }
}
