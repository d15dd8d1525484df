//! Publication, its exceptions, conclusion and disposal.

use super::quality::same;
use super::{Ask, checked, clean, field, first, not_after, not_before};
use crate::act::{Command, Event};
use crate::case::Case;
use crate::records::{Disposal, Publication, PublicationCheck, PublicationPlan};
use crate::refusal::Refusal;

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    let today = ask.today();
    match ask.command {
        Command::PreparePublication(record) => {
            checked(plan(case, ask, record), || Event::PublicationPrepared(record.clone()))
        }
        Command::ApproveRelease(record) => checked(
            clean(case, &record.report, "/report").and_then(|()| {
                let checker =
                    case.file.publication_plan.as_ref().map(|plan| &plan.redaction_checked_by);
                first(
                    checker != Some(&ask.actor.id),
                    "You checked the redaction; someone else must give the second approval.",
                )
            }),
            || Event::ReleaseApproved(record.clone()),
        ),
        Command::Publish(record) => {
            checked(publication(case, ask, record), || Event::Published(record.clone()))
        }
        Command::DeferPublication(record) => {
            checked(not_before(record.review_on, today, "/review_on"), || {
                Event::PublicationDeferred(record.clone())
            })
        }
        Command::WithholdPublication(record) => {
            checked(not_before(record.review_on, today, "/review_on"), || {
                Event::PublicationWithheld(record.clone())
            })
        }
        Command::RedactPublication(record) => {
            checked(not_before(record.review_on, today, "/review_on"), || {
                Event::PublicationRedacted(record.clone())
            })
        }
        Command::ResumePublication(record) => {
            checked(not_before(record.planned_on, today, "/planned_on"), || {
                Event::PublicationResumed(record.clone())
            })
        }
        Command::SendCopy(record) => checked(not_after(record.sent_on, today, "/sent_on"), || {
            Event::CopySent(record.clone())
        }),
        Command::RemoveFromWeb(record) => checked(
            not_after(record.removed_on, today, "/removed_on").and_then(|()| {
                first(
                    case.file.published.is_some() && case.file.web_removal.is_none(),
                    "This report is not on the web.",
                )
            }),
            || Event::RemovedFromWeb(record.clone()),
        ),
        Command::Conclude(record) => checked(
            first(
                case.file
                    .actions
                    .values()
                    .all(|item| item.completion.is_some() || item.closure.is_some()),
                "Some actions are still open. A review is concluded only when every action is complete, or closed with the partnership's reasons.",
            ),
            || Event::Concluded(record.clone()),
        ),
        Command::ProposeDisposal(record) => checked(
            field(
                record.no_legal_hold,
                "/no_legal_hold",
                "Records under a legal hold cannot be destroyed.",
            )
            .and_then(|()| {
                first(
                    retention_over(case, ask),
                    "The retention period has not ended; the records must be kept.",
                )
            }),
            || Event::DisposalProposed(record.clone()),
        ),
        Command::Dispose(record) => {
            checked(disposal(case, ask), || Event::Disposed(Disposal::clone(record)))
        }
        _ => None,
    }
}

fn plan(case: &Case, ask: &Ask<'_>, record: &PublicationPlan) -> Result<(), Refusal> {
    not_before(record.planned_on, ask.today(), "/planned_on")?;
    clean(case, &record.report, "/report")?;
    let answer = case.file.qa.last().and_then(|round| round.response.as_ref());
    let revised = answer.map(|response| &response.report);
    let submitted = case.file.submissions.last().map(|submission| &submission.pack.report);
    same(&record.report, revised.or(submitted), "Home Office's outcome")?;
    for item in PublicationCheck::ALL {
        let lines: Vec<_> = record.checklist.iter().filter(|line| line.item == *item).collect();
        let done = matches!(lines.as_slice(), [line] if line.done);
        field(
            done,
            "/checklist",
            "Every item of the publication checklist must be done, each listed once.",
        )?;
    }
    Ok(())
}

fn publication(case: &Case, ask: &Ask<'_>, record: &Publication) -> Result<(), Refusal> {
    clean(case, &record.report, "/report")?;
    field(!record.urls.is_empty(), "/urls", "Say where the report can be read.")?;
    record.take_down_on.map_or(Ok(()), |day| not_before(day, ask.today(), "/take_down_on"))?;
    let release = case.file.release.as_ref().ok_or_else(|| {
        Refusal::unmet("A second person must approve the redaction before the report is published.")
    })?;
    first(release.by != ask.actor.id, "You approved the release; someone else must publish.")?;
    same(&record.report, Some(&release.report), "second person")
}

fn retention_over(case: &Case, ask: &Ask<'_>) -> bool {
    case.file.clocks.iter().any(|(key, clock)| {
        key.deadline == crate::deadlines::Deadline::Retention
            && clock.runs()
            && ask.today() > clock.target
    })
}

fn disposal(case: &Case, ask: &Ask<'_>) -> Result<(), Refusal> {
    let proposed = case
        .file
        .disposal
        .as_ref()
        .ok_or_else(|| Refusal::unmet("The coordinator must propose the disposal first."))?;
    first(proposed.by != ask.actor.id, "You proposed the disposal; someone else must approve it.")
}
