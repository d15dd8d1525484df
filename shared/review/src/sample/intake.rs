//! The referral and scoping.

use serde_json::{Value, json};

/// The shortest form that is accepted: every answer that may be missing is "not-known".
#[must_use]
pub fn minimal_referral() -> Value {
    json!({
        "referrer": {
            "name": "Example Referrer",
            "job_title": "Duty officer",
            "agency": "Sample Police",
            "email": "duty.officer@police.example"
        },
        "victim": { "name": "Example Person-One", "born": "not-known", "sex": "not-known" },
        "death": { "date": "2026", "place": "Not known", "kind": "unexplained" },
        "suspects": "not-known",
        "same_household": "not-known",
        "children": "not-known",
        "why": "A death after reports of abuse at home.",
        "immediate_risk": "not-known"
    })
}

pub(super) fn refer() -> Value {
    json!({
        "referrer": {
            "name": "Example Referrer",
            "job_title": "Detective inspector",
            "agency": "Sample Police",
            "email": "public.protection@police.example",
            "phone": { "known": "01632 960001" }
        },
        "police": {
            "crime_reference": { "known": "SAMPLE/0001/26" },
            "senior_investigating_officer": { "known": "Example Officer-One" },
            "family_liaison_officer": { "known": "Example Officer-Two" },
            "coroner_reference": "not-known"
        },
        "victim": {
            "name": "Sample Person-One",
            "aliases": ["Sample Formername-One"],
            "born": { "known": { "date-of-birth": "1992-05-14" } },
            "sex": { "known": "female" },
            "ethnicity": { "known": "white-british" },
            "disability": "not-asked",
            "address": { "known": "1 Sample Street, Sampleton" },
            "gp": { "known": "Sample Surgery" },
            "school": "not-asked"
        },
        "death": {
            "date": "2026-11-02",
            "date_estimated": false,
            "time": { "known": "21:40:00" },
            "place": "At home, 1 Sample Street, Sampleton",
            "outside_england_and_wales": { "known": false },
            "kind": "homicide",
            "resulted_from": { "known": ["physical-or-sexual", "controlling-or-coercive"] }
        },
        "suspects": { "known": [{
            "person": {
                "name": "Example Person-Two",
                "aliases": [],
                "born": { "known": { "estimated-age": 36 } },
                "sex": { "known": "male" },
                "ethnicity": "not-known",
                "disability": "not-asked",
                "address": { "known": "1 Sample Street, Sampleton" },
                "gp": "not-known",
                "school": "not-asked"
            },
            "victim_is": { "known": "spouse-or-civil-partner" },
            "alive": { "known": true },
            "charge": { "known": "charged" }
        }] },
        "same_household": { "known": { "shared": true, "basis": "Both lived at the address." } },
        "children": { "known": [{
            "age": { "known": 7 },
            "living_with": { "known": "A grandparent" },
            "safeguarded": { "known": true }
        }] },
        "known_agencies": ["Sample Police", "Sample Health Trust", "Sample Council"],
        "prior_abuse": ["coercive-control", "earlier-report-to-police"],
        "why": "The death appears to have resulted from violence by the person's spouse, after reports of controlling behaviour.",
        "linked": "Criminal proceedings are expected.",
        "next_of_kin": { "known": {
            "name": "Sample Person-Three",
            "relationship": "Sibling",
            "contact": { "known": "next.of.kin@family.example" },
            "liaison": { "known": "Example Officer-Two" },
            "safe_contact": { "known": "Write first; do not telephone in the evening." }
        } },
        "immediate_risk": { "known": false }
    })
}

pub(super) fn add_information() -> Value {
    json!({ "text": "The health trust confirms that it knew both people." })
}

pub(super) fn transfer() -> Value {
    json!({
        "to": "Neighbouring Sample Partnership",
        "accepted_on": "2027-01-05",
        "reason": "The person lived in the neighbouring area."
    })
}

pub(super) fn start_scoping() -> Value {
    json!({
        "requests": [
            { "agency": "sample-police" },
            { "agency": "sample-health" },
            { "agency": "sample-council", "due_on": "2027-01-22" }
        ],
        "period_from": "2022-01-01",
        "period_to": "2026-11-02"
    })
}

pub(super) fn ask_agency() -> Value {
    json!({ "agency": "sample-charity", "due_on": "2027-01-22" })
}

pub(super) fn record_scoping_return() -> Value {
    json!({
        "agency": "sample-health",
        "contact": "significant",
        "first_contact": "2023-02-06",
        "last_contact": "2026-10-12",
        "records_secured_by": "Example Records-Officer",
        "records_secured_at": "2027-01-07T10:00:00Z",
        "imr_advised": true,
        "summary": "Twelve contacts with the surgery and two with the emergency department."
    })
}

pub(super) fn complete_scoping() -> Value {
    json!({ "override_reason": "One agency holds no records of that time and will confirm in writing." })
}

pub(super) fn recommend() -> Value {
    json!({
        "met_on": "2027-01-25",
        "review": true,
        "reasons": "All three criteria appear to be met and three agencies knew the people."
    })
}
