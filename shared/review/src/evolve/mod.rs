//! Applies an event to a case. Total: an event that was recorded cannot be refused.

mod access;
mod clocks;
mod documents;
mod evidence;
mod file;
mod intake;
mod outcome;

use crate::case::{Case, File};
use crate::event::Recorded;
use crate::process::State;

/// The case after an event. Without a case only `Opened` makes one; where the record was
/// erased, only what the envelope says is applied.
#[must_use]
pub fn evolve(case: Option<Case>, recorded: &Recorded) -> Option<Case> {
    let envelope = &recorded.envelope;
    let mut case = match case {
        Some(case) => case,
        None => Case {
            csp: envelope.csp.clone(),
            reference: envelope.reference.clone(),
            state: envelope.to,
            seq: 0,
            revision: 0,
            opened_at: envelope.at,
            changed_at: envelope.at,
            file: File::default(),
        },
    };
    case.seq = envelope.seq;
    case.revision = envelope.revision;
    case.changed_at = envelope.at;
    case.state = envelope.to;
    if let Some(event) = &recorded.body {
        file::apply(&mut case.file, event, envelope);
        clocks::apply(&mut case, event, envelope.at);
    }
    if case.state == State::Disposed {
        case.file = File::default();
    }
    Some(case)
}
