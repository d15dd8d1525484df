//! The part of a case that a command changes: whose it is and which version of it counts.

use crate::act::Command;
use crate::case::Case;
use crate::values::{AgencyId, ItemId};

/// What a command changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// The case as a whole, or something added to it.
    Whole,
    /// An agency's answer to scoping.
    Return(Option<&'a AgencyId>),
    /// An agency's IMR.
    Imr(&'a AgencyId),
    /// An action of the plan.
    Action(&'a ItemId),
}

impl<'a> Target<'a> {
    /// The target of a command.
    pub(super) const fn of(command: &'a Command) -> Self {
        match command {
            Command::RecordScopingReturn(record) => Self::Return(record.agency.as_ref()),
            Command::SubmitImr(record) => Self::Imr(&record.agency),
            Command::SignOffImr(record) => Self::Imr(&record.agency),
            Command::QualityCheckImr(record) => Self::Imr(&record.agency),
            Command::AcceptImr(record) => Self::Imr(&record.agency),
            Command::ReturnImr(record) => Self::Imr(&record.agency),
            Command::WaiveImr(record) => Self::Imr(&record.agency),
            Command::UpdateAction(record) => Self::Action(&record.id),
            Command::CompleteAction(record) => Self::Action(&record.id),
            Command::CloseAction(record) => Self::Action(&record.id),
            #[rustfmt::skip]
            Command::Refer(_) | Command::AddInformation(_) | Command::Transfer(_)
            | Command::StartScoping(_) | Command::AskAgency(_) | Command::CompleteScoping(_)
            | Command::Recommend(_) | Command::AgreeReview(_) | Command::DecideNoReview(_)
            | Command::RecordBreachReason(_) | Command::NotifyHomeOffice(_)
            | Command::OpenScrutiny(_) | Command::AcceptNoReview(_) | Command::DirectReview(_)
            | Command::AcknowledgeDirection(_) | Command::Reopen(_) | Command::AppointChair(_)
            | Command::FormPanel(_) | Command::AgreeTerms(_) | Command::OpenEvidence(_)
            | Command::RequestImr(_) | Command::StartDrafting(_) | Command::CirculateDraft(_)
            | Command::SignOffByPanel(_) | Command::SignOffByCsp(_) | Command::AgreeReportDate(_)
            | Command::SubmitToHomeOffice(_) | Command::RecordQaMeeting(_)
            | Command::ApproveQuality(_) | Command::ApproveWithChanges(_)
            | Command::RequireResubmission(_) | Command::Redraft(_) | Command::CompleteChanges(_)
            | Command::PreparePublication(_) | Command::ApproveRelease(_) | Command::Publish(_)
            | Command::DeferPublication(_) | Command::ResumePublication(_)
            | Command::WithholdPublication(_) | Command::RedactPublication(_)
            | Command::SendCopy(_) | Command::RemoveFromWeb(_) | Command::Conclude(_)
            | Command::ProposeDisposal(_) | Command::Dispose(_) | Command::StartHold(_)
            | Command::ChangeHold(_) | Command::EndHold(_) | Command::AddAction(_)
            | Command::RecordFamilyContact(_) | Command::RecordCriminalCase(_)
            | Command::RecordInquest(_) | Command::RecordOtherReview(_) | Command::GrantAccess(_)
            | Command::EndAccess(_) | Command::BeginUpload(_) | Command::CompleteUpload(_)
            | Command::AbandonUpload(_) | Command::ReadDocument(_) | Command::RecordScan(_)
            | Command::RecordDelivery(_) | Command::RecordSuppression(_)
            | Command::RecordMatches(_) | Command::Remind(_) => Self::Whole,
        }
    }

    /// The agency that it belongs to.
    pub(super) fn owner(self, case: &'a Case) -> Option<&'a AgencyId> {
        match self {
            Self::Whole => None,
            Self::Return(agency) => agency,
            Self::Imr(agency) => Some(agency),
            Self::Action(id) => case.file.actions.get(id).map(|item| &item.action.lead),
        }
    }

    /// Its own revision, if it has one and is there.
    pub(super) fn revision(self, case: &Case) -> Option<u64> {
        match self {
            Self::Whole | Self::Return(_) => None,
            Self::Imr(agency) => case.file.imrs.get(agency).map(|imr| imr.revision),
            Self::Action(id) => case.file.actions.get(id).map(|item| item.revision),
        }
    }
}
