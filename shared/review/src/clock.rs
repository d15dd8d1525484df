//! A running deadline of one case: where it started, when it is due, what has been sent.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::deadlines::Deadline;
use crate::values::Invalid;

/// Names one clock of a case: the deadline, and the item it runs for where there are several
/// (an agency, an action, a person). In JSON: `"decision"` or `"imr-return/agency-id"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockKey {
    /// Which row of `DEADLINES`.
    pub deadline: Deadline,
    /// For which item, as its id.
    pub item: Option<String>,
}

impl fmt::Display for ClockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.item {
            None => f.write_str(self.deadline.name()),
            Some(item) => write!(f, "{}/{item}", self.deadline.name()),
        }
    }
}

impl From<ClockKey> for String {
    fn from(key: ClockKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for ClockKey {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        let (name, item) = match raw.split_once('/') {
            Some((name, item)) => (name, Some(item.to_owned())),
            None => (raw.as_str(), None),
        };
        Deadline::ALL
            .iter()
            .find(|deadline| deadline.name() == name)
            .map(|&deadline| Self { deadline, item })
            .ok_or_else(|| Invalid::new("This is not the name of a deadline."))
    }
}

/// One reminder of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Step {
    /// The n-th reminder before the target, counting the row's list from 0.
    Before(u8),
    /// The day after the target, at 09:00 London.
    Missed,
    /// The n-th repetition after that, from 1.
    Again(u32),
}

/// Whether a clock still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Standing {
    /// It runs.
    Running,
    /// What was owed was done on this London date.
    Met(NaiveDate),
    /// It was given up on this London date: the case moved on.
    Ended(NaiveDate),
}

record! {
    /// A deadline of one case.
    pub struct Clock {
        /// The London date it counts from.
        pub anchor: NaiveDate,
        /// The date it was first due; never changed.
        pub original: NaiveDate,
        /// The date it is due now.
        pub target: NaiveDate,
        /// When the present target was set.
        pub born_at: DateTime<Utc>,
        /// Steps before and on the target that were sent or overtaken.
        pub done: BTreeSet<Step>,
        /// How many repetitions were sent or overtaken.
        pub again: u32,
        /// Whether the passing of the original date is recorded.
        pub passed: bool,
        /// Whether it runs.
        pub standing: Standing,
    }
}

impl Clock {
    /// A clock that starts now.
    #[must_use]
    pub const fn start(anchor: NaiveDate, due: NaiveDate, now: DateTime<Utc>) -> Self {
        Self {
            anchor,
            original: due,
            target: due,
            born_at: now,
            done: BTreeSet::new(),
            again: 0,
            passed: false,
            standing: Standing::Running,
        }
    }

    /// Gives the clock another target: its reminders begin anew, its original date stays.
    pub fn retarget(&mut self, target: NaiveDate, now: DateTime<Utc>) {
        if target != self.target {
            self.target = target;
            self.born_at = now;
            self.done.clear();
            self.again = 0;
        }
    }

    /// Marks a step as dealt with.
    pub fn settle(&mut self, step: Step) {
        match step {
            Step::Before(_) | Step::Missed => {
                self.done.insert(step);
            }
            Step::Again(n) => self.again = self.again.max(n),
        }
    }

    /// Whether it runs.
    #[must_use]
    pub const fn runs(&self) -> bool {
        matches!(self.standing, Standing::Running)
    }

    /// Whether it is overdue on a London date: from 00:00 on the day after the target.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.runs() && today > self.target
    }
}
