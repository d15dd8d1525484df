//! Who is told of an event. Pure: it names recipients, the directory knows addresses.

use chrono::NaiveDate;

use crate::about::{Subject, about};
use crate::act::Event;
use crate::actor::Role;
use crate::case::Case;
use crate::clock::{ClockKey, Step};
use crate::deadlines::{Deadline, row};
use crate::event::Recorded;
use crate::notices::{NOTICES, Notice, Recipient, To};
use crate::records::Reminder;
use crate::values::{ActorId, AgencyId};

record! {
    /// One e-mail that is owed.
    pub struct Effect {
        /// What it says.
        pub notice: Notice,
        /// To whom.
        pub to: Recipient,
        /// The date it states.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due_on: Option<NaiveDate>,
        /// The clock it is about; the mail is true only while that clock runs to that date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub clock: Option<ClockKey>,
        /// The step of that clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<Step>,
        /// The item it is about: an agency, an action, a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item: Option<String>,
    }
}

impl Effect {
    /// Whether it is the same letter as another of the same event, to other people. Someone whom
    /// both reach wants it once. An office is not a person and has a mailbox of its own.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let office = |effect: &Self| matches!(effect.to, Recipient::Duty(_));
        let Self { notice, to: _, due_on, clock, step, item } = self;
        !office(self)
            && !office(other)
            && (notice, due_on, clock) == (&other.notice, &other.due_on, &other.clock)
            && (step, item) == (&other.step, &other.item)
    }
}

/// The e-mails an event causes. `case` is the case with the event applied.
#[must_use]
pub fn react(case: &Case, recorded: &Recorded) -> Vec<Effect> {
    let Some(event) = &recorded.body else { return vec![] };
    if let Event::Reminded(reminder) = event {
        return reminded(case, reminder);
    }
    let subjects: Vec<_> = about(event).subjects.into_iter().map(|(subject, _)| subject).collect();
    NOTICES
        .iter()
        .filter(|row| row.on == event.kind())
        .flat_map(|row| {
            let effect = |(to, subject): Found<'_>| Effect {
                notice: row.notice,
                to,
                due_on: due_on(case, row.states, subject),
                clock: None,
                step: None,
                item: subject.map(|subject| subject.id().to_owned()),
            };
            find(case, row.to, &subjects).into_iter().map(effect).collect::<Vec<_>>()
        })
        .collect()
}

fn reminded(case: &Case, reminder: &Reminder) -> Vec<Effect> {
    let Some(row) = row(case.deadline_table(), reminder.clock.deadline) else { return vec![] };
    let (notice, to) = match (reminder.step, row.reminder, row.missed) {
        (Step::Before(_), Some((notice, to)), _) => (notice, to.to_vec()),
        (Step::Missed, _, Some((notice, lists))) => (notice, joined(lists, 0)),
        (Step::Again(n), _, Some((notice, lists))) => (notice, joined(lists, n)),
        (Step::Before(_), None, _) | (Step::Missed | Step::Again(_), _, None) => return vec![],
    };
    let subjects: Vec<_> = Subject::of_clock(&reminder.clock).into_iter().collect();
    find(case, &to, &subjects)
        .into_iter()
        .map(|(to, _)| Effect {
            notice,
            to,
            due_on: Some(reminder.due_on),
            clock: Some(reminder.clock.clone()),
            step: Some(reminder.step),
            item: reminder.clock.item.clone(),
        })
        .collect()
}

/// The lists told by the n-th repetition: each repetition brings in one list more.
fn joined(lists: &[&[To]], n: u32) -> Vec<To> {
    let count = usize::try_from(n).unwrap_or(usize::MAX).saturating_add(1);
    lists.iter().take(count).flat_map(|list| list.iter().copied()).collect()
}

/// A recipient and the subject that the mail is about, if it is about one of several.
type Found<'s> = (Recipient, Option<&'s Subject>);

