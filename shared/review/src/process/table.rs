//! The rows. "Guidance" is the Home Office's Multi-agency Statutory Guidance for the Conduct
//! of Domestic Homicide Reviews (December 2016); "2004 Act" the Domestic Violence, Crime and
//! Victims Act 2004; "product" a decision of this product where the sources are silent.

use super::{Next, Next::Stay, Next::To, Rule, State, State::*};
use crate::act::{Action, Action::*};
use crate::actor::{Role, Role::*};

const REFERRERS: &[Role] =
    &[Referrer, Police, AgencyContact, ImrAuthor, AgencySenior, Coordinator, CspChair];
const CSP: &[Role] = &[CspChair, Coordinator];
const CHAIR: &[Role] = &[IndependentChair];
const RUNNERS: &[Role] = &[IndependentChair, Coordinator];
/// The secretariat itself, or the coordinator with the letter's reference.
const SECRETARIAT: &[Role] = &[HomeOffice, Coordinator];
const OWNERS: &[Role] = &[AgencyContact, AgencySenior, Coordinator, CspChair];
const SYSTEM: &[Role] = &[System];
const UPLOADERS: &[Role] = &[
    AgencyContact,
    ImrAuthor,
    AgencySenior,
    Police,
    Coordinator,
    CspChair,
    IndependentChair,
    FamilyAdvocate,
];
const READERS: &[Role] = &[
    AgencyContact,
    ImrAuthor,
    AgencySenior,
    Police,
    Coordinator,
    CspChair,
    IndependentChair,
    PanelMember,
    Specialist,
    FamilyAdvocate,
    HomeOffice,
    QaMember,
    Commissioner,
    Pcc,
];

const INTAKE: &[State] = &[Referred, Scoping, ReadyToDecide];
const REFUSED: &[State] = &[NoReviewDecided, NoReviewFinal];
/// From the decision to hold a review until the report is out: a hold is possible.
const REVIEWING: &[State] = &[
    ReviewAgreed,
    ChairAppointed,
    PanelFormed,
    TorAgreed,
    Evidence,
    Drafting,
    PanelSignedOff,
    CspSignedOff,
    HoSubmitted,
    QaConsidered,
    QaApproved,
    QaApprovedWithChanges,
    QaResubmit,
    ChangesDone,
    PrePublication,
    PublicationDeferred,
    Redacted,
];
/// Early learning may be acted on at once, so actions exist from scoping on.
const LEARNING: &[State] = &[
    Scoping,
    ReadyToDecide,
    ReviewAgreed,
    ChairAppointed,
    PanelFormed,
    TorAgreed,
    Evidence,
    Drafting,
    PanelSignedOff,
    CspSignedOff,
    HoSubmitted,
    QaConsidered,
    QaApproved,
    QaApprovedWithChanges,
    QaResubmit,
    ChangesDone,
    PrePublication,
    Published,
    PublicationDeferred,
    Withheld,
    Redacted,
];
/// Everything before an end: the tracks beside the spine.
const OPEN: &[State] = &[
    Referred,
    Scoping,
    ReadyToDecide,
    ReviewAgreed,
    NoReviewDecided,
    HoScrutiny,
    Directed,
    ChairAppointed,
    PanelFormed,
    TorAgreed,
    Evidence,
    Drafting,
    PanelSignedOff,
    CspSignedOff,
    HoSubmitted,
    QaConsidered,
    QaApproved,
    QaApprovedWithChanges,
    QaResubmit,
    ChangesDone,
    PrePublication,
    Published,
    PublicationDeferred,
    Withheld,
    Redacted,
];
/// Everything but destroyed records.
const KEPT: &[State] = &[
    Referred,
    Transferred,
    Scoping,
    ReadyToDecide,
    ReviewAgreed,
    NoReviewDecided,
    HoScrutiny,
    NoReviewFinal,
    Directed,
    ChairAppointed,
    PanelFormed,
    TorAgreed,
    Evidence,
    Drafting,
    PanelSignedOff,
    CspSignedOff,
    HoSubmitted,
    QaConsidered,
    QaApproved,
    QaApprovedWithChanges,
    QaResubmit,
    ChangesDone,
    PrePublication,
    Published,
    PublicationDeferred,
    Withheld,
    Redacted,
    Concluded,
];
const COMPLETED: &[State] = &[
    QaApproved,
    ChangesDone,
    PrePublication,
    Published,
    PublicationDeferred,
    Withheld,
    Redacted,
    Concluded,
];
const ENDED: &[State] = &[Transferred, NoReviewFinal, Concluded];

const fn row(
    action: Action,
    from: &'static [State],
    who: &'static [Role],
    next: Next,
    source: &'static str,
) -> Rule {
    Rule { action, from, who, next, source }
}

