//! The schedules of the template, driven by the local clock: a sweep every 15 minutes, an anchor
//! every hour, the reconcile and the verification every night. A jump runs the triggers on its
//! way in their order; ticks at which nothing can be due are passed over.

use chrono::{DateTime, TimeDelta, Utc};
use cloud::Cloud;
use cloud::store::SHARDS;
use review::dates::{Length, london_date, london_midnight};

use crate::LocalError;

/// How often the sweep runs, in seconds.
pub const SWEEP_SECONDS: i64 = 15 * 60;

/// How often an anchor is taken, in seconds.
const HOUR_SECONDS: i64 = 60 * 60;

/// Local time of the nightly run, after midnight in London; away from 01:00 to 02:00, when the
/// clocks change.
const NIGHTLY: TimeDelta = TimeDelta::hours(3);

/// The first tick of the sweep at or after an instant.
#[must_use]
pub fn tick_at_or_after(instant: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = instant.timestamp() + i64::from(instant.timestamp_subsec_nanos() > 0);
    let tick = (seconds + SWEEP_SECONDS - 1).div_euclid(SWEEP_SECONDS) * SWEEP_SECONDS;
    DateTime::from_timestamp(tick, 0).unwrap_or(instant)
}

/// The next nightly run after an instant.
#[must_use]
pub fn nightly_after(instant: DateTime<Utc>) -> DateTime<Utc> {
    let on = |date| london_midnight(date) + NIGHTLY;
    let today = london_date(instant);
    if on(today) > instant { on(today) } else { on(Length::Days(1).after(today)) }
}

/// The beginning of an instant's hour.
#[must_use]
pub fn hour_of(instant: DateTime<Utc>) -> DateTime<Utc> {
    let hour = instant.timestamp().div_euclid(HOUR_SECONDS) * HOUR_SECONDS;
    DateTime::from_timestamp(hour, 0).unwrap_or(instant)
}

/// When the store next owes anything, looking no further than `until`; mails only where they are
/// not held.
///
/// # Errors
/// The indexes cannot be read.
pub async fn next_owed(
    cloud: &Cloud,
    until: DateTime<Utc>,
    hold_mail: bool,
) -> Result<Option<DateTime<Utc>>, LocalError> {
    let mut next: Option<DateTime<Utc>> = None;
    for shard in 0..SHARDS {
        let cases = cloud.store.due(until, shard, 1).await?;
        let mails =
            if hold_mail { Vec::new() } else { cloud.store.outbox_due(until, shard, 1).await? };
        let since = cases.iter().map(|due| due.since).chain(mails.iter().map(|due| due.since));
        next = next.into_iter().chain(since).min();
    }
    Ok(next)
}
