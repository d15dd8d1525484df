//! Who is told what. Wording lives in the `letters` crate, one folder per notice.

use serde::{Deserialize, Serialize};

use crate::act::EventKind;
use crate::actor::Role;
use crate::deadlines::Deadline;
use crate::values::{ActorId, AgencyId};

list! {
    /// Every e-mail the product sends. Each says only what is needed, by when, and where to
    /// sign in: never a name, a date of birth or death, or a circumstance.
    pub enum Notice {
        ReferralReceipt, ReferralToDecide, ImmediateRisk, DuplicateSuspected, CaseTransferred,
        ScopingRequested, ScopingDue, ScopingLate, ReadyToDecide, DecisionDue, DecisionMissed,
        DecisionMade, NoReviewFinal, HomeOfficeNoticeDue, ScrutinyOpened, DirectionReceived,
        CaseReopened, ChairAppointed, AccessGranted, AccessExpiring, PanelInvited, TermsAgreed,
        ImrRequested, ImrDue, ImrLate, ImrToSignOff, ImrToCheck, ImrReturned, ImrAccepted,
        DraftingStarted, DraftReady, DraftCommentsDue, ReportDue, ReportMissed, ReportDateAgreed,
        HoldStarted, HoldReviewDue, PanelSignedOff, CspSignedOff, PackSubmitted, QaMeetingHeld,
        QaOutcome, QaChase, ChangesDone, PublicationComing, PublicationLate, ReportPublished,
        PublicationException, ExceptionReviewDue, CopyDue, CopyToCollect, ActionAssigned, ActionDue,
        ActionLate, ActionUpdateDue, NationalUnanswered, ReviewConcluded, TakeDownDue,
        RetentionDue, DisposalToApprove, RecordsDisposed, FamilyNews, MailBounced, MalwareFound,
    }

    /// A duty address in the partnership's directory, for an office rather than a person.
    pub enum Duty {
        /// Told at once of a risk to a living person.
        Safeguarding,
        /// Told of publication.
        PressOffice,
        /// Data protection officer.
        Dpo,
    }
}

impl Duty {
    /// The duty's name as the API writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            Self::PressOffice => "press-office",
            Self::Dpo => "dpo",
        }
    }

    /// Reads a duty as the API writes it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|duty| duty.name() == name)
    }
}

/// Whom a row names; `react` finds who that is in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Everyone with this role in the partnership.
    Everyone(Role),
    /// Who made the referral.
    Referrer,
    /// This role at the agency the event is about.
    AtAgency(Role),
    /// The contact of every agency involved.
    Agencies,
    /// The case's independent chair.
    Chair,
    /// The panel's members.
    Panel,
    /// Those who speak for the family.
    Family,
    /// The person the event is about.
    Subject,
    /// A duty address.
    Duty(Duty),
}

/// Whom one e-mail goes to; the directory knows the address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Recipient {
    /// Everyone with a role in the partnership.
    Role(Role),
    /// Everyone with a role at an agency.
    AgencyRole {
        /// The agency.
        agency: AgencyId,
        /// The role.
        role: Role,
    },
    /// One person.
    Actor(ActorId),
    /// A duty address.
    Duty(Duty),
}

/// One row: an event and the e-mail it causes.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What happened.
    pub on: EventKind,
    /// What is sent.
    pub notice: Notice,
    /// To whom.
    pub to: &'static [To],
    /// The deadline whose date it states, where it states one.
    pub states: Option<Deadline>,
}

const fn row(on: EventKind, notice: Notice, to: &'static [To]) -> Row {
    Row { on, notice, to, states: None }
}

impl Row {
    const fn stating(self, deadline: Deadline) -> Self {
        Self { states: Some(deadline), ..self }
    }
}

const CSP_CHAIR: To = To::Everyone(Role::CspChair);
const COORDINATOR: To = To::Everyone(Role::Coordinator);
const HOME_OFFICE: To = To::Everyone(Role::HomeOffice);
const COMMISSIONER: To = To::Everyone(Role::Commissioner);

