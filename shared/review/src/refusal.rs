//! Why something was not done: a sentence for the person who asked, saying what to do.

use crate::act::Action;
use crate::actor::Role;
use crate::process::State;

/// One field that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the record.
    pub pointer: String,
    /// What to do; never repeats the value.
    pub sentence: String,
}

/// The domain's "no". Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such case, or not for this person; both look the same.
    #[error(
        "There is no such case, or you have no access to it. Check the reference, or ask the coordinator for access."
    )]
    NotFound,
    /// The role may never do this.
    #[error("Acting as {}, you cannot {}. If you have another role, name it.", .role.name(), .action.name())]
    Forbidden {
        /// What was asked.
        action: Action,
        /// As whom.
        role: Role,
    },
    /// Not in this state.
    #[error("This case is {}; {} is not possible now. Reload the case to see what is.", .state.name(), .action.name())]
    WrongState {
        /// What was asked.
        action: Action,
        /// Where the case is.
        state: State,
    },
    /// The state is right, but something else must be done first.
    #[error("{0}")]
    Unmet(String),
    /// No version was named.
    #[error("Say which version you have read: send its ETag as If-Match.")]
    NoVersion,
    /// Another version was read.
    #[error("This was changed after you read it. Reload, look at what changed, and try again.")]
    Stale,
    /// Fields that cannot be so.
    #[error("{}", .0.first().map_or("Check the record.", |field| field.sentence.as_str()))]
    Fields(Vec<FieldError>),
}

impl Refusal {
    /// A refusal of one field.
    pub fn field(pointer: &str, sentence: impl Into<String>) -> Self {
        Self::Fields(vec![FieldError { pointer: pointer.to_owned(), sentence: sentence.into() }])
    }

    /// A refusal because something must come first.
    pub fn unmet(sentence: impl Into<String>) -> Self {
        Self::Unmet(sentence.into())
    }
}
