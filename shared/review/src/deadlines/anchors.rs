//! From what date, for which item and until which named day an event starts a clock, and whose
//! clock it settles.

use chrono::NaiveDate;

use super::Deadline;
use crate::about::{Subject, about};
use crate::act::Event;
use crate::case::Case;
use crate::records::{ActionScope, CopyRecipient, PlanAction};

/// One clock to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// For which item, where the deadline runs per item.
    pub item: Option<String>,
    /// The London date it counts from.
    pub from: NaiveDate,
    /// The due day, where the record names it.
    pub named: Option<NaiveDate>,
}

/// The clocks of `deadline` that `event`, happening on London date `today`, starts. `case` is
/// the case with the event applied.
#[must_use]
pub fn anchors(deadline: Deadline, event: &Event, case: &Case, today: NaiveDate) -> Vec<Anchor> {
    if let (Event::ActionAdded(action), Deadline::NationalReply) = (event, deadline) {
        return asked(action, today).into_iter().collect();
    }
    let about = about(event);
    let from = about.since.or_else(|| directed_on(event, case)).unwrap_or(today);
    if about.subjects.is_empty() {
        return vec![Anchor { item: None, from, named: about.until }];
    }
    // The day that an action names is its own; its reports come at their own pace.
    let its_own = deadline != Deadline::ActionUpdate;
    let anchor = |(subject, named): (Subject, Option<NaiveDate>)| Anchor {
        item: Some(subject.id().to_owned()),
        from,
        named: named.filter(|_| its_own),
    };
    about.subjects.into_iter().map(anchor).collect()
}

/// A directed review counts from the direction, which an earlier event brought.
fn directed_on(event: &Event, case: &Case) -> Option<NaiveDate> {
    let direction = case.file.direction.as_ref().map(|direction| direction.directed_on);
    direction.filter(|_| matches!(event, Event::DirectionAcknowledged(_)))
}

/// A department answers from the day it was asked; nobody is asked about other actions.
fn asked(action: &PlanAction, today: NaiveDate) -> Option<Anchor> {
    (action.scope == ActionScope::National).then(|| Anchor {
        item: Some(action.id.to_string()),
        from: action.sent_on.unwrap_or(today),
        named: None,
    })
}

/// The item whose clock `event` settles: `Some(None)` for the one clock of the case,
/// `Some(Some(item))` for one item's, `None` if it settles nothing after all.
#[must_use]
pub fn settles(deadline: Deadline, event: &Event) -> Option<Option<String>> {
    let nothing = matches!(event, Event::CopySent(copy) if copy.to != CopyRecipient::Commissioner)
        || matches!(event, Event::ScopingReturned(answer) if answer.agency.is_none())
        || matches!(event, Event::ActionUpdated(update)
            if deadline == Deadline::NationalReply && update.replied_on.is_none());
    if nothing {
        return None;
    }
    let subject = about(event).subjects.into_iter().next();
    Some(subject.map(|(subject, _)| subject.id().to_owned()))
}
