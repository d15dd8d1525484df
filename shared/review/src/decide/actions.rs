//! The action plan: owned, dated, measured.

use super::{Answer, Ask, clean, field, first, not_after, not_before};
use crate::act::Event;
use crate::case::Case;
use crate::records::{ActionClosure, ActionCompletion, ActionScope, ActionUpdate, PlanAction};
use crate::refusal::Refusal;
use crate::values::ItemId;

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

pub(super) fn add_action(case: &Case, ask: &Ask<'_>, record: &PlanAction) -> Answer {
    let today = ask.today();
    field(
        !case.file.actions.contains_key(&record.id),
        "/id",
        "This case has an action with this id; choose another.",
    )?;
    let owner = record.owner.as_str().to_lowercase();
    field(!VAGUE.contains(&owner.as_str()), "/owner", "Name one post that owns the action.")?;
    not_before(record.target_on, today, "/target_on")?;
    let local = record.scope != ActionScope::National;
    field(
        local || record.department.is_some(),
        "/department",
        "Name the department asked; a national action needs it.",
    )?;
    field(
        local || record.sent_on.is_some(),
        "/sent_on",
        "Enter the day the department was asked; a national action needs it.",
    )?;
    not_after(record.sent_on, today, "/sent_on")?;
    Ok(vec![Event::ActionAdded(record.clone())])
}

pub(super) fn update_action(case: &Case, ask: &Ask<'_>, record: &ActionUpdate) -> Answer {
    open(case, &record.id)?;
    not_before(record.target_on, ask.today(), "/target_on")?;
    not_after(record.replied_on, ask.today(), "/replied_on")?;
    Ok(vec![Event::ActionUpdated(record.clone())])
}

pub(super) fn complete_action(case: &Case, ask: &Ask<'_>, record: &ActionCompletion) -> Answer {
    open(case, &record.id)?;
    not_after(record.completed_on, ask.today(), "/completed_on")?;
    if let Some(document) = &record.document {
        clean(case, ask, document, "/document")?;
    }
    Ok(vec![Event::ActionCompleted(record.clone())])
}

pub(super) fn close_action(case: &Case, record: &ActionClosure) -> Answer {
    open(case, &record.id)?;
    Ok(vec![Event::ActionClosed(record.clone())])
}

/// Refuses an action that is not there, or that has ended.
fn open(case: &Case, id: &ItemId) -> Result<(), Refusal> {
    let item = case.file.actions.get(id).ok_or(Refusal::NotFound)?;
    first(
        item.completion.is_none() && item.closure.is_none(),
        "This action is complete or closed; nothing more can be recorded on it.",
    )
}
