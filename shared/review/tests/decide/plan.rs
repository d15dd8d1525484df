//! The action plan: owned, dated, measured.

use review::act::Action;
use review::actor::Role::{AgencyContact, AgencySenior, Coordinator, CspChair};
use review::process::State;
use review::refusal::Refusal;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::scene::{at_agency, given};

fn planned() -> World {
    given(State::Scoping).after(&[(Coordinator, Action::AddAction)])
}

#[test]
fn an_owner_is_one_post() {
    let scene = |owner: &str| {
        given(State::Scoping).when(Coordinator, Action::AddAction).set("/owner", owner)
    };
    for vague in [
        "All agencies",
        "all",
        "ALL PARTNERS",
        "partners",
        "everyone",
        "TBC",
        "tbd",
        "various",
        "N/A",
        " tbc ",
    ] {
        scene(vague).wrong("/owner");
    }
    scene("Head of all-age services").accepted();
}

#[test]
fn an_action_has_an_id_of_its_own_and_a_day_to_come() {
    planned().when(Coordinator, Action::AddAction).set("/id", "action-1").wrong("/id");
    let scene = || given(State::Scoping).when(Coordinator, Action::AddAction);
    scene().set_day("/target_on", -1).wrong("/target_on");
    scene().set_day("/target_on", 0).accepted();
}

#[test]
fn a_national_action_names_the_department_and_when_it_was_asked() {
    let scene = || {
        let scene = given(State::Scoping).when(Coordinator, Action::AddAction);
        scene.set("/scope", "national").set("/department", "Home Office").set_day("/sent_on", -7)
    };
    scene().set("/department", Value::Null).wrong("/department");
    scene().set("/sent_on", Value::Null).wrong("/sent_on");
    scene().set_day("/sent_on", 1).wrong("/sent_on");
    let world = scene().accepted();
    assert_eq!(world.clock("national-reply/action-1").target, world.day(-7 + 56));
    let update = |world: World| world.when(Coordinator, Action::UpdateAction);
    let unanswered = update(world.clone()).accepted();
    assert!(unanswered.clock("national-reply/action-1").runs());
    let answered = update(world).set_day("/replied_on", 0).accepted();
    assert!(!answered.clock("national-reply/action-1").runs());
}

#[test]
fn a_local_action_waits_for_no_department() {
    let clocks: Vec<_> = planned()
        .case()
        .file
        .clocks
        .keys()
        .map(ToString::to_string)
        .filter(|key| key.ends_with("/action-1"))
        .collect();
    assert_eq!(clocks, ["action/action-1", "action-update/action-1"]);
}

#[test]
fn reports_and_completions_have_likely_dates() {
    planned()
        .when(AgencyContact, Action::UpdateAction)
        .set_day("/target_on", -1)
        .wrong("/target_on");
    planned()
        .when(AgencyContact, Action::UpdateAction)
        .set_day("/replied_on", 1)
        .wrong("/replied_on");
    planned()
        .when(AgencyContact, Action::CompleteAction)
        .set_day("/completed_on", 1)
        .wrong("/completed_on");
    planned().when(AgencyContact, Action::CompleteAction).needs_clean_document("/document");
    planned().when(AgencyContact, Action::CompleteAction).set("/document", Value::Null).accepted();
}

#[test]
fn a_report_moves_the_target_and_keeps_the_original() {
    let world =
        planned().when(AgencyContact, Action::UpdateAction).set_day("/target_on", 200).accepted();
    let clock = world.clock("action/action-1");
    assert_eq!((clock.original, clock.target), (world.day(91), world.day(200)));
    let item = world.case().file.actions.values().next().unwrap();
    assert_eq!((item.target_on, item.revision), (world.day(200), 2));
}

#[test]
fn each_change_of_an_action_needs_the_version_that_the_last_one_left() {
    let mut world = planned();
    for version in 1..=3 {
        let update = world.when(AgencyContact, Action::UpdateAction).set_day("/target_on", 200);
        assert_eq!(update.revision(), Some(version));
        assert_eq!(update.refused_at_version(Some(version - 1)), Refusal::Stale);
        assert_eq!(update.refused_at_version(Some(version + 1)), Refusal::Stale);
        world = update.accepted();
    }
}

#[test]
fn nothing_more_is_recorded_on_an_action_that_ended() {
    let ends = [(AgencySenior, Action::CompleteAction), (CspChair, Action::CloseAction)];
    for end in ends {
        let world = planned().after(&[end]);
        assert!(!world.clock("action/action-1").runs());
        assert!(!world.clock("action-update/action-1").runs());
        for (role, action) in [ends[0], ends[1], (AgencyContact, Action::UpdateAction)] {
            world.clone().when(role, action).unmet();
        }
    }
}

#[test]
fn an_agency_acts_on_its_own_actions_alone() {
    for (role, action) in [
        (AgencyContact, Action::UpdateAction),
        (AgencySenior, Action::UpdateAction),
        (AgencyContact, Action::CompleteAction),
        (AgencySenior, Action::CompleteAction),
    ] {
        planned().when(role, action).by(at_agency(role, "sample-police")).not_found();
        planned().when(role, action).by(at_agency(role, "sample-charity")).not_found();
        planned().when(role, action).set("/id", "action-9").not_found();
    }
    planned().when(CspChair, Action::CloseAction).set("/id", "action-9").not_found();
}

#[test]
fn an_agency_offers_no_document_of_anothers_as_evidence() {
    let mut world = planned();
    world.uploaded("police-1", review::actor::Role::Police, "chronology");
    world.scanned("police-1", "no-threats-found");
    let scene = |document: &str| {
        world.clone().when(AgencySenior, Action::CompleteAction).set("/document/document", document)
    };
    assert_eq!(scene("police-1").refused(), scene("no-such-document").refused());
    let own = json!({ "id": "action-1", "outcome": "Done.", "evidence": "Lists.", "completed_on": world.today() });
    world.when(AgencySenior, Action::CompleteAction).with(own).accepted();
}
