//! The SMART action plan.

use serde_json::{Value, json};

use super::document_ref;

const ACTION: &str = "action-1";

pub(super) fn add_action() -> Value {
    json!({
        "id": ACTION,
        "recommendation": "Surgeries ask about abuse as a matter of routine.",
        "theme": "routine enquiry",
        "scope": "local",
        "action": "Train every surgery's staff in routine enquiry.",
        "measure": "Nine in ten surgeries have sent a member of staff by the target date.",
        "lead": "sample-health",
        "owner": "Head of safeguarding",
        "target_on": "2027-12-17"
    })
}

pub(super) fn update_action() -> Value {
    json!({
        "id": ACTION,
        "progress": "on-track",
        "update": "Half of the surgeries have sent a member of staff.",
        "target_on": "2027-12-22"
    })
}

pub(super) fn complete_action() -> Value {
    json!({
        "id": ACTION,
        "outcome": "Surgeries now ask as a matter of routine; referrals have doubled.",
        "evidence": "Attendance lists and the quarterly audit.",
        "document": document_ref(),
        "completed_on": "2027-12-10"
    })
}

pub(super) fn close_action() -> Value {
    json!({
        "id": ACTION,
        "reasons": "The service was replaced by another; the partnership agreed that the action falls away."
    })
}
