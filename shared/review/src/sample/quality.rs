//! Sign-off, submission to the Home Office and its quality assurance.

use serde_json::{Value, json};

use super::document_ref;
use crate::records::SubmissionCheck;

pub(super) fn sign_off_by_panel() -> Value {
    json!({
        "report": document_ref(),
        "factual_check_on": "2027-06-28",
        "family_read": "A sibling read the draft with an advocate and asked for two changes, both made."
    })
}

pub(super) fn sign_off_by_csp() -> Value {
    json!({ "report": document_ref(), "minute": "CSP/2027/07 item 4", "actions_accepted": true })
}

pub(super) fn agree_report_date() -> Value {
    json!({
        "target": "2027-09-30",
        "reason": "The trial ends in June and the family wishes to read the draft after it.",
        "agreed_by": "CSP/2027/05 item 2"
    })
}

pub(super) fn submit_to_home_office() -> Value {
    let checklist: Vec<Value> =
        SubmissionCheck::ALL.iter().map(|item| json!({ "item": item, "done": true })).collect();
    json!({
        "report": document_ref(),
        "summary": document_ref(),
        "plan": document_ref(),
        "checklist": checklist,
        "anonymisation_checked_by": "chair-1",
        "home_office_reference": "HO-SAMPLE-001"
    })
}

pub(super) fn record_qa_meeting() -> Value {
    json!({ "met_on": "2027-09-14", "letter_reference": "QA-SAMPLE-001" })
}

pub(super) fn approve_quality() -> Value {
    json!({ "letter_reference": "QA-SAMPLE-001", "dated": "2027-10-01", "points": [] })
}

pub(super) fn approve_with_changes() -> Value {
    letter()
}

pub(super) fn require_resubmission() -> Value {
    letter()
}

fn letter() -> Value {
    json!({
        "letter_reference": "QA-SAMPLE-001",
        "dated": "2027-10-01",
        "points": [
            {
                "id": "point-1",
                "area": "equality",
                "text": "Analyse each of the nine protected characteristics."
            },
            {
                "id": "point-2",
                "area": "action-plan",
                "text": "Give the second recommendation a date."
            }
        ]
    })
}

pub(super) fn redraft() -> Value {
    json!({ "plan": "Rewrite the equality section and date the action plan." })
}

pub(super) fn complete_changes() -> Value {
    json!({
        "responses": [
            { "id": "point-1", "response": "The equality section now covers all nine." },
            { "id": "point-2", "response": "The action is due on 17 December 2027." }
        ],
        "report": document_ref()
    })
}
