//! From what date, for which item and until which named day an event starts a clock. This is
//! the one place where a record's own dates meet the `DEADLINES` table.

use chrono::NaiveDate;

use super::Deadline;
use crate::act::Event;
use crate::case::Case;
use crate::records::{ActionScope, CopyRecipient};

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

fn whole(from: NaiveDate) -> Vec<Anchor> {
    vec![Anchor { item: None, from, named: None }]
}

fn until(from: NaiveDate, named: NaiveDate) -> Vec<Anchor> {
    vec![Anchor { item: None, from, named: Some(named) }]
}

fn each<'a, T: ToString + 'a>(
    from: NaiveDate,
    items: impl Iterator<Item = (&'a T, Option<NaiveDate>)>,
) -> Vec<Anchor> {
    items.map(|(item, named)| Anchor { item: Some(item.to_string()), from, named }).collect()
}

fn one(from: NaiveDate, item: &impl ToString, named: Option<NaiveDate>) -> Vec<Anchor> {
    vec![Anchor { item: Some(item.to_string()), from, named }]
}

/// The clocks of `deadline` that `event`, happening on London date `today`, starts. `case` is
/// the case with the event applied.
#[must_use]
pub fn anchors(deadline: Deadline, event: &Event, case: &Case, today: NaiveDate) -> Vec<Anchor> {
    match event {
        Event::Opened(opening) => whole(opening.csp_notified_on),
        Event::Reopened(reopening) => whole(reopening.csp_notified_on),
        Event::ReviewAgreed(decision) | Event::NoReviewDecided(decision) => {
            whole(decision.decided_on.unwrap_or(today))
        }
        Event::DirectionAcknowledged(_) => {
            whole(case.file.direction.as_ref().map_or(today, |direction| direction.directed_on))
        }
        Event::ScopingStarted(scoping) => {
            each(today, scoping.requests.iter().map(|request| (&request.agency, request.due_on)))
        }
        Event::AgencyAsked(request) => one(today, &request.agency, request.due_on),
        Event::EvidenceOpened(plan) => {
            each(today, plan.requests.iter().map(|request| (&request.agency, request.due_on)))
        }
        Event::ImrRequested(request) => one(today, &request.agency, request.due_on),
        Event::ImrReturned(returned) => one(today, &returned.agency, Some(returned.due_on)),
        Event::ImrSubmitted(submission) => one(today, &submission.agency, None),
        Event::DraftCirculated(circulation) => until(today, circulation.comment_by),
        Event::HoldStarted(hold) | Event::HoldChanged(hold) => until(today, hold.review_on),
        Event::PublicationPrepared(plan) => until(today, plan.planned_on),
        Event::PublicationResumed(resumption) => until(today, resumption.planned_on),
        Event::PublicationDeferred(exception)
        | Event::PublicationWithheld(exception)
        | Event::PublicationRedacted(exception) => until(today, exception.review_on),
        Event::Published(publication) => {
            vec![Anchor { item: None, from: today, named: publication.take_down_on }]
        }
        Event::ActionAdded(action) => match deadline {
            Deadline::Action => one(today, &action.id, Some(action.target_on)),
            Deadline::NationalReply if action.scope != ActionScope::National => vec![],
            _ => one(
                action.sent_on.filter(|_| deadline == Deadline::NationalReply).unwrap_or(today),
                &action.id,
                None,
            ),
        },
        Event::ActionUpdated(update) => one(today, &update.id, None),
        Event::ChairAppointed(appointment) => {
            one(today, &appointment.chair, Some(appointment.ends_on))
        }
        Event::PanelFormed(panel) => {
            each(today, panel.members.iter().map(|seat| (&seat.member, Some(panel.access_until))))
        }
        Event::AccessGranted(grant) => one(today, &grant.actor, Some(grant.until)),
        _ => whole(today),
    }
}

/// The item whose clock `event` settles: `Some(None)` for the one clock of the case,
/// `Some(Some(item))` for one item's, `None` if it settles nothing after all.
#[must_use]
pub fn settles(deadline: Deadline, event: &Event) -> Option<Option<String>> {
    match event {
        Event::ScopingReturned(answer) => {
            answer.agency.as_ref().map(|agency| Some(agency.to_string()))
        }
        Event::ImrSubmitted(submission) => Some(Some(submission.agency.to_string())),
        Event::ImrSignedOff(sign_off) => Some(Some(sign_off.agency.to_string())),
        Event::ImrReturned(returned) => Some(Some(returned.agency.to_string())),
        Event::ImrWaived(waiver) => Some(Some(waiver.agency.to_string())),
        Event::ActionCompleted(completion) => Some(Some(completion.id.to_string())),
        Event::ActionClosed(closure) => Some(Some(closure.id.to_string())),
        Event::ActionUpdated(update) => match (deadline, update.replied_on) {
            (Deadline::NationalReply, None) => None,
            (_, _) => Some(Some(update.id.to_string())),
        },
        Event::AccessEnded(end) => Some(Some(end.actor.to_string())),
        Event::CopySent(copy) => (copy.to == CopyRecipient::Commissioner).then_some(None),
        _ => Some(None),
    }
}
