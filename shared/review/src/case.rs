//! A case: what is known now. The current case is stored and read directly; its events are
//! its history, and folding them gives the same case.

mod questions;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::actor::Role;
use crate::clock::{Clock, ClockKey};
use crate::deadlines::DeadlineTable;
use crate::process::State;
use crate::records::*;
use crate::values::{
    ActorId, AgencyId, CspId, DocumentId, DocumentRef, Hash, ItemId, Line, Reference,
};

list! {
    /// The statutory test a case is decided under.
    pub enum Ruleset {
        /// Domestic Violence, Crime and Victims Act 2004, s.9: in force.
        #[serde(rename = "s9-of-2004")]
        S9Of2004,
        /// The definition of the Victims and Prisoners Act 2024, s.19: not yet commenced.
        #[serde(rename = "s8a-of-2024")]
        S8aOf2024,
    }

    /// The name a partnership shows for a review.
    pub enum DisplayName {
        /// Domestic Homicide Review.
        Dhr,
        /// Domestic Abuse Related Death Review.
        Dardr,
    }

    /// Which way a decision went.
    pub enum Outcome {
        /// There is to be a review.
        Review,
        /// There is to be none.
        NoReview,
        /// The Secretary of State directed one.
        Directed,
    }

    /// How an IMR stands.
    pub enum ImrState {
        /// Asked for.
        Requested,
        /// A version is in.
        Submitted,
        /// The senior approved that version.
        SignedOff,
        /// The checklist is done.
        QualityChecked,
        /// The chair accepted it.
        Accepted,
        /// Sent back.
        Returned,
        /// Not waited for.
        Waived,
    }

    /// How a quality assurance round ended.
    pub enum QaResult {
        /// Publish.
        Approved,
        /// Revise, then publish.
        ApprovedWithChanges,
        /// Submit again.
        Resubmit,
    }
}

record! {
    /// The rules a case started under; they do not change when the law does.
    pub struct Rules {
        /// The test.
        pub ruleset: Ruleset,
        /// The name.
        pub display_name: DisplayName,
        /// The deadlines.
        pub deadlines: DeadlineTable,
    }

    /// A case.
    pub struct Case {
        /// The partnership it belongs to.
        pub csp: CspId,
        /// Its reference.
        pub reference: Reference,
        /// Where it stands.
        pub state: State,
        /// How many events it has.
        pub seq: u64,
        /// Moved only by people's substantive acts; the `ETag`.
        pub revision: u64,
        /// When it was opened.
        pub opened_at: DateTime<Utc>,
        /// When its last event was.
        pub changed_at: DateTime<Utc>,
        /// Everything else; empty once the records are destroyed.
        pub file: File,
    }

    /// One agency's scoping.
    pub struct AgencyScoping {
        /// The day it was asked.
        pub asked_on: NaiveDate,
        /// Its answer.
        pub answer: Option<ScopingReturn>,
    }

    /// A decision as it was made. One is open at a time; reopening adds another.
    pub struct DecisionMade {
        /// Which way.
        pub outcome: Outcome,
        /// The London date it was made; the six months run from it.
        pub on: NaiveDate,
        /// By whom.
        pub by: ActorId,
        /// The form; a direction has none.
        pub form: Option<Decision>,
    }

    /// One agency's IMR.
    pub struct Imr {
        /// How it stands.
        pub state: ImrState,
        /// Moved by each act on it; its `ETag`.
        pub revision: u64,
        /// The day it was asked for.
        pub requested_on: NaiveDate,
        /// The version submitted last.
        pub submitted: Option<ImrSubmission>,
        /// Who submitted it.
        pub submitted_by: Option<ActorId>,
        /// The file signed off and by whom; cleared when another is submitted.
        pub signed_off: Option<SignOff>,
        /// The checklist of the version signed off.
        pub check: Option<ImrCheck>,
        /// Every return, oldest first.
        pub returns: Vec<ImrReturn>,
        /// Why it was waived.
        pub waiver: Option<ImrWaiver>,
    }

    /// Approval of exactly one file.
    pub struct SignOff {
        /// By whom.
        pub by: ActorId,
        /// When, London date.
        pub on: NaiveDate,
        /// Of what.
        pub document: DocumentRef,
    }

    /// A submission to the Home Office.
    pub struct SubmissionMade {
        /// The day it was sent.
        pub sent_on: NaiveDate,
        /// The pack.
        pub pack: Submission,
    }

    /// A round of quality assurance.
    pub struct QaRound {
        /// The meeting.
        pub meeting: QaMeeting,
        /// How it ended.
        pub result: Option<QaResult>,
        /// The letter and its points.
        pub outcome: Option<QaOutcome>,
        /// The answers.
        pub response: Option<QaResponse>,
    }

    /// A report that is public.
    pub struct PublicationMade {
        /// The day.
        pub on: NaiveDate,
        /// What and where.
        pub publication: Publication,
    }

    /// An action of the plan.
    pub struct PlanItem {
        /// The action.
        pub action: PlanAction,
        /// Moved by each act on it; its `ETag`.
        pub revision: u64,
        /// The target now.
        pub target_on: NaiveDate,
        /// Reports, oldest first.
        pub updates: Vec<ActionUpdate>,
        /// How it was done.
        pub completion: Option<ActionCompletion>,
        /// Why it was given up.
        pub closure: Option<ActionClosure>,
    }

