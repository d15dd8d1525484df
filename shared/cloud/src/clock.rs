//! The one way this crate learns the time. In a Lambda it is the machine's clock; on a laptop
//! and in tests it is a clock that can be moved, so that a review of a year plays in seconds.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};

/// A clock; clones tell the same time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// A clock that answers with `now`.
    #[must_use]
    pub fn new(now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>) -> Self {
        Self(now)
    }

    /// The instant it shows, UTC, to the millisecond: finer digits would mean nothing in a history.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(3)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
