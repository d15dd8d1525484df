//! An event as it is kept: an envelope that says what happened without saying anything of a
//! person, and the record, which disposal may erase.

use chrono::{DateTime, Utc};

use crate::act::Guard;
use crate::act::{Event, EventKind};
use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::evolve::evolve;
use crate::process::{Next, State, rule};
use crate::values::{ActorId, AgencyId, CspId, Reference};

record! {
    /// Who, when, what and from where to where. Holds no personal data of anyone in the case.
    pub struct Envelope {
        /// The partnership.
        pub csp: CspId,
        /// The case.
        pub reference: Reference,
        /// Place in the case's history, from 1.
        pub seq: u64,
        /// When, UTC.
        pub at: DateTime<Utc>,
        /// Who.
        pub actor: ActorId,
        /// In which role.
        pub role: Role,
        /// For which agency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// What.
        pub kind: EventKind,
        /// The state before; absent for the first event.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<State>,
        /// The state after.
        pub to: State,
        /// The case's revision after.
        pub revision: u64,
    }
}

/// An event of a case's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The part that is never erased.
    pub envelope: Envelope,
    /// The record; absent once it was lawfully erased.
    pub body: Option<Event>,
}

/// Applies events in order, giving each its envelope.
///
/// The first event of a new case must be `Opened`; any other start is a programming error and
/// yields no case.
#[must_use]
pub fn apply(
    case: Option<Case>,
    events: Vec<Event>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Option<(Case, Vec<Recorded>)> {
    let mut case = case;
    let mut history = Vec::with_capacity(events.len());
    for event in events {
        let recorded = record(case.as_ref(), event, actor, now)?;
        case = evolve(case, &recorded);
        history.push(recorded);
    }
    case.map(|case| (case, history))
}

fn record(
    case: Option<&Case>,
    event: Event,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Option<Recorded> {
    let kind = event.kind();
    let (csp, reference) = match (case, &event) {
        (Some(case), _) => (case.csp.clone(), case.reference.clone()),
        (None, Event::Opened(opening)) => (opening.csp.clone(), opening.reference.clone()),
        (None, _) => return None,
    };
    let from = case.map(|case| case.state);
    let action = kind.caused_by();
    let to = match (action.and_then(rule).map(|rule| rule.next), from) {
        (Some(Next::To(state)), _) | (Some(Next::Stay) | None, Some(state)) => state,
        (Some(Next::Stay) | None, None) => return None,
    };
    let moves = action.is_some_and(|action| action.guard() == Guard::Case);
    let envelope = Envelope {
        csp,
        reference,
        seq: case.map_or(0, |case| case.seq) + 1,
        at: now,
        actor: actor.id.clone(),
        role: actor.role,
        agency: actor.agency.clone(),
        kind,
        from,
        to,
        revision: case.map_or(1, |case| case.revision + u64::from(moves)),
    };
    Some(Recorded { envelope, body: Some(event) })
}
