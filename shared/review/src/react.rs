//! Who is told of an event. Pure: it names recipients, the directory knows addresses.

use chrono::NaiveDate;

use crate::act::Event;
use crate::actor::Role;
use crate::case::Case;
use crate::clock::{ClockKey, Step};
use crate::deadlines::{Deadline, row};
use crate::event::Recorded;
use crate::notices::{NOTICES, Notice, Recipient, To};
use crate::records::Reminder;
use crate::values::{ActorId, AgencyId, ItemId};

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

/// The e-mails an event causes. `case` is the case with the event applied.
#[must_use]
pub fn react(case: &Case, recorded: &Recorded) -> Vec<Effect> {
    let Some(event) = &recorded.body else { return vec![] };
    if let Event::Reminded(reminder) = event {
        return reminded(case, reminder);
    }
    let subjects = subjects(event);
    NOTICES
        .iter()
        .filter(|row| row.on == event.kind())
        .flat_map(|row| {
            let effect = |(to, item)| Effect {
                notice: row.notice,
                to,
                due_on: due_on(case, row.notice, item),
                clock: None,
                step: None,
                item: item.map(str::to_owned),
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
    let item = reminder.clock.item.clone();
    let subjects: Vec<_> = item.iter().cloned().collect();
    find(case, &to, &subjects)
        .into_iter()
        .map(|(to, _)| Effect {
            notice,
            to,
            due_on: Some(reminder.due_on),
            clock: Some(reminder.clock.clone()),
            step: Some(reminder.step),
            item: item.clone(),
        })
        .collect()
}

/// The lists told by the n-th repetition: each repetition brings in one list more.
fn joined(lists: &[&[To]], n: u32) -> Vec<To> {
    let count = usize::try_from(n).unwrap_or(usize::MAX).saturating_add(1);
    lists.iter().take(count).flat_map(|list| list.iter().copied()).collect()
}

/// The items an event is about, as ids.
fn subjects(event: &Event) -> Vec<String> {
    let one = |id: &dyn ToString| vec![id.to_string()];
    match event {
        Event::ScopingStarted(scoping) => {
            scoping.requests.iter().map(|request| request.agency.to_string()).collect()
        }
        Event::EvidenceOpened(plan) => {
            plan.requests.iter().map(|request| request.agency.to_string()).collect()
        }
        Event::AgencyAsked(request) => one(&request.agency),
        Event::ImrRequested(request) => one(&request.agency),
        Event::ImrSubmitted(submission) => one(&submission.agency),
        Event::ImrSignedOff(sign_off) => one(&sign_off.agency),
        Event::ImrReturned(returned) => one(&returned.agency),
        Event::ImrAccepted(accepted) => one(&accepted.agency),
        Event::ActionAdded(action) => one(&action.id),
        Event::AccessGranted(grant) => one(&grant.actor),
        _ => vec![],
    }
}

fn find<'s>(case: &Case, to: &[To], subjects: &'s [String]) -> Vec<(Recipient, Option<&'s str>)> {
    let mut found: Vec<(Recipient, Option<&'s str>)> = Vec::new();
    let first = subjects.first().map(String::as_str);
    let only = if subjects.len() == 1 { first } else { None };
    for to in to {
        let batch: Vec<(Recipient, Option<&'s str>)> = match to {
            To::Everyone(role) => vec![(Recipient::Role(*role), only)],
            To::Referrer => actors(case.file.referrer.iter(), only),
            To::AtAgency(role) => subjects
                .iter()
                .filter_map(|subject| {
                    let agency = agency_of(case, subject)?;
                    Some((Recipient::AgencyRole { agency, role: *role }, Some(subject.as_str())))
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
                .filter_map(|subject| {
                    Some((Recipient::Actor(ActorId::parse(subject).ok()?), Some(subject.as_str())))
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
    item: Option<&'s str>,
) -> Vec<(Recipient, Option<&'s str>)> {
    actors.map(|actor| (Recipient::Actor(actor.clone()), item)).collect()
}

fn holders<'s>(
    case: &Case,
    roles: &[Role],
    item: Option<&'s str>,
) -> Vec<(Recipient, Option<&'s str>)> {
    let held = case.file.grants.iter().filter(|grant| roles.contains(&grant.role) && !grant.ended);
    actors(held.map(|grant| &grant.actor), item)
}

/// The agency an item belongs to: an action's lead, or the item itself.
fn agency_of(case: &Case, subject: &str) -> Option<AgencyId> {
    let action = ItemId::parse(subject).ok().and_then(|id| case.file.actions.get(&id));
    action.map(|item| item.action.lead.clone()).or_else(|| AgencyId::parse(subject).ok())
}

/// The date a mail states: the target of the clock that the event started.
fn due_on(case: &Case, notice: Notice, item: Option<&str>) -> Option<NaiveDate> {
    let deadline = match notice {
        Notice::ReferralReceipt
        | Notice::ReferralToDecide
        | Notice::ReadyToDecide
        | Notice::CaseReopened => Deadline::Decision,
        Notice::ScopingRequested => Deadline::ScopingReturn,
        Notice::ChairAppointed | Notice::ReportDateAgreed | Notice::HoldStarted => Deadline::Report,
        Notice::ImrRequested | Notice::ImrReturned => Deadline::ImrReturn,
        Notice::ImrToSignOff => Deadline::ImrSignOff,
        Notice::DraftReady => Deadline::DraftComments,
        Notice::ActionAssigned => Deadline::Action,
        Notice::AccessGranted => Deadline::Access,
        _ => return None,
    };
    let key = ClockKey { deadline, item: item.map(str::to_owned) };
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
