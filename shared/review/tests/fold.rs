//! Whatever people do, the case is what its events say.
#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use proptest::prelude::*;
use review::actor::Role;
use review::event::Recorded;
use review::process::{PROCESS, State, open_to};
use review::{evolve, next_due};
use world::World;
use world::walk::walk;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_the_events_gives_the_case(choices in proptest::collection::vec((any::<u16>(), 0_u16..900), 1..160)) {
        let mut world = walk(&choices);
        world.sweep();
        prop_assert_eq!(world.folded(), world.case.clone());
        for (place, recorded) in world.history.iter().enumerate() {
            prop_assert_eq!(recorded.envelope.seq, place as u64 + 1);
        }
        let pairs = world.history.windows(2);
        for pair in pairs {
            prop_assert_eq!(pair[1].envelope.from, Some(pair[0].envelope.to));
            prop_assert!(pair[0].envelope.revision <= pair[1].envelope.revision);
        }
        if let Some(due) = next_due(world.case()) {
            prop_assert!(due > world.now || !world.case().file.matched, "a sweep leaves nothing due");
        }
        let stored = serde_json::to_string(world.case()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<review::Case>(&stored).unwrap(), world.case());
    }

    #[test]
    fn an_erased_history_still_tells_the_skeleton(choices in proptest::collection::vec((any::<u16>(), 0_u16..900), 1..60)) {
        let mut world = walk(&choices);
        let erased = world.history.iter().map(|recorded| Recorded { body: None, ..recorded.clone() });
        let case = erased.fold(None, |case, recorded| evolve(case, &recorded)).unwrap();
        let whole = world.case.take().unwrap();
        prop_assert_eq!(case.state, whole.state);
        prop_assert_eq!((case.seq, case.revision), (whole.seq, whole.revision));
        prop_assert_eq!((case.opened_at, case.changed_at), (whole.opened_at, whole.changed_at));
    }
}

#[test]
fn the_spine_reaches_conclusion_and_folds() {
    let world = World::in_state(State::Concluded, "2027-01-31T10:00:00Z");
    assert_eq!(world.folded(), world.case);
    assert!(world.history.len() > 25);
}

#[test]
fn no_role_acts_outside_its_row() {
    for state in State::ALL {
        for rule in PROCESS {
            for role in Role::ALL {
                let open = open_to(*role, *state).any(|action| action == rule.action);
                assert_eq!(open, rule.who.contains(role) && rule.from.contains(state));
            }
        }
    }
}
