//! The one thing that starts this function.

use cloud::trigger::{Message, UnknownTrigger};
use serde_json::Value;

/// What started this function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A batch of the queue.
    Receipts(Vec<Message>),
}

impl Trigger {
    /// Reads a payload.
    ///
    /// # Errors
    /// [`UnknownTrigger`] for a payload that is not a batch of a queue.
    pub fn parse(payload: &Value) -> Result<Self, UnknownTrigger> {
        Message::all(payload)
            .map(Self::Receipts)
            .ok_or(UnknownTrigger { takes: "messages of the receipts queue" })
    }
}
