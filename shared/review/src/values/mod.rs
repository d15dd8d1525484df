//! Parsed values: what a field may hold is decided once, here, and serde cannot go round it.

mod dates;
mod ids;
mod known;
#[cfg(feature = "schema")]
mod schema;
mod text;

pub use dates::{Age, BirthDate, PartialDate};
pub use ids::{
    ActorId, AgencyId, CommandId, CspId, DocumentId, DocumentRef, Hash, ItemId, Reference,
};
pub use known::Known;
pub use text::{Email, Line, Prose};

/// Why a value was not accepted: one sentence, fit for the person who typed it.
/// It never repeats the value, which may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub String);

impl Invalid {
    /// An error from a fixed or formatted sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
