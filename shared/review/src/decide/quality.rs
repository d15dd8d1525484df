//! Drafting, sign-off, submission and quality assurance.

use super::{Answer, Ask, clean, field, first, not_after, not_before};
use crate::act::Event;
use crate::actor::Role;
use crate::case::Case;
use crate::dates::Length;
use crate::records::{
    CspSignOff, DraftCirculation, PanelSignOff, QaMeeting, QaOutcome, QaResponse, ReportDate,
    Submission, SubmissionCheck, SubmissionCheckLine,
};
use crate::refusal::Refusal;
use crate::values::DocumentRef;

/// The family has at least this long to read a draft (product rule).
const FAMILY_READ: Length = Length::Weeks(3);

pub(super) fn circulate_draft(case: &Case, ask: &Ask<'_>, record: &DraftCirculation) -> Answer {
    clean(case, ask, &record.document, "/document")?;
    field(
        record.comment_by >= FAMILY_READ.after(ask.today()),
        "/comment_by",
        "Give the family at least three weeks to read the draft.",
    )?;
    Ok(vec![Event::DraftCirculated(record.clone())])
}

pub(super) fn sign_off_by_panel(case: &Case, ask: &Ask<'_>, record: &PanelSignOff) -> Answer {
    clean(case, ask, &record.report, "/report")?;
    not_after(record.factual_check_on, ask.today(), "/factual_check_on")?;
    Ok(vec![Event::PanelSignedOff(record.clone())])
}

pub(super) fn sign_off_by_csp(case: &Case, ask: &Ask<'_>, record: &CspSignOff) -> Answer {
    clean(case, ask, &record.report, "/report")?;
    let panel = case.file.panel_sign_off.as_ref();
    same(&record.report, panel.map(|sign_off| &sign_off.report), "panel")?;
    field(
        record.actions_accepted,
        "/actions_accepted",
        "Each agency's senior must accept its actions first.",
    )?;
    first(!case.file.actions.is_empty(), "The action plan is empty; add its actions first.")?;
    Ok(vec![Event::CspSignedOff(record.clone())])
}

pub(super) fn agree_report_date(ask: &Ask<'_>, record: &ReportDate) -> Answer {
    not_before(record.target, ask.today(), "/target")?;
    Ok(vec![Event::ReportDateAgreed(record.clone())])
}

pub(super) fn submit_to_home_office(case: &Case, ask: &Ask<'_>, record: &Submission) -> Answer {
    clean(case, ask, &record.report, "/report")?;
    clean(case, ask, &record.summary, "/summary")?;
    clean(case, ask, &record.plan, "/plan")?;
    let signed = case.file.csp_sign_off.as_ref();
    same(&record.report, signed.map(|sign_off| &sign_off.report), "partnership")?;
    checklist(&record.checklist)?;
    field(
        record.anonymisation_checked_by != ask.actor.id,
        "/anonymisation_checked_by",
        "Someone other than you must check the anonymisation.",
    )?;
    Ok(vec![Event::SubmittedToHomeOffice(record.clone())])
}

pub(super) fn record_qa_meeting(ask: &Ask<'_>, record: &QaMeeting) -> Answer {
    not_after(record.met_on, ask.today(), "/met_on")?;
    field(
        ask.actor.role == Role::HomeOffice || record.letter_reference.is_some(),
        "/letter_reference",
        "Give the reference of the Home Office's letter.",
    )?;
    Ok(vec![Event::QaMeetingRecorded(record.clone())])
}

pub(super) fn approve_quality(ask: &Ask<'_>, record: &QaOutcome) -> Answer {
    letter(ask, record)?;
    Ok(vec![Event::QualityApproved(record.clone())])
}

pub(super) fn approve_with_changes(ask: &Ask<'_>, record: &QaOutcome) -> Answer {
    points(ask, record)?;
    Ok(vec![Event::ApprovedWithChanges(record.clone())])
}

pub(super) fn require_resubmission(ask: &Ask<'_>, record: &QaOutcome) -> Answer {
    points(ask, record)?;
    Ok(vec![Event::ResubmissionRequired(record.clone())])
}

pub(super) fn complete_changes(case: &Case, ask: &Ask<'_>, record: &QaResponse) -> Answer {
    clean(case, ask, &record.report, "/report")?;
    let outcome = case.file.qa.last().and_then(|round| round.outcome.as_ref());
    let points = outcome.map_or(&[][..], |outcome| outcome.points.as_slice());
    let each = points.iter().all(|point| {
        record.responses.iter().filter(|response| response.id == point.id).count() == 1
    });
    field(
        each && record.responses.len() == points.len(),
        "/responses",
        "Answer each point of the letter once, by its id.",
    )?;
    Ok(vec![Event::ChangesCompleted(record.clone())])
}

/// A sign-off lapses when the file changes: the next step must be about the same file.
pub(super) fn same(
    report: &DocumentRef,
    signed: Option<&DocumentRef>,
    by: &str,
) -> Result<(), Refusal> {
    let sentence =
        format!("This is not the file that the {by} signed off; use that one, or sign off anew.");
    field(signed == Some(report), "/report", &sentence)
}

fn checklist(lines: &[SubmissionCheckLine]) -> Result<(), Refusal> {
    for item in SubmissionCheck::ALL {
        let lines: Vec<_> = lines.iter().filter(|line| line.item == *item).collect();
        let answered = matches!(lines.as_slice(), [line] if line.done || line.note.is_some());
        field(
            answered,
            "/checklist",
            "Answer each item of the submission checklist once; where one does not apply, say why.",
        )?;
    }
    let anonymised =
        lines.iter().any(|line| line.item == SubmissionCheck::NoRealNamesOrBirthDates && line.done);
    field(
        anonymised,
        "/checklist",
        "The pack may hold no real names or birth dates anywhere; it must pass that check.",
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
