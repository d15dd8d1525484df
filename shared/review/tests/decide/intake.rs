//! The referral and scoping.

use review::act::{Action, EventKind};
use review::actor::Role::{self, AgencyContact, Coordinator, DecisionSubgroup, Police, Referrer};
use review::process::State;
use review::refusal::Refusal;
use review::sample;
use serde_json::{Value, json};

use crate::world::scene::{NOW, at_agency, given};
use crate::world::{World, actor};

const NONE: &[&str] = &[];
const DIED: &str = "/death/date";
const TOLD: &str = "/csp_notified_on";
const BORN: &str = "/victim/born/known/date-of-birth";
const SUSPECT_BORN: &str = "/suspects/known/0/person/born/known/date-of-birth";

/// Where a referral made on 31 January 2027 is at fault.
fn faults(answers: &[(&str, Value)]) -> Vec<String> {
    let mut form = sample::body(Action::Refer);
    form["suspects"]["known"][0]["person"]["born"] =
        json!({ "known": { "date-of-birth": "1990" } });
    form["csp_notified_on"] = "2027-01-04".into();
    for (pointer, answer) in answers {
        *form.pointer_mut(pointer).unwrap() = answer.clone();
    }
    let mut world = World::new(NOW);
    let faults = match world.tries(&actor(Referrer), Action::Refer, form) {
        Err(Refusal::Fields(fields)) => fields.into_iter().map(|field| field.pointer).collect(),
        Err(refusal) => panic!("{refusal:?}"),
        Ok(_) => vec![],
    };
    assert_eq!(world.case.is_none(), !faults.is_empty(), "a refusal opens nothing");
    faults
}

#[test]
fn the_day_of_death_is_not_after_today() {
    for (date, expected) in [
        ("2027-01-31", &[DIED, TOLD][1..]), // today, but then the chair was told before it
        ("2027-01-04", NONE),
        ("2027-01", NONE),
        ("2027", NONE),
        ("2026", NONE),
        ("2027-02-01", &[DIED, TOLD]),
        ("2027-02", &[DIED, TOLD]),
        ("2028", &[DIED, TOLD]),
    ] {
        assert_eq!(faults(&[(DIED, date.into())]), expected, "{date}");
    }
}

#[test]
fn nobody_dies_before_birth_as_far_as_both_dates_are_known() {
    for (born, died, expected) in [
        ("2026-11-02", "2026-11-02", NONE),
        ("2026-11-03", "2026-11-02", &[BORN]),
        ("2026-11", "2026-11-02", NONE),
        ("2026-12", "2026-11-02", &[BORN]),
        ("2026", "2026-01-01", NONE),
        ("2026-11-03", "2026-11", NONE),
        ("2026-11-03", "2026", NONE),
        ("2026-12-01", "2026-11", &[BORN]),
        ("2027", "2026", &[BORN]),
    ] {
        assert_eq!(faults(&[(BORN, born.into()), (DIED, died.into())]), expected, "{born} {died}");
    }
}

#[test]
fn the_partnership_is_told_after_the_death_and_not_after_today() {
    for (told, expected) in [
        ("2027-01-31", NONE),
        ("2027-02-01", &[TOLD]),
        ("2026-11-02", NONE),
        ("2026-11-01", &[TOLD]),
    ] {
        assert_eq!(faults(&[(TOLD, told.into())]), expected, "{told}");
    }
    assert_eq!(faults(&[(TOLD, Value::Null)]), NONE);
}

#[test]
fn a_suspected_person_is_named_or_not_known() {
    assert_eq!(faults(&[("/suspects", json!({ "known": [] }))]), ["/suspects/known"]);
    assert_eq!(faults(&[("/suspects", "not-known".into())]), NONE);
    assert_eq!(faults(&[(SUSPECT_BORN, "2027-01-31".into())]), NONE);
    assert_eq!(faults(&[(SUSPECT_BORN, "2027-02".into())]), [SUSPECT_BORN]);
}

#[test]
fn every_fault_is_said_at_once() {
    let answers = [
        (TOLD, "2027-02-01".into()),
        (DIED, "2027-02-02".into()),
        (BORN, "2027-02-03".into()),
        (SUSPECT_BORN, "2027-02-04".into()),
    ];
    assert_eq!(faults(&answers), [TOLD, DIED, TOLD, BORN, SUSPECT_BORN]);
}

#[test]
fn the_clock_starts_on_the_day_the_chair_was_told_or_else_today() {
    let mut world = World::new("2027-06-30T23:30:00Z");
    world.does_with(Referrer, Action::Refer, sample::minimal_referral());
    assert_eq!(world.case().file.csp_notified_on, Some("2027-07-01".parse().unwrap()));
    let world = given(State::Referred);
    assert_eq!(world.case().file.csp_notified_on, Some("2026-12-01".parse().unwrap()));
}

