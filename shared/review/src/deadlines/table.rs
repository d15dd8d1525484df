//! The rows. "Guidance" is the Multi-agency Statutory Guidance of December 2016; "product"
//! marks a default of this product where no source gives a figure.

use super::{
    Deadline,
    DeadlineTable::{self, Guidance2016, Proposal2024},
    Row, Scope, Within,
};
use crate::act::EventKind as On;
use crate::actor::Role;
use crate::dates::Length::{self, Days, Months, Weeks, WorkingDays};
use crate::notices::{Duty, Notice, To};

const BOTH: &[DeadlineTable] = &[Guidance2016, Proposal2024];
const CSP_CHAIR: To = To::Everyone(Role::CspChair);
const COORDINATOR: To = To::Everyone(Role::Coordinator);

/// What most rows share; a row states what it has of its own.
const fn row(deadline: Deadline, within: Within, source: &'static str) -> Row {
    Row {
        deadline,
        tables: BOTH,
        scope: Scope::Case,
        starts: &[],
        within,
        met_by: &[],
        ended_by: &[],
        before: &[],
        again: None,
        reminder: None,
        missed: None,
        breach: false,
        outlives: false,
        source,
    }
}

const fn of(length: Length) -> Within {
    Within::Length(length)
}

const REPORT: Row = Row {
    starts: &[On::ReviewAgreed, On::DirectionAcknowledged],
    met_by: &[On::CspSignedOff],
    before: &[Months(3), Months(1), Weeks(2)],
    again: Some(Months(1)),
    reminder: Some((Notice::ReportDue, &[To::Chair, CSP_CHAIR])),
    missed: Some((Notice::ReportMissed, &[&[To::Chair, CSP_CHAIR, COORDINATOR]])),
    breach: true,
    ..row(
        Deadline::Report,
        of(Months(6)),
        "Six months from the decision, or another period the partnership agrees: Guidance section 5; Safer Together guide",
    )
};

