//! A mail that waited says only what is still so.

use review::act::Action;
use review::actor::Role;
use review::clock::ClockKey;
use review::deadlines::Deadline;
use review::notices::{Notice, Recipient};
use review::process::State;
use review::react::{Effect, still_true};
use review::values::{ActorId, AgencyId};

use crate::world::scene::given;
use crate::world::{World, at};
use crate::{all_effects, recipients};

fn last_of(world: &World, notice: Notice) -> Effect {
    all_effects(world).into_iter().rfind(|(_, effect)| effect.notice == notice).unwrap().1
}

fn is_true(world: &World, effect: &Effect) -> bool {
    still_true(world.case(), effect, world.today())
}

#[test]
fn a_reminder_is_true_while_its_clock_runs() {
    let mut world = World::in_state(State::ReadyToDecide, "2027-01-31T10:00:00Z");
    world.now = at("2027-02-21T09:00:00Z");
    world.sweep();
    let due = last_of(&world, Notice::DecisionDue);
    assert!(is_true(&world, &due));
    assert!(is_true(&world.clone().later(7), &due), "on the last day");
    assert!(!is_true(&world.clone().later(8), &due), "it is late now, not due");
    let decided = world.clone().after(&[(Role::CspChair, Action::AgreeReview)]);
    assert!(!is_true(&decided, &due));
    world.now = at("2027-03-01T09:00:00Z");
    world.sweep();
    let missed = last_of(&world, Notice::DecisionMissed);
    assert!(is_true(&world.clone().later(400), &missed));
    assert!(!is_true(&world.after(&[(Role::CspChair, Action::AgreeReview)]), &missed));
}

#[test]
fn a_reminder_is_true_while_its_date_stands() {
    let mut world = World::in_state(State::Evidence, "2027-01-31T10:00:00Z");
    world.now = at("2027-04-30T09:00:00Z");
    world.sweep();
    let due = last_of(&world, Notice::ReportDue);
    assert!(is_true(&world, &due));
    let agreed = |world: &World, days| {
        world
            .clone()
            .when(Role::CspChair, Action::AgreeReportDate)
            .set_day("/target", days)
            .accepted()
    };
    assert!(!is_true(&agreed(&world, 200), &due));
    let same = (world.clock("report").target - world.today()).num_days();
    assert!(is_true(&agreed(&world, same), &due));
    let held = world
        .clone()
        .when(Role::CspChair, Action::StartHold)
        .set_day("/report_target", 300)
        .accepted();
    assert!(!is_true(&held, &due));
    let left = Effect {
        clock: Some(ClockKey { deadline: Deadline::Report, item: Some("x".into()) }),
        ..due
    };
    assert!(!is_true(&world, &left), "there is no such clock");
}

#[test]
fn a_mail_to_a_person_is_true_while_the_person_has_access() {
    let world = given(State::Evidence);
    let to = |id: &str| Effect {
        to: Recipient::Actor(ActorId::parse(id).unwrap()),
        ..last_of(&world, Notice::AccessGranted)
    };
    let family = to("family-advocate-1");
    assert!(is_true(&world, &family));
    let ended = world.clone().after(&[(Role::Coordinator, Action::EndAccess)]);
    assert!(!is_true(&ended, &family));
    assert!(is_true(&ended, &to("chair-1")) && is_true(&ended, &to("referrer-1")));
    assert!(!is_true(&world, &to("stranger-1")));
    let short =
        world.clone().when(Role::Coordinator, Action::GrantAccess).set_day("/until", 3).accepted();
    assert!(is_true(&short.clone().later(3), &family));
    assert!(!is_true(&short.later(4), &family));
}

#[test]
fn a_mail_to_an_agency_is_true_while_the_agency_is_on_the_case() {
    let world = given(State::Scoping);
    let effect = last_of(&world, Notice::ScopingRequested);
    assert!(is_true(&world, &effect));
    let elsewhere = AgencyId::parse("sample-charity").unwrap();
    let to = Recipient::AgencyRole { agency: elsewhere, role: Role::AgencyContact };
    assert!(!is_true(&world, &Effect { to, ..effect.clone() }));
    for to in [Recipient::Role(Role::HomeOffice), recipients("duty:dpo").pop_first().unwrap()] {
        assert!(is_true(&world, &Effect { to, ..effect.clone() }));
    }
}