/// The e-mails that events cause; those that time causes stand in `DEADLINES`.
#[rustfmt::skip]
pub const NOTICES: &[Row] = &[
    row(EventKind::Opened,                Notice::ReferralReceipt,      &[To::Referrer]).stating(Deadline::Decision),
    row(EventKind::Opened,                Notice::ReferralToDecide,     &[COORDINATOR, CSP_CHAIR]).stating(Deadline::Decision),
    row(EventKind::ImmediateRiskRaised,   Notice::ImmediateRisk,        &[To::Duty(Duty::Safeguarding)]),
    row(EventKind::DuplicateSuspected,    Notice::DuplicateSuspected,   &[COORDINATOR]),
    row(EventKind::Transferred,           Notice::CaseTransferred,      &[To::Referrer, COORDINATOR, CSP_CHAIR]),
    row(EventKind::ScopingStarted,        Notice::ScopingRequested,     &[To::AtAgency(Role::AgencyContact)]).stating(Deadline::ScopingReturn),
    row(EventKind::AgencyAsked,           Notice::ScopingRequested,     &[To::AtAgency(Role::AgencyContact)]).stating(Deadline::ScopingReturn),
    row(EventKind::ScopingCompleted,      Notice::ReadyToDecide,        &[To::Everyone(Role::DecisionSubgroup), CSP_CHAIR]).stating(Deadline::Decision),
    row(EventKind::ReviewAgreed,          Notice::DecisionMade,         &[HOME_OFFICE, To::Everyone(Role::Police), To::Agencies, To::Referrer, To::Family]),
    row(EventKind::NoReviewDecided,       Notice::DecisionMade,         &[HOME_OFFICE, To::Everyone(Role::Police), To::Agencies, To::Referrer, To::Family]),
    row(EventKind::ScrutinyOpened,        Notice::ScrutinyOpened,       &[CSP_CHAIR]),
    row(EventKind::NoReviewAccepted,      Notice::NoReviewFinal,        &[To::Family, To::Referrer, CSP_CHAIR]),
    row(EventKind::ReviewDirected,        Notice::DirectionReceived,    &[CSP_CHAIR]),
    row(EventKind::DirectionAcknowledged, Notice::DecisionMade,         &[To::Agencies, To::Family, To::Everyone(Role::Police), To::Referrer]),
    row(EventKind::Reopened,              Notice::CaseReopened,         &[COORDINATOR, CSP_CHAIR, To::Referrer]).stating(Deadline::Decision),
    row(EventKind::ChairAppointed,        Notice::ChairAppointed,       &[To::Chair, To::Agencies, To::Family]).stating(Deadline::Report),
    row(EventKind::PanelFormed,           Notice::PanelInvited,         &[To::Panel]),
    row(EventKind::TermsAgreed,           Notice::TermsAgreed,          &[To::Agencies, To::Family]),
    row(EventKind::EvidenceOpened,        Notice::ImrRequested,         &[To::AtAgency(Role::AgencyContact), To::AtAgency(Role::ImrAuthor), To::AtAgency(Role::AgencySenior)]).stating(Deadline::ImrReturn),
    row(EventKind::ImrRequested,          Notice::ImrRequested,         &[To::AtAgency(Role::AgencyContact), To::AtAgency(Role::ImrAuthor), To::AtAgency(Role::AgencySenior)]).stating(Deadline::ImrReturn),
    row(EventKind::ImrSubmitted,          Notice::ImrToSignOff,         &[To::AtAgency(Role::AgencySenior)]).stating(Deadline::ImrSignOff),
    row(EventKind::ImrSignedOff,          Notice::ImrToCheck,           &[To::Chair]),
    row(EventKind::ImrReturned,           Notice::ImrReturned,          &[To::AtAgency(Role::ImrAuthor), To::AtAgency(Role::AgencySenior)]).stating(Deadline::ImrReturn),
    row(EventKind::ImrAccepted,           Notice::ImrAccepted,          &[To::AtAgency(Role::ImrAuthor), To::AtAgency(Role::AgencySenior)]),
    row(EventKind::DraftingStarted,       Notice::DraftingStarted,      &[To::Panel]),
    row(EventKind::DraftCirculated,       Notice::DraftReady,           &[To::Panel, To::Family]).stating(Deadline::DraftComments),
    row(EventKind::ReportDateAgreed,      Notice::ReportDateAgreed,     &[To::Chair, COORDINATOR, To::Family]).stating(Deadline::Report),
    row(EventKind::HoldStarted,           Notice::HoldStarted,          &[To::Chair, COORDINATOR, To::Family]).stating(Deadline::Report),
    row(EventKind::PanelSignedOff,        Notice::PanelSignedOff,       &[CSP_CHAIR, COORDINATOR]),
    row(EventKind::CspSignedOff,          Notice::CspSignedOff,         &[To::Agencies, To::Family, COORDINATOR]),
    row(EventKind::SubmittedToHomeOffice, Notice::PackSubmitted,        &[To::Chair, To::Family, To::Everyone(Role::QaMember), HOME_OFFICE]),
    row(EventKind::QaMeetingRecorded,     Notice::QaMeetingHeld,        &[To::Chair, COORDINATOR]),
    row(EventKind::QualityApproved,       Notice::QaOutcome,            &[To::Chair, To::Panel, To::Family, COORDINATOR]),
    row(EventKind::ApprovedWithChanges,   Notice::QaOutcome,            &[To::Chair, To::Panel, To::Family, COORDINATOR]),
    row(EventKind::ResubmissionRequired,  Notice::QaOutcome,            &[To::Chair, To::Panel, To::Family, COORDINATOR]),
    row(EventKind::RedraftStarted,        Notice::DraftingStarted,      &[To::Panel, CSP_CHAIR]),
    row(EventKind::ChangesCompleted,      Notice::ChangesDone,          &[CSP_CHAIR, HOME_OFFICE]),
    row(EventKind::PublicationPrepared,   Notice::FamilyNews,           &[To::Family]),
    row(EventKind::Published,             Notice::ReportPublished,      &[To::Family, To::Agencies]),
    row(EventKind::Published,             Notice::CopyToCollect,        &[COMMISSIONER, HOME_OFFICE, To::Everyone(Role::Pcc)]),
    row(EventKind::PublicationDeferred,   Notice::PublicationException, &[To::Family, HOME_OFFICE, COMMISSIONER]).stating(Deadline::ExceptionReview),
    row(EventKind::PublicationWithheld,   Notice::PublicationException, &[To::Family, HOME_OFFICE, COMMISSIONER]).stating(Deadline::ExceptionReview),
    row(EventKind::PublicationRedacted,   Notice::PublicationException, &[To::Family, HOME_OFFICE, COMMISSIONER]).stating(Deadline::ExceptionReview),
    row(EventKind::ActionAdded,           Notice::ActionAssigned,       &[To::AtAgency(Role::AgencySenior)]).stating(Deadline::Action),
    row(EventKind::Concluded,             Notice::ReviewConcluded,      &[CSP_CHAIR, COORDINATOR, To::Agencies, To::Family, COMMISSIONER]),
    row(EventKind::RemovedFromWeb,        Notice::FamilyNews,           &[To::Family]),
    row(EventKind::DisposalProposed,      Notice::DisposalToApprove,    &[CSP_CHAIR]),
    row(EventKind::Disposed,              Notice::RecordsDisposed,      &[To::Duty(Duty::Dpo)]),
    row(EventKind::AccessGranted,         Notice::AccessGranted,        &[To::Subject]).stating(Deadline::Access),
    row(EventKind::MalwareFound,          Notice::MalwareFound,         &[COORDINATOR]),
    row(EventKind::MailBounced,           Notice::MailBounced,          &[COORDINATOR]),
];
