//! People who do whatever they may, in any order and at any pace.

use chrono::TimeDelta;
use review::act::{Action, Via};
use review::actor::Role;
use review::process::open_to;

use super::{World, actor};

/// Roles that a walk plays.
const PLAYERS: &[Role] = &[
    Role::CspChair,
    Role::Coordinator,
    Role::IndependentChair,
    Role::ImrAuthor,
    Role::AgencySenior,
    Role::HomeOffice,
    Role::AgencyContact,
    Role::DecisionSubgroup,
    Role::Referrer,
];

/// A case after these choices among what was possible, each so many hours after the last.
pub fn walk(choices: &[(u16, u16)]) -> World {
    let mut world = World::referred("2027-01-31T10:00:00Z");
    for (choice, hours) in choices {
        world.now += TimeDelta::hours(i64::from(*hours));
        world.sweep();
        let state = world.state();
        let open: Vec<_> = PLAYERS
            .iter()
            .flat_map(|role| open_to(*role, state).map(move |action| (*role, action)))
            .filter(|(_, action)| action.via() == Via::Actions && *action != Action::Transfer)
            .collect();
        if let Some((role, action)) = open.get(usize::from(*choice) % open.len().max(1)) {
            let body = world.body(*action);
            let before = world.clone();
            if world.tries(&actor(*role), *action, body).is_err() {
                assert_eq!(world.case, before.case, "a refusal changes nothing");
            }
        }
    }
    world
}
