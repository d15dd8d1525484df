//! Family, court, inquest, other reviews, holds and access.

use super::{Answer, Ask, field, first, not_after, not_before};
use crate::act::Event;
use crate::actor::Role;
use crate::case::Case;
use crate::records::{
    AccessEnd, AccessGrant, CriminalCase, FamilyContact, FamilyStage, Hold, HoldEnd, Inquest,
};
use crate::refusal::Refusal;

/// Roles that are given case by case; every other role comes from the directory.
const BY_CASE: &[Role] =
    &[Role::IndependentChair, Role::PanelMember, Role::Specialist, Role::FamilyAdvocate];

pub(super) fn record_family_contact(case: &Case, ask: &Ask<'_>, record: &FamilyContact) -> Answer {
    not_after(record.on, ask.today(), "/on")?;
    let first_meeting = record.stage == FamilyStage::Engaged
        && !case.file.family.iter().any(|contact| contact.advocacy_offered);
    field(
        !first_meeting || record.advocacy_offered,
        "/advocacy_offered",
        "The first meeting must point the family to specialist advocacy (Guidance, para 56(a)).",
    )?;
    Ok(vec![Event::FamilyContactRecorded(record.clone())])
}

pub(super) fn record_criminal_case(ask: &Ask<'_>, record: &CriminalCase) -> Answer {
    not_after(record.on, ask.today(), "/on")?;
    Ok(vec![Event::CriminalCaseRecorded(record.clone())])
}

pub(super) fn record_inquest(ask: &Ask<'_>, record: &Inquest) -> Answer {
    not_after(record.on, ask.today(), "/on")?;
    Ok(vec![Event::InquestRecorded(record.clone())])
}

pub(super) fn start_hold(case: &Case, ask: &Ask<'_>, record: &Hold) -> Answer {
    first(case.file.hold.is_none(), "The review is on hold already; change or end that hold.")?;
    hold(ask, record)?;
    Ok(vec![Event::HoldStarted(record.clone())])
}

pub(super) fn change_hold(case: &Case, ask: &Ask<'_>, record: &Hold) -> Answer {
    on_hold(case)?;
    hold(ask, record)?;
    Ok(vec![Event::HoldChanged(record.clone())])
}

pub(super) fn end_hold(case: &Case, ask: &Ask<'_>, record: &HoldEnd) -> Answer {
    on_hold(case)?;
    not_after(record.ended_on, ask.today(), "/ended_on")?;
    not_before(record.report_target, ask.today(), "/report_target")?;
    Ok(vec![Event::HoldEnded(record.clone())])
}

pub(super) fn grant_access(ask: &Ask<'_>, record: &AccessGrant) -> Answer {
    field(
        BY_CASE.contains(&record.role),
        "/role",
        "Access case by case is for an independent chair, a panel member, a specialist or a family advocate.",
    )?;
    not_before(record.until, ask.today(), "/until")?;
    Ok(vec![Event::AccessGranted(record.clone())])
}

pub(super) fn end_access(case: &Case, ask: &Ask<'_>, record: &AccessEnd) -> Answer {
    first(
        case.grant(&record.actor, record.role, ask.today()).is_some(),
        "This person has no such access now.",
    )?;
    Ok(vec![Event::AccessEnded(record.clone())])
}

fn hold(ask: &Ask<'_>, record: &Hold) -> Result<(), Refusal> {
    not_before(record.review_on, ask.today(), "/review_on")?;
    field(
        record.starts_on <= record.review_on,
        "/review_on",
        "The hold is looked at again after it starts; check both days.",
    )?;
    not_before(record.report_target, ask.today(), "/report_target")
}

fn on_hold(case: &Case) -> Result<(), Refusal> {
    first(case.file.hold.is_some(), "The review is not on hold.")
}
