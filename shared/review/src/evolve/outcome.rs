//! Quality assurance, publication and the end.

use crate::case::{
    DisposalProposed, File, PublicationMade, QaResult, QaRound, Release, SubmissionMade,
};
use crate::dates::london_date;
use crate::event::Envelope;
use crate::records::{
    DisposalProposal, Publication, PublicationException, PublicationPlan, PublicationResumption,
    QaMeeting, QaOutcome, QaResponse, ReleaseApproval, Submission,
};

pub(super) fn submitted(file: &mut File, pack: &Submission, envelope: &Envelope) {
    let sent_on = london_date(envelope.at);
    file.submissions.push(SubmissionMade { sent_on, pack: pack.clone() });
}

pub(super) fn considered(file: &mut File, meeting: &QaMeeting) {
    let meeting = meeting.clone();
    file.qa.push(QaRound { meeting, result: None, outcome: None, response: None });
}

pub(super) fn judged(file: &mut File, result: QaResult, outcome: &QaOutcome) {
    if let Some(round) = file.qa.last_mut() {
        round.result = Some(result);
        round.outcome = Some(outcome.clone());
    }
}

/// Both sign-offs lapse: the report will be another.
pub(super) fn redrafted(file: &mut File) {
    file.panel_sign_off = None;
    file.csp_sign_off = None;
}

pub(super) fn changed(file: &mut File, response: &QaResponse) {
    if let Some(round) = file.qa.last_mut() {
        round.response = Some(response.clone());
    }
}

pub(super) fn prepared(file: &mut File, plan: &PublicationPlan) {
    file.publication_plan = Some(plan.clone());
    file.release = None;
}

pub(super) fn resumed(file: &mut File, resumption: &PublicationResumption) {
    if let Some(plan) = file.publication_plan.as_mut() {
        plan.planned_on = resumption.planned_on;
    }
    file.release = None;
}

pub(super) fn released(file: &mut File, approval: &ReleaseApproval, envelope: &Envelope) {
    file.release = Some(Release { by: envelope.actor.clone(), report: approval.report.clone() });
}

/// Nothing is left that a hold could hold up.
pub(super) fn published(file: &mut File, publication: &Publication, envelope: &Envelope) {
    let on = london_date(envelope.at);
    file.published = Some(PublicationMade { on, publication: publication.clone() });
    file.hold = None;
}

/// As for [`published`]: what is withheld waits for nothing.
pub(super) fn withheld(file: &mut File, exception: &PublicationException) {
    file.exceptions.push(exception.clone());
    file.hold = None;
}

/// The file to be published will be another, so the second approval lapses.
pub(super) fn redacted(file: &mut File, exception: &PublicationException) {
    file.exceptions.push(exception.clone());
    file.release = None;
}

pub(super) fn disposal(file: &mut File, proposal: &DisposalProposal, envelope: &Envelope) {
    let by = envelope.actor.clone();
    file.disposal = Some(DisposalProposed { by, proposal: proposal.clone() });
}
