//! The action plan: owned, dated, measured.

use super::{Ask, checked, clean, field, first, not_after, not_before};
use crate::act::{Command, Event};
use crate::case::{Case, PlanItem};
use crate::records::{ActionScope, PlanAction};
use crate::refusal::Refusal;
use crate::values::{AgencyId, ItemId};

/// Owners that nobody can hold to anything.
const VAGUE: &[&str] = &[
    "all agencies",
    "all",
    "all partners",
    "partners",
    "everyone",
    "tbc",
    "tbd",
    "various",
    "n/a",
];

/// The agency that leads an action.
pub(super) fn lead<'a>(case: &'a Case, id: &ItemId) -> Option<&'a AgencyId> {
    case.file.actions.get(id).map(|item| &item.action.lead)
}

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    let today = ask.today();
    match ask.command {
        Command::AddAction(record) => {
            checked(added(case, ask, record), || Event::ActionAdded(record.clone()))
        }
        Command::UpdateAction(record) => checked(
            open(case, &record.id)
                .and_then(|_| {
                    record.target_on.map_or(Ok(()), |day| not_before(day, today, "/target_on"))
                })
                .and_then(|()| {
                    record.replied_on.map_or(Ok(()), |day| not_after(day, today, "/replied_on"))
                }),
            || Event::ActionUpdated(record.clone()),
        ),
        Command::CompleteAction(record) => checked(
            open(case, &record.id)
                .and_then(|_| not_after(record.completed_on, today, "/completed_on"))
                .and_then(|()| {
                    record
                        .document
                        .as_ref()
                        .map_or(Ok(()), |document| clean(case, document, "/document"))
                }),
            || Event::ActionCompleted(record.clone()),
        ),
        Command::CloseAction(record) => {
            checked(open(case, &record.id).map(|_| ()), || Event::ActionClosed(record.clone()))
        }
        _ => None,
    }
}

fn added(case: &Case, ask: &Ask<'_>, record: &PlanAction) -> Result<(), Refusal> {
    field(
        !case.file.actions.contains_key(&record.id),
        "/id",
        "This case has an action with this id; choose another.",
    )?;
    let owner = record.owner.as_str().to_lowercase();
    field(!VAGUE.contains(&owner.as_str()), "/owner", "Name one post that owns the action.")?;
    not_before(record.target_on, ask.today(), "/target_on")?;
    let national = record.scope == ActionScope::National;
    field(
        !national || (record.department.is_some() && record.sent_on.is_some()),
        "/department",
        "A national action needs the department asked and the day it was asked.",
    )?;
    record.sent_on.map_or(Ok(()), |day| not_after(day, ask.today(), "/sent_on"))
}

fn open<'a>(case: &'a Case, id: &ItemId) -> Result<&'a PlanItem, Refusal> {
    let item = case.file.actions.get(id).ok_or(Refusal::NotFound)?;
    first(
        item.completion.is_none() && item.closure.is_none(),
        "This action is complete or closed; nothing more can be recorded on it.",
    )?;
    Ok(item)
}
