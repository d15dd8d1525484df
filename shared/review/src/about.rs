//! Whom and which days an event is about: the one place where the records meet `DEADLINES` and
//! `NOTICES`. Every event stands here by name, so that a new one is thought of.

use chrono::NaiveDate;

use crate::act::Event;
use crate::clock::ClockKey;
use crate::deadlines::Deadline;
use crate::values::{ActorId, AgencyId, ItemId};

/// One of the several things of its kind in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An agency: its scoping, its IMR.
    Agency(AgencyId),
    /// An action of the plan.
    Action(ItemId),
    /// A person's access.
    Person(ActorId),
}

impl Subject {
    /// Its id, as in a clock's key.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Agency(id) => id.as_str(),
            Self::Action(id) => id.as_str(),
            Self::Person(id) => id.as_str(),
        }
    }

    /// What a clock runs for; none for the clocks of the whole case.
    pub(crate) fn of_clock(key: &ClockKey) -> Option<Self> {
        let id = key.item.as_deref()?;
        match key.deadline {
            Deadline::ScopingReturn | Deadline::ImrReturn | Deadline::ImrSignOff => {
                AgencyId::parse(id).map(Self::Agency).ok()
            }
            Deadline::Action | Deadline::ActionUpdate | Deadline::NationalReply => {
                ItemId::parse(id).map(Self::Action).ok()
            }
            Deadline::Access => ActorId::parse(id).map(Self::Person).ok(),
            Deadline::Decision
            | Deadline::Report
            | Deadline::HomeOfficeNotice
            | Deadline::DraftComments
            | Deadline::QaNews
            | Deadline::CopyToCommissioner
            | Deadline::HoldReview
            | Deadline::PublicationDay
            | Deadline::ExceptionReview
            | Deadline::TakeDown
            | Deadline::Retention
            | Deadline::SubgroupMeeting
            | Deadline::AnnualSummary
            | Deadline::SubjectAccess
            | Deadline::DataBreach => None,
        }
    }
}

/// What a record says of subjects and days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The London date its clock counts from, where that is not the day of the event.
    pub(crate) since: Option<NaiveDate>,
    /// The day it names for the case.
    pub(crate) until: Option<NaiveDate>,
    /// The subjects it is about, each with the day it names for that one.
    pub(crate) subjects: Vec<(Subject, Option<NaiveDate>)>,
}

impl About {
    fn since(day: impl Into<Option<NaiveDate>>) -> Self {
        Self { since: day.into(), ..Self::default() }
    }

    fn until(day: impl Into<Option<NaiveDate>>) -> Self {
        Self { until: day.into(), ..Self::default() }
    }

    fn each(subjects: impl Iterator<Item = (Subject, Option<NaiveDate>)>) -> Self {
        Self { subjects: subjects.collect(), ..Self::default() }
    }

    fn agency(id: &AgencyId, day: impl Into<Option<NaiveDate>>) -> Self {
        Self::each(std::iter::once((Subject::Agency(id.clone()), day.into())))
    }

    fn action(id: &ItemId, day: impl Into<Option<NaiveDate>>) -> Self {
        Self::each(std::iter::once((Subject::Action(id.clone()), day.into())))
    }

    fn person(id: &ActorId, day: impl Into<Option<NaiveDate>>) -> Self {
        Self::each(std::iter::once((Subject::Person(id.clone()), day.into())))
    }
}

