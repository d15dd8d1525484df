//! What invoked the function.

use serde_json::Value;

/// One of the two things that this function is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A request through API Gateway, in either payload format.
    Request,
    /// An event that says what the malware scanner found.
    ScanResult,
}

impl Trigger {
    /// Which of them a payload is: only an event has a detail type.
    #[must_use]
    pub fn of(payload: &Value) -> Self {
        if payload.get("detail-type").is_some() { Self::ScanResult } else { Self::Request }
    }
}
