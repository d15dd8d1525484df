//! The decision, and what the Home Office makes of a refusal.

use super::{Ask, checked, field, first, happened, not_after};
use crate::act::{Command, Event};
use crate::actor::Role;
use crate::case::Case;
use crate::records::{Criterion, Decision};
use crate::refusal::Refusal;

/// Reasons for a refusal have at least this many characters (product rule).
const REASONS_FOR_NO_REVIEW: usize = 50;

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    let today = ask.today();
    match ask.command {
        Command::AgreeReview(record) => {
            checked(form(case, ask, record), || Event::ReviewAgreed(record.clone()))
        }
        Command::DecideNoReview(record) => {
            checked(form(case, ask, record).and_then(|()| refusal(record)), || {
                Event::NoReviewDecided(record.clone())
            })
        }
        Command::RecordBreachReason(record) => checked(
            first(
                case.file.clocks.values().any(|clock| clock.passed || clock.is_overdue(today)),
                "No deadline of this case has passed, so there is no breach to explain.",
            ),
            || Event::BreachReasonRecorded(record.clone()),
        ),
        Command::NotifyHomeOffice(record) => {
            checked(not_after(record.sent_on, today, "/sent_on"), || {
                Event::HomeOfficeNotified(record.clone())
            })
        }
        Command::OpenScrutiny(record) => checked(not_after(record.dated, today, "/dated"), || {
            Event::ScrutinyOpened(record.clone())
        }),
        Command::AcceptNoReview(record) => {
            checked(not_after(record.dated, today, "/dated"), || {
                Event::NoReviewAccepted(record.clone())
            })
        }
        Command::DirectReview(record) => {
            checked(not_after(record.directed_on, today, "/directed_on"), || {
                Event::ReviewDirected(record.clone())
            })
        }
        Command::AcknowledgeDirection(record) => {
            happened(Event::DirectionAcknowledged(record.clone()))
        }
        Command::Reopen(record) => checked(
            not_after(record.csp_notified_on, today, "/csp_notified_on").and_then(|()| {
                let decided = case.file.decisions.last().map(|decision| decision.on);
                field(
                    decided.is_none_or(|on| on <= record.csp_notified_on),
                    "/csp_notified_on",
                    "The chair was told of the challenge after the decision; enter that day.",
                )
            }),
            || Event::Reopened(record.clone()),
        ),
        _ => None,
    }
}

fn form(case: &Case, ask: &Ask<'_>, record: &Decision) -> Result<(), Refusal> {
    debug_assert_eq!(ask.actor.role, Role::CspChair, "the table lets only the chair decide");
    for criterion in Criterion::ALL {
        let times =
            record.criteria.iter().filter(|finding| finding.criterion == *criterion).count();
        field(
            times == 1,
            "/criteria",
            "Give a finding for each criterion once: age-at-death, violence-abuse-or-neglect, connection.",
        )?;
    }
    field(!record.consulted.is_empty(), "/consulted", "Name the partners who were consulted.")?;
    let on = record.decided_on.unwrap_or_else(|| ask.today());
    not_after(on, ask.today(), "/decided_on")?;
    field(
        case.file.csp_notified_on.is_none_or(|told| told <= on),
        "/decided_on",
        "The decision cannot be before the day the chair was told.",
    )
}

fn refusal(record: &Decision) -> Result<(), Refusal> {
    field(
        record.reasons.chars() >= REASONS_FOR_NO_REVIEW,
        "/reasons",
        "Give reasons of at least 50 characters when there is to be no review.",
    )?;
    field(
        record.learning_route.is_some(),
        "/learning_route",
        "Say where learning will happen instead.",
    )
}
