//! Where instants and civil dates meet: the day it is in London, and the London hours that matter.
//!
//! Notice given at 23:30 UTC on 30 June was given on 1 July, because London is an hour ahead in
//! summer. A case is overdue from 00:00 London on the day after its due date, and mail goes at 09:00
//! London. Summer time runs from 01:00 UTC on the last Sunday in March to 01:00 UTC on the last
//! Sunday in October (Summer Time Act 1972, as amended by SI 2002/262), so neither hour is ever
//! skipped or repeated. The time zone tables know the clock changes up to the end of 2099; after
//! that they read London as UTC.

use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::{Europe::London, GapInfo};

/// 09:00, when reminders and notices are sent.
const NINE: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(nine) => nine,
    None => NaiveTime::MIN,
};

/// The civil date in London at `instant`.
#[must_use]
pub fn london_date(instant: DateTime<Utc>) -> NaiveDate {
    let utc = instant.naive_utc();
    let offset = London.offset_from_utc_datetime(&utc).fix();
    // `None` is a local time outside chrono's calendar, where the UTC date is its first or last.
    utc.checked_add_offset(offset).map_or(utc.date(), |local| local.date())
}

/// The instant `date` begins in London: 23:00 UTC the evening before in summer, otherwise 00:00 UTC.
#[must_use]
pub fn london_midnight(date: NaiveDate) -> DateTime<Utc> {
    instant(date, NaiveTime::MIN)
}

/// The instant it is 09:00 in London on `date`: 08:00 UTC in summer, otherwise 09:00 UTC.
#[must_use]
pub fn london_nine(date: NaiveDate) -> DateTime<Utc> {
    instant(date, NINE)
}

/// When London's clocks show `time` on `date`.
///
/// A time shown twice is taken the first time; a time the clocks skip is the moment they skip it.
/// Modern law has neither at 00:00 or 09:00. The first 75 seconds of 1 December 1847 were skipped, when
/// London left its own mean time for Greenwich's.
fn instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = date.and_time(time);
    London
        .from_local_datetime(&local)
        .earliest()
        .or_else(|| GapInfo::new(&local, &London)?.end)
        // Neither a time nor a gap is outside chrono's calendar; UTC is then close enough.
        .map_or(local.and_utc(), |shown| shown.to_utc())
}
