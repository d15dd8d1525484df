//! Bank holidays in England and Wales, from a dated table kept as data in `bank_holidays.csv`.
//!
//! They are data and not a rule because a proclamation may move one or add one at short notice, as
//! in 2020, 2022 and 2023. The table covers 2018 to 2028; outside those years no date is known to
//! be a bank holiday. To extend it, add the rows that gov.uk lists and move [`KNOWN_UNTIL`].

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::NaiveDate;

/// One `date,title,note` a line, under comments and a heading. Only the date is read; the rest is
/// there so that people can check it against <https://www.gov.uk/bank-holidays>.
const TABLE: &str = include_str!("bank_holidays.csv");

/// The last day of the last year in the table.
const KNOWN_UNTIL: NaiveDate = match NaiveDate::from_ymd_opt(2028, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// The dates in the table. A line that does not begin with a date is a comment or the heading; the
/// tests check that there are no others.
static DATES: LazyLock<BTreeSet<NaiveDate>> = LazyLock::new(|| {
    TABLE.lines().filter_map(|line| line.split(',').next()?.parse().ok()).collect()
});

/// Whether the table lists `date`.
pub(super) fn is_bank_holiday(date: NaiveDate) -> bool {
    DATES.contains(&date)
}

/// The last day the table of bank holidays covers; working days after it know only weekends.
#[must_use]
pub const fn bank_holidays_known_until() -> NaiveDate {
    KNOWN_UNTIL
}
