//! Family, court, inquest, other reviews, holds and access.

use review::act::Action;
use review::actor::Role::{
    self, Coordinator, CspChair, FamilyAdvocate, IndependentChair, PanelMember,
};
use review::process::State;

use crate::world::World;
use crate::world::scene::given;

#[test]
fn the_first_meeting_offers_advocacy() {
    let scene = || given(State::ReviewAgreed).when(Coordinator, Action::RecordFamilyContact);
    scene().set("/advocacy_offered", false).wrong("/advocacy_offered");
    for stage in ["not-contacted", "invited", "declined", "later"] {
        scene().set("/stage", stage).set("/advocacy_offered", false).accepted();
    }
    let offered = scene().set("/stage", "invited").accepted();
    offered
        .when(Coordinator, Action::RecordFamilyContact)
        .set("/advocacy_offered", false)
        .accepted();
}

#[test]
fn declining_never_closes_the_offer() {
    let declined = given(State::ReviewAgreed)
        .when(IndependentChair, Action::RecordFamilyContact)
        .set("/stage", "declined")
        .accepted();
    declined
        .when(IndependentChair, Action::RecordFamilyContact)
        .set("/stage", "engaged")
        .accepted();
}

#[test]
fn what_is_recorded_has_happened() {
    for action in [Action::RecordFamilyContact, Action::RecordCriminalCase, Action::RecordInquest] {
        given(State::Evidence).when(Coordinator, action).set_day("/on", 1).wrong("/on");
        given(State::Evidence).when(Coordinator, action).set_day("/on", -90).accepted();
    }
}

#[test]
fn a_review_is_held_once_at_a_time() {
    let held = || given(State::Evidence).after(&[(CspChair, Action::StartHold)]);
    held().when(CspChair, Action::StartHold).unmet();
    given(State::Evidence).when(CspChair, Action::ChangeHold).unmet();
    given(State::Evidence).when(CspChair, Action::EndHold).unmet();
    let ended = held().after(&[(CspChair, Action::EndHold)]);
    ended.clone().when(CspChair, Action::EndHold).unmet();
    ended.when(CspChair, Action::StartHold).accepted();
}

#[test]
fn a_hold_is_looked_at_again_after_it_starts() {
    let start = || given(State::Evidence).when(CspChair, Action::StartHold);
    let change = || {
        given(State::Evidence)
            .after(&[(CspChair, Action::StartHold)])
            .when(CspChair, Action::ChangeHold)
    };
    for scene in [start(), change()] {
        scene.clone().set_day("/review_on", -1).wrong("/review_on");
        scene.clone().set_day("/starts_on", 92).wrong("/review_on");
        scene.clone().set_day("/starts_on", 91).accepted();
        scene.clone().set_day("/report_target", -1).wrong("/report_target");
        let world = scene.set_day("/report_target", 333).accepted();
        assert_eq!(world.clock("report").target, world.day(333));
        assert_eq!(world.clock("report").original, "2027-07-31".parse().unwrap());
    }
    let end = || {
        given(State::Evidence)
            .after(&[(CspChair, Action::StartHold)])
            .when(CspChair, Action::EndHold)
    };
    end().set_day("/ended_on", 1).wrong("/ended_on");
    end().set_day("/report_target", -1).wrong("/report_target");
    assert!(!end().accepted().clock("hold-review").runs());
}

#[test]
fn access_is_given_case_by_case_only_to_those_who_come_from_outside() {
    let scene = |role: Role| {
        given(State::Evidence).when(Coordinator, Action::GrantAccess).set("/role", role.name())
    };
    for role in Role::ALL {
        if matches!(role, IndependentChair | PanelMember | Role::Specialist | FamilyAdvocate) {
            scene(*role).accepted();
        } else {
            scene(*role).wrong("/role");
        }
    }
    scene(PanelMember).set_day("/until", -1).wrong("/until");
    scene(PanelMember).set_day("/until", 0).accepted();
}

#[test]
fn access_ends_on_its_day_or_when_it_is_ended() {
    let scene = || given(State::Evidence).when(Coordinator, Action::EndAccess);
    scene().set("/actor", "nobody-1").unmet();
    scene().set("/role", "specialist").unmet();
    let ended = scene().accepted();
    assert!(!ended.clock("access/family-advocate-1").runs());
    ended.clone().when(Coordinator, Action::EndAccess).unmet();
    ended.when(FamilyAdvocate, Action::ReadDocument).not_found();
    let granted = given(State::Evidence)
        .when(Coordinator, Action::GrantAccess)
        .set_day("/until", 0)
        .accepted();
    granted.later(1).when(Coordinator, Action::EndAccess).unmet();
}

#[test]
fn each_access_is_of_one_person_in_one_role() {
    let grant = |world: World, person: &str, role: Role, until: i64| {
        let scene = world.when(Coordinator, Action::GrantAccess).set("/actor", person);
        scene.set("/role", role.name()).set_day("/until", until).accepted()
    };
    let held = |world: &World| {
        let grants = world.case().file.grants.iter().filter(|grant| !grant.ended);
        let mut held: Vec<_> = grants
            .filter(|grant| grant.actor.as_str().ends_with("-outside"))
            .map(|grant| (grant.actor.to_string(), grant.role, grant.until))
            .collect();
        held.sort();
        held
    };
    let row = |world: &World, person: &str, role: Role, until: i64| {
        (person.to_owned(), role, world.day(until))
    };
    let mut world = given(State::Evidence);
    for (person, role) in
        [("a-outside", PanelMember), ("a-outside", FamilyAdvocate), ("b-outside", PanelMember)]
    {
        world = grant(world, person, role, 30);
    }
    world = grant(world, "a-outside", PanelMember, 60);
    assert_eq!(
        held(&world),
        [
            row(&world, "a-outside", PanelMember, 60),
            row(&world, "a-outside", FamilyAdvocate, 30),
            row(&world, "b-outside", PanelMember, 30),
        ]
    );
    let end = world.when(Coordinator, Action::EndAccess).set("/actor", "a-outside");
    let world = end.set("/role", PanelMember.name()).accepted();
    assert_eq!(
        held(&world),
        [row(&world, "a-outside", FamilyAdvocate, 30), row(&world, "b-outside", PanelMember, 30),]
    );
}
