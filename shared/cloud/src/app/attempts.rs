//! The attempts of one command that may have been carried out although no answer said so. A
//! request can time out here and still be carried out there, even after the next attempt was
//! prepared; so all of them are remembered until one is known to have succeeded.

use super::{Done, Failure};
use crate::fault::Fault;
use crate::store::{Mark, Store};

/// Attempts in doubt, each with what it comes to if it was carried out.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    doubtful: Vec<(Mark, Done)>,
    fault: Option<Fault>,
}

impl Attempts {
    /// Remembers an attempt that is about to be made.
    pub(super) fn begin(&mut self, mark: Mark, outcome: Done) {
        self.doubtful.push((mark, outcome));
    }

    /// Ends the last attempt: it was carried out.
    pub(super) fn succeeded(&mut self) -> Option<Done> {
        self.doubtful.pop().map(|(_, done)| done)
    }

    /// What the one attempt that was carried out came to, if one was.
    pub(super) async fn landed(&mut self, store: &Store) -> Result<Option<Done>, Fault> {
        for (place, (mark, _)) in self.doubtful.iter().enumerate() {
            if store.landed(mark).await? {
                return Ok(Some(self.doubtful.swap_remove(place).1));
            }
        }
        Ok(None)
    }

    /// Lets one fault that may pass go by; the SDK has repeated the request by then.
    pub(super) fn survive(&mut self, fault: Fault) -> Result<(), Failure> {
        if !fault.is_retryable() || self.fault.is_some() {
            return Err(fault.into());
        }
        self.fault = Some(fault);
        Ok(())
    }

    /// Why nothing came of all attempts: where one had no answer, that is not known.
    pub(super) fn failed(self) -> Failure {
        self.fault.map_or(Failure::Conflict, Failure::Fault)
    }
}
