//! The decision, and what the Home Office makes of a refusal.

use super::{Answer, Ask, field, first, not_after};
use crate::act::Event;
use crate::case::Case;
use crate::records::{
    BreachReason, Criterion, Decision, Direction, HomeOfficeLetter, HomeOfficeNotice, Reopening,
    Scrutiny,
};
use crate::refusal::Refusal;

/// Reasons for a refusal have at least this many characters (product rule).
const REASONS_FOR_NO_REVIEW: usize = 50;

pub(super) fn agree_review(case: &Case, ask: &Ask<'_>, record: &Decision) -> Answer {
    form(case, ask, record)?;
    Ok(vec![Event::ReviewAgreed(record.clone())])
}

pub(super) fn decide_no_review(case: &Case, ask: &Ask<'_>, record: &Decision) -> Answer {
    form(case, ask, record)?;
    field(
        record.reasons.chars() >= REASONS_FOR_NO_REVIEW,
        "/reasons",
        "Give reasons of at least 50 characters when there is to be no review.",
    )?;
    field(
        record.learning_route.is_some(),
        "/learning_route",
        "Say where learning will happen instead.",
    )?;
    Ok(vec![Event::NoReviewDecided(record.clone())])
}

pub(super) fn record_breach_reason(case: &Case, ask: &Ask<'_>, record: &BreachReason) -> Answer {
    let today = ask.today();
    first(
        case.file.clocks.values().any(|clock| clock.passed || clock.is_overdue(today)),
        "No deadline of this case has passed, so there is no breach to explain.",
    )?;
    Ok(vec![Event::BreachReasonRecorded(record.clone())])
}

pub(super) fn notify_home_office(ask: &Ask<'_>, record: &HomeOfficeNotice) -> Answer {
    not_after(record.sent_on, ask.today(), "/sent_on")?;
    Ok(vec![Event::HomeOfficeNotified(record.clone())])
}

pub(super) fn open_scrutiny(ask: &Ask<'_>, record: &Scrutiny) -> Answer {
    not_after(record.dated, ask.today(), "/dated")?;
    Ok(vec![Event::ScrutinyOpened(record.clone())])
}

pub(super) fn accept_no_review(ask: &Ask<'_>, record: &HomeOfficeLetter) -> Answer {
    not_after(record.dated, ask.today(), "/dated")?;
    Ok(vec![Event::NoReviewAccepted(record.clone())])
}

pub(super) fn direct_review(ask: &Ask<'_>, record: &Direction) -> Answer {
    not_after(record.directed_on, ask.today(), "/directed_on")?;
    Ok(vec![Event::ReviewDirected(record.clone())])
}

pub(super) fn reopen(case: &Case, ask: &Ask<'_>, record: &Reopening) -> Answer {
    not_after(record.csp_notified_on, ask.today(), "/csp_notified_on")?;
    let decided = case.file.decisions.last().map(|decision| decision.on);
    field(
        decided.is_none_or(|on| on <= record.csp_notified_on),
        "/csp_notified_on",
        "The chair was told of the challenge after the decision; enter that day.",
    )?;
    Ok(vec![Event::Reopened(record.clone())])
}

/// What every decision needs, whichever way it goes.
fn form(case: &Case, ask: &Ask<'_>, record: &Decision) -> Result<(), Refusal> {
    field(
        case.file.rules.as_ref().is_none_or(|rules| rules.ruleset == record.ruleset),
        "/ruleset",
        "A case is decided under the law it started under; name that one.",
    )?;
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