/// Every deadline with a figure or a default, each with its source.
pub const DEADLINES: &[Row] = &[
    Row {
        starts: &[On::Opened, On::Reopened],
        met_by: &[On::ReviewAgreed, On::NoReviewDecided],
        ended_by: &[On::Transferred],
        before: &[Days(14), Days(7), WorkingDays(1)],
        again: Some(Weeks(1)),
        reminder: Some((Notice::DecisionDue, &[CSP_CHAIR, COORDINATOR])),
        missed: Some((Notice::DecisionMissed, &[&[CSP_CHAIR, COORDINATOR]])),
        breach: true,
        ..row(
            Deadline::Decision,
            of(Months(1)),
            "One month from telling the partnership's chair: Safer Together guide; no extension found",
        )
    },
    Row { tables: &[Guidance2016], ..REPORT },
    Row {
        tables: &[Proposal2024],
        within: of(Months(12)),
        source: "Twelve months, Home Office consultation of 2024; not adopted",
        ..REPORT
    },
    Row {
        starts: &[On::ScopingStarted, On::AgencyAsked],
        met_by: &[On::ScopingReturned],
        ended_by: &[On::ScopingCompleted],
        before: &[WorkingDays(2)],
        again: Some(Weeks(1)),
        reminder: Some((Notice::ScopingDue, &[To::AtAgency(Role::AgencyContact)])),
        missed: Some((
            Notice::ScopingLate,
            &[
                &[To::AtAgency(Role::AgencyContact), COORDINATOR],
                &[To::AtAgency(Role::AgencySenior)],
            ],
        )),
        ..row(Deadline::ScopingReturn, of(WorkingDays(10)), "product: no figure found")
    },
    Row {
        starts: &[On::ReviewAgreed, On::NoReviewDecided],
        met_by: &[On::HomeOfficeNotified, On::ScrutinyOpened],
        ended_by: &[On::Reopened, On::SubmittedToHomeOffice],
        before: &[WorkingDays(1)],
        again: Some(Weeks(1)),
        reminder: Some((Notice::HomeOfficeNoticeDue, &[COORDINATOR])),
        missed: Some((Notice::HomeOfficeNoticeDue, &[&[COORDINATOR], &[CSP_CHAIR]])),
        ..row(Deadline::HomeOfficeNotice, of(WorkingDays(5)), "product: no figure found")
    },
    Row {
        starts: &[On::EvidenceOpened, On::ImrRequested, On::ImrReturned],
        met_by: &[On::ImrSubmitted],
        ended_by: &[On::ImrWaived, On::DraftingStarted],
        before: &[Weeks(2), WorkingDays(2)],
        again: Some(Weeks(1)),
        reminder: Some((
            Notice::ImrDue,
            &[To::AtAgency(Role::AgencyContact), To::AtAgency(Role::ImrAuthor)],
        )),
        missed: Some((
            Notice::ImrLate,
            &[&[To::AtAgency(Role::ImrAuthor), To::AtAgency(Role::AgencySenior)], &[To::Chair]],
        )),
        ..row(Deadline::ImrReturn, of(Weeks(8)), "product: no figure found")
    },
    Row {
        starts: &[On::ImrSubmitted],
        met_by: &[On::ImrSignedOff],
        ended_by: &[On::ImrReturned, On::ImrWaived, On::DraftingStarted],
        before: &[WorkingDays(2)],
        again: Some(Weeks(1)),
        reminder: Some((Notice::ImrToSignOff, &[To::AtAgency(Role::AgencySenior)])),
        missed: Some((Notice::ImrLate, &[&[To::AtAgency(Role::AgencySenior)], &[To::Chair]])),
        ..row(Deadline::ImrSignOff, of(Weeks(2)), "product: no figure found")
    },
    Row {
        starts: &[On::DraftCirculated],
        met_by: &[On::PanelSignedOff],
        before: &[Weeks(1)],
        reminder: Some((Notice::DraftCommentsDue, &[To::Panel, To::Family])),
        ..row(
            Deadline::DraftComments,
            Within::Named,
            "product: the family has at least three weeks",
        )
    },
    Row {
        starts: &[On::SubmittedToHomeOffice],
        met_by: &[On::QaMeetingRecorded],
        again: Some(Months(1)),
        missed: Some((Notice::QaChase, &[&[COORDINATOR]])),
        ..row(Deadline::QaNews, of(Weeks(8)), "product: published letters apologise for delay")
    },
    Row {
        starts: &[On::QualityApproved, On::ChangesCompleted],
        met_by: &[On::CopySent],
        before: &[WorkingDays(5)],
        again: Some(Weeks(1)),
        reminder: Some((Notice::CopyDue, &[COORDINATOR])),
        missed: Some((Notice::CopyDue, &[&[COORDINATOR], &[CSP_CHAIR]])),
        outlives: true,
        ..row(
            Deadline::CopyToCommissioner,
            of(WorkingDays(10)),
            "As soon as reasonably practicable: 2004 Act s.9(3B)-(3C); nudges at 5 and 10 working days are the product's",
        )
    },
    Row {
        starts: &[On::HoldStarted, On::HoldChanged],
        met_by: &[On::HoldEnded],
        ended_by: &[On::Published, On::PublicationWithheld],
        before: &[Weeks(1), Days(0)],
        again: Some(Weeks(1)),
        reminder: Some((Notice::HoldReviewDue, &[To::Chair, CSP_CHAIR])),
        missed: Some((Notice::HoldReviewDue, &[&[To::Chair, CSP_CHAIR]])),
        ..row(Deadline::HoldReview, Within::Named, "product: a forgotten hold nags")
    },
    Row {
        starts: &[On::PublicationPrepared, On::PublicationResumed],
        met_by: &[On::Published],
        ended_by: &[On::PublicationDeferred, On::PublicationWithheld, On::PublicationRedacted],
        before: &[Days(14), Days(2), Days(0)],
        again: Some(Weeks(1)),
        reminder: Some((
            Notice::PublicationComing,
            &[To::Family, To::Agencies, To::Duty(Duty::PressOffice)],
        )),
        missed: Some((Notice::PublicationLate, &[&[COORDINATOR, CSP_CHAIR]])),
        ..row(Deadline::PublicationDay, Within::Named, "product: family first")
    },
    Row {
        starts: &[On::PublicationDeferred, On::PublicationWithheld, On::PublicationRedacted],
        met_by: &[On::PublicationResumed, On::Published],
        before: &[Weeks(2)],
        again: Some(Months(1)),
        reminder: Some((Notice::ExceptionReviewDue, &[CSP_CHAIR, COORDINATOR])),
        missed: Some((Notice::ExceptionReviewDue, &[&[CSP_CHAIR, COORDINATOR]])),
        ..row(Deadline::ExceptionReview, Within::Named, "product")
    },
    Row {
        starts: &[On::Published],
        met_by: &[On::RemovedFromWeb],
        before: &[Days(30)],
        again: Some(Months(1)),
        reminder: Some((Notice::TakeDownDue, &[COORDINATOR])),
        missed: Some((Notice::TakeDownDue, &[&[COORDINATOR], &[To::Duty(Duty::Dpo)]])),
        outlives: true,
        ..row(
            Deadline::TakeDown,
            of(Months(24)),
            "Two years (Leeds); one to three (Leicester); a partnership may name the day",
        )
    },
    Row {
        starts: &[On::ActionAdded],
        met_by: &[On::ActionCompleted],
        ended_by: &[On::ActionClosed],
        before: &[Days(30), Days(7)],
        again: Some(Months(1)),
        reminder: Some((Notice::ActionDue, &[To::AtAgency(Role::AgencyContact)])),
        missed: Some((
            Notice::ActionLate,
            &[
                &[To::AtAgency(Role::AgencyContact)],
                &[To::AtAgency(Role::AgencySenior)],
                &[CSP_CHAIR],
            ],
        )),
        breach: true,
        ..row(
            Deadline::Action,
            Within::Named,
            "product: escalates owner, senior, chair of the partnership",
        )
    },
    Row {
        starts: &[On::ActionAdded, On::ActionUpdated],
        met_by: &[On::ActionCompleted],
        ended_by: &[On::ActionClosed],
        before: &[Weeks(1)],
        again: Some(Months(3)),
        reminder: Some((Notice::ActionUpdateDue, &[To::AtAgency(Role::AgencyContact)])),
        missed: Some((
            Notice::ActionUpdateDue,
            &[&[To::AtAgency(Role::AgencyContact), To::AtAgency(Role::AgencySenior)]],
        )),
        ..row(Deadline::ActionUpdate, of(Months(3)), "product: quarterly")
    },
    Row {
        starts: &[On::ActionAdded],
        met_by: &[On::ActionUpdated, On::ActionCompleted],
        ended_by: &[On::ActionClosed],
        again: Some(Months(1)),
        missed: Some((Notice::NationalUnanswered, &[&[COORDINATOR]])),
        ..row(
            Deadline::NationalReply,
            of(Weeks(8)),
            "product: of 110 national asks of 2019-21 a quarter were done (Domestic Abuse Commissioner)",
        )
    },
    Row {
        starts: &[On::ChairAppointed, On::PanelFormed, On::AccessGranted],
        met_by: &[On::AccessEnded],
        before: &[Days(14)],
        reminder: Some((Notice::AccessExpiring, &[To::Subject, COORDINATOR])),
        ..row(Deadline::Access, Within::Named, "product: access is time-limited")
    },
    Row {
        starts: &[On::Concluded, On::NoReviewAccepted, On::Transferred],
        met_by: &[On::Disposed],
        ended_by: &[On::Reopened],
        before: &[Months(1)],
        again: Some(Months(6)),
        reminder: Some((Notice::RetentionDue, &[COORDINATOR, To::Duty(Duty::Dpo)])),
        missed: Some((Notice::RetentionDue, &[&[COORDINATOR, To::Duty(Duty::Dpo)]])),
        outlives: true,
        ..row(
            Deadline::Retention,
            of(Months(120)),
            "product: ten years until the partnership sets its own; no privacy notice read states one",
        )
    },
    Row {
        scope: Scope::Partnership,
        ..row(Deadline::SubgroupMeeting, of(Months(1)), "Monthly: Leicester protocol")
    },
    Row {
        scope: Scope::Partnership,
        ..row(Deadline::AnnualSummary, of(Months(12)), "Yearly: Leicester page")
    },
    Row {
        scope: Scope::Partnership,
        ..row(
            Deadline::SubjectAccess,
            of(Months(1)),
            "ICO: one month, rolled to the next working day; two more if complex",
        )
    },
    Row {
        scope: Scope::Partnership,
        breach: true,
        ..row(Deadline::DataBreach, Within::Hours(72), "UK GDPR article 33")
    },
];
