//! Who sees how much of a case, when; and that everyone who sees it finds it in a list.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;
use review::act::Action;
use review::actor::{Actor, Role};
use review::case::Case;
use review::process::State::{self, *};
use review::sample;
use review::sight::{Sight, audience_keys, audiences, sight};
use review::values::{ActorId, AgencyId};
use serde_json::json;
use world::scene::{NOW, at_agency, elsewhere, given};
use world::walk::walk;
use world::{World, actor};

const BY_CASE: [Role; 4] =
    [Role::IndependentChair, Role::PanelMember, Role::Specialist, Role::FamilyAdvocate];

const BEFORE_DECISION: &[State] = &[Referred, Scoping, ReadyToDecide];
const UNDECIDED: &[State] = &[Referred, Transferred, Scoping, ReadyToDecide];
const UNASKED: &[State] = &[Referred, Transferred];
const SUBMITTED: &[State] = &[
    HoSubmitted,
    QaConsidered,
    QaApproved,
    QaApprovedWithChanges,
    QaResubmit,
    ChangesDone,
    PrePublication,
    Published,
    PublicationDeferred,
    Withheld,
    Redacted,
    Concluded,
];
const COMPLETED: &[State] = &[
    QaApproved,
    ChangesDone,
    PrePublication,
    Published,
    PublicationDeferred,
    Withheld,
    Redacted,
    Concluded,
];

/// What the sample person of a role sees of a case in a state; one line per role.
fn expected(role: Role, state: State) -> Option<Sight> {
    let health = || Sight::Agency(AgencyId::parse("sample-health").unwrap());
    let police = || Sight::Agency(AgencyId::parse("sample-police").unwrap());
    let kept = state != Disposed;
    match role {
        Role::CspChair | Role::Coordinator | Role::System => Some(Sight::Whole),
        Role::Administrator => None,
        Role::DecisionSubgroup => BEFORE_DECISION.contains(&state).then_some(Sight::Intake),
        Role::Referrer => kept.then_some(Sight::OwnReferral),
        Role::Police => (kept && !UNASKED.contains(&state)).then(police),
        Role::AgencyContact | Role::ImrAuthor | Role::AgencySenior => {
            (kept && !UNASKED.contains(&state)).then(health)
        }
        Role::IndependentChair => kept.then_some(Sight::Whole),
        Role::PanelMember | Role::Specialist => kept.then_some(Sight::Panel),
        Role::FamilyAdvocate => kept.then_some(Sight::Family),
        Role::HomeOffice => (kept && !UNDECIDED.contains(&state)).then_some(Sight::Submission),
        Role::QaMember => SUBMITTED.contains(&state).then_some(Sight::Submission),
        Role::Commissioner | Role::Pcc => COMPLETED.contains(&state).then_some(Sight::FinalPack),
    }
}

fn seen(world: &World, actor: &Actor) -> Option<Sight> {
    sight(world.case(), actor, world.today())
}

#[test]
fn each_role_sees_its_part_in_each_state() {
    for state in State::ALL {
        let world = given(*state);
        for role in Role::ALL {
            let sees = seen(&world, &actor(*role));
            assert_eq!(sees, expected(*role, *state), "{} in {}", role.name(), state.name());
        }
    }
}

#[test]
fn another_partnership_sees_nothing() {
    for state in State::ALL {
        let world = given(*state);
        for role in Role::ALL {
            assert_eq!(seen(&world, &elsewhere(*role)), None, "{}", role.name());
        }
    }
}

#[test]
fn who_is_let_in_case_by_case_sees_nothing_otherwise() {
    for role in BY_CASE {
        let referred = World::referred(NOW);
        assert_eq!(seen(&referred, &actor(role)), None);
        let stranger = Actor { id: ActorId::parse("stranger-1").unwrap(), ..actor(role) };
        assert_eq!(seen(&given(Evidence), &stranger), None);
    }
}

#[test]
fn access_is_in_the_role_it_was_given_in() {
    let world = given(Evidence);
    for role in BY_CASE {
        for other in BY_CASE.into_iter().filter(|other| *other != role) {
            let acting = Actor { id: actor(role).id, ..actor(other) };
            assert_eq!(seen(&world, &acting), None, "{} as {}", role.name(), other.name());
        }
    }
}

#[test]
fn access_ends_after_its_last_day_or_when_it_is_ended() {
    for role in BY_CASE {
        let id = actor(role).id;
        let grant = json!({ "actor": id, "role": role.name(), "until": "2027-02-28" });
        let mut world = World::referred(NOW);
        world.does_with(Role::Coordinator, Action::GrantAccess, grant);
        let on = |day: &str| sight(world.case(), &actor(role), world::day(day)).is_some();
        assert!(on("2027-02-28") && !on("2027-03-01"), "{}", role.name());
        let end = json!({ "actor": id, "role": role.name(), "reason": "Another does it." });
        let mut ended = world.clone();
        ended.does_with(Role::Coordinator, Action::EndAccess, end);
        assert_eq!(seen(&ended, &actor(role)), None, "{}", role.name());
    }
}

