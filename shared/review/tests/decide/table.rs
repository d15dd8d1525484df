//! The table, tried out: every role with every action in every state.

use std::collections::BTreeSet;

use review::act::{Action, Command, Guard};
use review::actor::{Actor, Role};
use review::decide::{Ask, decide};
use review::process::{Next, PROCESS, State, open_to};
use review::refusal::Refusal;
use review::sample;
use review::sight::sight;

use crate::world::scene::{NOW, elsewhere, given};
use crate::world::{World, actor};

/// Documents have rules of their own for who may do what with which.
const DOCUMENTS: &[Action] =
    &[Action::BeginUpload, Action::CompleteUpload, Action::AbandonUpload, Action::ReadDocument];

fn commands() -> Vec<Command> {
    Action::ALL.iter().map(|action| action.read(sample::body(*action)).unwrap()).collect()
}

fn asks(world: &World, actor: &Actor, command: &Command) -> Refusal {
    let case = world.case.as_ref();
    let if_match = case.map(|case| case.revision);
    let ask = Ask { actor, command, if_match, now: world.now, intake: None };
    decide(case, &ask).expect_err(command.action().name())
}

#[test]
fn a_role_outside_the_row_is_refused_in_every_state() {
    let commands = commands();
    for state in State::ALL {
        let world = given(*state);
        for (command, rule) in commands.iter().zip(PROCESS) {
            assert_eq!(command.action(), rule.action);
            for role in Role::ALL.iter().filter(|role| !rule.who.contains(role)) {
                let actor = actor(*role);
                let seen = sight(world.case(), &actor, world.today()).is_some();
                let refusal = asks(&world, &actor, command);
                let forbidden = Refusal::Forbidden { action: rule.action, role: *role };
                let expected = if seen { forbidden } else { Refusal::NotFound };
                assert_eq!(refusal, expected, "{} {}", rule.action.name(), role.name());
            }
        }
    }
}

#[test]
fn another_partnership_sees_no_case() {
    let commands = commands();
    for state in State::ALL {
        let world = given(*state);
        for command in &commands {
            for role in Role::ALL {
                let refusal = asks(&world, &elsewhere(*role), command);
                assert_eq!(refusal, Refusal::NotFound, "{}", command.action().name());
            }
        }
    }
}

#[test]
fn who_was_not_let_in_sees_no_case() {
    let world = World::in_state(State::Evidence, NOW);
    for role in [Role::IndependentChair, Role::PanelMember, Role::Specialist, Role::FamilyAdvocate]
    {
        let stranger = Actor { id: actor(Role::Commissioner).id, ..actor(role) };
        for command in &commands() {
            assert_eq!(asks(&world, &stranger, command), Refusal::NotFound);
        }
    }
}

#[test]
fn without_a_case_there_is_only_the_referral() {
    for (command, rule) in commands().iter().zip(PROCESS) {
        for role in Role::ALL {
            let expected = match (rule.action, rule.who.contains(role)) {
                (Action::Refer, true) => continue,
                (Action::Refer, false) => Refusal::Forbidden { action: rule.action, role: *role },
                (_, true | false) => Refusal::NotFound,
            };
            assert_eq!(asks(&World::new(NOW), &actor(*role), command), expected);
        }
    }
}

#[test]
fn every_referring_role_opens_a_case() {
    let refer = PROCESS.iter().find(|rule| rule.action == Action::Refer).unwrap();
    for role in refer.who {
        let mut world = World::new(NOW);
        world.does_with(*role, Action::Refer, sample::body(Action::Refer));
        assert_eq!(world.case().file.referrer, Some(actor(*role).id));
    }
}

#[test]
fn in_another_state_the_answer_is_the_state() {
    for state in State::ALL {
        let world = given(*state);
        for rule in PROCESS.iter().filter(|rule| !rule.from.contains(state)) {
            for role in rule.who {
                let scene = world.clone().asked(*role, rule.action);
                if sight(world.case(), &scene.actor, world.today()).is_some() {
                    scene.wrong_state();
                } else {
                    scene.not_found();
                }
            }
        }
    }
}

/// Every action is accepted from every role of its row, in every state of its row in which that
/// role sees the case; and only with the version that counts.
#[test]
fn every_row_is_accepted_as_it_stands() {
    let mut accepted = BTreeSet::new();
    let rows = PROCESS.iter().filter(|rule| !DOCUMENTS.contains(&rule.action));
    for (rule, state) in rows.flat_map(|rule| rule.from.iter().map(move |from| (rule, from))) {
        let world = given(*state).prepared(rule.action);
        for role in rule.who {
            let scene = world.clone().when(*role, rule.action);
            if sight(scene.world.case(), &scene.actor, scene.world.today()).is_none() {
                scene.not_found();
                continue;
            }
            match scene.revision() {
                None => assert_eq!(rule.action.guard(), Guard::Adds),
                Some(current) => {
                    assert_eq!(scene.refused_at_version(None), Refusal::NoVersion);
                    assert_eq!(scene.refused_at_version(Some(current + 1)), Refusal::Stale);
                    assert_eq!(scene.refused_at_version(Some(current - 1)), Refusal::Stale);
                }
            }
            let after = scene.accepted();
            if rule.next == Next::Stay {
                assert_eq!(after.state(), *state, "{}", rule.action.name());
            }
            accepted.insert((rule.action, *role));
        }
    }
    for rule in PROCESS.iter().filter(|rule| rule.action != Action::Refer) {
        for role in rule.who.iter().filter(|_| !DOCUMENTS.contains(&rule.action)) {
            let name = rule.action.name();
            assert!(accepted.contains(&(rule.action, *role)), "{name} by {}", role.name());
        }
    }
}

#[test]
fn a_referral_of_a_case_that_is_open_is_refused() {
    given(State::Referred).asked(Role::Referrer, Action::Refer).wrong_state();
}

#[test]
fn what_is_open_to_a_role_is_what_decide_lets_through() {
    let commands = commands();
    for state in State::ALL {
        let world = given(*state);
        for role in Role::ALL {
            let open: BTreeSet<_> = open_to(*role, *state).collect();
            for command in commands.iter().filter(|it| it.action() != Action::Refer) {
                let actor = actor(*role);
                let (if_match, now, intake) = (None, world.now, None);
                let ask = Ask { actor: &actor, command, if_match, now, intake };
                let barred = matches!(
                    decide(world.case.as_ref(), &ask),
                    Err(Refusal::Forbidden { .. } | Refusal::WrongState { .. })
                );
                assert!(!(barred && open.contains(&command.action())));
            }
        }
    }
}
