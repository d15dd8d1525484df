//! Drafting, sign-off, submission and quality assurance.

use super::{Ask, checked, clean, field, first, happened, not_after, not_before};
use crate::act::{Command, Event};
use crate::actor::Role;
use crate::case::Case;
use crate::dates::Length;
use crate::records::{QaMeeting, QaOutcome, QaResponse, Submission, SubmissionCheck};
use crate::refusal::Refusal;
use crate::values::DocumentRef;

/// The family has at least this long to read a draft (product rule).
const FAMILY_READ: Length = Length::Weeks(3);

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    let today = ask.today();
    match ask.command {
        Command::CirculateDraft(record) => checked(
            clean(case, &record.document, "/document").and_then(|()| {
                field(
                    record.comment_by >= FAMILY_READ.after(today),
                    "/comment_by",
                    "Give the family at least three weeks to read the draft.",
                )
            }),
            || Event::DraftCirculated(record.clone()),
        ),
        Command::SignOffByPanel(record) => checked(
            clean(case, &record.report, "/report")
                .and_then(|()| not_after(record.factual_check_on, today, "/factual_check_on")),
            || Event::PanelSignedOff(record.clone()),
        ),
        Command::SignOffByCsp(record) => checked(
            clean(case, &record.report, "/report")
                .and_then(|()| {
                    same(
                        &record.report,
                        case.file.panel_sign_off.as_ref().map(|sign_off| &sign_off.report),
                        "panel",
                    )
                })
                .and_then(|()| {
                    field(
                        record.actions_accepted,
                        "/actions_accepted",
                        "Each agency's senior must accept its actions first.",
                    )
                })
                .and_then(|()| {
                    first(
                        !case.file.actions.is_empty(),
                        "The action plan is empty; add its actions first.",
                    )
                }),
            || Event::CspSignedOff(record.clone()),
        ),
        Command::AgreeReportDate(record) => {
            checked(not_before(record.target, today, "/target"), || {
                Event::ReportDateAgreed(record.clone())
            })
        }
        Command::SubmitToHomeOffice(record) => {
            checked(pack(case, ask, record), || Event::SubmittedToHomeOffice(record.clone()))
        }
        Command::RecordQaMeeting(record) => {
            checked(meeting(ask, record), || Event::QaMeetingRecorded(record.clone()))
        }
        Command::ApproveQuality(record) => {
            checked(letter(ask, record), || Event::QualityApproved(record.clone()))
        }
        Command::ApproveWithChanges(record) => {
            checked(points(ask, record), || Event::ApprovedWithChanges(record.clone()))
        }
        Command::RequireResubmission(record) => {
            checked(points(ask, record), || Event::ResubmissionRequired(record.clone()))
        }
        Command::Redraft(record) => happened(Event::RedraftStarted(record.clone())),
        Command::CompleteChanges(record) => {
            checked(responses(case, record), || Event::ChangesCompleted(record.clone()))
        }
        _ => None,
    }
}

/// A sign-off lapses when the file changes: the next step must be about the same file.
pub(super) fn same(
    report: &DocumentRef,
    signed: Option<&DocumentRef>,
    by: &str,
) -> Result<(), Refusal> {
    if signed == Some(report) {
        Ok(())
    } else {
        let sentence = format!(
            "This is not the file that the {by} signed off; use that one, or sign off anew."
        );
        Err(Refusal::field("/report", sentence))
    }
}

fn pack(case: &Case, ask: &Ask<'_>, record: &Submission) -> Result<(), Refusal> {
    clean(case, &record.report, "/report")?;
    clean(case, &record.summary, "/summary")?;
    clean(case, &record.plan, "/plan")?;
    same(
        &record.report,
        case.file.csp_sign_off.as_ref().map(|sign_off| &sign_off.report),
        "partnership",
    )?;
    for item in SubmissionCheck::ALL {
        let lines: Vec<_> = record.checklist.iter().filter(|line| line.item == *item).collect();
        let answered = matches!(lines.as_slice(), [line] if line.done || line.note.is_some());
        field(
            answered,
            "/checklist",
            "Answer each item of the submission checklist once; where one does not apply, say why.",
        )?;
    }
    let anonymised = record
        .checklist
        .iter()
        .any(|line| line.item == SubmissionCheck::NoRealNamesOrBirthDates && line.done);
    field(
        anonymised,
        "/checklist",
        "The pack may hold no real names or birth dates anywhere; it must pass that check.",
    )?;
    field(
        record.anonymisation_checked_by != ask.actor.id,
        "/anonymisation_checked_by",
        "Someone other than you must check the anonymisation.",
    )
}

fn meeting(ask: &Ask<'_>, record: &QaMeeting) -> Result<(), Refusal> {
    not_after(record.met_on, ask.today(), "/met_on")?;
    field(
        ask.actor.role == Role::HomeOffice || record.letter_reference.is_some(),
        "/letter_reference",
        "Give the reference of the Home Office's letter.",
    )
}

fn letter(ask: &Ask<'_>, record: &QaOutcome) -> Result<(), Refusal> {
    not_after(record.dated, ask.today(), "/dated")?;
    for (n, point) in record.points.iter().enumerate() {
        let again = record.points.iter().take(n).any(|other| other.id == point.id);
        field(!again, &format!("/points/{n}/id"), "This id is used twice.")?;
    }
    Ok(())
}

fn points(ask: &Ask<'_>, record: &QaOutcome) -> Result<(), Refusal> {
    letter(ask, record)?;
    field(!record.points.is_empty(), "/points", "List the points of the letter; at least one.")
}

fn responses(case: &Case, record: &QaResponse) -> Result<(), Refusal> {
    clean(case, &record.report, "/report")?;
    let outcome = case.file.qa.last().and_then(|round| round.outcome.as_ref());
    let points = outcome.map_or(&[][..], |outcome| outcome.points.as_slice());
    let each = points.iter().all(|point| {
        record.responses.iter().filter(|response| response.id == point.id).count() == 1
    });
    field(
        each && record.responses.len() == points.len(),
        "/responses",
        "Answer each point of the letter once, by its id.",
    )
}
