//! Publication, its exceptions, conclusion and disposal.

use super::quality::same;
use super::{Answer, Ask, clean, field, first, not_after, not_before};
use crate::act::Event;
use crate::case::Case;
use crate::deadlines::Deadline;
use crate::process::State;
use crate::records::{
    Conclusion, CopySent, Disposal, DisposalProposal, Publication, PublicationCheck,
    PublicationException, PublicationPlan, PublicationResumption, ReleaseApproval, WebRemoval,
};
use crate::refusal::Refusal;

pub(super) fn prepare_publication(case: &Case, ask: &Ask<'_>, record: &PublicationPlan) -> Answer {
    not_before(record.planned_on, ask.today(), "/planned_on")?;
    clean(case, ask, &record.report, "/report")?;
    same(&record.report, case.completed_report(), "Home Office's outcome")?;
    for item in PublicationCheck::ALL {
        let lines: Vec<_> = record.checklist.iter().filter(|line| line.item == *item).collect();
        let done = matches!(lines.as_slice(), [line] if line.done);
        field(
            done,
            "/checklist",
            "Every item of the publication checklist must be done, each listed once.",
        )?;
    }
    Ok(vec![Event::PublicationPrepared(record.clone())])
}

pub(super) fn approve_release(case: &Case, ask: &Ask<'_>, record: &ReleaseApproval) -> Answer {
    clean(case, ask, &record.report, "/report")?;
    let plan = case.file.publication_plan.as_ref();
    field(
        case.state == State::Redacted || plan.is_some_and(|plan| plan.report == record.report),
        "/report",
        "This is not the report that is planned to be published; approve that one, or decide to publish it redacted.",
    )?;
    first(
        plan.map(|plan| &plan.redaction_checked_by) != Some(&ask.actor.id),
        "You checked the redaction; someone else must give the second approval.",
    )?;
    Ok(vec![Event::ReleaseApproved(record.clone())])
}

pub(super) fn publish(case: &Case, ask: &Ask<'_>, record: &Publication) -> Answer {
    clean(case, ask, &record.report, "/report")?;
    field(!record.urls.is_empty(), "/urls", "Say where the report can be read.")?;
    not_before(record.take_down_on, ask.today(), "/take_down_on")?;
    let release = case.file.release.as_ref().ok_or_else(|| {
        Refusal::unmet("A second person must approve the redaction before the report is published.")
    })?;
    first(release.by != ask.actor.id, "You approved the release; someone else must publish.")?;
    same(&record.report, Some(&release.report), "second person")?;
    Ok(vec![Event::Published(record.clone())])
}

pub(super) fn defer_publication(ask: &Ask<'_>, record: &PublicationException) -> Answer {
    not_before(record.review_on, ask.today(), "/review_on")?;
    Ok(vec![Event::PublicationDeferred(record.clone())])
}

pub(super) fn withhold_publication(ask: &Ask<'_>, record: &PublicationException) -> Answer {
    not_before(record.review_on, ask.today(), "/review_on")?;
    Ok(vec![Event::PublicationWithheld(record.clone())])
}

pub(super) fn redact_publication(ask: &Ask<'_>, record: &PublicationException) -> Answer {
    not_before(record.review_on, ask.today(), "/review_on")?;
    Ok(vec![Event::PublicationRedacted(record.clone())])
}

pub(super) fn resume_publication(ask: &Ask<'_>, record: &PublicationResumption) -> Answer {
    not_before(record.planned_on, ask.today(), "/planned_on")?;
    Ok(vec![Event::PublicationResumed(record.clone())])
}

pub(super) fn send_copy(ask: &Ask<'_>, record: &CopySent) -> Answer {
    not_after(record.sent_on, ask.today(), "/sent_on")?;
    Ok(vec![Event::CopySent(record.clone())])
}

pub(super) fn remove_from_web(case: &Case, ask: &Ask<'_>, record: &WebRemoval) -> Answer {
    not_after(record.removed_on, ask.today(), "/removed_on")?;
    first(
        case.file.published.is_some() && case.file.web_removal.is_none(),
        "This report is not on the web.",
    )?;
    Ok(vec![Event::RemovedFromWeb(record.clone())])
}

pub(super) fn conclude(case: &Case, record: &Conclusion) -> Answer {
    first(
        case.file.actions.values().all(|item| item.completion.is_some() || item.closure.is_some()),
        "Some actions are still open. A review is concluded only when every action is complete, or closed with the partnership's reasons.",
    )?;
    Ok(vec![Event::Concluded(record.clone())])
}

pub(super) fn propose_disposal(case: &Case, ask: &Ask<'_>, record: &DisposalProposal) -> Answer {
    field(
        record.no_legal_hold,
        "/no_legal_hold",
        "Records under a legal hold cannot be destroyed.",
    )?;
    retention_over(case, ask)?;
    Ok(vec![Event::DisposalProposed(record.clone())])
}

pub(super) fn dispose(case: &Case, ask: &Ask<'_>, record: &Disposal) -> Answer {
    let proposed = case
        .file
        .disposal
        .as_ref()
        .ok_or_else(|| Refusal::unmet("The coordinator must propose the disposal first."))?;
    first(proposed.by != ask.actor.id, "You proposed the disposal; someone else must approve it.")?;
    retention_over(case, ask)?;
    Ok(vec![Event::Disposed(record.clone())])
}

fn retention_over(case: &Case, ask: &Ask<'_>) -> Result<(), Refusal> {
    let over = case.file.clocks.iter().any(|(key, clock)| {
        key.deadline == Deadline::Retention && clock.runs() && ask.today() > clock.target
    });
    first(over, "The retention period has not ended; the records must be kept.")
}
