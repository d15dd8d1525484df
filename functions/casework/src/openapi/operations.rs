//! Each operation of the API.

use edge::document::{DocumentView, NewPart, NewUpload, Nothing};
use review::act::Guard;
use review::process::{Next, Rule, rule};
use review::records::Referral;
use review::{Action, Role, sample};
use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use super::{answers, example, links};
use crate::view::{CaseView, Row};
use crate::{cases, history};

/// The parameters that several operations share.
pub(super) fn parameters() -> Value {
    let people = Role::ALL.iter().filter(|role| **role != Role::System);
    let roles: Vec<_> = people.map(|role| role.name()).collect();
    json!({
        "ActingRole": {
            "name": "Acting-Role", "in": "header", "schema": { "type": "string", "enum": roles },
            "description": "The role you act in; required if you have several.",
        },
        "ActingCsp": {
            "name": "Acting-Csp", "in": "header",
            "schema": { "type": "string", "maxLength": 64, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" },
            "description": "The partnership you act for; required if you belong to several.",
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            "description": "New for each request that is not a repetition.",
        },
        "Limit": limit(cases::LARGEST_PAGE),
    })
}

fn limit(most: u16) -> Value {
    json!({
        "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": most },
        "description": "How many at most.",
    })
}

/// The operations that are not actions.
pub(super) fn fixed(schemas: &mut Schemas) -> Vec<(String, Value)> {
    let row = schemas.of::<Row<'static>>();
    let case = schemas.of::<CaseView<'static>>();
    let mut paths = vec![
        ("/health".to_owned(), json!({ "get": about("health", "Whether the service answers.") })),
        ("/openapi.json".to_owned(), json!({ "get": about("openapi", "This document.") })),
        ("/referrals".to_owned(), json!({ "post": refer(schemas) })),
        (
            "/cases".to_owned(),
            json!({ "get": {
                "operationId": "list-cases", "tags": ["cases"], "summary": "The cases you may see.",
                "parameters": [shared("ActingRole"), shared("ActingCsp"), shared("Limit"), query("cursor", &json!({ "type": "string" }))],
                "responses": answers::with("200", links::to(answers::page("A page of cases.", "cases", &row, "string"), links::of_a_list()), &[answers::ALWAYS]),
            }}),
        ),
        (
            "/cases/{reference}".to_owned(),
            json!({ "get": {
                "operationId": "show-case", "tags": ["cases"], "summary": "What you may see of a case.",
                "parameters": on_case(&[]),
                "responses": answers::with("200", links::to(versioned(answers::json_of("The case.", &case)), links::of_a_case()), &[answers::ALWAYS, answers::ON_A_CASE]),
            }}),
        ),
        (
            "/cases/{reference}/history".to_owned(),
            json!({ "get": {
                "operationId": "show-history", "tags": ["cases"],
                "summary": "What happened, as far as you may see it, with the hashes that chain it.",
                "parameters": on_case(&[limit(history::LARGEST_PAGE), query("after", &json!({ "type": "integer", "minimum": 0 }))]),
                "responses": answers::with("200", answers::page("A page of events.", "events", &answers::event(), "integer"), &[answers::ALWAYS, answers::ON_A_CASE]),
            }}),
        ),
    ];
    paths.extend(documents(schemas));
    paths
}

/// One action.
pub(super) fn act(action: Action, schemas: &mut Schemas) -> Value {
    let mut extra = vec![shared("IdempotencyKey")];
    let mut groups =
        vec![answers::ALWAYS, answers::ON_A_CASE, answers::WITH_A_BODY, answers::CHANGING];
    if let Some(what) = guarded(action.guard()) {
        extra.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "schema": { "type": "string", "pattern": "^\"[ir][0-9]+\"$" },
            "description": format!("The ETag of the {what} that you read."),
        }));
        groups.push(answers::VERSIONED);
    }
    let mut operation = json!({
        "operationId": action.name(),
        "tags": ["actions"],
        "summary": schemas.summary(action),
        "parameters": on_case(&extra),
        "requestBody": body(&schemas.record(action), Some(&example(action))),
        "responses": answers::with("200", links::to(answers::acted(), links::after(action)), &groups),
    });
    if let Some(rule) = rule(action) {
        operation["description"] = describe(rule).into();
        operation["x-roles"] = rule.who.iter().map(|role| Role::name(*role)).collect();
        operation["x-states"] = rule.from.iter().map(|state| state.name()).collect();
    }
    operation
}