    /// A person's access.
    pub struct Grant {
        /// The person.
        pub actor: ActorId,
        /// The role on this case.
        pub role: Role,
        /// Last day.
        pub until: NaiveDate,
        /// Agencies whose IMRs were circulated to this person.
        pub circulated_imrs: Vec<AgencyId>,
        /// Whether it was ended early.
        pub ended: bool,
    }

    /// A document.
    pub struct Document {
        /// What it is.
        pub kind: DocumentKind,
        /// The agency it belongs to.
        pub agency: Option<AgencyId>,
        /// Its file name.
        pub name: Line<120>,
        /// Size in bytes: announced, then stored.
        pub size: u64,
        /// Who uploads it.
        pub by: ActorId,
        /// The object's key.
        pub key: String,
        /// S3's id of the upload.
        pub upload_id: String,
        /// Where it stands.
        pub standing: DocumentStanding,
    }

    /// The content of a finished upload.
    pub struct Content {
        /// S3's composite SHA-256.
        pub hash: Hash,
        /// The object's version, where there are versions.
        pub version_id: Option<String>,
    }

    /// The approval to release a report.
    pub struct Release {
        /// By whom.
        pub by: ActorId,
        /// Of what.
        pub report: DocumentRef,
    }

    /// A proposal to destroy the records.
    pub struct DisposalProposed {
        /// By whom.
        pub by: ActorId,
        /// The proposal.
        pub proposal: DisposalProposal,
    }
}

/// Where a document stands: it can be read only when it is clean.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DocumentStanding {
    /// Parts are being sent.
    Uploading,
    /// Complete; the scanner has not answered.
    Unscanned(Content),
    /// Scanned; only `no-threats-found` can be read.
    Scanned {
        /// What it holds.
        content: Content,
        /// The verdict.
        verdict: Verdict,
    },
    /// Given up.
    Abandoned,
}

/// The file of a case: all that disposal destroys.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File {
    /// The rules it started under.
    pub rules: Option<Rules>,
    /// Who referred.
    pub referrer: Option<ActorId>,
    /// When the partnership's chair was told.
    pub csp_notified_on: Option<NaiveDate>,
    /// The referral.
    pub referral: Option<Box<Referral>>,
    /// Keyed hashes for finding duplicates.
    pub match_keys: Vec<String>,
    /// Whether duplicates were looked for.
    pub matched: bool,
    /// Cases that may be about the same death.
    pub likely_duplicates: Vec<Reference>,
    /// Facts added.
    pub information: Vec<Information>,
    /// The transfer.
    pub transfer: Option<Transfer>,
    /// The agencies asked and their answers.
    pub scoping: BTreeMap<AgencyId, AgencyScoping>,
    /// How scoping ended.
    pub scoping_outcome: Option<ScopingOutcome>,
    /// The subgroup's views.
    pub recommendations: Vec<Recommendation>,
    /// Every decision, oldest first.
    pub decisions: Vec<DecisionMade>,
    /// Why deadlines were missed.
    pub breach_reasons: Vec<BreachReason>,
    /// Notices to the Home Office.
    pub home_office_notices: Vec<HomeOfficeNotice>,
    /// Scrutiny of a refusal.
    pub scrutiny: Option<Scrutiny>,
    /// The Home Office's letter of content.
    pub no_review_letter: Option<HomeOfficeLetter>,
    /// The direction.
    pub direction: Option<Direction>,
    /// Challenges that reopened it.
    pub reopenings: Vec<Reopening>,
    /// The independent chair.
    pub chair: Option<Appointment>,
    /// The panel.
    pub panel: Option<Panel>,
    /// The terms of reference.
    pub terms: Option<Terms>,
    /// The agencies' IMRs.
    pub imrs: BTreeMap<AgencyId, Imr>,
    /// The composite chronology.
    pub chronology: Option<DocumentRef>,
    /// Drafts sent out.
    pub circulations: Vec<DraftCirculation>,
    /// The panel's sign-off.
    pub panel_sign_off: Option<PanelSignOff>,
    /// The partnership's sign-off.
    pub csp_sign_off: Option<CspSignOff>,
    /// Dates agreed for the report.
    pub report_dates: Vec<ReportDate>,
    /// Packs sent.
    pub submissions: Vec<SubmissionMade>,
    /// Rounds of quality assurance.
    pub qa: Vec<QaRound>,
    /// The plan for publication.
    pub publication_plan: Option<PublicationPlan>,
    /// The second approval.
    pub release: Option<Release>,
    /// The publication.
    pub published: Option<PublicationMade>,
    /// Exceptions to publication.
    pub exceptions: Vec<PublicationException>,
    /// Copies sent.
    pub copies: Vec<CopySent>,
    /// The removal from the web.
    pub web_removal: Option<WebRemoval>,
    /// The conclusion.
    pub conclusion: Option<Conclusion>,
    /// The proposal to destroy the records.
    pub disposal: Option<DisposalProposed>,
    /// The hold that is on.
    pub hold: Option<Hold>,
    /// The action plan.
    pub actions: BTreeMap<ItemId, PlanItem>,
    /// Contact with the family.
    pub family: Vec<FamilyContact>,
    /// The criminal case.
    pub criminal_case: Option<CriminalCase>,
    /// The inquest.
    pub inquest: Option<Inquest>,
    /// Other reviews.
    pub other_reviews: Vec<OtherReview>,
    /// Access given.
    pub grants: Vec<Grant>,
    /// Documents.
    pub documents: BTreeMap<DocumentId, Document>,
    /// Deadlines.
    pub clocks: BTreeMap<ClockKey, Clock>,
}
