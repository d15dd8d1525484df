//! Turns a command into events, or refuses it with a sentence. The table is asked first;
//! what only the record can show is checked after, one file per stage.

mod actions;
mod decision;
pub mod documents;
mod evidence;
mod intake;
mod panel;
mod publication;
mod quality;
mod system;
mod tracks;

use chrono::{DateTime, NaiveDate, Utc};

use crate::act::{Command, Event, Guard};
use crate::actor::{Actor, Role};
use crate::case::{Case, Rules};
use crate::dates::london_date;
use crate::process::{Rule, rule};
use crate::refusal::Refusal;
use crate::sight::sight;
use crate::values::{AgencyId, CspId, DocumentRef, Reference};

/// Someone asks for something.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// What.
    pub command: &'a Command,
    /// The revision they have read.
    pub if_match: Option<u64>,
    /// When.
    pub now: DateTime<Utc>,
    /// What a new case starts with; only for a referral.
    pub intake: Option<&'a Intake>,
}

/// What a new case starts with and the domain cannot make: randomness and settings.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The reference drawn for it.
    pub reference: Reference,
    /// The partnership.
    pub csp: CspId,
    /// The rules in force there.
    pub rules: Rules,
    /// Keyed hashes of (name, date of death).
    pub match_keys: Vec<String>,
}

impl Ask<'_> {
    /// Today in London.
    pub(crate) fn today(&self) -> NaiveDate {
        london_date(self.now)
    }
}

/// Decides a command.
///
/// # Errors
/// The first of: no such case for this actor, role may not, state does not allow, version
/// missing or stale, fields that cannot be so, something else must come first.
pub fn decide(case: Option<&Case>, ask: &Ask<'_>) -> Result<Vec<Event>, Refusal> {
    let action = ask.command.action();
    let rule = rule(action).ok_or(Refusal::NotFound)?;
    let forbidden = Refusal::Forbidden { action, role: ask.actor.role };
    if rule.from.is_empty() {
        return match (case, rule.who.contains(&ask.actor.role)) {
            (None, true) => intake::open(ask),
            (None, false) => Err(forbidden),
            (Some(case), true | false) => Err(Refusal::WrongState { action, state: case.state }),
        };
    }
    let case = case.ok_or(Refusal::NotFound)?;
    sight(case, ask.actor, ask.today()).ok_or(Refusal::NotFound)?;
    if !rule.who.contains(&ask.actor.role) {
        return Err(forbidden);
    }
    permit_item(case, ask)?;
    if !rule.from.contains(&case.state) {
        return Err(Refusal::WrongState { action, state: case.state });
    }
    check_version(case, ask, rule)?;
    stage(case, ask)
}

fn stage(case: &Case, ask: &Ask<'_>) -> Result<Vec<Event>, Refusal> {
    intake::decide(case, ask)
        .or_else(|| decision::decide(case, ask))
        .or_else(|| panel::decide(case, ask))
        .or_else(|| evidence::decide(case, ask))
        .or_else(|| quality::decide(case, ask))
        .or_else(|| publication::decide(case, ask))
        .or_else(|| actions::decide(case, ask))
        .or_else(|| tracks::decide(case, ask))
        .or_else(|| documents::decide(case, ask))
        .or_else(|| system::decide(case, ask))
        .unwrap_or(Err(Refusal::NotFound))
}

/// An agency's people act on their own agency's items only; another's might as well not exist.
fn permit_item(case: &Case, ask: &Ask<'_>) -> Result<(), Refusal> {
    let bound = matches!(
        ask.actor.role,
        Role::Police | Role::AgencyContact | Role::ImrAuthor | Role::AgencySenior
    );
    let owner = match ask.command {
        Command::SubmitImr(record) => Some(&record.agency),
        Command::SignOffImr(record) => Some(&record.agency),
        Command::RecordScopingReturn(record) => record.agency.as_ref(),
        Command::UpdateAction(record) => actions::lead(case, &record.id),
        Command::CompleteAction(record) => actions::lead(case, &record.id),
        _ => None,
    };
    match owner {
        Some(agency) if bound && ask.actor.agency.as_ref() != Some(agency) => {
            Err(Refusal::NotFound)
        }
        Some(_) | None => Ok(()),
    }
}