#[test]
fn the_chairs_access_ends_with_the_contract_and_the_panels_with_its_term() {
    let world = World::in_state(Evidence, NOW);
    for role in [Role::IndependentChair, Role::PanelMember, Role::Specialist] {
        assert!(seen(&world.clone().later(91), &actor(role)).is_some());
        assert_eq!(seen(&world.clone().later(92), &actor(role)), None, "{}", role.name());
    }
}

#[test]
fn an_agency_sees_a_case_it_is_on_and_no_more_than_its_own() {
    let world = given(Scoping).after(&[(Role::Coordinator, Action::AddAction)]);
    for role in [Role::Police, Role::AgencyContact, Role::ImrAuthor, Role::AgencySenior] {
        for agency in ["sample-police", "sample-health", "sample-council"] {
            let own = Sight::Agency(AgencyId::parse(agency).unwrap());
            assert_eq!(seen(&world, &at_agency(role, agency)), Some(own));
        }
        assert_eq!(seen(&world, &at_agency(role, "sample-charity")), None);
        assert_eq!(seen(&world, &Actor { agency: None, ..actor(role) }), None);
    }
    let lead = world
        .asked(Role::Coordinator, Action::AddAction)
        .set("/id", "action-2")
        .set("/lead", "sample-charity")
        .accepted();
    assert!(seen(&lead, &at_agency(Role::AgencySenior, "sample-charity")).is_some());
}

#[test]
fn an_agency_that_referred_sees_its_receipt_until_it_is_asked() {
    let mut world = World::new(NOW);
    world.does_with(Role::AgencyContact, Action::Refer, sample::body(Action::Refer));
    assert_eq!(seen(&world, &actor(Role::AgencyContact)), Some(Sight::OwnReferral));
    assert_eq!(seen(&world, &at_agency(Role::AgencyContact, "sample-health")), None, "a colleague");
    world.goes_to(Scoping);
    assert!(matches!(seen(&world, &actor(Role::AgencyContact)), Some(Sight::Agency(_))));
}

/// Everyone who might look: each role as its sample person, as others and as the referrer.
fn everyone() -> Vec<Actor> {
    let referrer = actor(Role::Referrer).id;
    let mut all = Vec::new();
    for role in Role::ALL {
        all.push(actor(*role));
        all.push(elsewhere(*role));
        all.push(Actor { id: referrer.clone(), ..actor(*role) });
        all.push(Actor { agency: None, ..actor(*role) });
        all.extend(BY_CASE.map(|other| Actor { id: actor(other).id, ..actor(*role) }));
        all.extend(
            ["sample-police", "sample-council", "sample-charity"].map(|it| at_agency(*role, it)),
        );
    }
    all
}

fn unlisted(case: &Case, today: chrono::NaiveDate) -> Vec<Actor> {
    let keys = audiences(case);
    let listed = |actor: &Actor| audience_keys(actor).iter().any(|key| keys.contains(key));
    let sees = |actor: &Actor| sight(case, actor, today).is_some();
    everyone().into_iter().filter(|actor| sees(actor) && !listed(actor)).collect()
}

#[test]
fn whoever_sees_a_case_finds_it() {
    for state in State::ALL {
        for world in [given(*state), World::in_state(*state, NOW)] {
            assert_eq!(unlisted(world.case(), world.today()), [], "{}", state.name());
        }
    }
    for role in [Role::Police, Role::AgencyContact, Role::Coordinator, Role::CspChair] {
        let mut world = World::new(NOW);
        world.does_with(role, Action::Refer, sample::body(Action::Refer));
        assert_eq!(unlisted(world.case(), world.today()), []);
    }
}

#[test]
fn an_administrator_and_another_partnerships_lists_find_nothing() {
    assert_eq!(audience_keys(&actor(Role::Administrator)), Vec::<String>::new());
    for state in State::ALL {
        let case = given(*state).case.unwrap();
        let known: BTreeSet<_> = everyone().iter().flat_map(audience_keys).collect();
        for key in audiences(&case) {
            assert!(known.contains(&key), "{key} is nobody's list");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_whoever_sees_a_case_finds_it(choices in proptest::collection::vec((any::<u16>(), 0_u16..900), 1..120)) {
        let world = walk(&choices);
        let mut listed = BTreeSet::new();
        world.history.iter().fold(None, |case, recorded| {
            let case = review::evolve(case, recorded).unwrap();
            let today = review::dates::london_date(recorded.envelope.at);
            assert_eq!(unlisted(&case, today), []);
            let keys = audiences(&case);
            assert!(case.state == Disposed || keys.is_superset(&listed), "a list lost the case");
            listed = keys;
            Some(case)
        });
    }
}
