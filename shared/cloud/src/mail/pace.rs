//! SES refuses what comes faster than the account may send, so sends take turns. A turn is real
//! time: the domain's clock may jump, SES's does not.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Turns at a fixed rate; time that passed unused is not saved up.
#[derive(Debug)]
pub(super) struct Pace {
    period: Duration,
    // Made at the first turn, because an interval needs a running executor.
    turns: Mutex<Option<Interval>>,
}

impl Pace {
    pub(super) fn per_second(rate: u32) -> Self {
        Self { period: Duration::from_secs(1) / rate.max(1), turns: Mutex::new(None) }
    }

    /// Waits for the next turn.
    pub(super) async fn turn(&self) {
        let mut turns = self.turns.lock().await;
        let turns = turns.get_or_insert_with(|| {
            let mut turns = interval(self.period);
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            turns
        });
        turns.tick().await;
    }
}
