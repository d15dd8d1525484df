//! The independent chair, the panel and the terms of reference.

use serde_json::{Value, json};

use super::document_ref;

pub(super) fn appoint_chair() -> Value {
    json!({
        "chair": "chair-1",
        "declared_on": "2027-02-03",
        "contract_on": "2027-02-08",
        "ends_on": "2028-01-31",
        "fee_pounds": 12_000,
        "quotes": 3,
        "independence": "Has never worked for an agency of this partnership."
    })
}

pub(super) fn form_panel() -> Value {
    json!({
        "members": [
            {
                "member": "panel-member-1",
                "agency": "sample-health",
                "specialist": false,
                "confidentiality_signed_on": "2027-02-19"
            },
            {
                "member": "specialist-1",
                "agency": "sample-charity",
                "specialist": true,
                "confidentiality_signed_on": "2027-02-19",
                "conflict": "None."
            }
        ],
        "access_until": "2028-01-31"
    })
}

pub(super) fn agree_terms() -> Value {
    json!({
        "document": document_ref(),
        "period_from": "2022-01-01",
        "period_to": "2026-11-02",
        "lines_of_enquiry": [
            "How did agencies respond to reports of controlling behaviour?",
            "Was routine enquiry about abuse made?"
        ],
        "family_consulted": "A sibling read the draft terms and added a question."
    })
}
