//! One command from beginning to end: load the case, let the domain decide, append what
//! happened. When another command was faster, load and decide again; when an answer was lost,
//! look whether the command was carried out before doing anything else. So nothing that was
//! acknowledged is lost and nothing is done twice.

mod attempts;
mod command;
mod refer;
mod run;

use std::sync::Arc;
use std::time::Duration;

use review::event::Recorded;
use review::{Case, EventKind, Refusal};
use serde_json::Value;

pub use command::CommandKey;
pub use refer::Refer;
pub use run::Run;

use crate::clock::Clock;
use crate::config::Config;
use crate::fault::Fault;
use crate::store::{Digest, Store, StoredReply};

/// How often a command is tried when others keep being faster.
const TRIES: u32 = 6;

/// The longest pause before the second try; it doubles with each try up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Makes the answer to a command, which is stored with it.
pub type Reply<'a> = &'a (dyn Fn(&Case, &[Recorded]) -> Value + Send + Sync);

/// Runs commands. Clones share the store.
#[derive(Clone, Debug)]
pub struct App {
    store: Store,
    config: Arc<Config>,
    clock: Clock,
}

/// What a command came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The case afterwards; `None` if the command was carried out at an earlier time.
    pub case: Option<Case>,
    /// What happened just now; empty if nothing did.
    pub history: Vec<Recorded>,
    /// The answer: just made, or the stored one.
    pub reply: Value,
    /// Whether the command was carried out at an earlier time.
    pub replayed: bool,
}

/// Why a command came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The domain's "no".
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The idempotency key was used for another command.
    #[error("This Idempotency-Key was used for another request. Use a new one.")]
    KeyReused,
    /// The person is no active member who may refer to this partnership.
    #[error("You cannot refer to this partnership. Ask its coordinator to invite you.")]
    NotMember,
    /// More than can be stored at once.
    #[error("This is too much at once. Leave out what can be added later.")]
    TooLarge,
    /// Others were faster each time.
    #[error("Others are changing this case now. Try again in a moment.")]
    Conflict,
    /// The outside.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl App {
    /// Over a store, with the installation's settings and a clock.
    #[must_use]
    pub const fn new(store: Store, config: Arc<Config>, clock: Clock) -> Self {
        Self { store, config, clock }
    }

    /// What a command that was carried out before is answered with.
    fn replay(stored: StoredReply, fingerprint: &Digest) -> Result<Done, Failure> {
        if stored.fingerprint != *fingerprint {
            return Err(Failure::KeyReused);
        }
        Ok(Done { case: None, history: Vec::new(), reply: stored.reply, replayed: true })
    }

    /// Waits a random while before try number `attempt`, from 0; not at all before the first.
    async fn pause(&self, attempt: u32) -> Result<(), Fault> {
        let Some(doublings) = attempt.checked_sub(1) else { return Ok(()) };
        let longest = FIRST_PAUSE.saturating_mul(1 << doublings.min(16)).min(LONGEST_PAUSE);
        let random = u32::from_le_bytes(self.store.entropy().bytes()?);
        tokio::time::sleep(longest.mul_f64(f64::from(random) / f64::from(u32::MAX))).await;
        Ok(())
    }

    /// What follows a command: the records of a disposed case are destroyed. The disposal stands
    /// by then; if this is cut short, the nightly run finishes it.
    async fn conclude(&self, done: Done) -> Done {
        let disposed =
            done.history.iter().find(|recorded| recorded.envelope.kind == EventKind::Disposed);
        if let Some(disposed) = disposed {
            let envelope = &disposed.envelope;
            let erased = self
                .store
                .erase_payloads(&envelope.csp, &envelope.reference, envelope.seq.saturating_sub(1))
                .await;
            if let Err(fault) = erased {
                let reference = envelope.reference.as_str();
                tracing::error!(reference, fault = fault.chain(), "the records are not erased yet");
            }
        }
        done
    }
}
