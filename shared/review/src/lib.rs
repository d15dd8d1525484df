//! The domain of a Domestic Homicide Review: no I/O, no clock, no async.
//!
//! Read in this order: [`process`] (who may do what, when), [`deadlines`] (what is owed by
//! when), [`notices`] (who is told), [`case`] (what is known now), then the four functions:
//! [`decide()`] turns a command into events or a [`Refusal`], [`evolve()`] applies an event,
//! [`react()`] names the mail an event causes, [`due()`] finds what time has made true.

#![warn(clippy::wildcard_enum_match_arm)]

#[macro_use]
mod record;

mod about;
pub mod act;
pub mod actor;
pub mod administration;
pub mod case;
pub mod clock;
pub mod dates;
pub mod deadlines;
pub mod decide;
pub mod due;
pub mod eligibility;
pub mod event;
pub mod evolve;
pub mod notices;
pub mod process;
pub mod react;
pub mod records;
pub mod refusal;
pub mod sample;
pub mod sight;
pub mod values;

pub use act::{Action, Command, Event, EventKind, Guard, Via};
pub use actor::{Actor, Agency, Role};
pub use case::Case;
pub use decide::{Ask, decide};
pub use due::{due, next_due};
pub use event::Recorded;
pub use evolve::evolve;
pub use process::{PROCESS, State};
pub use react::react;
pub use refusal::Refusal;