fn find<'s>(case: &Case, to: &[To], subjects: &'s [Subject]) -> Vec<Found<'s>> {
    let mut found: Vec<Found<'s>> = Vec::new();
    // A person is the subject only of a mail to that person.
    let only = match subjects {
        [only @ (Subject::Agency(_) | Subject::Action(_))] => Some(only),
        [Subject::Person(_)] | [] | [_, _, ..] => None,
    };
    for to in to {
        let batch: Vec<Found<'s>> = match to {
            To::Everyone(role) => vec![(Recipient::Role(*role), only)],
            To::Referrer => actors(case.file.referrer.iter(), only),
            To::AtAgency(role) => subjects
                .iter()
                .filter_map(|subject| {
                    let agency = agency_of(case, subject)?;
                    Some((Recipient::AgencyRole { agency, role: *role }, Some(subject)))
                })
                .collect(),
            To::Agencies => case
                .agencies()
                .into_iter()
                .map(|agency| {
                    let role = Role::AgencyContact;
                    (Recipient::AgencyRole { agency: agency.clone(), role }, only)
                })
                .collect(),
            To::Chair => holders(case, &[Role::IndependentChair], only),
            To::Panel => holders(case, &[Role::PanelMember, Role::Specialist], only),
            To::Family => holders(case, &[Role::FamilyAdvocate], only),
            To::Subject => subjects
                .iter()
                .filter_map(|subject| match subject {
                    Subject::Person(actor) => {
                        Some((Recipient::Actor(actor.clone()), Some(subject)))
                    }
                    Subject::Agency(_) | Subject::Action(_) => None,
                })
                .collect(),
            To::Duty(duty) => vec![(Recipient::Duty(*duty), only)],
        };
        for entry in batch {
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
    found
}

fn actors<'a, 's>(
    actors: impl Iterator<Item = &'a ActorId>,
    subject: Option<&'s Subject>,
) -> Vec<Found<'s>> {
    actors.map(|actor| (Recipient::Actor(actor.clone()), subject)).collect()
}

fn holders<'s>(case: &Case, roles: &[Role], subject: Option<&'s Subject>) -> Vec<Found<'s>> {
    let held = case.file.grants.iter().filter(|grant| roles.contains(&grant.role) && !grant.ended);
    actors(held.map(|grant| &grant.actor), subject)
}

/// The agency that a subject belongs to: an action's lead, or itself.
fn agency_of(case: &Case, subject: &Subject) -> Option<AgencyId> {
    match subject {
        Subject::Agency(agency) => Some(agency.clone()),
        Subject::Action(id) => case.file.actions.get(id).map(|item| item.action.lead.clone()),
        Subject::Person(_) => None,
    }
}

/// The date a mail states: the target of the clock that the event started or moved.
fn due_on(case: &Case, states: Option<Deadline>, subject: Option<&Subject>) -> Option<NaiveDate> {
    let item = subject.map(|subject| subject.id().to_owned());
    let key = ClockKey { deadline: states?, item };
    case.file.clocks.get(&key).filter(|clock| clock.runs()).map(|clock| clock.target)
}

/// Whether a mail still says what is so, asked again just before it is sent: the clock it is
/// about still runs to the same date, and whoever it is for may still know.
#[must_use]
pub fn still_true(case: &Case, effect: &Effect, today: NaiveDate) -> bool {
    let clock_stands = match (&effect.clock, effect.step) {
        (Some(key), Some(step)) => case.file.clocks.get(key).is_some_and(|clock| {
            let in_time = match step {
                Step::Before(_) => today <= clock.target,
                Step::Missed | Step::Again(_) => true,
            };
            clock.runs() && effect.due_on == Some(clock.target) && in_time
        }),
        (_, _) => true,
    };
    let entitled = match &effect.to {
        Recipient::Actor(actor) => {
            case.file.referrer.as_ref() == Some(actor)
                || case
                    .file
                    .grants
                    .iter()
                    .any(|grant| grant.actor == *actor && !grant.ended && today <= grant.until)
        }
        Recipient::AgencyRole { agency, .. } => case.agencies().contains(agency),
        Recipient::Role(_) | Recipient::Duty(_) => true,
    };
    clock_stands && entitled
}
