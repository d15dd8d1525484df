//! Whom each row tells in the sample case, in words; written beside `NOTICES` and `DEADLINES` and
//! not from them.

use review::act::{Action, EventKind};
use review::deadlines::Deadline;
use review::notices::Notice;

/// The action that leads to an event that follows from another.
pub fn trigger(kind: EventKind) -> Option<Action> {
    [
        (EventKind::ImmediateRiskRaised, Action::Refer),
        (EventKind::DuplicateSuspected, Action::RecordMatches),
        (EventKind::MalwareFound, Action::RecordScan),
        (EventKind::MailBounced, Action::RecordDelivery),
    ]
    .into_iter()
    .find_map(|(it, action)| (it == kind).then_some(action))
}

/// The event, the mail, and who gets it.
#[rustfmt::skip]
pub const TOLD: &[(EventKind, Notice, &str)] = &[
    (EventKind::Opened, Notice::ReferralReceipt, "referrer"),
    (EventKind::Opened, Notice::ReferralToDecide, "coordinator csp-chair"),
    (EventKind::ImmediateRiskRaised, Notice::ImmediateRisk, "duty:safeguarding"),
    (EventKind::DuplicateSuspected, Notice::DuplicateSuspected, "coordinator"),
    (EventKind::Transferred, Notice::CaseTransferred, "referrer coordinator csp-chair"),
    (EventKind::ScopingStarted, Notice::ScopingRequested, "agencies"),
    (EventKind::AgencyAsked, Notice::ScopingRequested, "agency-contact@sample-charity"),
    (EventKind::ScopingCompleted, Notice::ReadyToDecide, "decision-subgroup csp-chair"),
    (EventKind::ReviewAgreed, Notice::DecisionMade, "home-office police agencies referrer family"),
    (EventKind::NoReviewDecided, Notice::DecisionMade, "home-office police agencies referrer family"),
    (EventKind::ScrutinyOpened, Notice::ScrutinyOpened, "csp-chair"),
    (EventKind::NoReviewAccepted, Notice::NoReviewFinal, "family referrer csp-chair"),
    (EventKind::ReviewDirected, Notice::DirectionReceived, "csp-chair"),
    (EventKind::DirectionAcknowledged, Notice::DecisionMade, "agencies family police referrer"),
    (EventKind::Reopened, Notice::CaseReopened, "coordinator csp-chair referrer"),
    (EventKind::ChairAppointed, Notice::ChairAppointed, "chair agencies family"),
    (EventKind::PanelFormed, Notice::PanelInvited, "panel"),
    (EventKind::TermsAgreed, Notice::TermsAgreed, "agencies family"),
    (EventKind::EvidenceOpened, Notice::ImrRequested, "agency-contact@sample-police imr-author@sample-police agency-senior@sample-police agency-contact@sample-health imr-author@sample-health agency-senior@sample-health"),
    (EventKind::ImrRequested, Notice::ImrRequested, "agency-contact@sample-council imr-author@sample-council agency-senior@sample-council"),
    (EventKind::ImrSubmitted, Notice::ImrToSignOff, "agency-senior@sample-health"),
    (EventKind::ImrSignedOff, Notice::ImrToCheck, "chair"),
    (EventKind::ImrReturned, Notice::ImrReturned, "imr-author@sample-health agency-senior@sample-health"),
    (EventKind::ImrAccepted, Notice::ImrAccepted, "imr-author@sample-health agency-senior@sample-health"),
    (EventKind::DraftingStarted, Notice::DraftingStarted, "panel"),
    (EventKind::DraftCirculated, Notice::DraftReady, "panel family"),
    (EventKind::ReportDateAgreed, Notice::ReportDateAgreed, "chair coordinator family"),
    (EventKind::HoldStarted, Notice::HoldStarted, "chair coordinator family"),
    (EventKind::PanelSignedOff, Notice::PanelSignedOff, "csp-chair coordinator"),
    (EventKind::CspSignedOff, Notice::CspSignedOff, "agencies family coordinator"),
    (EventKind::SubmittedToHomeOffice, Notice::PackSubmitted, "chair family qa-member home-office"),
    (EventKind::QaMeetingRecorded, Notice::QaMeetingHeld, "chair coordinator"),
    (EventKind::QualityApproved, Notice::QaOutcome, "chair panel family coordinator"),
    (EventKind::ApprovedWithChanges, Notice::QaOutcome, "chair panel family coordinator"),
    (EventKind::ResubmissionRequired, Notice::QaOutcome, "chair panel family coordinator"),
    (EventKind::RedraftStarted, Notice::DraftingStarted, "panel csp-chair"),
    (EventKind::ChangesCompleted, Notice::ChangesDone, "csp-chair home-office"),
    (EventKind::PublicationPrepared, Notice::FamilyNews, "family"),
    (EventKind::Published, Notice::ReportPublished, "family agencies"),
    (EventKind::Published, Notice::CopyToCollect, "commissioner home-office pcc"),
    (EventKind::PublicationDeferred, Notice::PublicationException, "family home-office commissioner"),
    (EventKind::PublicationWithheld, Notice::PublicationException, "family home-office commissioner"),
    (EventKind::PublicationRedacted, Notice::PublicationException, "family home-office commissioner"),
    (EventKind::ActionAdded, Notice::ActionAssigned, "agency-senior@sample-health"),
    (EventKind::Concluded, Notice::ReviewConcluded, "csp-chair coordinator agencies family commissioner"),
    (EventKind::RemovedFromWeb, Notice::FamilyNews, "family"),
    (EventKind::DisposalProposed, Notice::DisposalToApprove, "csp-chair"),
    (EventKind::Disposed, Notice::RecordsDisposed, "duty:dpo"),
    (EventKind::AccessGranted, Notice::AccessGranted, "actor:family-advocate-1"),
    (EventKind::MalwareFound, Notice::MalwareFound, "coordinator"),
    (EventKind::MailBounced, Notice::MailBounced, "coordinator"),
];

