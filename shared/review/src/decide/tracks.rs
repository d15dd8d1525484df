//! Family, court, inquest, other reviews, holds and access.

use super::{Ask, checked, field, first, happened, not_after, not_before};
use crate::act::{Command, Event};
use crate::actor::Role;
use crate::case::Case;
use crate::records::{AccessGrant, FamilyContact, FamilyStage, Hold};
use crate::refusal::Refusal;

/// Roles that are given case by case; every other role comes from the directory.
const BY_CASE: &[Role] =
    &[Role::IndependentChair, Role::PanelMember, Role::Specialist, Role::FamilyAdvocate];

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    let today = ask.today();
    match ask.command {
        Command::RecordFamilyContact(record) => {
            checked(family(case, ask, record), || Event::FamilyContactRecorded(record.clone()))
        }
        Command::RecordCriminalCase(record) => checked(not_after(record.on, today, "/on"), || {
            Event::CriminalCaseRecorded(record.clone())
        }),
        Command::RecordInquest(record) => {
            checked(not_after(record.on, today, "/on"), || Event::InquestRecorded(record.clone()))
        }
        Command::RecordOtherReview(record) => happened(Event::OtherReviewRecorded(record.clone())),
        Command::StartHold(record) => checked(
            first(
                case.file.hold.is_none(),
                "The review is on hold already; change or end that hold.",
            )
            .and_then(|()| hold(ask, record)),
            || Event::HoldStarted(record.clone()),
        ),
        Command::ChangeHold(record) => {
            checked(on_hold(case).and_then(|()| hold(ask, record)), || {
                Event::HoldChanged(record.clone())
            })
        }
        Command::EndHold(record) => checked(
            on_hold(case).and_then(|()| not_after(record.ended_on, today, "/ended_on")).and_then(
                |()| {
                    record
                        .report_target
                        .map_or(Ok(()), |day| not_before(day, today, "/report_target"))
                },
            ),
            || Event::HoldEnded(record.clone()),
        ),
        Command::GrantAccess(record) => {
            checked(access(ask, record), || Event::AccessGranted(record.clone()))
        }
        Command::EndAccess(record) => checked(
            first(
                case.grant(&record.actor, record.role, today).is_some(),
                "This person has no such access now.",
            ),
            || Event::AccessEnded(record.clone()),
        ),
        _ => None,
    }
}

fn family(case: &Case, ask: &Ask<'_>, record: &FamilyContact) -> Result<(), Refusal> {
    not_after(record.on, ask.today(), "/on")?;
    let first_meeting = record.stage == FamilyStage::Engaged
        && !case.file.family.iter().any(|contact| contact.advocacy_offered);
    field(
        !first_meeting || record.advocacy_offered,
        "/advocacy_offered",
        "The first meeting must point the family to specialist advocacy (Guidance, para 56(a)).",
    )
}

fn hold(ask: &Ask<'_>, record: &Hold) -> Result<(), Refusal> {
    not_before(record.review_on, ask.today(), "/review_on")?;
    field(
        record.starts_on <= record.review_on,
        "/review_on",
        "The hold is looked at again after it starts; check both days.",
    )?;
    record.report_target.map_or(Ok(()), |day| not_before(day, ask.today(), "/report_target"))
}

fn on_hold(case: &Case) -> Result<(), Refusal> {
    first(case.file.hold.is_some(), "The review is not on hold.")
}

fn access(ask: &Ask<'_>, record: &AccessGrant) -> Result<(), Refusal> {
    field(
        BY_CASE.contains(&record.role),
        "/role",
        "Access case by case is for an independent chair, a panel member, a specialist or a family advocate.",
    )?;
    not_before(record.until, ask.today(), "/until")
}
