//! What is owed by when. The rules are versioned: a case keeps the table it started under.

mod anchors;
mod table;

pub use anchors::{Anchor, anchors, settles};
pub use table::DEADLINES;

use chrono::NaiveDate;

use crate::act::EventKind;
use crate::dates::Length;
use crate::notices::{Notice, To};

list! {
    /// Every deadline the product knows.
    pub enum Deadline {
        /// The partnership decides whether to hold a review.
        Decision,
        /// The overview report is signed off by the partnership.
        Report,
        /// An agency answers a scoping request.
        ScopingReturn,
        /// The Home Office is told of the decision.
        HomeOfficeNotice,
        /// An agency submits its IMR.
        ImrReturn,
        /// A senior signs an IMR off.
        ImrSignOff,
        /// Panel and family comment on the draft.
        DraftComments,
        /// News from the quality assurance panel.
        QaNews,
        /// The Commissioner gets the completed report.
        CopyToCommissioner,
        /// A hold is looked at again.
        HoldReview,
        /// The planned day of publication.
        PublicationDay,
        /// An exception to publication is looked at again.
        ExceptionReview,
        /// The report comes off the web.
        TakeDown,
        /// An action is to be done.
        Action,
        /// An action's owner reports on it.
        ActionUpdate,
        /// A department answers a national recommendation.
        NationalReply,
        /// A person's access to the case ends.
        Access,
        /// The records may be destroyed.
        Retention,
        /// The decision subgroup meets.
        SubgroupMeeting,
        /// The year's figures are compiled.
        AnnualSummary,
        /// A subject access request is answered.
        SubjectAccess,
        /// A personal-data breach is reported to the Information Commissioner.
        DataBreach,
    }

    /// A version of the table.
    pub enum DeadlineTable {
        /// In force: the guidance of December 2016.
        Guidance2016,
        /// As consulted on in 2024, not adopted: twelve months for the report.
        Proposal2024,
    }
}

impl Deadline {
    /// The name used in clock keys and the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Report => "report",
            Self::ScopingReturn => "scoping-return",
            Self::HomeOfficeNotice => "home-office-notice",
            Self::ImrReturn => "imr-return",
            Self::ImrSignOff => "imr-sign-off",
            Self::DraftComments => "draft-comments",
            Self::QaNews => "qa-news",
            Self::CopyToCommissioner => "copy-to-commissioner",
            Self::HoldReview => "hold-review",
            Self::PublicationDay => "publication-day",
            Self::ExceptionReview => "exception-review",
            Self::TakeDown => "take-down",
            Self::Action => "action",
            Self::ActionUpdate => "action-update",
            Self::NationalReply => "national-reply",
            Self::Access => "access",
            Self::Retention => "retention",
            Self::SubgroupMeeting => "subgroup-meeting",
            Self::AnnualSummary => "annual-summary",
            Self::SubjectAccess => "subject-access",
            Self::DataBreach => "data-breach",
        }
    }
}

/// Whose deadline it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A case's: it feeds `next_due`.
    Case,
    /// The partnership's: it belongs to no case.
    Partnership,
}

/// How the due date is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// So long after the anchor, unless the record names a day.
    Length(Length),
    /// The day that the record names.
    Named,
    /// So many hours after the event.
    Hours(u32),
}

/// One deadline.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name.
    pub deadline: Deadline,
    /// In which tables it stands.
    pub tables: &'static [DeadlineTable],
    /// Whose it is.
    pub scope: Scope,
    /// The events that start it.
    pub starts: &'static [EventKind],
    /// How long it is.
    pub within: Within,
    /// The events that meet it.
    pub met_by: &'static [EventKind],
    /// The events that end it unmet.
    pub ended_by: &'static [EventKind],
    /// How long before the target reminders go, longest first; zero is the day itself.
    pub before: &'static [Length],
    /// How often it is said again after it was missed.
    pub again: Option<Length>,
    /// What a reminder before the target says, and to whom.
    pub reminder: Option<(Notice, &'static [To])>,
    /// What is said once it is missed, and to whom; a later list joins with each repetition.
    pub missed: Option<(Notice, &'static [&'static [To]])>,
    /// Whether passing the original date is a breach, recorded for good.
    pub breach: bool,
    /// Whether it outlives the review's conclusion.
    pub outlives: bool,
    /// Where the figure comes from.
    pub source: &'static str,
}

/// The row of a deadline in a table.
#[must_use]
pub fn row(table: DeadlineTable, deadline: Deadline) -> Option<&'static Row> {
    DEADLINES.iter().find(|row| row.deadline == deadline && row.tables.contains(&table))
}

impl Row {
    /// The due date: the day that the record names, or the length after the anchor.
    #[must_use]
    pub fn due(&self, anchor: NaiveDate, named: Option<NaiveDate>) -> NaiveDate {
        match (named, self.within) {
            (Some(day), Within::Length(_) | Within::Named | Within::Hours(_)) => day,
            (None, Within::Length(length)) => length.after(anchor),
            (None, Within::Named) => anchor,
            (None, Within::Hours(hours)) => Length::Days(hours.div_ceil(24)).after(anchor),
        }
    }
}
