//! The API document (`OpenAPI` 3.1), made of what the code is made of: the actions and their
//! records, the table of who may do what when, the views, and the sample bodies. A test holds
//! `docs/openapi.json` to it.

mod answers;
mod directory;
mod links;
mod operations;
mod schemas;

use review::act::Via;
use review::{Action, sample};
use serde_json::{Map, Value, json};

use schemas::Schemas;

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for (path, item) in operations::fixed(&mut schemas) {
        paths.insert(path, item);
    }
    for &action in Action::ALL.iter().filter(|action| action.via() == Via::Actions) {
        let path = format!("/cases/{{reference}}/actions/{}", action.name());
        let operation = operations::act(action, &mut schemas);
        paths.insert(path, json!({ "post": operation }));
    }
    paths.extend(directory::paths(&mut schemas));
    let paths = Value::Object(paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "DHR casework",
            "version": "1",
            "summary": "Domestic Homicide Reviews, from the referral to the last action of the plan.",
            "description": INTRODUCTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }],
        "tags": [
            { "name": "referrals", "description": "Report a death." },
            { "name": "cases", "description": "What you may see of a case." },
            { "name": "documents", "description": "Files, in parts, checked for malware." },
            { "name": "actions", "description": "Every act of the process, once." },
            { "name": "directory", "description": "Who belongs to the partnership, and in which roles." },
            { "name": "system", "description": "About the service." },
        ],
        "components": {
            "schemas": schemas.used_by(&paths),
            "parameters": operations::parameters(),
            "responses": answers::problems(),
            "links": links::all(),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token. It says who you are; what you may do stands in the directory.",
                },
            },
        },
        "paths": paths,
    })
}

/// The document as it is committed: one operation or schema a line, so that a change of one is
/// one line of a difference.
#[must_use]
pub fn text(document: &Value) -> String {
    spread(document, 3) + "\n"
}

fn spread(value: &Value, depth: u8) -> String {
    match value {
        Value::Object(fields) if depth > 0 => {
            let lines: Vec<_> = fields
                .iter()
                .map(|(name, field)| {
                    format!("{}: {}", Value::from(name.as_str()), spread(field, depth - 1))
                })
                .collect();
            format!("{{\n{}\n}}", lines.join(",\n"))
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => value.to_string(),
    }
}

/// An example body.
fn example(action: Action) -> Value {
    sample::timeless(action)
}

const INTRODUCTION: &str = "\
Dates are London dates, instants are UTC. A case that you may not see looks like one that does not \
exist (404). Acts on the case need its ETag as If-Match, acts on one IMR or action that item's; \
acts that only add need none. Sent with an Idempotency-Key, a request can be repeated safely: it \
is done once and answered alike. Every refusal is application/problem+json (RFC 9457) with a \
sentence and, for fields, JSON pointers; it never repeats what was sent.";
