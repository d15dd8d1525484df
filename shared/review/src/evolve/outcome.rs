//! Drafting, sign-off, quality assurance, publication and the end.

use crate::act::Event;
use crate::case::{
    DisposalProposed, File, PublicationMade, QaResult, QaRound, Release, SubmissionMade,
};
use crate::dates::london_date;
use crate::event::Envelope;
use crate::records::QaOutcome;

/// Applies the event if it belongs here.
pub(super) fn apply(file: &mut File, event: &Event, envelope: &Envelope) -> bool {
    let today = london_date(envelope.at);
    match event {
        Event::DraftingStarted(start) => file.chronology.clone_from(&start.chronology),
        Event::DraftCirculated(circulation) => file.circulations.push(circulation.clone()),
        Event::PanelSignedOff(sign_off) => file.panel_sign_off = Some(sign_off.clone()),
        Event::CspSignedOff(sign_off) => file.csp_sign_off = Some(sign_off.clone()),
        Event::ReportDateAgreed(agreed) => file.report_dates.push(agreed.clone()),
        Event::SubmittedToHomeOffice(pack) => {
            file.submissions.push(SubmissionMade { sent_on: today, pack: pack.clone() });
        }
        Event::QaMeetingRecorded(meeting) => file.qa.push(QaRound {
            meeting: meeting.clone(),
            result: None,
            outcome: None,
            response: None,
        }),
        Event::QualityApproved(outcome) => ended(file, QaResult::Approved, outcome),
        Event::ApprovedWithChanges(outcome) => ended(file, QaResult::ApprovedWithChanges, outcome),
        Event::ResubmissionRequired(outcome) => ended(file, QaResult::Resubmit, outcome),
        Event::RedraftStarted(_) => {
            file.panel_sign_off = None;
            file.csp_sign_off = None;
        }
        Event::ChangesCompleted(response) => {
            if let Some(round) = file.qa.last_mut() {
                round.response = Some(response.clone());
            }
        }
        Event::PublicationPrepared(plan) => {
            file.publication_plan = Some(plan.clone());
            file.release = None;
        }
        Event::PublicationResumed(resumption) => {
            if let Some(plan) = file.publication_plan.as_mut() {
                plan.planned_on = resumption.planned_on;
            }
            file.release = None;
        }
        Event::ReleaseApproved(approval) => {
            file.release =
                Some(Release { by: envelope.actor.clone(), report: approval.report.clone() });
        }
        Event::Published(publication) => {
            file.published = Some(PublicationMade { on: today, publication: publication.clone() });
        }
        Event::PublicationDeferred(exception) | Event::PublicationWithheld(exception) => {
            file.exceptions.push(exception.clone());
        }
        Event::PublicationRedacted(exception) => {
            file.exceptions.push(exception.clone());
            file.release = None;
        }
        Event::CopySent(copy) => file.copies.push(copy.clone()),
        Event::RemovedFromWeb(removal) => file.web_removal = Some(removal.clone()),
        Event::Concluded(conclusion) => file.conclusion = Some(conclusion.clone()),
        Event::DisposalProposed(proposal) => {
            file.disposal =
                Some(DisposalProposed { by: envelope.actor.clone(), proposal: proposal.clone() });
        }
        _ => return false,
    }
    true
}

fn ended(file: &mut File, result: QaResult, outcome: &QaOutcome) {
    if let Some(round) = file.qa.last_mut() {
        round.result = Some(result);
        round.outcome = Some(outcome.clone());
    }
}
