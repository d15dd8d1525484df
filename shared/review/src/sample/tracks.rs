//! Holds, and the tracks beside the spine: family, court, inquest, other reviews.

use serde_json::{Value, json};

pub(super) fn start_hold() -> Value {
    json!({
        "cause": "courts",
        "reason": "The prosecutor asks that witnesses are not spoken to before the trial.",
        "authorised_by": "CSP/2027/03 item 1",
        "starts_on": "2027-03-15",
        "review_on": "2027-04-15",
        "report_target": "2027-09-30"
    })
}

pub(super) fn change_hold() -> Value {
    json!({
        "cause": "courts",
        "reason": "The trial was put off by a month.",
        "authorised_by": "CSP/2027/04 item 1",
        "starts_on": "2027-03-15",
        "review_on": "2027-05-14",
        "report_target": "2027-10-29"
    })
}

pub(super) fn end_hold() -> Value {
    json!({ "ended_on": "2027-05-03", "report_target": "2027-09-30" })
}

pub(super) fn record_family_contact() -> Value {
    json!({
        "stage": "engaged",
        "on": "2027-02-15",
        "advocacy_offered": true,
        "note": "A sibling met the chair and took the leaflet; an advocate will come next time."
    })
}

pub(super) fn record_criminal_case() -> Value {
    json!({
        "stage": "charged",
        "on": "2026-11-04",
        "note": "A plea hearing is listed."
    })
}

pub(super) fn record_inquest() -> Value {
    json!({
        "stage": "suspended",
        "on": "2026-11-20",
        "note": "Opened, and suspended until the criminal case ends."
    })
}

pub(super) fn record_other_review() -> Value {
    json!({
        "kind": "safeguarding-adult-review",
        "coordination": "joint",
        "lead": "Sample Safeguarding Adults Board"
    })
}
