//! The whole review on one page. `decide` looks here first: no transition and no permission
//! exists anywhere else, and no row has a wildcard for its next state.

mod states;
mod table;

pub use states::State;
pub use table::PROCESS;

use crate::act::Action;
use crate::actor::Role;

/// Where a permitted act leaves the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// In this state.
    To(State),
    /// Where it was.
    Stay,
}

/// One permitted act.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What may be done.
    pub action: Action,
    /// In which states; empty for the act that creates a case.
    pub from: &'static [State],
    /// By whom.
    pub who: &'static [Role],
    /// Where it leads.
    pub next: Next,
    /// Why it is so: the row of the process it belongs to and its source.
    pub source: &'static str,
}

/// The row of an action; every action has exactly one (a test holds that).
#[must_use]
pub fn rule(action: Action) -> Option<&'static Rule> {
    PROCESS.iter().find(|rule| rule.action == action)
}

/// What a role may do in a state, in the order of the process.
pub fn open_to(role: Role, state: State) -> impl Iterator<Item = Action> {
    PROCESS
        .iter()
        .filter(move |rule| rule.who.contains(&role) && rule.from.contains(&state))
        .map(|rule| rule.action)
}