fn describe(rule: &Rule) -> String {
    let next = match rule.next {
        Next::To(state) => format!("The case is {} afterwards.", state.name()),
        Next::Stay => "The state of the case does not change.".to_owned(),
    };
    format!("{next} Source: {}.", rule.source)
}

const fn guarded(guard: Guard) -> Option<&'static str> {
    match guard {
        Guard::Case => Some("case"),
        Guard::Item => Some("IMR or action"),
        Guard::Adds => None,
    }
}

fn refer(schemas: &mut Schemas) -> Value {
    let mut key = json!({
        "name": "Idempotency-Key", "in": "header", "required": true,
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        "description": "New for each referral; the same one when you repeat it.",
    });
    key["example"] = "b7c9f1e0-6a57-4c37-8f43-0d7f1e6f3a11".into();
    let groups = [answers::ALWAYS, answers::WITH_A_BODY];
    let mut operation = json!({
        "operationId": Action::Refer.name(),
        "tags": ["referrals"],
        "summary": schemas.summary(Action::Refer),
        "parameters": [key],
        "requestBody": body(&schemas.of::<Referral>(), Some(&example(Action::Refer))),
        "responses": answers::with("201", links::to(answers::receipt(), links::of_a_receipt()), &groups),
    });
    operation["x-roles"] = rule(Action::Refer)
        .map(|rule| rule.who.iter().map(|role| role.name()).collect())
        .unwrap_or_default();
    operation
}

fn documents(schemas: &mut Schemas) -> Vec<(String, Value)> {
    let view = schemas.of::<DocumentView<'static>>();
    let shown =
        json!({ "type": "object", "required": ["document"], "properties": { "document": view } });
    let changing = [answers::ALWAYS, answers::ON_A_CASE, answers::WITH_A_BODY, answers::CHANGING];
    let post = |id: &str, summary: &str, named: bool, body: Value, good: (&str, Value)| {
        let extra = if named { vec![document()] } else { vec![] };
        json!({
            "operationId": id, "tags": ["documents"], "summary": summary,
            "parameters": on_case(&extra),
            "requestBody": body,
            "responses": answers::with(good.0, good.1, &changing),
        })
    };
    let nothing = body(&schemas.of::<Nothing>(), Some(&json!({})));
    let new = body(&schemas.of::<NewUpload>(), Some(&new_upload()));
    let part = body(&schemas.of::<NewPart>(), Some(&new_part()));
    let good = |schema: &Value| ("200", answers::json_of("Done.", schema));
    let one = "/cases/{reference}/documents/{document}";
    vec![
        (
            "/cases/{reference}/documents".to_owned(),
            json!({ "post": post("begin-upload", "Begin an upload in parts of 8 MiB.", false, new, ("201", links::to(answers::json_of("Begun.", &begun(&view)), links::of_an_upload()))) }),
        ),
        (
            one.to_owned(),
            json!({ "get": {
                "operationId": "show-document", "tags": ["documents"],
                "summary": "Where a document stands; for an upload, the parts that are held and those missing.",
                "parameters": on_case(&[document()]),
                "responses": answers::with("200", answers::json_of("The document.", &progress(&view)), &[answers::ALWAYS, answers::ON_A_CASE]),
            }}),
        ),
        (
            format!("{one}/parts"),
            json!({ "post": post("sign-part", "Ask for a link to send one part to.", true, part, good(&link(true))) }),
        ),
        (
            format!("{one}/complete"),
            json!({ "post": post("complete-upload", "Make a file of the parts. Repeating it does no harm.", true, nothing.clone(), good(&shown)) }),
        ),
        (
            format!("{one}/abandon"),
            json!({ "post": post("abandon-upload", "Give an upload up.", true, nothing.clone(), good(&shown)) }),
        ),
        (
            format!("{one}/read"),
            json!({ "post": post("read-document", "Record that you read a document, and get a link that opens it for a minute.", true, nothing, good(&link(false))) }),
        ),
    ]
}