fn check_version(case: &Case, ask: &Ask<'_>, rule: &Rule) -> Result<(), Refusal> {
    let current = match rule.action.guard() {
        Guard::Adds => return Ok(()),
        Guard::Case => case.revision,
        Guard::Item => item_revision(case, ask.command).ok_or(Refusal::NotFound)?,
    };
    match ask.if_match {
        None => Err(Refusal::NoVersion),
        Some(seen) if seen == current => Ok(()),
        Some(_) => Err(Refusal::Stale),
    }
}

/// The revision of the IMR or action that a command changes, if there is such an item.
#[must_use]
pub fn item_revision(case: &Case, command: &Command) -> Option<u64> {
    let imr = |agency: &AgencyId| case.file.imrs.get(agency).map(|imr| imr.revision);
    match command {
        Command::SubmitImr(record) => imr(&record.agency),
        Command::SignOffImr(record) => imr(&record.agency),
        Command::QualityCheckImr(record) => imr(&record.agency),
        Command::AcceptImr(record) => imr(&record.agency),
        Command::ReturnImr(record) => imr(&record.agency),
        Command::WaiveImr(record) => imr(&record.agency),
        Command::UpdateAction(record) => {
            case.file.actions.get(&record.id).map(|item| item.revision)
        }
        Command::CompleteAction(record) => {
            case.file.actions.get(&record.id).map(|item| item.revision)
        }
        Command::CloseAction(record) => case.file.actions.get(&record.id).map(|item| item.revision),
        _ => None,
    }
}

/// One event, accepted.
fn happened(event: Event) -> Option<Result<Vec<Event>, Refusal>> {
    Some(Ok(vec![event]))
}

/// The event, if the checks pass.
fn checked(
    checks: Result<(), Refusal>,
    event: impl FnOnce() -> Event,
) -> Option<Result<Vec<Event>, Refusal>> {
    Some(checks.map(|()| vec![event()]))
}

/// Refuses a field unless it is so.
fn field(so: bool, pointer: &str, sentence: &str) -> Result<(), Refusal> {
    if so { Ok(()) } else { Err(Refusal::field(pointer, sentence)) }
}

/// Refuses because something must come first, unless it is so.
fn first(so: bool, sentence: &str) -> Result<(), Refusal> {
    if so { Ok(()) } else { Err(Refusal::unmet(sentence)) }
}

/// Refuses a day after today.
fn not_after(day: NaiveDate, today: NaiveDate, pointer: &str) -> Result<(), Refusal> {
    field(day <= today, pointer, "Enter today or an earlier day.")
}

/// Refuses a day before today.
fn not_before(day: NaiveDate, today: NaiveDate, pointer: &str) -> Result<(), Refusal> {
    field(day >= today, pointer, "Enter today or a later day.")
}

/// Refuses a document that is not on the case, not clean, or another file than was meant.
fn clean(case: &Case, document: &DocumentRef, pointer: &str) -> Result<(), Refusal> {
    let held = case.file.documents.get(&document.document);
    let held = held.ok_or_else(|| {
        Refusal::field(
            &format!("{pointer}/document"),
            "This case has no such document; upload it first.",
        )
    })?;
    let content = held.clean().ok_or_else(|| {
        Refusal::field(
            &format!("{pointer}/document"),
            "This document cannot be used until the malware scan has found it clean.",
        )
    })?;
    field(
        content.hash == document.hash,
        &format!("{pointer}/hash"),
        "The file is not the one this hash belongs to; read it again and use its hash.",
    )
}
