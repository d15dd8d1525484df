//! The two schedules that start this function, told apart once.

use cloud::audit::Scope;
use cloud::store::SHARDS;
use cloud::trigger::{self, UnknownTrigger};
use serde_json::Value;

/// What started this function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The hourly schedule: take an anchor.
    Anchor,
    /// The nightly schedule: verify every history, or those of one part.
    Verify(Scope),
}

impl Trigger {
    /// Reads a payload; whatever else a scheduler puts into it is ignored.
    ///
    /// # Errors
    /// [`UnknownTrigger`] for any other payload.
    pub fn parse(payload: &Value) -> Result<Self, UnknownTrigger> {
        match (trigger::job(payload), scope(payload)) {
            (Some("anchor"), Some(Scope::All)) => Ok(Self::Anchor),
            (Some("verify"), Some(scope)) => Ok(Self::Verify(scope)),
            (Some(_) | None, _) => Err(UnknownTrigger {
                takes: "{\"job\": \"anchor\"}, {\"job\": \"verify\"}, or the latter with a \"shard\" from 0 to 3",
            }),
        }
    }
}

/// The part that a payload names; all, where it names none.
fn scope(payload: &Value) -> Option<Scope> {
    let Some(shard) = payload.get("shard") else {
        return Some(Scope::All);
    };
    let shard = shard.as_u64().and_then(|shard| u8::try_from(shard).ok())?;
    (shard < SHARDS).then_some(Scope::Shard(shard))
}
