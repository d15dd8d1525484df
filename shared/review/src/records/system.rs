//! What the system does by itself: reminders, receipts, matches.

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::{ClockKey, Step};
use crate::notices::{Notice, Recipient};
use crate::records::DeliveryOutcome;
use crate::values::Reference;

record! {
    /// A sweep reached this case.
    pub struct Tick {}

    /// A reminder falls due.
    pub struct Reminder {
        /// Which clock.
        pub clock: ClockKey,
        /// Which step of it.
        pub step: Step,
        /// The target at that moment.
        pub due_on: NaiveDate,
    }

    /// Steps that will not be sent: a later one is true now, or they had passed when the
    /// deadline was born.
    pub struct Overtaken {
        /// Which clock.
        pub clock: ClockKey,
        /// The steps.
        pub steps: Vec<Step>,
    }

    /// An original deadline has passed; no extension changes that.
    pub struct Passed {
        /// Which clock.
        pub clock: ClockKey,
        /// The original date.
        pub original: NaiveDate,
    }

    /// What became of one message.
    pub struct Delivery {
        /// The outbox item.
        pub outbox: String,
        /// What was sent.
        pub notice: Notice,
        /// The outcome.
        pub outcome: DeliveryOutcome,
        /// When it was reported.
        pub at: DateTime<Utc>,
    }

    /// A notice that was no longer true when its turn came.
    pub struct Suppression {
        /// The outbox item.
        pub outbox: String,
        /// What would have been sent.
        pub notice: Notice,
        /// To whom.
        pub to: Recipient,
    }

    /// Other cases that may be about the same death.
    pub struct Matches {
        /// Their references; empty when none was found.
        pub cases: Vec<Reference>,
    }
}
