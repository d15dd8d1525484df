//! Publication, its exceptions, conclusion and disposal.

use serde_json::{Value, json};

use super::document_ref;
use crate::records::PublicationCheck;

pub(super) fn prepare_publication() -> Value {
    let checklist: Vec<Value> =
        PublicationCheck::ALL.iter().map(|item| json!({ "item": item, "done": true })).collect();
    json!({
        "planned_on": "2027-11-08",
        "report": document_ref(),
        "checklist": checklist,
        "redaction_checked_by": "coordinator-1",
        "media_plan": "A statement by the partnership; the family decides whether to speak."
    })
}

pub(super) fn approve_release() -> Value {
    json!({ "report": document_ref() })
}

pub(super) fn publish() -> Value {
    json!({
        "report": document_ref(),
        "urls": ["https://partnership.example/reviews/sample"],
        "take_down_on": "2029-11-08"
    })
}

pub(super) fn defer_publication() -> Value {
    json!({
        "cause": "proceedings",
        "reason": "An appeal is to be heard and the report could prejudice it.",
        "review_on": "2028-02-08",
        "home_office_view": "Content, if it is looked at again within three months."
    })
}

pub(super) fn resume_publication() -> Value {
    json!({ "reason": "The appeal was dismissed.", "planned_on": "2028-02-22" })
}

pub(super) fn withhold_publication() -> Value {
    json!({
        "cause": "childrens-welfare",
        "reason": "A child of the household could be identified whatever is redacted.",
        "review_on": "2028-11-08",
        "home_office_view": "Content."
    })
}

pub(super) fn redact_publication() -> Value {
    json!({
        "cause": "family-safety",
        "reason": "Two paragraphs would show where a relative lives.",
        "review_on": "2028-02-08"
    })
}

pub(super) fn send_copy() -> Value {
    json!({ "to": "commissioner", "sent_on": "2027-11-08" })
}

pub(super) fn remove_from_web() -> Value {
    json!({
        "removed_on": "2029-11-08",
        "remaining_copies": ["Home Office library of domestic homicide reviews"]
    })
}

pub(super) fn conclude() -> Value {
    json!({ "minute": "CSP/2028/01 item 3" })
}

pub(super) fn propose_disposal() -> Value {
    json!({ "authority": "Retention schedule, class R7", "no_legal_hold": true })
}

pub(super) fn dispose() -> Value {
    json!({ "certificate": "SAMPLE-DISPOSAL-001" })
}
