//! How a letter says when. Dates are written out and never counted from the day of reading: a
//! letter may be read late, and what it says of a date must still be true then.

use chrono::NaiveDate;

/// Where a letter's date stands on the day it is written.
pub(crate) enum Timing {
    /// The letter is about no date.
    Undated,
    /// The date is today or to come.
    Ahead {
        /// The date.
        on: String,
    },
    /// The date has passed.
    Past {
        /// The date.
        on: String,
        /// How many days ago it was, from 1.
        days: i64,
    },
}

impl Timing {
    /// Places a date; `days_late` is counted from `today` if it is not given.
    pub(crate) fn of(due: Option<NaiveDate>, days_late: Option<i64>, today: NaiveDate) -> Self {
        let Some(due) = due else { return Self::Undated };
        let on = long(due);
        let days = days_late.unwrap_or_else(|| (today - due).num_days());
        if days > 0 { Self::Past { on, days } } else { Self::Ahead { on } }
    }

    /// Whether the date has passed.
    pub(crate) const fn is_past(&self) -> bool {
        match self {
            Self::Past { .. } => true,
            Self::Undated | Self::Ahead { .. } => false,
        }
    }

    /// For a subject: "due 3 March 2027", "overdue", or "due" without a date.
    pub(crate) fn due(&self) -> String {
        match self {
            Self::Undated => "due".to_owned(),
            Self::Ahead { on } => format!("due {on}"),
            Self::Past { .. } => "overdue".to_owned(),
        }
    }

    /// Ends a request: "by 3 March 2027", or "now" when that has passed.
    pub(crate) fn by(&self) -> String {
        match self {
            Self::Undated => "as soon as you can".to_owned(),
            Self::Ahead { on } => format!("by {on}"),
            Self::Past { .. } => "now".to_owned(),
        }
    }

    /// A clause, in the words for a date ahead or in those for one that has passed, and the date.
    pub(crate) fn when(&self, ahead: &str, past: &str) -> String {
        match self {
            Self::Undated => ahead.to_owned(),
            Self::Ahead { on } => format!("{ahead} on {on}"),
            Self::Past { on, days: 1 } => format!("{past} on {on}, 1 day ago"),
            Self::Past { on, days } => format!("{past} on {on}, {days} days ago"),
        }
    }

    /// The same as a sentence; nothing without a date.
    pub(crate) fn sentence(&self, ahead: &str, past: &str) -> String {
        match self {
            Self::Undated => String::new(),
            Self::Ahead { .. } | Self::Past { .. } => format!("{}.", self.when(ahead, past)),
        }
    }
}

/// A date as GOV.UK writes it, such as "3 March 2027".
pub(crate) fn long(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}
