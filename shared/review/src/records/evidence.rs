//! Individual Management Reviews: an agency's own analysis of what it did.

use chrono::NaiveDate;

use crate::records::ImrCriterion;
use crate::values::{AgencyId, DocumentRef, Prose};

record! {
    /// A request to one agency.
    pub struct ImrRequest {
        /// The agency.
        pub agency: AgencyId,
        /// The day the IMR is due; 8 weeks if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due_on: Option<NaiveDate>,
    }

    /// The start of the evidence stage.
    pub struct EvidencePlan {
        /// At least one request.
        pub requests: Vec<ImrRequest>,
    }

    /// An IMR submitted: a document of kind `imr` that was scanned clean.
    pub struct ImrSubmission {
        /// The agency.
        pub agency: AgencyId,
        /// The file.
        pub document: DocumentRef,
        /// How the author is independent of the case and its staff.
        pub independence: Prose<2000>,
    }

    /// A senior's approval of exactly one file.
    pub struct ImrSignOff {
        /// The agency.
        pub agency: AgencyId,
        /// The file approved; refused if it is not the one submitted last.
        pub document: DocumentRef,
    }

    /// One line of the quality check.
    pub struct ImrCheckLine {
        /// The criterion.
        pub criterion: ImrCriterion,
        /// Whether it is met.
        pub met: bool,
    }

    /// The quality check.
    pub struct ImrCheck {
        /// The agency.
        pub agency: AgencyId,
        /// Each criterion once.
        pub lines: Vec<ImrCheckLine>,
    }

    /// Acceptance by the chair.
    pub struct ImrAcceptance {
        /// The agency.
        pub agency: AgencyId,
    }

    /// Return for more work.
    pub struct ImrReturn {
        /// The agency.
        pub agency: AgencyId,
        /// What is missing; the author reads it.
        pub reasons: Prose<4000>,
        /// The day the next version is due.
        pub due_on: NaiveDate,
    }

    /// Going on without an IMR.
    pub struct ImrWaiver {
        /// The agency.
        pub agency: AgencyId,
        /// Why.
        pub reason: Prose<2000>,
    }

    /// The start of drafting.
    pub struct DraftingStart {
        /// The composite chronology.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub chronology: Option<DocumentRef>,
    }

    /// A draft goes out for comment.
    pub struct DraftCirculation {
        /// The draft.
        pub document: DocumentRef,
        /// Last day for comments; at least three weeks ahead, for the family's sake.
        pub comment_by: NaiveDate,
    }
}