/// What an event is about.
pub(crate) fn about(event: &Event) -> About {
    match event {
        Event::Opened(opening) => About::since(opening.csp_notified_on),
        Event::Reopened(reopening) => About::since(reopening.csp_notified_on),
        Event::ReviewAgreed(form) | Event::NoReviewDecided(form) => About::since(form.decided_on),
        Event::DraftCirculated(circulation) => About::until(circulation.comment_by),
        Event::HoldStarted(hold) | Event::HoldChanged(hold) => About::until(hold.review_on),
        Event::PublicationPrepared(plan) => About::until(plan.planned_on),
        Event::PublicationResumed(resumption) => About::until(resumption.planned_on),
        Event::PublicationDeferred(exception)
        | Event::PublicationWithheld(exception)
        | Event::PublicationRedacted(exception) => About::until(exception.review_on),
        Event::Published(publication) => About::until(publication.take_down_on),
        Event::ScopingStarted(scoping) => {
            let asked = scoping.requests.iter();
            About::each(asked.map(|asked| (Subject::Agency(asked.agency.clone()), asked.due_on)))
        }
        Event::AgencyAsked(asked) => About::agency(&asked.agency, asked.due_on),
        Event::ScopingReturned(answer) => {
            About::each(answer.agency.iter().map(|agency| (Subject::Agency(agency.clone()), None)))
        }
        Event::EvidenceOpened(plan) => {
            let asked = plan.requests.iter();
            About::each(asked.map(|asked| (Subject::Agency(asked.agency.clone()), asked.due_on)))
        }
        Event::ImrRequested(asked) => About::agency(&asked.agency, asked.due_on),
        Event::ImrSubmitted(submission) => About::agency(&submission.agency, None),
        Event::ImrSignedOff(sign_off) => About::agency(&sign_off.agency, None),
        Event::ImrChecked(check) => About::agency(&check.agency, None),
        Event::ImrAccepted(accepted) => About::agency(&accepted.agency, None),
        Event::ImrReturned(returned) => About::agency(&returned.agency, returned.due_on),
        Event::ImrWaived(waiver) => About::agency(&waiver.agency, None),
        Event::ActionAdded(action) => About::action(&action.id, action.target_on),
        Event::ActionUpdated(update) => About::action(&update.id, None),
        Event::ActionCompleted(completion) => About::action(&completion.id, None),
        Event::ActionClosed(closure) => About::action(&closure.id, None),
        Event::ChairAppointed(chair) => About::person(&chair.chair, chair.ends_on),
        Event::PanelFormed(panel) => {
            let seats = panel.members.iter();
            let until = Some(panel.access_until);
            About::each(seats.map(|seat| (Subject::Person(seat.member.clone()), until)))
        }
        Event::AccessGranted(grant) => About::person(&grant.actor, grant.until),
        Event::AccessEnded(end) => About::person(&end.actor, None),
        #[rustfmt::skip]
        Event::InformationAdded(_) | Event::Transferred(_) | Event::ScopingCompleted(_)
        | Event::Recommended(_) | Event::BreachReasonRecorded(_) | Event::HomeOfficeNotified(_)
        | Event::ScrutinyOpened(_) | Event::NoReviewAccepted(_) | Event::ReviewDirected(_)
        | Event::DirectionAcknowledged(_) | Event::TermsAgreed(_) | Event::DraftingStarted(_) | Event::PanelSignedOff(_)
        | Event::CspSignedOff(_) | Event::ReportDateAgreed(_) | Event::SubmittedToHomeOffice(_)
        | Event::QaMeetingRecorded(_) | Event::QualityApproved(_) | Event::ApprovedWithChanges(_)
        | Event::ResubmissionRequired(_) | Event::RedraftStarted(_) | Event::ChangesCompleted(_)
        | Event::ReleaseApproved(_) | Event::CopySent(_) | Event::RemovedFromWeb(_)
        | Event::Concluded(_) | Event::DisposalProposed(_) | Event::Disposed(_)
        | Event::HoldEnded(_) | Event::FamilyContactRecorded(_) | Event::CriminalCaseRecorded(_)
        | Event::InquestRecorded(_) | Event::OtherReviewRecorded(_) | Event::UploadBegun(_)
        | Event::UploadCompleted(_) | Event::UploadAbandoned(_) | Event::DocumentRead(_)
        | Event::ScanRecorded(_) | Event::DeliveryRecorded(_) | Event::NoticeSuppressed(_)
        | Event::MatchesRecorded(_) | Event::Reminded(_) | Event::ImmediateRiskRaised(_)
        | Event::DuplicateSuspected(_) | Event::RemindersOvertaken(_) | Event::DeadlinePassed(_)
        | Event::MalwareFound(_) | Event::MailBounced(_) => About::default(),
    }
}