/// The deadline, its item, who is reminded, and who joins when it is missed, then at each
/// repetition.
#[rustfmt::skip]
pub const LATE: &[(Deadline, Option<&str>, &str, &[&str])] = &[
    (Deadline::Decision, None, "csp-chair coordinator", &["csp-chair coordinator"]),
    (Deadline::Report, None, "chair csp-chair", &["chair csp-chair coordinator"]),
    (Deadline::ScopingReturn, Some("sample-health"), "agency-contact@sample-health", &["agency-contact@sample-health coordinator", "agency-senior@sample-health"]),
    (Deadline::HomeOfficeNotice, None, "coordinator", &["coordinator", "csp-chair"]),
    (Deadline::ImrReturn, Some("sample-police"), "agency-contact@sample-police imr-author@sample-police", &["imr-author@sample-police agency-senior@sample-police", "chair"]),
    (Deadline::ImrSignOff, Some("sample-police"), "agency-senior@sample-police", &["agency-senior@sample-police", "chair"]),
    (Deadline::DraftComments, None, "panel family", &[]),
    (Deadline::QaNews, None, "", &["coordinator"]),
    (Deadline::CopyToCommissioner, None, "coordinator", &["coordinator", "csp-chair"]),
    (Deadline::HoldReview, None, "chair csp-chair", &["chair csp-chair"]),
    (Deadline::PublicationDay, None, "family agencies duty:press-office", &["coordinator csp-chair"]),
    (Deadline::ExceptionReview, None, "csp-chair coordinator", &["csp-chair coordinator"]),
    (Deadline::TakeDown, None, "coordinator", &["coordinator", "duty:dpo"]),
    (Deadline::Action, Some("action-1"), "agency-contact@sample-health", &["agency-contact@sample-health", "agency-senior@sample-health", "csp-chair"]),
    (Deadline::ActionUpdate, Some("action-1"), "agency-contact@sample-health", &["agency-contact@sample-health agency-senior@sample-health"]),
    (Deadline::NationalReply, Some("action-1"), "", &["coordinator"]),
    (Deadline::Access, Some("specialist-1"), "actor:specialist-1 coordinator", &[]),
    (Deadline::Retention, None, "coordinator duty:dpo", &["coordinator duty:dpo"]),
];
