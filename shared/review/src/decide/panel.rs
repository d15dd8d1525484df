//! Chair, panel, terms of reference.

use super::{Ask, checked, clean, field, not_after, not_before};
use crate::act::{Command, Event};
use crate::case::Case;
use crate::records::{Appointment, Panel};
use crate::refusal::Refusal;

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    match ask.command {
        Command::AppointChair(record) => {
            checked(appointment(record, ask), || Event::ChairAppointed(record.clone()))
        }
        Command::FormPanel(record) => {
            checked(panel(record, ask), || Event::PanelFormed(record.clone()))
        }
        Command::AgreeTerms(record) => checked(
            clean(case, &record.document, "/document")
                .and_then(|()| {
                    field(
                        !record.lines_of_enquiry.is_empty(),
                        "/lines_of_enquiry",
                        "Give at least one line of enquiry.",
                    )
                })
                .and_then(|()| {
                    field(
                        record.period_from <= record.period_to,
                        "/period_to",
                        "The period ends before it begins; check both days.",
                    )
                }),
            || Event::TermsAgreed(record.clone()),
        ),
        _ => None,
    }
}

fn appointment(record: &Appointment, ask: &Ask<'_>) -> Result<(), Refusal> {
    let today = ask.today();
    not_after(record.declared_on, today, "/declared_on")?;
    not_after(record.contract_on, today, "/contract_on")?;
    not_before(record.ends_on, today, "/ends_on")?;
    field(
        record.chair != ask.actor.id,
        "/chair",
        "The chair must be independent of you; name someone else.",
    )?;
    field(record.quotes > 0, "/quotes", "Say how many quotes were sought; at least one.")
}

fn panel(record: &Panel, ask: &Ask<'_>) -> Result<(), Refusal> {
    field(
        record.members.iter().any(|seat| seat.specialist),
        "/members",
        "Add a member from a specialist domestic abuse service.",
    )?;
    for (n, seat) in record.members.iter().enumerate() {
        not_after(
            seat.confidentiality_signed_on,
            ask.today(),
            &format!("/members/{n}/confidentiality_signed_on"),
        )?;
        let again = record.members.iter().take(n).any(|other| other.member == seat.member);
        field(!again, &format!("/members/{n}/member"), "This member is named twice.")?;
    }
    not_before(record.access_until, ask.today(), "/access_until")
}
