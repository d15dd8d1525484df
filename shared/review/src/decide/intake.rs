//! The referral and scoping.

use super::{Answer, Ask, asks_some, field, first, not_after, not_before};
use crate::act::{Action, Event};
use crate::actor::Role;
use crate::case::Case;
use crate::records::{
    Contact, Opening, Recommendation, Referral, RiskRaised, Scoping, ScopingOutcome,
    ScopingRequest, ScopingReturn, Transfer,
};
use crate::refusal::{FieldError, Refusal};
use crate::values::{AgencyId, BirthDate};

/// Opens a case from a referral.
pub(super) fn open(ask: &Ask<'_>, form: &Referral) -> Answer {
    let intake = ask.intake.ok_or(Refusal::NotFound)?;
    let errors = faults(form, ask);
    if !errors.is_empty() {
        return Err(Refusal::Fields(errors));
    }
    let mut events = vec![Event::Opened(Box::new(Opening {
        reference: intake.reference.clone(),
        csp: intake.csp.clone(),
        csp_notified_on: form.csp_notified_on.unwrap_or_else(|| ask.today()),
        received_at: ask.now,
        referrer: ask.actor.id.clone(),
        agency: ask.actor.agency.clone(),
        rules: intake.rules.clone(),
        match_keys: intake.match_keys.clone(),
        form: form.clone(),
    }))];
    if form.immediate_risk.value() == Some(&true) {
        events.push(Event::ImmediateRiskRaised(RiskRaised {}));
    }
    Ok(events)
}

/// Everything wrong with the form at once, so that nobody mends it field by field.
fn faults(form: &Referral, ask: &Ask<'_>) -> Vec<FieldError> {
    let today = ask.today();
    let died = form.death.date;
    let mut errors = Vec::new();
    let mut refuse = |so: bool, pointer: String, sentence: &str| {
        if !so {
            errors.push(FieldError { pointer, sentence: sentence.to_owned() });
        }
    };
    refuse(
        form.csp_notified_on.is_none_or(|day| day <= today),
        "/csp_notified_on".into(),
        "Enter the day the partnership's chair was told: today or earlier.",
    );
    refuse(
        died.earliest() <= today,
        "/death/date".into(),
        "Enter a date of death that is not after today.",
    );
    refuse(
        form.csp_notified_on.is_none_or(|day| day >= died.earliest()),
        "/csp_notified_on".into(),
        "The partnership cannot have been told before the death; check both dates.",
    );
    let born = |person: &crate::records::Person| match person.born.value() {
        Some(BirthDate::DateOfBirth(date)) => Some(*date),
        Some(BirthDate::EstimatedAge(_)) | None => None,
    };
    refuse(
        born(&form.victim).is_none_or(|date| date.earliest() <= died.latest()),
        "/victim/born/known/date-of-birth".into(),
        "The date of birth is after the date of death; check both dates.",
    );
    for (n, suspect) in form.suspects.value().into_iter().flatten().enumerate() {
        refuse(
            born(&suspect.person).is_none_or(|date| date.earliest() <= today),
            format!("/suspects/known/{n}/person/born/known/date-of-birth"),
            "Enter a date of birth that is not after today.",
        );
    }
    refuse(
        form.suspects.value().is_none_or(|suspects| !suspects.is_empty()),
        "/suspects/known".into(),
        "Name at least one suspected person, or answer \"not-known\".",
    );
    errors
}

pub(super) fn transfer(ask: &Ask<'_>, record: &Transfer) -> Answer {
    not_after(record.accepted_on, ask.today(), "/accepted_on")?;
    Ok(vec![Event::Transferred(record.clone())])
}

pub(super) fn start_scoping(ask: &Ask<'_>, record: &Scoping) -> Answer {
    asks_some(record.requests.len(), Action::AskAgency)?;
    for (n, asked) in record.requests.iter().enumerate() {
        not_before(asked.due_on, ask.today(), &format!("/requests/{n}/due_on"))?;
        let again = record.requests.iter().take(n).any(|other| other.agency == asked.agency);
        field(!again, &format!("/requests/{n}/agency"), "This agency is named twice.")?;
    }
    field(
        record.period_from <= record.period_to,
        "/period_to",
        "The period ends before it begins; check both days.",
    )?;
    Ok(vec![Event::ScopingStarted(record.clone())])
}

pub(super) fn ask_agency(case: &Case, ask: &Ask<'_>, record: &ScopingRequest) -> Answer {
    not_before(record.due_on, ask.today(), "/due_on")?;
    let asked = case.file.scoping.contains_key(&record.agency);
    field(!asked, "/agency", "This agency has been asked already.")?;
    Ok(vec![Event::AgencyAsked(record.clone())])
}

pub(super) fn record_scoping_return(case: &Case, ask: &Ask<'_>, record: &ScopingReturn) -> Answer {
    let own = ask.actor.agency.as_ref().filter(|_| ask.actor.role != Role::Coordinator);
    let agency: &AgencyId = record
        .agency
        .as_ref()
        .or(own)
        .ok_or_else(|| Refusal::field("/agency", "Name the agency whose return this is."))?;
    let asked = case.file.scoping.contains_key(agency);
    field(asked, "/agency", "This agency was not asked; ask it first.")?;
    let dated = match (record.first_contact, record.last_contact) {
        (Some(first), Some(last)) => first <= last,
        (Some(_) | None, Some(_) | None) => true,
    };
    field(dated, "/last_contact", "The last contact is before the first; check both days.")?;
    field(
        record.contact != Contact::Significant || record.records_secured_by.is_some(),
        "/records_secured_by",
        "Say who secured the records.",
    )?;
    let answer = ScopingReturn { agency: Some(agency.clone()), ..record.clone() };
    Ok(vec![Event::ScopingReturned(answer)])
}

pub(super) fn complete_scoping(case: &Case, record: &ScopingOutcome) -> Answer {
    first(
        record.override_reason.is_some()
            || case.file.scoping.values().all(|scoping| scoping.answer.is_some()),
        "Some agencies have not answered. Wait for them, or give an override reason.",
    )?;
    Ok(vec![Event::ScopingCompleted(record.clone())])
}

pub(super) fn recommend(ask: &Ask<'_>, record: &Recommendation) -> Answer {
    not_after(record.met_on, ask.today(), "/met_on")?;
    Ok(vec![Event::Recommended(record.clone())])
}
