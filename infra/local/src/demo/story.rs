//! One whole review as a list of steps: the sample records, each on its day.

use review::act::Action;
use review::sample;
use serde_json::{Value, json};

use super::client::{Player, player};

/// One step of the story.
#[derive(Clone, Debug)]
pub struct Step {
    /// When, UTC.
    pub at: &'static str,
    /// Who.
    pub who: Player,
    /// What.
    pub act: Act,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Reports the death.
    Refer(Value),
    /// Takes an action; where the record names a document, the slot's upload is put in.
    Take(Action, Value),
    /// Uploads a document into a slot.
    Upload {
        /// The name that later steps use.
        slot: &'static str,
        /// Kind, agency and name.
        new: Value,
    },
}

const REFERRER: Player = player("referrer-1");
const COORDINATOR: Player = player("coordinator-1");
const CSP_CHAIR: Player = player("csp-chair-1");
const CHAIR: Player = player("chair-1");
const POLICE: Player = player("police-contact-1");
const HEALTH: Player = player("health-contact-1");

fn take(at: &'static str, who: Player, action: Action) -> Step {
    with(at, who, action, |_| {})
}

fn with(at: &'static str, who: Player, action: Action, change: impl FnOnce(&mut Value)) -> Step {
    let mut record = sample::body(action);
    change(&mut record);
    Step { at, who, act: Act::Take(action, record) }
}

fn upload(at: &'static str, who: Player, slot: &'static str, kind: &str) -> Step {
    let new = json!({ "kind": kind, "name": format!("{slot}.pdf") });
    Step { at, who, act: Act::Upload { slot, new } }
}

/// Puts a slot where the sample names its document.
fn slot(name: &'static str) -> impl FnOnce(&mut Value) {
    move |record| place(record, name)
}

fn place(record: &mut Value, name: &str) {
    match record {
        Value::Object(fields) if fields.contains_key("hash") => {
            fields.insert("document".to_owned(), name.into());
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| place(field, name)),
        Value::Array(items) => items.iter_mut().for_each(|item| place(item, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One agency's IMR, from the upload to the chair's acceptance.
fn imr(
    agency: &'static str,
    author: Player,
    senior: Player,
    name: &'static str,
    at: [&'static str; 5],
) -> Vec<Step> {
    let about = move |record: &mut Value| {
        record["agency"] = agency.into();
        place(record, name);
    };
    vec![
        upload(at[0], author, name, "imr"),
        with(at[1], author, Action::SubmitImr, about),
        with(at[2], senior, Action::SignOffImr, about),
        with(at[3], CHAIR, Action::QualityCheckImr, about),
        with(at[4], CHAIR, Action::AcceptImr, about),
    ]
}

/// The story of the samples: a referral in January 2027, concluded in December.
#[must_use]
pub fn review() -> Vec<Step> {
    let home_office = player("home-office-1");
    let mut steps = vec![
        Step {
            at: "2027-01-04T02:10:00Z",
            who: REFERRER,
            act: Act::Refer(sample::body(Action::Refer)),
        },
        with("2027-01-05T10:15:00Z", COORDINATOR, Action::StartScoping, |record| {
            record["requests"] =
                json!([{ "agency": "sample-police" }, { "agency": "sample-health" }]);
        }),
        with("2027-01-08T14:00:00Z", HEALTH, Action::RecordScopingReturn, |record| {
            record["agency"] = "sample-health".into();
        }),
        with("2027-01-21T09:30:00Z", POLICE, Action::RecordScopingReturn, |record| {
            record["agency"] = "sample-police".into();
        }),
        with("2027-01-22T11:00:00Z", COORDINATOR, Action::CompleteScoping, |record| {
            *record = json!({});
        }),
        take("2027-01-25T15:00:00Z", player("subgroup-1"), Action::Recommend),
        take("2027-01-28T16:00:00Z", CSP_CHAIR, Action::AgreeReview),
        take("2027-01-29T09:15:00Z", COORDINATOR, Action::NotifyHomeOffice),
        take("2027-02-08T12:00:00Z", CSP_CHAIR, Action::AppointChair),
        take("2027-02-15T10:00:00Z", CHAIR, Action::RecordFamilyContact),
        take("2027-02-22T10:00:00Z", CHAIR, Action::FormPanel),
        with("2027-02-22T10:30:00Z", COORDINATOR, Action::GrantAccess, |_| {}),
        upload("2027-03-01T10:00:00Z", CHAIR, "terms", "terms-of-reference"),
        with("2027-03-01T16:00:00Z", CHAIR, Action::AgreeTerms, slot("terms")),
        with("2027-03-02T09:00:00Z", CHAIR, Action::OpenEvidence, |record| {
            record["requests"] =
                json!([{ "agency": "sample-police" }, { "agency": "sample-health" }]);
        }),
    ];
    steps.extend(imr(
        "sample-health",
        player("health-author-1"),
        player("health-senior-1"),
        "imr-health",
        [
            "2027-04-19T20:00:00Z",
            "2027-04-20T08:30:00Z",
            "2027-04-22T11:00:00Z",
            "2027-04-26T10:00:00Z",
            "2027-04-26T10:20:00Z",
        ],
    ));
    steps.extend(imr(
        "sample-police",
        player("police-author-1"),
        player("police-senior-1"),
        "imr-police",
        [
            "2027-04-29T13:00:00Z",
            "2027-04-29T14:00:00Z",
            "2027-05-04T09:00:00Z",
            "2027-05-06T10:00:00Z",
            "2027-05-06T10:30:00Z",
        ],
    ));
    steps.extend([
        with("2027-05-10T09:00:00Z", CHAIR, Action::StartDrafting, |record| *record = json!({})),
        upload("2027-05-31T10:00:00Z", CHAIR, "report", "overview-report"),
        with("2027-05-31T10:30:00Z", CHAIR, Action::CirculateDraft, slot("report")),
        take("2027-06-21T11:00:00Z", COORDINATOR, Action::AddAction),
        with("2027-06-28T15:00:00Z", CHAIR, Action::SignOffByPanel, slot("report")),
        with("2027-07-19T14:00:00Z", CSP_CHAIR, Action::SignOffByCsp, slot("report")),
        with("2027-07-26T10:00:00Z", COORDINATOR, Action::SubmitToHomeOffice, slot("report")),
        take("2027-09-15T11:00:00Z", home_office, Action::RecordQaMeeting),
        take("2027-10-06T11:00:00Z", home_office, Action::ApproveWithChanges),
        upload("2027-10-11T10:00:00Z", CHAIR, "revised", "overview-report"),
        with("2027-10-12T10:00:00Z", CHAIR, Action::CompleteChanges, slot("revised")),
        with("2027-10-18T10:00:00Z", CSP_CHAIR, Action::PreparePublication, slot("revised")),
        with("2027-10-25T10:00:00Z", CSP_CHAIR, Action::ApproveRelease, slot("revised")),
        with("2027-11-08T10:00:00Z", COORDINATOR, Action::Publish, slot("revised")),
        take("2027-11-08T10:30:00Z", COORDINATOR, Action::SendCopy),
        take("2027-11-22T10:00:00Z", HEALTH, Action::UpdateAction),
        with("2027-12-10T10:00:00Z", HEALTH, Action::CompleteAction, slot("revised")),
        take("2027-12-20T10:00:00Z", CSP_CHAIR, Action::Conclude),
    ]);
    steps
}