fn new_upload() -> Value {
    let sample = example(Action::BeginUpload);
    let kept = ["kind", "name", "size", "agency"];
    let fields =
        kept.iter().filter_map(|name| Some(((*name).to_owned(), sample.get(*name)?.clone())));
    Value::Object(fields.collect())
}

fn new_part() -> Value {
    let digest = sample::HASH.split('-').next().unwrap_or_default();
    let size = example(Action::BeginUpload).get("size").and_then(Value::as_u64).unwrap_or(1);
    json!({ "number": 1, "size": size.min(8 * 1024 * 1024), "sha256": digest })
}

fn begun(view: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["document", "href", "part_size", "parts"],
        "properties": {
            "document": view,
            "href": { "type": "string" },
            "part_size": { "type": "integer" },
            "parts": { "type": "integer", "description": "How many parts the file has." },
        },
    })
}

fn progress(view: &Value) -> Value {
    let whole = json!({ "type": "integer" });
    json!({
        "type": "object",
        "required": ["document"],
        "properties": {
            "document": view,
            "upload": {
                "type": "object",
                "properties": {
                    "part_size": whole,
                    "parts": whole,
                    "held": { "type": "array", "items": { "type": "object", "properties": {
                        "number": whole, "size": whole, "sha256": { "type": "string" },
                    }}},
                    "missing": { "type": "array", "items": whole },
                },
            },
        },
    })
}

fn link(part: bool) -> Value {
    let mut properties = json!({
        "url": { "type": "string", "format": "uri" },
        "expires_in": { "type": "integer", "description": "Seconds for which it works." },
    });
    if part {
        properties["number"] = json!({ "type": "integer" });
        properties["method"] = json!({ "const": "PUT" });
        properties["headers"] =
            json!({ "type": "object", "additionalProperties": { "type": "string" } });
    } else {
        properties["name"] = json!({ "type": "string" });
        properties["size"] = json!({ "type": "integer" });
        properties["hash"] = json!({ "type": "string" });
    }
    json!({ "type": "object", "required": ["url", "expires_in"], "properties": properties })
}

fn about(id: &str, summary: &str) -> Value {
    json!({
        "operationId": id, "tags": ["system"], "summary": summary, "security": [],
        "responses": { "200": answers::json_of(summary, &json!({ "type": "object" })) },
    })
}

pub(super) fn shared(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

pub(super) fn query(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "schema": schema, "description": "From the page before." })
}

fn document() -> Value {
    json!({
        "name": "document", "in": "path", "required": true,
        "schema": { "type": "string" }, "example": sample::DOCUMENT,
    })
}

fn on_case(extra: &[Value]) -> Vec<Value> {
    let reference = json!({ "name": "reference", "in": "path", "required": true, "schema": { "type": "string" } });
    let mut all = vec![reference, shared("ActingRole"), shared("ActingCsp")];
    all.extend_from_slice(extra);
    all
}

pub(super) fn body(schema: &Value, example: Option<&Value>) -> Value {
    let mut content = Map::from_iter([("schema".to_owned(), schema.clone())]);
    content.extend(example.map(|example| ("example".to_owned(), example.clone())));
    json!({ "required": true, "content": { "application/json": content } })
}

pub(super) fn versioned(mut answer: Value) -> Value {
    answer["headers"] = json!({ "ETag": { "schema": { "type": "string" } } });
    answer
}

pub(super) fn set(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(fields), Some(value)) = (object.as_object_mut(), value) {
        fields.insert(name.to_owned(), value);
    }
}
