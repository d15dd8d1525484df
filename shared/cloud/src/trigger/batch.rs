//! The answer to a batch: which of its records to bring again. Without it one failure would
//! bring the whole batch again.

use serde::Serialize;

/// The records to bring again; none means that the batch is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BatchResponse {
    #[serde(rename = "batchItemFailures")]
    failures: Vec<Failure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Failure {
    #[serde(rename = "itemIdentifier")]
    id: String,
}

impl BatchResponse {
    /// Asks for a record again, by its message id or sequence number.
    pub fn again(&mut self, id: impl Into<String>) {
        self.failures.push(Failure { id: id.into() });
    }

    /// The records asked for again.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(|failure| failure.id.as_str())
    }
}
