//! Sign-off, submission to the Home Office and its quality assurance.

use chrono::NaiveDate;

use crate::records::{FeedbackArea, SubmissionCheck};
use crate::values::{ActorId, DocumentRef, ItemId, Line, Prose};

record! {
    /// The panel's sign-off, bound to the report's hash.
    pub struct PanelSignOff {
        /// The overview report.
        pub report: DocumentRef,
        /// When the agencies' factual check ended.
        pub factual_check_on: NaiveDate,
        /// How the family read the draft, or why it did not.
        pub family_read: Prose<2000>,
        /// Dissents, with names of offices rather than people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub dissents: Option<Prose<4000>>,
    }

    /// The partnership's sign-off; it meets the six-month deadline.
    pub struct CspSignOff {
        /// The overview report; the file that the panel signed.
        pub report: DocumentRef,
        /// Reference of the minute.
        pub minute: Line<120>,
        /// That each agency's senior accepted its actions.
        pub actions_accepted: bool,
    }

    /// Another date for the report, agreed by the partnership. The original deadline stays.
    pub struct ReportDate {
        /// The new target.
        pub target: NaiveDate,
        /// Why.
        pub reason: Prose<2000>,
        /// Reference of the agreement.
        pub agreed_by: Line<120>,
    }

    /// One line of the submission checklist.
    pub struct SubmissionCheckLine {
        /// The item.
        pub item: SubmissionCheck,
        /// Whether it is so.
        pub done: bool,
        /// Why not, where it does not apply.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<Prose<500>>,
    }

    /// The pack sent to the Home Office. It is frozen from here.
    pub struct Submission {
        /// The overview report; the file that the partnership signed.
        pub report: DocumentRef,
        /// The executive summary.
        pub summary: DocumentRef,
        /// The action plan.
        pub plan: DocumentRef,
        /// Each item of the checklist once.
        pub checklist: Vec<SubmissionCheckLine>,
        /// Who checked the anonymisation; not the person who submits.
        pub anonymisation_checked_by: ActorId,
        /// The Home Office's reference, where it has given one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub home_office_reference: Option<Line<60>>,
    }

    /// The quality assurance meeting.
    pub struct QaMeeting {
        /// The day.
        pub met_on: NaiveDate,
        /// Reference of the Home Office's letter; required unless the Home Office acts itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub letter_reference: Option<Line<60>>,
    }

    /// One numbered point of feedback; it becomes a task.
    pub struct FeedbackPoint {
        /// Its id within the case.
        pub id: ItemId,
        /// What it is about.
        pub area: FeedbackArea,
        /// The point.
        pub text: Prose<2000>,
    }

    /// The outcome, by letter.
    pub struct QaOutcome {
        /// Reference of the letter.
        pub letter_reference: Line<60>,
        /// Its date.
        pub dated: NaiveDate,
        /// The points; at least one unless the report may be published as it is.
        #[serde(default)]
        pub points: Vec<FeedbackPoint>,
    }

    /// The answer to one point.
    pub struct PointResponse {
        /// The point.
        pub id: ItemId,
        /// What was done.
        pub response: Prose<2000>,
    }

    /// The answers to the points.
    pub struct QaResponse {
        /// Each point of the outcome once.
        pub responses: Vec<PointResponse>,
        /// The revised report.
        pub report: DocumentRef,
    }

    /// The start of a redraft.
    pub struct RedraftStart {
        /// What will change.
        pub plan: Prose<2000>,
    }
}