#[test]
fn an_immediate_risk_is_raised_at_once() {
    for (risk, raised) in [
        (json!({ "known": true }), true),
        (json!({ "known": false }), false),
        ("not-known".into(), false),
    ] {
        let mut form = sample::body(Action::Refer);
        form["immediate_risk"] = risk;
        let kinds = World::new(NOW).does_with(Referrer, Action::Refer, form);
        assert_eq!(kinds.contains(&EventKind::ImmediateRiskRaised), raised);
    }
}

#[test]
fn a_transfer_was_accepted_already() {
    given(State::Referred)
        .when(Coordinator, Action::Transfer)
        .set_day("/accepted_on", 1)
        .wrong("/accepted_on");
    given(State::Referred)
        .when(Coordinator, Action::Transfer)
        .set_day("/accepted_on", -9)
        .accepted();
}

#[test]
fn scoping_asks_each_agency_once_by_a_day_to_come() {
    let scene = || given(State::Referred).when(Coordinator, Action::StartScoping);
    scene().set("/requests", json!([])).wrong("/requests");
    scene().set("/requests/1/agency", "sample-police").wrong("/requests/1/agency");
    scene().set_day("/requests/2/due_on", -1).wrong("/requests/2/due_on");
    scene().set_day("/requests/2/due_on", 0).accepted();
    scene().set("/period_to", "2021-12-31").wrong("/period_to");
    scene().set("/period_to", "2022-01-01").accepted();
}

#[test]
fn one_more_agency_is_asked_once_by_a_day_to_come() {
    let scene = || given(State::Scoping).when(Coordinator, Action::AskAgency);
    scene().set("/agency", "sample-health").wrong("/agency");
    scene().set_day("/due_on", -1).wrong("/due_on");
    let world = scene().accepted();
    assert_eq!(world.clock("scoping-return/sample-charity").target, world.day(91));
}

#[test]
fn a_return_is_of_an_agency_that_was_asked() {
    let scene = || given(State::Scoping).when(Coordinator, Action::RecordScopingReturn);
    scene().set("/agency", Value::Null).wrong("/agency");
    scene().set("/agency", "sample-charity").wrong("/agency");
    scene().set("/first_contact", "2026-10-13").wrong("/last_contact");
    scene().set("/first_contact", "2026-10-12").accepted();
    scene().set("/records_secured_by", Value::Null).wrong("/records_secured_by");
    let nil = json!({ "agency": "sample-health", "contact": "none", "imr_advised": false });
    scene().with(nil).accepted();
}

#[test]
fn an_agency_answers_for_itself_alone() {
    let scene = |role| given(State::Scoping).when(role, Action::RecordScopingReturn);
    scene(AgencyContact).set("/agency", "sample-police").not_found();
    scene(Police).set("/agency", "sample-health").not_found();
    scene(AgencyContact)
        .by(at_agency(AgencyContact, "sample-police"))
        .set("/agency", "sample-health")
        .not_found();
    scene(AgencyContact).by(at_agency(AgencyContact, "sample-charity")).not_found();
    let world = scene(Police).set("/agency", Value::Null).accepted();
    let answered = |agency: &str| {
        world
            .case()
            .file
            .scoping
            .iter()
            .any(|(id, it)| id.as_str() == agency && it.answer.is_some())
    };
    assert!(answered("sample-police") && !answered("sample-health"));
}

#[test]
fn scoping_ends_when_all_have_answered_or_with_a_reason() {
    let scene = |world: World| world.when(Coordinator, Action::CompleteScoping);
    scene(given(State::Scoping)).with(json!({})).unmet();
    let mut world = given(State::Scoping);
    for agency in ["sample-police", "sample-health", "sample-council"] {
        scene(world.clone()).with(json!({})).unmet();
        world =
            world.when(Coordinator, Action::RecordScopingReturn).set("/agency", agency).accepted();
    }
    scene(world).with(json!({})).accepted();
}

#[test]
fn a_recommendation_is_of_a_meeting_that_was_held() {
    given(State::ReadyToDecide)
        .when(DecisionSubgroup, Action::Recommend)
        .set_day("/met_on", 1)
        .wrong("/met_on");
}

#[test]
fn only_who_referred_adds_to_a_referral_before_agencies_are_asked() {
    let scene = |role| given(State::Referred).asked(role, Action::AddInformation);
    scene(Referrer).accepted();
    scene(AgencyContact).not_found();
    let mut other = actor(Referrer);
    other.id = actor(Role::Pcc).id;
    scene(Referrer).by(other).not_found();
}
