//! What starts a function that no person calls: a schedule, the table's stream, a queue. Only
//! what a function acts on is read; `now` is the function's clock and never a payload's.

mod batch;
mod queue;
mod stream;

use serde_json::Value;

pub use batch::BatchResponse;
pub use queue::Message;
pub use stream::{Change, Record};

/// A payload that this function does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This function takes {takes}; this payload is something else. Check what invokes it.")]
pub struct UnknownTrigger {
    /// The payloads it takes.
    pub takes: &'static str,
}

/// The job that a schedule names: `{"job": "sweep"}`. Anything else a scheduler adds is ignored.
#[must_use]
pub fn job(payload: &Value) -> Option<&str> {
    payload.get("job").and_then(Value::as_str)
}

/// The records of an event source, where the payload is an event of it.
fn records<'a>(payload: &'a Value, source: &str) -> Option<&'a [Value]> {
    let records = payload.get("Records")?.as_array()?;
    let ours = records
        .iter()
        .all(|record| record.get("eventSource").and_then(Value::as_str) == Some(source));
    ours.then_some(records.as_slice())
}
