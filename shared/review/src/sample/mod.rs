//! One invented review, told in the records it is made of: the examples of the API document,
//! the story of the demo and the fixtures of the tests are these and no others.
//!
//! Nobody in it exists. People are "Sample Person-One" and the like, addresses end in
//! `.example`, and agencies are called "sample-…".
//!
//! The story: a death on 2 November 2026, reported on 4 January 2027 (the referral names no day,
//! so it counts from the day it is sent); scoping until 22 January; decision on 28 January;
//! independent chair in February; IMRs in spring; draft on 31 May; sign-off by the partnership on
//! 19 July; quality assurance in September; publication on 8 November 2027; off the web two years
//! later. Records that the story does not need (a refusal, a hold, a waiver) have dates that fit
//! the place where they would stand.

mod access;
mod decision;
mod evidence;
mod fitted;
mod intake;
mod panel;
mod plan;
mod publication;
mod quality;
mod system;
mod tracks;

pub use fitted::{fitted, timeless};
pub use intake::minimal_referral;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::act::Action;
use crate::records::Referral;

/// The partnership of the samples.
pub const CSP: &str = "sample-csp";
/// The document that the samples refer to.
pub const DOCUMENT: &str = "document-1";
/// A hash in the form S3 gives one: of an upload in one part.
pub const HASH: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-1";

/// A body that the action accepts, as JSON.
#[must_use]
pub fn body(action: Action) -> Value {
    match action {
        Action::Refer => intake::refer(),
        Action::AddInformation => intake::add_information(),
        Action::Transfer => intake::transfer(),
        Action::StartScoping => intake::start_scoping(),
        Action::AskAgency => intake::ask_agency(),
        Action::RecordScopingReturn => intake::record_scoping_return(),
        Action::CompleteScoping => intake::complete_scoping(),
        Action::Recommend => intake::recommend(),
        Action::AgreeReview => decision::agree_review(),
        Action::DecideNoReview => decision::decide_no_review(),
        Action::RecordBreachReason => decision::record_breach_reason(),
        Action::NotifyHomeOffice => decision::notify_home_office(),
        Action::OpenScrutiny => decision::open_scrutiny(),
        Action::AcceptNoReview => decision::accept_no_review(),
        Action::DirectReview => decision::direct_review(),
        Action::AcknowledgeDirection => decision::acknowledge_direction(),
        Action::Reopen => decision::reopen(),
        Action::AppointChair => panel::appoint_chair(),
        Action::FormPanel => panel::form_panel(),
        Action::AgreeTerms => panel::agree_terms(),
        Action::OpenEvidence => evidence::open_evidence(),
        Action::RequestImr => evidence::request_imr(),
        Action::SubmitImr => evidence::submit_imr(),
        Action::SignOffImr => evidence::sign_off_imr(),
        Action::QualityCheckImr => evidence::quality_check_imr(),
        Action::AcceptImr => evidence::accept_imr(),
        Action::ReturnImr => evidence::return_imr(),
        Action::WaiveImr => evidence::waive_imr(),
        Action::StartDrafting => evidence::start_drafting(),
        Action::CirculateDraft => evidence::circulate_draft(),
        Action::SignOffByPanel => quality::sign_off_by_panel(),
        Action::SignOffByCsp => quality::sign_off_by_csp(),
        Action::AgreeReportDate => quality::agree_report_date(),
        Action::SubmitToHomeOffice => quality::submit_to_home_office(),
        Action::RecordQaMeeting => quality::record_qa_meeting(),
        Action::ApproveQuality => quality::approve_quality(),
        Action::ApproveWithChanges => quality::approve_with_changes(),
        Action::RequireResubmission => quality::require_resubmission(),
        Action::Redraft => quality::redraft(),
        Action::CompleteChanges => quality::complete_changes(),
        Action::PreparePublication => publication::prepare_publication(),
        Action::ApproveRelease => publication::approve_release(),
        Action::Publish => publication::publish(),
        Action::DeferPublication => publication::defer_publication(),
        Action::ResumePublication => publication::resume_publication(),
        Action::WithholdPublication => publication::withhold_publication(),
        Action::RedactPublication => publication::redact_publication(),
        Action::SendCopy => publication::send_copy(),
        Action::RemoveFromWeb => publication::remove_from_web(),
        Action::Conclude => publication::conclude(),
        Action::ProposeDisposal => publication::propose_disposal(),
        Action::Dispose => publication::dispose(),
        Action::StartHold => tracks::start_hold(),
        Action::ChangeHold => tracks::change_hold(),
        Action::EndHold => tracks::end_hold(),
        Action::AddAction => plan::add_action(),
        Action::UpdateAction => plan::update_action(),
        Action::CompleteAction => plan::complete_action(),
        Action::CloseAction => plan::close_action(),
        Action::RecordFamilyContact => tracks::record_family_contact(),
        Action::RecordCriminalCase => tracks::record_criminal_case(),
        Action::RecordInquest => tracks::record_inquest(),
        Action::RecordOtherReview => tracks::record_other_review(),
        Action::GrantAccess => access::grant_access(),
        Action::EndAccess => access::end_access(),
        Action::BeginUpload => access::begin_upload(),
        Action::CompleteUpload => access::complete_upload(),
        Action::AbandonUpload | Action::ReadDocument => access::document(),
        Action::RecordScan => system::record_scan(),
        Action::RecordDelivery => system::record_delivery(),
        Action::RecordSuppression => system::record_suppression(),
        Action::RecordMatches => system::record_matches(),
        Action::Remind => system::remind(),
    }
}

/// The sample referral, parsed.
///
/// # Errors
/// None while the samples are valid, which a test holds.
pub fn referral() -> Result<Referral, serde_json::Error> {
    Referral::deserialize(body(Action::Refer))
}

/// The sample document and its content.
fn document_ref() -> Value {
    json!({ "document": DOCUMENT, "hash": HASH })
}
