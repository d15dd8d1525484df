//! What the system records by itself.

use serde_json::{Value, json};

use super::DOCUMENT;
use crate::values::Reference;

/// An outbox item of the samples: the case, the event and the place in it.
const OUTBOX: &str = "sample-case-000001-000";

pub(super) fn record_scan() -> Value {
    json!({
        "document": DOCUMENT,
        "verdict": "no-threats-found",
        "version_id": "sample-version",
        "scanned_at": "2027-04-20T10:05:00Z"
    })
}

pub(super) fn record_delivery() -> Value {
    json!({
        "outbox": OUTBOX,
        "notice": "referral-receipt",
        "outcome": "delivered",
        "at": "2027-01-04T09:00:30Z"
    })
}

pub(super) fn record_suppression() -> Value {
    json!({
        "outbox": OUTBOX,
        "notice": "decision-due",
        "to": { "role": "csp-chair" }
    })
}

pub(super) fn record_matches() -> Value {
    json!({ "cases": [Reference::from_random(*b"a sample")] })
}

pub(super) fn remind() -> Value {
    json!({})
}
