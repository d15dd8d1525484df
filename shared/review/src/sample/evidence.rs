//! Individual Management Reviews and the draft.

use serde_json::{Value, json};

use super::document_ref;
use crate::records::ImrCriterion;

pub(super) fn open_evidence() -> Value {
    json!({
        "requests": [
            { "agency": "sample-police" },
            { "agency": "sample-health", "due_on": "2027-04-30" }
        ]
    })
}

pub(super) fn request_imr() -> Value {
    json!({ "agency": "sample-council", "due_on": "2027-05-07" })
}

pub(super) fn submit_imr() -> Value {
    json!({
        "agency": "sample-health",
        "document": document_ref(),
        "independence": "The author works in another service and manages nobody who was involved."
    })
}

pub(super) fn sign_off_imr() -> Value {
    json!({ "agency": "sample-health", "document": document_ref() })
}

pub(super) fn quality_check_imr() -> Value {
    let lines: Vec<Value> = ImrCriterion::ALL
        .iter()
        .map(|criterion| json!({ "criterion": criterion, "met": true }))
        .collect();
    json!({ "agency": "sample-health", "lines": lines })
}

pub(super) fn accept_imr() -> Value {
    json!({ "agency": "sample-health" })
}

pub(super) fn return_imr() -> Value {
    json!({
        "agency": "sample-health",
        "reasons": "The second line of enquiry is not answered, and one source is not cited.",
        "due_on": "2027-05-14"
    })
}

pub(super) fn waive_imr() -> Value {
    json!({
        "agency": "sample-council",
        "reason": "Contact was slight; the chronology shows all of it."
    })
}

pub(super) fn start_drafting() -> Value {
    json!({ "chronology": document_ref() })
}

pub(super) fn circulate_draft() -> Value {
    json!({ "document": document_ref(), "comment_by": "2027-06-25" })
}
