//! Calendar months, the unit in which the guidance sets a review's deadlines.
//!
//! The corresponding-date rule: the day of the event is excluded, and the period ends at the end of
//! the day with the same number in the month it reaches or, where that month has none, of its last
//! day (*Dodds v Walker* [1981] 1 WLR 1027; *Lester v Garland* (1808) 15 Ves Jun 248). Thirty days
//! are never a month.

use chrono::{Months, NaiveDate};

/// The last day of a period of `months` calendar months that runs from `anchor`.
///
/// Give it the original anchor and the whole number of months: a chain of single months loses days,
/// since 31 January, 28 February, 28 March is three days short of two months from 31 January.
#[must_use]
pub fn months_after(anchor: NaiveDate, months: u32) -> NaiveDate {
    // chrono clamps to the last day of a shorter month. `None` is a year past the end of its
    // calendar, and its last date stands for "never".
    anchor.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The date `months` calendar months before `target`, clamped in the same way; for reminders.
///
/// It is not always the inverse of [`months_after`]: a month before 31 March is 28 February, and a
/// month after 28 February is 28 March.
#[must_use]
pub fn months_before(target: NaiveDate, months: u32) -> NaiveDate {
    // `None` is a year before the start of chrono's calendar, and its first date stands in.
    target.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}
