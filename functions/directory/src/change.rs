//! What every change of the directory has in common: who may, what is remembered, and that it
//! is decided again when something it rested on was changed meanwhile.

use cloud::store::Unchanged;
use edge::identity::Unclear;
use edge::{Gate, Kind, Problem, Request, path};
use review::Actor;
use review::administration::{Change, Changed, Deed, Over, may};
use review::values::ActorId;

/// How often a change is decided before the answer is that others are faster.
pub(crate) const ATTEMPTS: usize = 4;

/// Entries on a page unless the request says otherwise.
const PAGE: u16 = 25;
/// Entries on a page at most.
const LARGEST_PAGE: u16 = 100;

/// Why one attempt came to nothing.
pub(crate) enum Stopped {
    /// It is refused.
    Refused(Problem),
    /// Something it rested on was changed meanwhile.
    Contended,
}

impl<P: Into<Problem>> From<P> for Stopped {
    fn from(problem: P) -> Self {
        Self::Refused(problem.into())
    }
}

/// What the store says of a change, to the person who asked for it.
pub(crate) fn stopped(unchanged: Unchanged) -> Stopped {
    match unchanged {
        Unchanged::Contended => Stopped::Contended,
        Unchanged::NoAgency => {
            Problem::field("/agency", "Name an agency of this partnership, or add it first.").into()
        }
        Unchanged::Fault(fault) => Problem::from(fault).into(),
    }
}

/// The refusal when every attempt was overtaken.
pub(crate) fn overtaken() -> Problem {
    Problem::new(Kind::Conflict, "Others are changing the directory too. Try again.")
}

/// Who asks, if the role may do this to the partnership.
pub(crate) async fn entitled(gate: &Gate, request: &Request, deed: Deed) -> Result<Actor, Problem> {
    let actor = gate.actor(request.headers()).await?;
    if may(actor.role, deed, Over::Partnership) { Ok(actor) } else { Err(forbidden(&actor)) }
}

/// The refusal of a role.
pub(crate) fn forbidden(actor: &Actor) -> Problem {
    let role = actor.role.name();
    Problem::new(
        Kind::Forbidden,
        format!(
            "Acting as {role}, you cannot do this in the directory. If you have another role, name it."
        ),
    )
}

/// The version of the membership that someone acts by, which must be the same when the change
/// is written: who was suspended meanwhile changes nothing any more.
pub(crate) async fn standing(gate: &Gate, actor: &Actor) -> Result<(ActorId, u64), Problem> {
    gate.cloud
        .store
        .enrolled(&actor.csp, &actor.id)
        .await?
        .filter(|own| own.membership.active && own.membership.roles.contains(&actor.role))
        .map(|own| (actor.id.clone(), own.version))
        .ok_or_else(|| Unclear::Outsider.into())
}

/// The record of an act.
pub(crate) fn record(gate: &Gate, actor: &Actor, deeds: Vec<Deed>, about: Changed) -> Change {
    let at = gate.cloud.clock.now();
    Change { at, by: actor.id.clone(), role: actor.role, deeds, about }
}

/// How many entries a request asks for.
pub(crate) fn page_size(request: &Request) -> Result<u16, Problem> {
    match path::parameter(request, "limit") {
        None => Ok(PAGE),
        Some(text) => {
            text.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit)).ok_or_else(|| {
                Problem::new(Kind::Header, format!("Ask for a limit from 1 to {LARGEST_PAGE}."))
            })
        }
    }
}
