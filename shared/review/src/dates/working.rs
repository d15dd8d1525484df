//! Working days, in which reminders and a few local time limits are counted.
//!
//! A working day is neither a Saturday, nor a Sunday, nor a bank holiday in England and Wales. Before
//! and after the years that the bank holiday table covers only weekends count.
//!
//! None of this moves a review's due date. *Pritam Kaur v S Russell & Sons* [1973] QB 336 extends a
//! statutory period only where the act needs an office that is closed; a decision sent by email does
//! not. So the due date stands and [`act_by`] is shown beside it.

use std::iter::{once, successors};

use chrono::{Datelike, NaiveDate, Weekday};

use super::bank_holidays::is_bank_holiday;

/// Whether `date` is neither at a weekend nor a bank holiday in England and Wales.
#[must_use]
pub fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !is_bank_holiday(date)
}

/// The last working day on or before `due`: the day by which people should act. `due` does not move.
#[must_use]
pub fn act_by(due: NaiveDate) -> NaiveDate {
    // At the very start of chrono's calendar there may be none, and its first date stands in.
    successors(Some(due), NaiveDate::pred_opt)
        .find(|day| is_working_day(*day))
        .unwrap_or(NaiveDate::MIN)
}

/// The last working day strictly before `date`, when the last reminder of a deadline goes.
#[must_use]
pub fn working_day_before(date: NaiveDate) -> NaiveDate {
    working_days_before(date, 1)
}

/// The date `days` working days after `anchor`, whose own day is excluded; `anchor` itself for none.
#[must_use]
pub fn working_days_after(anchor: NaiveDate, days: u32) -> NaiveDate {
    // Past the end of chrono's calendar its last date stands in.
    nth_working_day(anchor, days, NaiveDate::succ_opt).unwrap_or(NaiveDate::MAX)
}

/// The date `days` working days before `target`, whose own day is excluded; `target` itself for none.
pub(super) fn working_days_before(target: NaiveDate, days: u32) -> NaiveDate {
    // Before the start of chrono's calendar its first date stands in.
    nth_working_day(target, days, NaiveDate::pred_opt).unwrap_or(NaiveDate::MIN)
}

/// The next working day on or after `due`. For subject access requests only.
///
/// The Information Commissioner's guidance on the right of access: where the last day falls on a
/// weekend or a public holiday, you have until the next working day to respond.
#[must_use]
pub fn roll_forward(due: NaiveDate) -> NaiveDate {
    // At the very end of chrono's calendar there may be none, and its last date stands in.
    successors(Some(due), NaiveDate::succ_opt)
        .find(|day| is_working_day(*day))
        .unwrap_or(NaiveDate::MAX)
}

/// The `n`th working day met by stepping away from `from`; `from` itself is the noughth, whatever it is.
fn nth_working_day(
    from: NaiveDate,
    n: u32,
    step: fn(&NaiveDate) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    let met = successors(step(&from), step).filter(|day| is_working_day(*day));
    once(from).chain(met).nth(n as usize)
}
