//! Publication, its exceptions, conclusion and disposal.

use chrono::NaiveDate;

use crate::records::{CopyRecipient, ExceptionCause, PublicationCheck};
use crate::values::{ActorId, DocumentRef, Line, Prose};

record! {
    /// One line of the publication checklist.
    pub struct PublicationCheckLine {
        /// The item.
        pub item: PublicationCheck,
        /// Whether it is so.
        pub done: bool,
    }

    /// The plan for publication.
    pub struct PublicationPlan {
        /// The day it is planned for.
        pub planned_on: NaiveDate,
        /// The report that will be published.
        pub report: DocumentRef,
        /// Each item of the checklist once.
        pub checklist: Vec<PublicationCheckLine>,
        /// Who verified the redaction first.
        pub redaction_checked_by: ActorId,
        /// The media plan.
        pub media_plan: Prose<2000>,
    }

    /// The second person's approval of the redaction, bound to the report's hash.
    pub struct ReleaseApproval {
        /// The report.
        pub report: DocumentRef,
    }

    /// Publication.
    pub struct Publication {
        /// The report published; the file that was released.
        pub report: DocumentRef,
        /// Where it can be read; at least one.
        pub urls: Vec<Line<300>>,
        /// The day it comes off the web; the partnership's period if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub take_down_on: Option<NaiveDate>,
    }

    /// An exceptional reason not to publish, or not all.
    pub struct PublicationException {
        /// The kind of reason.
        pub cause: ExceptionCause,
        /// The reason.
        pub reason: Prose<4000>,
        /// The day it is looked at again.
        pub review_on: NaiveDate,
        /// What the Home Office said of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub home_office_view: Option<Prose<2000>>,
    }

    /// Publication is taken up again.
    pub struct PublicationResumption {
        /// Why.
        pub reason: Prose<2000>,
        /// The new planned day.
        pub planned_on: NaiveDate,
    }

    /// A copy of the completed report was sent.
    pub struct CopySent {
        /// To whom.
        pub to: CopyRecipient,
        /// When.
        pub sent_on: NaiveDate,
    }

    /// The report is off the web.
    pub struct WebRemoval {
        /// The day.
        pub removed_on: NaiveDate,
        /// Copies that remain, such as the Home Office library's.
        #[serde(default)]
        pub remaining_copies: Vec<Line<300>>,
    }

    /// The review is concluded.
    pub struct Conclusion {
        /// Reference of the minute.
        pub minute: Line<120>,
    }

    /// A proposal to destroy the records.
    pub struct DisposalProposal {
        /// The retention rule relied on.
        pub authority: Line<200>,
        /// That no legal hold applies.
        pub no_legal_hold: bool,
    }

    /// The second approval; the records are destroyed.
    pub struct Disposal {
        /// Number of the certificate.
        pub certificate: Line<60>,
    }
}