/// One row per action, in the order of the process.
#[rustfmt::skip]
pub const PROCESS: &[Rule] = &[
    row(Refer,                &[],                    REFERRERS,              To(Referred),             "1: police in writing, or any professional (Leicester protocol)"),
    row(AddInformation,       INTAKE,                 REFERRERS,              Stay,                     "1: product: a referrer adds facts"),
    row(Transfer,             &[Referred],            &[Coordinator],         To(Transferred),          "2: the partnership of normal residence leads (Guidance)"),
    row(StartScoping,         &[Referred],            &[Coordinator],         To(Scoping),              "3: scoping of contact (Safer Together guide)"),
    row(AskAgency,            &[Scoping],             &[Coordinator],         Stay,                     "3: product"),
    row(RecordScopingReturn,  &[Scoping],             &[AgencyContact, Police, Coordinator], Stay,      "4: product"),
    row(CompleteScoping,      &[Scoping],             &[Coordinator],         To(ReadyToDecide),        "4: product"),
    row(Recommend,            &[ReadyToDecide],       &[DecisionSubgroup],    Stay,                     "5: monthly subgroup (Leicester protocol)"),
    row(AgreeReview,          &[ReadyToDecide],       &[CspChair],      To(ReviewAgreed),         "5: the chair of the partnership decides (Walsall page; Guidance)"),
    row(DecideNoReview,       &[ReadyToDecide],       &[CspChair],      To(NoReviewDecided),      "6: as 5; reasons mandatory"),
    row(RecordBreachReason,   OPEN,                   CSP,                    Stay,                     "Deadlines: record why, stay open (product)"),
    row(NotifyHomeOffice,     &[ReviewAgreed, ChairAppointed, PanelFormed, TorAgreed, Evidence, Drafting, NoReviewDecided, HoScrutiny], &[Coordinator], Stay, "5, 6: the Home Office is told (Croydon page)"),
    row(OpenScrutiny,         &[NoReviewDecided],     SECRETARIAT,            To(HoScrutiny),           "7: every refusal is scrutinised (Lords Hansard, 13 December 2021)"),
    row(AcceptNoReview,       &[HoScrutiny],          SECRETARIAT,            To(NoReviewFinal),        "8: Home Office content"),
    row(DirectReview,         &[HoScrutiny],          SECRETARIAT,            To(Directed),      "9: 2004 Act s.9(2)"),
    row(AcknowledgeDirection, &[Directed],     &[CspChair],      To(ReviewAgreed),         "9: product: the clock runs from the direction"),
    row(Reopen,               REFUSED,                CSP,                    To(Referred),             "10: challenge, new evidence, family request (product)"),
    row(AppointChair,         &[ReviewAgreed],        &[CspChair],      To(ChairAppointed), "11: always an independent chair (Walsall page)"),
    row(FormPanel,            &[ChairAppointed], CHAIR,                To(PanelFormed),   "12: confidentiality signed by each (Safer Together guide)"),
    row(AgreeTerms,           &[PanelFormed],  CHAIR,                  To(TorAgreed),            "13: panel agrees terms (Safer Together guide)"),
    row(OpenEvidence,         &[TorAgreed],           CHAIR,                  To(Evidence),             "14: chronologies and IMRs requested"),
    row(RequestImr,           &[Evidence],            RUNNERS,                Stay,                     "14: product: one more agency"),
    row(SubmitImr,            &[Evidence],            &[ImrAuthor],           Stay,                     "15: the author submits"),
    row(SignOffImr,           &[Evidence],            &[AgencySenior],        Stay,                     "15: a different senior signs"),
    row(QualityCheckImr,      &[Evidence],            CHAIR,                  Stay,                     "15: checklist (Pan-Dorset protocol)"),
    row(AcceptImr,            &[Evidence],            CHAIR,                  Stay,                     "15: the chair accepts"),
    row(ReturnImr,            &[Evidence],            CHAIR,                  Stay,                     "15: returned with reasons"),
    row(WaiveImr,             &[Evidence],            RUNNERS,                Stay,                     "16: waived with reason (product)"),
    row(StartDrafting,        &[Evidence],            CHAIR,                  To(Drafting),             "16: required IMRs accepted or waived"),
    row(CirculateDraft,       &[Drafting],            CHAIR,                  Stay,                     "17: panel and family read the draft"),
    row(SignOffByPanel,       &[Drafting],            CHAIR,                  To(PanelSignedOff), "17: panel sign-off (Safer Together guide)"),
    row(SignOffByCsp,         &[PanelSignedOff], &[CspChair],    To(CspSignedOff),  "18: partnership's final sign-off (Safer Together guide)"),
    row(AgreeReportDate,      REVIEWING,              &[CspChair],      Stay,                     "Deadlines: another period the partnership agrees (Safer Together guide)"),
    row(SubmitToHomeOffice,   &[CspSignedOff], &[Coordinator],         To(HoSubmitted),          "19: Home Office quality assurance (Guidance)"),
    row(RecordQaMeeting,      &[HoSubmitted],         SECRETARIAT,            To(QaConsidered),         "20: published Home Office feedback letters"),
    row(ApproveQuality,       &[QaConsidered],        SECRETARIAT,            To(QaApproved),           "21: published Home Office feedback letters"),
    row(ApproveWithChanges,   &[QaConsidered],        SECRETARIAT,            To(QaApprovedWithChanges), "21: the norm in published letters"),
    row(RequireResubmission,  &[QaConsidered],        SECRETARIAT,            To(QaResubmit),           "21: published Home Office feedback letters"),
    row(Redraft,              &[QaResubmit],          CHAIR,                  To(Drafting),             "22: resubmission goes back to drafting"),
    row(CompleteChanges,      &[QaApprovedWithChanges], CHAIR,                To(ChangesDone),          "22: a response per point"),
    row(PreparePublication,   &[QaApproved, ChangesDone], &[CspChair],  To(PrePublication),       "23: publication checklist"),
    row(ApproveRelease,       &[PrePublication, Redacted], CSP,               Stay,                     "23: two persons for redaction release (product)"),
    row(Publish,              &[PrePublication, Redacted], &[Coordinator],    To(Published),            "24: overview, summary and letter are published (Leicester page)"),
    row(DeferPublication,     &[PrePublication],      &[CspChair],      To(PublicationDeferred),  "25: exceptional reason (Lords Hansard, 13 December 2021)"),
    row(ResumePublication,    &[PublicationDeferred], &[CspChair],      To(PrePublication),       "25: product"),
    row(WithholdPublication,  &[PrePublication, PublicationDeferred], &[CspChair], To(Withheld),  "25: exceptional reason"),
    row(RedactPublication,    &[PrePublication],      &[CspChair],      To(Redacted),             "25: exceptional reason"),
    row(SendCopy,             COMPLETED,              &[Coordinator],         Stay,                     "24: copy to the Commissioner, 2004 Act s.9(3B)-(3C)"),
    row(RemoveFromWeb,        &[Published, Concluded], &[Coordinator],        Stay,                     "27: one to three years (Leicester), two (Leeds)"),
    row(Conclude,             &[Published, Withheld], &[CspChair],      To(Concluded),            "26: concluded only when the plan is implemented (Safer Together guide)"),
    row(ProposeDisposal,      ENDED,                  &[Coordinator],         Stay,                     "28: retention (product)"),
    row(Dispose,              ENDED,                  &[CspChair],      To(Disposed),             "28: two-person approval (product)"),
    row(StartHold,            REVIEWING,              &[CspChair],      Stay,                     "Hold: police work, courts, family contact, meetings (BBC, 4 June 2025)"),
    row(ChangeHold,           REVIEWING,              &[CspChair],      Stay,                     "Hold: product"),
    row(EndHold,              REVIEWING,              &[CspChair],      Stay,                     "Hold: product"),
    row(AddAction,            LEARNING,               &[Coordinator, IndependentChair, CspChair], Stay, "Actions: SMART plan; early learning at once (Safer Together guide)"),
    row(UpdateAction,         LEARNING,               OWNERS,                 Stay,                     "Actions: quarterly updates (product)"),
    row(CompleteAction,       LEARNING,               OWNERS,                 Stay,                     "Actions: evidence per action (product)"),
    row(CloseAction,          LEARNING,               &[CspChair],      Stay,                     "26: an undeliverable one needs the partnership's reasons (product)"),
    row(RecordFamilyContact,  OPEN,                   RUNNERS,                Stay,                     "Family: declining never closes the offer (Guidance, para 56(a))"),
    row(RecordCriminalCase,   OPEN,                   RUNNERS,                Stay,                     "Criminal case (product)"),
    row(RecordInquest,        OPEN,                   RUNNERS,                Stay,                     "Inquest (Safer Together guide)"),
    row(RecordOtherReview,    OPEN,                   RUNNERS,                Stay,                     "Other reviews: joint, combined or sequenced (product)"),
    row(GrantAccess,          OPEN,                   CSP,                    Stay,                     "Roles: access is per case, time-limited, logged (product)"),
    row(EndAccess,            KEPT,                   CSP,                    Stay,                     "Roles: access is per case, time-limited, logged (product)"),
    row(BeginUpload,          OPEN,                   UPLOADERS,              Stay,                     "15: documents are versioned (product)"),
    row(CompleteUpload,       OPEN,                   UPLOADERS,              Stay,                     "15: a sign-off binds to a hash (product)"),
    row(AbandonUpload,        OPEN,                   UPLOADERS,              Stay,                     "15: product"),
    row(ReadDocument,         KEPT,                   READERS,                Stay,                     "Confidential until Home Office approval (Safer Together guide)"),
    row(RecordScan,           KEPT,                   SYSTEM,                 Stay,                     "GuardDuty Malware Protection for S3"),
    row(RecordDelivery,       KEPT,                   SYSTEM,                 Stay,                     "SES event publishing"),
    row(RecordSuppression,    KEPT,                   SYSTEM,                 Stay,                     "Reminders: on firing, re-read state (product)"),
    row(RecordMatches,        KEPT,                   SYSTEM,                 Stay,                     "Referral: duplicate check on name and date of death (product)"),
    row(Remind,               KEPT,                   SYSTEM,                 Stay,                     "Deadlines"),
];
