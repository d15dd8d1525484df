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

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, advance};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_come_at_the_rate_and_none_is_saved_up() {
        let pace = Pace::per_second(4);
        let begun = Instant::now();
        for turn in 0..3_u32 {
            pace.turn().await;
            assert_eq!(begun.elapsed(), Duration::from_millis(250) * turn);
        }
        advance(Duration::from_mins(1)).await;
        let begun = Instant::now();
        for turn in 0..3_u32 {
            pace.turn().await;
            assert_eq!(begun.elapsed(), Duration::from_millis(250) * turn);
        }
    }
}
