//! How the API answers: problems, and the shapes that no type of the domain has.

use edge::Kind;
use serde_json::{Map, Value, json};

/// The problems that an operation may answer with, by name; each stands once in the document.
const PROBLEMS: &[(&str, &[Kind])] = &[
    ("BadRequest", &[Kind::Syntax, Kind::Header]),
    ("SignIn", &[Kind::SignIn]),
    ("Forbidden", &[Kind::Forbidden]),
    ("NotFound", &[Kind::NotFound]),
    ("NotNow", &[Kind::WrongState, Kind::Unmet, Kind::Conflict]),
    ("Stale", &[Kind::Stale]),
    ("TooLarge", &[Kind::TooLarge]),
    ("NotJson", &[Kind::MediaType]),
    ("Fields", &[Kind::Fields, Kind::KeyReused]),
    ("NoVersion", &[Kind::NoVersion]),
    ("TryAgain", &[Kind::Unavailable]),
];

/// Problems of every operation that needs a person.
pub(super) const ALWAYS: &[&str] = &["BadRequest", "SignIn", "Forbidden", "TryAgain"];
/// Problems of every operation on one case.
pub(super) const ON_A_CASE: &[&str] = &["NotFound"];
/// Problems of every operation with a body.
pub(super) const WITH_A_BODY: &[&str] = &["TooLarge", "NotJson", "Fields"];
/// Problems of every operation that changes a case.
pub(super) const CHANGING: &[&str] = &["NotNow"];
/// Problems of every operation that needs a version.
pub(super) const VERSIONED: &[&str] = &["Stale", "NoVersion"];

/// The components.
pub(super) fn problems() -> Value {
    let components = PROBLEMS.iter().map(|(name, kinds)| {
        let described: Vec<_> =
            kinds.iter().map(|kind| format!("{} (`{}`)", kind.title(), kind.uri())).collect();
        let schema = json!({
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string", "enum": kinds.iter().map(|kind| kind.uri()).collect::<Vec<_>>() },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "A sentence for a person." },
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["pointer", "detail"],
                        "properties": {
                            "pointer": { "type": "string", "description": "RFC 6901, into the body." },
                            "detail": { "type": "string" },
                        },
                    },
                },
            },
        });
        let response = json!({
            "description": described.join("; "),
            "content": { "application/problem+json": { "schema": schema } },
        });
        ((*name).to_owned(), response)
    });
    Value::Object(components.collect())
}

/// The responses of an operation: the good one, and the problems of the groups named.
pub(super) fn with(status: &str, good: Value, groups: &[&[&str]]) -> Value {
    let mut responses = Map::from_iter([(status.to_owned(), good)]);
    for name in groups.iter().flat_map(|group| group.iter()) {
        let kinds = PROBLEMS.iter().find(|(known, _)| known == name).map(|(_, kinds)| *kinds);
        if let Some(kind) = kinds.and_then(<[Kind]>::first) {
            let component = format!("#/components/responses/{name}");
            responses.insert(kind.status().as_str().to_owned(), json!({ "$ref": component }));
        }
    }
    Value::Object(responses)
}

/// A JSON answer.
pub(super) fn json_of(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// The answer to an act.
pub(super) fn acted() -> Value {
    let schema = json!({
        "type": "object",
        "required": ["reference", "revision", "etag", "events"],
        "properties": {
            "reference": { "type": "string" },
            "state": { "type": ["string", "null"], "description": "Where the case stands, as far as you see it." },
            "revision": { "type": "integer" },
            "etag": { "type": "string", "description": "Send it as If-Match with the next act on the same thing." },
            "events": {
                "type": "array",
                "description": "What was recorded; empty if it had been recorded before.",
                "items": {
                    "type": "object",
                    "required": ["seq", "kind", "summary"],
                    "properties": {
                        "seq": { "type": "integer" },
                        "kind": { "type": "string" },
                        "summary": { "type": "string" },
                    },
                },
            },
        },
    });
    let mut answer = json_of("Recorded.", &schema);
    answer["headers"] =
        json!({ "ETag": { "schema": { "type": "string" }, "description": "As `etag`." } });
    answer
}

/// The receipt of a referral.
pub(super) fn receipt() -> Value {
    let date = json!({ "type": "string", "format": "date" });
    let schema = json!({
        "type": "object",
        "required": ["reference", "csp", "state", "received_at", "csp_notified_on", "decision_due", "act_by", "next"],
        "properties": {
            "reference": { "type": "string" },
            "csp": { "type": "string" },
            "state": { "type": "string" },
            "received_at": { "type": "string", "format": "date-time" },
            "received_on": date,
            "csp_notified_on": date,
            "decision_due": date,
            "act_by": { "type": "string", "format": "date", "description": "The last working day on or before the due date." },
            "next": { "type": "array", "items": { "type": "string" }, "description": "What happens next." },
            "immediate_risk": { "type": "string", "description": "What to do at once, where a living person is at risk." },
        },
    });
    let mut answer = json_of("Received.", &schema);
    answer["headers"] =
        json!({ "Location": { "schema": { "type": "string" }, "description": "The case." } });
    answer
}

/// A page of a list.
pub(super) fn page(description: &str, name: &str, item: &Value, next: &str) -> Value {
    let schema = json!({
        "type": "object",
        "required": [name, "next"],
        "properties": {
            name: { "type": "array", "items": item },
            "next": { "type": [next, "null"], "description": "Where the list goes on; also as Link, rel=next." },
        },
    });
    let mut answer = json_of(description, &schema);
    answer["headers"] = json!({ "Link": { "schema": { "type": "string" } } });
    answer
}

/// One event of a history.
pub(super) fn event() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["seq", "at", "on", "actor", "role", "kind", "summary", "to", "commit", "prev", "hash"],
        "properties": {
            "seq": { "type": "integer" },
            "at": { "type": "string", "format": "date-time" },
            "on": { "type": "string", "format": "date", "description": "The London date." },
            "actor": text,
            "role": text,
            "agency": { "type": ["string", "null"] },
            "kind": text,
            "summary": text,
            "from": { "type": ["string", "null"] },
            "to": text,
            "commit": { "type": "string", "description": "SHA-256 of salt and record." },
            "prev": { "type": "string", "description": "The hash of the event before." },
            "hash": { "type": "string", "description": "The hash of this event, over all of it and `prev`." },
            "erased": { "type": "boolean", "description": "Whether the record was lawfully destroyed." },
            "record": { "description": "The record, for those who see the whole case." },
        },
    })
}
