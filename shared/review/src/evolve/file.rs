//! What each event changes in the file: the one place where all of them stand. Clocks that a
//! record itself moves are moved here; those that `DEADLINES` moves, in `clocks`.

use std::slice::from_ref;

use super::{access, clocks, documents, evidence, intake, outcome};
use crate::act::Event;
use crate::case::{File, ImrState, Outcome, QaResult};
use crate::event::Envelope;

#[rustfmt::skip]
pub(super) fn apply(file: &mut File, event: &Event, envelope: &Envelope) {
    let now = envelope.at;
    match event {
        Event::Opened(opening) => intake::opened(file, opening),
        Event::InformationAdded(information) => file.information.push(information.clone()),
        Event::Transferred(transfer) => file.transfer = Some(transfer.clone()),
        Event::ScopingStarted(scoping) => intake::asked(file, &scoping.requests, envelope),
        Event::AgencyAsked(request) => intake::asked(file, from_ref(request), envelope),
        Event::ScopingReturned(answer) => intake::answered(file, answer),
        Event::ScopingCompleted(outcome) => file.scoping_outcome = Some(outcome.clone()),
        Event::Recommended(recommendation) => file.recommendations.push(recommendation.clone()),
        Event::ReviewAgreed(form) => intake::decided(file, Outcome::Review, form, envelope),
        Event::NoReviewDecided(form) => intake::decided(file, Outcome::NoReview, form, envelope),
        Event::BreachReasonRecorded(reason) => file.breach_reasons.push(reason.clone()),
        Event::HomeOfficeNotified(notice) => file.home_office_notices.push(notice.clone()),
        Event::ScrutinyOpened(scrutiny) => file.scrutiny = Some(scrutiny.clone()),
        Event::NoReviewAccepted(letter) => file.no_review_letter = Some(letter.clone()),
        Event::ReviewDirected(direction) => file.direction = Some(direction.clone()),
        Event::DirectionAcknowledged(_) => intake::directed(file, envelope),
        Event::Reopened(reopening) => intake::reopened(file, reopening),
        Event::ChairAppointed(appointment) => access::appointed(file, appointment),
        Event::PanelFormed(panel) => access::formed(file, panel),
        Event::TermsAgreed(terms) => file.terms = Some(terms.clone()),
        Event::EvidenceOpened(plan) => evidence::requested(file, &plan.requests, envelope),
        Event::ImrRequested(request) => evidence::requested(file, from_ref(request), envelope),
        Event::ImrSubmitted(submission) => evidence::submitted(file, submission, envelope),
        Event::ImrSignedOff(sign_off) => evidence::signed_off(file, sign_off, envelope),
        Event::ImrChecked(check) => evidence::imr(file, &check.agency, ImrState::QualityChecked, |imr| imr.check = Some(check.clone())),
        Event::ImrAccepted(accepted) => evidence::imr(file, &accepted.agency, ImrState::Accepted, |_| ()),
        Event::ImrReturned(returned) => evidence::imr(file, &returned.agency, ImrState::Returned, |imr| imr.returns.push(returned.clone())),
        Event::ImrWaived(waiver) => evidence::imr(file, &waiver.agency, ImrState::Waived, |imr| imr.waiver = Some(waiver.clone())),
        Event::DraftingStarted(start) => file.chronology.clone_from(&start.chronology),
        Event::DraftCirculated(circulation) => file.circulations.push(circulation.clone()),
        Event::PanelSignedOff(sign_off) => file.panel_sign_off = Some(sign_off.clone()),
        Event::CspSignedOff(sign_off) => file.csp_sign_off = Some(sign_off.clone()),
        Event::ReportDateAgreed(agreed) => {
            file.report_dates.push(agreed.clone());
            clocks::retarget_report(file, Some(agreed.target), now);
        }
        Event::SubmittedToHomeOffice(pack) => outcome::submitted(file, pack, envelope),
        Event::QaMeetingRecorded(meeting) => outcome::considered(file, meeting),
        Event::QualityApproved(letter) => outcome::judged(file, QaResult::Approved, letter),
        Event::ApprovedWithChanges(letter) => outcome::judged(file, QaResult::ApprovedWithChanges, letter),
        Event::ResubmissionRequired(letter) => outcome::judged(file, QaResult::Resubmit, letter),
        Event::RedraftStarted(_) => outcome::redrafted(file),
        Event::ChangesCompleted(response) => outcome::changed(file, response),
        Event::PublicationPrepared(plan) => outcome::prepared(file, plan),
        Event::ReleaseApproved(approval) => outcome::released(file, approval, envelope),
        Event::Published(publication) => outcome::published(file, publication, envelope),
        Event::PublicationDeferred(exception) => file.exceptions.push(exception.clone()),
        Event::PublicationResumed(resumption) => outcome::resumed(file, resumption),
        Event::PublicationWithheld(exception) => outcome::withheld(file, exception),
        Event::PublicationRedacted(exception) => outcome::redacted(file, exception),
        Event::CopySent(copy) => file.copies.push(copy.clone()),
        Event::RemovedFromWeb(removal) => file.web_removal = Some(removal.clone()),
        Event::Concluded(conclusion) => file.conclusion = Some(conclusion.clone()),
        Event::DisposalProposed(proposal) => outcome::disposal(file, proposal, envelope),
        Event::HoldStarted(hold) | Event::HoldChanged(hold) => {
            file.hold = Some(hold.clone());
            clocks::retarget_report(file, hold.report_target, now);
        }
        Event::HoldEnded(end) => {
            file.hold = None;
            clocks::retarget_report(file, end.report_target, now);
        }
        Event::ActionAdded(action) => evidence::planned(file, action),
        Event::ActionUpdated(update) => {
            evidence::updated(file, update);
            clocks::retarget_action(file, &update.id, update.target_on, now);
        }
        Event::ActionCompleted(done) => evidence::plan(file, &done.id, |item| item.completion = Some(done.clone())),
        Event::ActionClosed(closure) => evidence::plan(file, &closure.id, |item| item.closure = Some(closure.clone())),
        Event::FamilyContactRecorded(contact) => file.family.push(contact.clone()),
        Event::CriminalCaseRecorded(case) => file.criminal_case = Some(case.clone()),
        Event::InquestRecorded(inquest) => file.inquest = Some(inquest.clone()),
        Event::OtherReviewRecorded(review) => file.other_reviews.push(review.clone()),
        Event::AccessGranted(access) => access::granted(file, access),
        Event::AccessEnded(end) => access::ended(file, end),
        Event::UploadBegun(upload) => documents::begun(file, upload, envelope),
        Event::UploadCompleted(completion) => documents::completed(file, completion),
        Event::UploadAbandoned(abandoned) => documents::abandoned(file, abandoned),
        Event::ScanRecorded(scan) => documents::scanned(file, scan),
        Event::MatchesRecorded(matches) => intake::matched(file, matches),
        Event::Reminded(reminder) => clocks::settle(file, &reminder.clock, &[reminder.step]),
        Event::RemindersOvertaken(overtaken) => clocks::settle(file, &overtaken.clock, &overtaken.steps),
        Event::DeadlinePassed(passed) => clocks::passed(file, &passed.clock),
        // Only the history keeps these; disposal empties the file as the case reaches its end.
        Event::Disposed(_) | Event::DocumentRead(_) | Event::DeliveryRecorded(_)
        | Event::NoticeSuppressed(_) | Event::ImmediateRiskRaised(_)
        | Event::DuplicateSuspected(_) | Event::MalwareFound(_) | Event::MailBounced(_) => {}
    }
}
