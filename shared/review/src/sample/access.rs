//! Access to a case and its documents.

use serde_json::{Value, json};

use super::{DOCUMENT, HASH};

pub(super) fn grant_access() -> Value {
    json!({
        "actor": "family-advocate-1",
        "role": "family-advocate",
        "until": "2028-01-31",
        "circulated_imrs": []
    })
}

pub(super) fn end_access() -> Value {
    json!({
        "actor": "family-advocate-1",
        "role": "family-advocate",
        "reason": "The family has chosen another advocate."
    })
}

pub(super) fn begin_upload() -> Value {
    json!({
        "document": DOCUMENT,
        "kind": "imr",
        "agency": "sample-health",
        "name": "imr.pdf",
        "size": 1_048_576,
        "upload_id": "sample-upload",
        "key": "sample-csp/document-1"
    })
}

pub(super) fn complete_upload() -> Value {
    json!({
        "document": DOCUMENT,
        "hash": HASH,
        "size": 1_048_576,
        "version_id": "sample-version"
    })
}

/// A document by its id: to read it, or to give its upload up.
pub(super) fn document() -> Value {
    json!({ "document": DOCUMENT })
}
