//! The date arithmetic every deadline rests on: civil dates in London, calendar months, working days.
//!
//! Instants are kept in UTC; anchors and due dates are civil dates in Europe/London. Nothing here
//! reads a clock. No function panics: at the ends of chrono's calendar (some 262,000 years away
//! from us on either side) a result that does not exist becomes the first or the last date.
//!
//! No roll-forward rule governs a review's deadlines: a due date stays where the calendar puts it,
//! weekend or not, and [`act_by`] is shown beside it. A subject access request does roll
//! ([`roll_forward`]). They are two functions so that neither is used for the other by accident.

mod bank_holidays;
mod london;
mod months;
mod working;

use std::fmt;

use chrono::{Days, NaiveDate};

pub use bank_holidays::bank_holidays_known_until;
pub use london::{london_date, london_midnight, london_nine};
pub use months::{months_after, months_before};
pub use working::{act_by, is_working_day, roll_forward, working_day_before, working_days_after};

/// A stretch of time between civil dates, in the unit the rule that sets it is written in.
///
/// The unit is part of the meaning: a month is not 30 days, and four weeks are not a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Calendar months, by the corresponding-date rule of [`months_after`].
    Months(u32),
    /// Weeks of seven days.
    Weeks(u32),
    /// Days of every kind, weekends and bank holidays included.
    Days(u32),
    /// Days that are neither at a weekend nor a bank holiday in England and Wales.
    WorkingDays(u32),
}

impl Length {
    /// How many of its unit.
    #[must_use]
    pub const fn count(self) -> u32 {
        match self {
            Self::Months(n) | Self::Weeks(n) | Self::Days(n) | Self::WorkingDays(n) => n,
        }
    }

    /// So many of it, in the same unit: twice a month is two months and no number of days.
    #[must_use]
    pub const fn times(self, n: u32) -> Self {
        match self {
            Self::Months(count) => Self::Months(count * n),
            Self::Weeks(count) => Self::Weeks(count * n),
            Self::Days(count) => Self::Days(count * n),
            Self::WorkingDays(count) => Self::WorkingDays(count * n),
        }
    }

    /// The date this long after `anchor`, whose own day is excluded. A length of nothing is `anchor`.
    #[must_use]
    pub fn after(self, anchor: NaiveDate) -> NaiveDate {
        match self {
            Self::Months(n) => months_after(anchor, n),
            Self::Weeks(n) => days_after(anchor, 7 * u64::from(n)),
            Self::Days(n) => days_after(anchor, u64::from(n)),
            Self::WorkingDays(n) => working_days_after(anchor, n),
        }
    }

    /// The date this long before `target`, whose own day is excluded. A length of nothing is `target`.
    ///
    /// Months clamp as they do forwards and do not shift off a weekend. One working day before is
    /// the last working day strictly before `target`, and each further one is strictly before that.
    #[must_use]
    pub fn before(self, target: NaiveDate) -> NaiveDate {
        match self {
            Self::Months(n) => months_before(target, n),
            Self::Weeks(n) => days_before(target, 7 * u64::from(n)),
            Self::Days(n) => days_before(target, u64::from(n)),
            Self::WorkingDays(n) => working::working_days_before(target, n),
        }
    }
}

impl fmt::Display for Length {
    /// The length in words for a letter or a screen: "1 month", "10 working days".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self {
            Self::Months(_) => "month",
            Self::Weeks(_) => "week",
            Self::Days(_) => "day",
            Self::WorkingDays(_) => "working day",
        };
        let plural = if self.count() == 1 { "" } else { "s" };
        write!(f, "{} {unit}{plural}", self.count())
    }
}

/// `days` later; past the end of the calendar, its last date.
fn days_after(anchor: NaiveDate, days: u64) -> NaiveDate {
    anchor.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// `days` earlier; past the start of the calendar, its first date.
fn days_before(target: NaiveDate, days: u64) -> NaiveDate {
    target.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}
