//! The operations of the directory: people, agencies, duties and what administrators did.

use edge::directory::{AgencyView, DutyView, PersonView};
use review::administration::{AgencyName, Change, Deed, DutyAddress, Entry, may_ever};
use review::{Role, sample};
use serde_json::{Value, json};

use super::answers;
use super::operations::{body, query, set, shared, versioned};
use super::schemas::Schemas;

/// Someone and something that a fresh local system does not have yet.
const PERSON: &str = "newcomer-1";
const AGENCY: &str = "sample-probation";

/// Every operation under `/directory`.
pub(super) fn paths(schemas: &mut Schemas) -> Vec<(String, Value)> {
    let change = schemas.of::<Change>();
    vec![
        ("/directory/people".to_owned(), json!({ "get": people(schemas) })),
        (
            "/directory/people/{actor}".to_owned(),
            json!({ "get": person(schemas), "put": put(schemas), "delete": remove() }),
        ),
        ("/directory/agencies".to_owned(), json!({ "get": agencies(schemas) })),
        (
            "/directory/agencies/{agency}".to_owned(),
            json!({ "put": agency(schemas), "delete": remove_agency() }),
        ),
        (
            "/directory/duties/{duty}".to_owned(),
            json!({ "get": duty(schemas), "put": set_duty(schemas) }),
        ),
        (
            "/directory/history".to_owned(),
            json!({ "get": operation(Deed::SeeHistory, "show-directory-history",
                "What administrators did, the latest first. No address is remembered.",
                &[shared("Limit"), query("cursor", &json!({ "type": "string" }))],
                &answers::with("200", answers::page("A page of changes.", "changes", &change, "string"), &[answers::ALWAYS])) }),
        ),
    ]
}

fn people(schemas: &mut Schemas) -> Value {
    let person = schemas.of::<PersonView<'static>>();
    operation(
        Deed::SeePerson,
        "list-people",
        "Those of the partnership's people whom you may see; a page may be short.",
        &[shared("Limit"), query("cursor", &json!({ "type": "string" }))],
        &answers::with(
            "200",
            answers::page("A page of people.", "people", &person, "string"),
            &[answers::ALWAYS],
        ),
    )
}

fn person(schemas: &mut Schemas) -> Value {
    let shown = answers::json_of("The entry.", &schemas.of::<PersonView<'static>>());
    operation(
        Deed::SeePerson,
        "show-person",
        "What someone is to the partnership.",
        &[named("actor", "administrator-1")],
        &answers::with("200", versioned(shown), &[answers::ALWAYS, answers::ON_A_CASE]),
    )
}

fn put(schemas: &mut Schemas) -> Value {
    let shown = |what: &str, view: &Value| versioned(answers::json_of(what, view));
    let view = schemas.of::<PersonView<'static>>();
    let groups = [
        answers::ALWAYS,
        answers::ON_A_CASE,
        answers::WITH_A_BODY,
        answers::CHANGING,
        answers::VERSIONED,
    ];
    let mut responses = answers::with("200", shown("Changed, or so already.", &view), &groups);
    set(&mut responses, "201", Some(shown("Invited.", &view)));
    let entry = json!({
        "roles": [Role::AgencyContact.name()],
        "agency": "sample-health",
        "email": format!("{PERSON}@{}.example", sample::CSP),
        "active": true,
    });
    let mut put = operation(
        Deed::Invite,
        "put-person",
        "Invite someone, or change what they are to the partnership; active: false suspends. Nobody changes the own roles.",
        &[named("actor", PERSON), if_match()],
        &responses,
    );
    put["requestBody"] = body(&schemas.of::<Entry>(), Some(&entry));
    put
}

fn remove() -> Value {
    let groups = [answers::ALWAYS, answers::ON_A_CASE, answers::CHANGING, answers::VERSIONED];
    operation(
        Deed::Remove,
        "remove-person",
        "Delete someone's entry; access ends at once.",
        &[named("actor", PERSON), if_match()],
        &answers::with("204", gone(), &groups),
    )
}

fn agencies(schemas: &mut Schemas) -> Value {
    let view = schemas.of::<AgencyView<'static>>();
    let schema = json!({
        "type": "object", "required": ["agencies"],
        "properties": { "agencies": { "type": "array", "items": view } },
    });
    operation(
        Deed::SeeAgencies,
        "list-agencies",
        "The partnership's agencies.",
        &[],
        &answers::with("200", answers::json_of("All of them.", &schema), &[answers::ALWAYS]),
    )
}

fn agency(schemas: &mut Schemas) -> Value {
    let view = schemas.of::<AgencyView<'static>>();
    let groups = [answers::ALWAYS, answers::ON_A_CASE, answers::WITH_A_BODY, answers::CHANGING];
    let mut responses =
        answers::with("200", answers::json_of("Renamed, or so already.", &view), &groups);
    set(&mut responses, "201", Some(answers::json_of("Added.", &view)));
    let mut put = operation(
        Deed::SetAgency,
        "put-agency",
        "Add an agency, or rename it.",
        &[named("agency", AGENCY)],
        &responses,
    );
    put["requestBody"] =
        body(&schemas.of::<AgencyName>(), Some(&json!({ "name": "Sample Probation" })));
    put
}

fn remove_agency() -> Value {
    let groups = [answers::ALWAYS, answers::ON_A_CASE, answers::CHANGING];
    operation(
        Deed::RemoveAgency,
        "remove-agency",
        "Delete an agency for which nobody speaks.",
        &[named("agency", AGENCY)],
        &answers::with("204", gone(), &groups),
    )
}

fn duty(schemas: &mut Schemas) -> Value {
    let view = schemas.of::<DutyView<'static>>();
    operation(
        Deed::SeeDuty,
        "show-duty",
        "Where a duty can be reached.",
        &[named("duty", "dpo")],
        &answers::with(
            "200",
            answers::json_of("The duty.", &view),
            &[answers::ALWAYS, answers::ON_A_CASE],
        ),
    )
}

fn set_duty(schemas: &mut Schemas) -> Value {
    let view = schemas.of::<DutyView<'static>>();
    let groups = [answers::ALWAYS, answers::ON_A_CASE, answers::WITH_A_BODY, answers::CHANGING];
    let mut put = operation(
        Deed::SetDuty,
        "set-duty",
        "Say where a duty can be reached.",
        &[named("duty", "dpo")],
        &answers::with("200", answers::json_of("Set.", &view), &groups),
    );
    let address = json!({ "email": format!("dpo@{}.example", sample::CSP) });
    put["requestBody"] = body(&schemas.of::<DutyAddress>(), Some(&address));
    put
}

fn operation(deed: Deed, id: &str, summary: &str, own: &[Value], responses: &Value) -> Value {
    let mut parameters = vec![shared("ActingRole"), shared("ActingCsp")];
    parameters.extend_from_slice(own);
    let roles = Role::ALL.iter().filter(|role| may_ever(**role, deed)).map(|role| role.name());
    json!({
        "operationId": id, "tags": ["directory"], "summary": summary,
        "parameters": parameters,
        "responses": responses,
        "x-roles": roles.collect::<Vec<_>>(),
    })
}

fn named(name: &str, example: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" }, "example": example })
}

fn if_match() -> Value {
    json!({
        "name": "If-Match", "in": "header",
        "schema": { "type": "string", "pattern": "^\"d[0-9]+\"$" },
        "description": "The ETag of the entry that you read; needed for everyone who has one.",
    })
}

fn gone() -> Value {
    json!({ "description": "Deleted." })
}
