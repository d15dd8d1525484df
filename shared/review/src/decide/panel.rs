//! Chair, panel, terms of reference.

use super::{Answer, Ask, clean, field, not_after, not_before};
use crate::act::Event;
use crate::case::Case;
use crate::records::{Appointment, Panel, Terms};

pub(super) fn appoint_chair(ask: &Ask<'_>, record: &Appointment) -> Answer {
    let today = ask.today();
    not_after(record.declared_on, today, "/declared_on")?;
    not_after(record.contract_on, today, "/contract_on")?;
    not_before(record.ends_on, today, "/ends_on")?;
    field(
        record.chair != ask.actor.id,
        "/chair",
        "The chair must be independent of you; name someone else.",
    )?;
    field(record.quotes > 0, "/quotes", "Say how many quotes were sought; at least one.")?;
    Ok(vec![Event::ChairAppointed(record.clone())])
}

pub(super) fn form_panel(ask: &Ask<'_>, record: &Panel) -> Answer {
    let today = ask.today();
    field(
        record.members.iter().any(|seat| seat.specialist),
        "/members",
        "Add a member from a specialist domestic abuse service.",
    )?;
    for (n, seat) in record.members.iter().enumerate() {
        let signed = format!("/members/{n}/confidentiality_signed_on");
        not_after(seat.confidentiality_signed_on, today, &signed)?;
        let again = record.members.iter().take(n).any(|other| other.member == seat.member);
        field(!again, &format!("/members/{n}/member"), "This member is named twice.")?;
    }
    not_before(record.access_until, today, "/access_until")?;
    Ok(vec![Event::PanelFormed(record.clone())])
}

pub(super) fn agree_terms(case: &Case, ask: &Ask<'_>, record: &Terms) -> Answer {
    clean(case, ask, &record.document, "/document")?;
    field(
        !record.lines_of_enquiry.is_empty(),
        "/lines_of_enquiry",
        "Give at least one line of enquiry.",
    )?;
    field(
        record.period_from <= record.period_to,
        "/period_to",
        "The period ends before it begins; check both days.",
    )?;
    Ok(vec![Event::TermsAgreed(record.clone())])
}
