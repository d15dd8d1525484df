//! How long a run may still take. A function that is stopped in the middle of a send leaves it
//! in doubt for an hour, so long runs look at this before each step and stop by themselves.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Clock;

/// The time left to a run.
#[derive(Clone, Debug)]
pub struct Budget(Option<(DateTime<Utc>, Clock)>);

impl Budget {
    /// Ends at a deadline that `clock` tells.
    #[must_use]
    pub const fn until(deadline: DateTime<Utc>, clock: Clock) -> Self {
        Self(Some((deadline, clock)))
    }

    /// Ends at Lambda's deadline, in milliseconds since 1970; one that cannot be read has passed.
    #[must_use]
    pub fn until_millis(deadline: u64, clock: &Clock) -> Self {
        let deadline = i64::try_from(deadline).ok().and_then(DateTime::from_timestamp_millis);
        Self::until(deadline.unwrap_or(DateTime::UNIX_EPOCH), clock.clone())
    }

    /// Does not end: on a laptop nothing stops a run, and the domain's clock may jump.
    #[must_use]
    pub const fn endless() -> Self {
        Self(None)
    }

    /// Whether a step that takes up to `step` still fits.
    #[must_use]
    pub fn allows(&self, step: TimeDelta) -> bool {
        self.0.as_ref().is_none_or(|(deadline, clock)| *deadline - clock.now() >= step)
    }
}
