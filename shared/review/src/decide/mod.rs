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
mod stage;
mod system;
mod target;
mod tracks;

use chrono::{DateTime, NaiveDate, Utc};

use crate::act::{Action, Command, Event, Guard};
use crate::actor::Actor;
use crate::case::{Case, Document, Rules};
use crate::dates::london_date;
use crate::process::{Rule, rule};
use crate::refusal::Refusal;
use crate::sight::sight;
use crate::values::{AgencyId, CspId, DocumentRef, Reference};
use target::Target;

/// What a command comes to: events, or a refusal.
type Answer = Result<Vec<Event>, Refusal>;

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
    let permitted = rule.who.contains(&ask.actor.role);
    let forbidden = Refusal::Forbidden { action, role: ask.actor.role };
    let Some(case) = case else {
        let Command::Refer(form) = ask.command else { return Err(Refusal::NotFound) };
        return if permitted { intake::open(ask, form) } else { Err(forbidden) };
    };
    sight(case, ask.actor, ask.today()).ok_or(Refusal::NotFound)?;
    if !permitted {
        return Err(forbidden);
    }
    permit_item(case, ask)?;
    if !rule.from.contains(&case.state) {
        return Err(Refusal::WrongState { action, state: case.state });
    }
    check_version(case, ask, rule)?;
    stage::decide(case, ask)
}

/// An agency's people act on their own agency's items only; another's might as well not exist.
fn permit_item(case: &Case, ask: &Ask<'_>) -> Result<(), Refusal> {
    match Target::of(ask.command).owner(case) {
        Some(agency) if anothers(ask.actor, agency) => Err(Refusal::NotFound),
        Some(_) | None => Ok(()),
    }
}

/// Whether this is another agency than the one that an agency's person acts for.
fn anothers(actor: &Actor, agency: &AgencyId) -> bool {
    actor.role.is_of_agency() && actor.agency.as_ref() != Some(agency)
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
    Target::of(command).revision(case)
}

/// Refuses a field unless it is so.
fn field(so: bool, pointer: &str, sentence: &str) -> Result<(), Refusal> {
    if so { Ok(()) } else { Err(Refusal::field(pointer, sentence)) }
}

/// The most agencies that are asked in one act. What is recorded and owed for them goes into one
/// transaction, which has a hundred parts: for each agency three mails and its place on a list.
const AGENCIES_AT_ONCE: usize = 20;

/// Refuses to ask nobody, or more than go into one act.
fn asks_some(count: usize, with: Action) -> Result<(), Refusal> {
    field(count > 0, "/requests", "Ask at least one agency.")?;
    let sentence = format!(
        "Ask at most {AGENCIES_AT_ONCE} agencies in one act, then each of the others with {}.",
        with.name()
    );
    field(count <= AGENCIES_AT_ONCE, "/requests", &sentence)
}

/// Refuses because something must come first, unless it is so.
fn first(so: bool, sentence: &str) -> Result<(), Refusal> {
    if so { Ok(()) } else { Err(Refusal::unmet(sentence)) }
}

/// Refuses a day after today.
fn not_after(
    day: impl Into<Option<NaiveDate>>,
    today: NaiveDate,
    pointer: &str,
) -> Result<(), Refusal> {
    let so = day.into().is_none_or(|day| day <= today);
    field(so, pointer, "Enter today or an earlier day.")
}

/// Refuses a day before today.
fn not_before(
    day: impl Into<Option<NaiveDate>>,
    today: NaiveDate,
    pointer: &str,
) -> Result<(), Refusal> {
    let so = day.into().is_none_or(|day| day >= today);
    field(so, pointer, "Enter today or a later day.")
}

/// Refuses a document that is not on the case or is another agency's, that is not clean, or that
/// is another file than was meant.
fn clean(case: &Case, ask: &Ask<'_>, document: &DocumentRef, pointer: &str) -> Result<(), Refusal> {
    let held = case.file.documents.get(&document.document);
    let own = |held: &&Document| !held.agency.iter().any(|agency| anothers(ask.actor, agency));
    let held = held.filter(own).ok_or_else(|| {
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
