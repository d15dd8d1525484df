//! Individual Management Reviews, up to the start of drafting.

use super::{Ask, checked, clean, field, first, not_before};
use crate::act::{Command, Event};
use crate::case::{Case, Imr, ImrState};
use crate::records::{DocumentKind, ImrCheck, ImrCriterion, ImrRequest, ImrSignOff, ImrSubmission};
use crate::refusal::Refusal;
use crate::values::AgencyId;

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    match ask.command {
        Command::OpenEvidence(record) => checked(plan(&record.requests, ask), || Event::EvidenceOpened(record.clone())),
        Command::RequestImr(record) => checked(
            request(record, "", ask).and_then(|()| {
                let asked = case.file.imrs.contains_key(&record.agency);
                field(!asked, "/agency", "This agency has been asked already.")
            }),
            || Event::ImrRequested(record.clone()),
        ),
        Command::SubmitImr(record) => checked(submission(case, record), || Event::ImrSubmitted(record.clone())),
        Command::SignOffImr(record) => checked(sign_off(case, ask, record), || Event::ImrSignedOff(record.clone())),
        Command::QualityCheckImr(record) => checked(check(case, record), || Event::ImrChecked(record.clone())),
        Command::AcceptImr(record) => checked(
            stands(case, &record.agency, &[ImrState::QualityChecked]).and_then(|imr| {
                let passed = imr.check.as_ref().is_some_and(|check| check.lines.iter().all(|line| line.met));
                first(passed, "The quality check has lines that are not met; return the IMR with reasons.")
            }),
            || Event::ImrAccepted(record.clone()),
        ),
        Command::ReturnImr(record) => checked(
            stands(case, &record.agency, &[ImrState::Submitted, ImrState::SignedOff, ImrState::QualityChecked])
                .and_then(|_| not_before(record.due_on, ask.today(), "/due_on")),
            || Event::ImrReturned(record.clone()),
        ),
        Command::WaiveImr(record) => checked(
            stands(case, &record.agency, &[ImrState::Requested, ImrState::Returned, ImrState::Submitted, ImrState::SignedOff]).map(|_| ()),
            || Event::ImrWaived(record.clone()),
        ),
        Command::StartDrafting(record) => checked(
            first(
                case.file.imrs.values().all(|imr| matches!(imr.state, ImrState::Accepted | ImrState::Waived)),
                "Some IMRs are neither accepted nor waived. Accept them, or waive them with a reason.",
            )
            .and_then(|()| record.chronology.as_ref().map_or(Ok(()), |document| clean(case, document, "/chronology"))),
            || Event::DraftingStarted(record.clone()),
        ),
        _ => None,
    }
}

fn plan(requests: &[ImrRequest], ask: &Ask<'_>) -> Result<(), Refusal> {
    field(!requests.is_empty(), "/requests", "Ask at least one agency.")?;
    for (n, asked) in requests.iter().enumerate() {
        request(asked, &format!("/requests/{n}"), ask)?;
        let again = requests.iter().take(n).any(|other| other.agency == asked.agency);
        field(!again, &format!("/requests/{n}/agency"), "This agency is named twice.")?;
    }
    Ok(())
}

fn request(record: &ImrRequest, at: &str, ask: &Ask<'_>) -> Result<(), Refusal> {
    record.due_on.map_or(Ok(()), |day| not_before(day, ask.today(), &format!("{at}/due_on")))
}

fn stands<'a>(case: &'a Case, agency: &AgencyId, states: &[ImrState]) -> Result<&'a Imr, Refusal> {
    let imr = case.file.imrs.get(agency).ok_or(Refusal::NotFound)?;
    let so = states.contains(&imr.state);
    first(so, "This IMR is not at the stage for that; reload the case to see where it stands.")?;
    Ok(imr)
}

fn submission(case: &Case, record: &ImrSubmission) -> Result<(), Refusal> {
    stands(case, &record.agency, &[ImrState::Requested, ImrState::Returned, ImrState::Submitted])?;
    clean(case, &record.document, "/document")?;
    let document = case.file.documents.get(&record.document.document);
    let own = document.is_some_and(|document| {
        document.kind == DocumentKind::Imr && document.agency.as_ref() == Some(&record.agency)
    });
    field(own, "/document/document", "Choose a document of kind \"imr\" that your agency uploaded.")
}

fn sign_off(case: &Case, ask: &Ask<'_>, record: &ImrSignOff) -> Result<(), Refusal> {
    let imr = stands(case, &record.agency, &[ImrState::Submitted])?;
    clean(case, &record.document, "/document")?;
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
    )
}

fn check(case: &Case, record: &ImrCheck) -> Result<(), Refusal> {
    stands(case, &record.agency, &[ImrState::SignedOff])?;
    for criterion in ImrCriterion::ALL {
        let times = record.lines.iter().filter(|line| line.criterion == *criterion).count();
        field(
            times == 1,
            "/lines",
            "Answer each line of the quality check once: every-term-answered, signed, anonymised, smart, sources-cited.",
        )?;
    }
    Ok(())
}
