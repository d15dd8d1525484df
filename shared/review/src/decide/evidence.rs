//! Individual Management Reviews, up to the start of drafting.

use super::{Answer, Ask, asks_some, clean, field, first, not_before};
use crate::act::{Action, Event};
use crate::case::{Case, Imr, ImrState};
use crate::records::{
    DocumentKind, DraftingStart, EvidencePlan, ImrAcceptance, ImrCheck, ImrCriterion, ImrRequest,
    ImrReturn, ImrSignOff, ImrSubmission, ImrWaiver,
};
use crate::refusal::Refusal;
use crate::values::AgencyId;

pub(super) fn open_evidence(ask: &Ask<'_>, record: &EvidencePlan) -> Answer {
    asks_some(record.requests.len(), Action::RequestImr)?;
    for (n, asked) in record.requests.iter().enumerate() {
        not_before(asked.due_on, ask.today(), &format!("/requests/{n}/due_on"))?;
        let again = record.requests.iter().take(n).any(|other| other.agency == asked.agency);
        field(!again, &format!("/requests/{n}/agency"), "This agency is named twice.")?;
    }
    Ok(vec![Event::EvidenceOpened(record.clone())])
}

pub(super) fn request_imr(case: &Case, ask: &Ask<'_>, record: &ImrRequest) -> Answer {
    not_before(record.due_on, ask.today(), "/due_on")?;
    let asked = case.file.imrs.contains_key(&record.agency);
    field(!asked, "/agency", "This agency has been asked already.")?;
    Ok(vec![Event::ImrRequested(record.clone())])
}

pub(super) fn submit_imr(case: &Case, ask: &Ask<'_>, record: &ImrSubmission) -> Answer {
    use ImrState::{Requested, Returned, Submitted};
    stands(case, &record.agency, &[Requested, Returned, Submitted])?;
    clean(case, ask, &record.document, "/document")?;
    let document = case.file.documents.get(&record.document.document);
    let own = document.is_some_and(|document| {
        document.kind == DocumentKind::Imr && document.agency.as_ref() == Some(&record.agency)
    });
    field(
        own,
        "/document/document",
        "Choose a document of kind \"imr\" that your agency uploaded.",
    )?;
    Ok(vec![Event::ImrSubmitted(record.clone())])
}

pub(super) fn sign_off_imr(case: &Case, ask: &Ask<'_>, record: &ImrSignOff) -> Answer {
    let imr = stands(case, &record.agency, &[ImrState::Submitted])?;
    clean(case, ask, &record.document, "/document")?;
    let latest =
        imr.submitted.as_ref().is_some_and(|submission| submission.document == record.document);
    field(
        latest,
        "/document/hash",
        "Another version was submitted; read that one and sign it off.",
    )?;
    first(
        imr.submitted_by.as_ref() != Some(&ask.actor.id),
        "The author cannot sign off; a different senior of the agency must.",
    )?;
    Ok(vec![Event::ImrSignedOff(record.clone())])
}

pub(super) fn quality_check_imr(case: &Case, record: &ImrCheck) -> Answer {
    stands(case, &record.agency, &[ImrState::SignedOff])?;
    for criterion in ImrCriterion::ALL {
        let times = record.lines.iter().filter(|line| line.criterion == *criterion).count();
        field(
            times == 1,
            "/lines",
            "Answer each line of the quality check once: every-term-answered, signed, anonymised, smart, sources-cited.",
        )?;
    }
    Ok(vec![Event::ImrChecked(record.clone())])
}

pub(super) fn accept_imr(case: &Case, record: &ImrAcceptance) -> Answer {
    let imr = stands(case, &record.agency, &[ImrState::QualityChecked])?;
    let passed = imr.check.as_ref().is_some_and(|check| check.lines.iter().all(|line| line.met));
    first(passed, "The quality check has lines that are not met; return the IMR with reasons.")?;
    Ok(vec![Event::ImrAccepted(record.clone())])
}

pub(super) fn return_imr(case: &Case, ask: &Ask<'_>, record: &ImrReturn) -> Answer {
    use ImrState::{QualityChecked, SignedOff, Submitted};
    stands(case, &record.agency, &[Submitted, SignedOff, QualityChecked])?;
    not_before(record.due_on, ask.today(), "/due_on")?;
    Ok(vec![Event::ImrReturned(record.clone())])
}

pub(super) fn waive_imr(case: &Case, record: &ImrWaiver) -> Answer {
    use ImrState::{Requested, Returned, SignedOff, Submitted};
    stands(case, &record.agency, &[Requested, Returned, Submitted, SignedOff])?;
    Ok(vec![Event::ImrWaived(record.clone())])
}

pub(super) fn start_drafting(case: &Case, ask: &Ask<'_>, record: &DraftingStart) -> Answer {
    use ImrState::{Accepted, Waived};
    if let Some(chronology) = &record.chronology {
        clean(case, ask, chronology, "/chronology")?;
    }
    first(
        case.file.imrs.values().all(|imr| matches!(imr.state, Accepted | Waived)),
        "Some IMRs are neither accepted nor waived. Accept them, or waive them with a reason.",
    )?;
    Ok(vec![Event::DraftingStarted(record.clone())])
}

/// The agency's IMR, if it is at one of these stages.
fn stands<'a>(case: &'a Case, agency: &AgencyId, stages: &[ImrState]) -> Result<&'a Imr, Refusal> {
    let imr = case.file.imrs.get(agency).ok_or(Refusal::NotFound)?;
    let so = stages.contains(&imr.state);
    first(so, "This IMR is not at the stage for that; reload the case to see where it stands.")?;
    Ok(imr)
}
