//! What may come next: from an answer to the requests that it makes possible, as the table of the
//! process has them. A client can follow them, and so can a tester.

use review::Action;
use review::act::{Guard, Via};
use review::process::{Next, State, rule};
use serde_json::{Map, Value, json};

const CASE: &str = "show-case";
const HISTORY: &str = "show-history";
const UPLOAD: &str = "begin-upload";
const DOCUMENT: &[&str] =
    &["show-document", "sign-part", "complete-upload", "abandon-upload", "read-document"];

/// Each link once, by the operation it leads to. All but those on a document lead from an answer
/// that has a reference; where a version is needed, from one that has an `ETag`.
pub(super) fn all() -> Value {
    let on_case = |id: &str, versioned: bool| {
        let mut parameters = json!({ "reference": "$response.body#/reference" });
        if versioned {
            parameters["If-Match"] = "$response.header.ETag".into();
        }
        (id.to_owned(), json!({ "operationId": id, "parameters": parameters }))
    };
    let on_document = |id: &&str| {
        let parameters = json!({
            "reference": "$request.path.reference",
            "document": "$response.body#/document/id",
        });
        ((*id).to_owned(), json!({ "operationId": *id, "parameters": parameters }))
    };
    let acts = linked().map(|action| on_case(action.name(), action.guard() == Guard::Case));
    let reads = [CASE, HISTORY, UPLOAD].map(|id| on_case(id, false));
    acts.chain(reads).chain(DOCUMENT.iter().map(on_document)).collect()
}

/// Adds links to an answer.
pub(super) fn to(mut answer: Value, links: Map<String, Value>) -> Value {
    if !links.is_empty() {
        answer["links"] = links.into();
    }
    answer
}

/// From a list of cases to the first of them.
pub(super) fn of_a_list() -> Map<String, Value> {
    let parameters = json!({ "reference": "$response.body#/cases/0/reference" });
    Map::from_iter([(CASE.to_owned(), json!({ "operationId": CASE, "parameters": parameters }))])
}

/// From a case to everything that is done with one.
pub(super) fn of_a_case() -> Map<String, Value> {
    refs([HISTORY, UPLOAD].into_iter().chain(linked().map(Action::name)))
}

/// From a referral to reading its case.
pub(super) fn of_a_receipt() -> Map<String, Value> {
    refs([CASE, HISTORY, UPLOAD].into_iter())
}

/// From an upload to all that is done with a document.
pub(super) fn of_an_upload() -> Map<String, Value> {
    refs(DOCUMENT.iter().copied())
}

/// From an act that moves the case to those that move it on from there.
pub(super) fn after(action: Action) -> Map<String, Value> {
    let Some(Next::To(state)) = rule(action).map(|rule| rule.next) else { return Map::new() };
    refs(linked().filter(|next| moves_on(*next, state)).map(Action::name))
}

fn moves_on(action: Action, from: State) -> bool {
    rule(action).is_some_and(|rule| matches!(rule.next, Next::To(_)) && rule.from.contains(&from))
}

/// The acts that a link can lead to: those on one IMR or action need a version that stands deeper
/// in the case.
fn linked() -> impl Iterator<Item = Action> {
    let acts = Action::ALL.iter().copied();
    acts.filter(|action| action.via() == Via::Actions && action.guard() != Guard::Item)
}

fn refs<'a>(ids: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    let to = |id: &str| json!({ "$ref": format!("#/components/links/{id}") });
    ids.map(|id| (id.to_owned(), to(id))).collect()
}
