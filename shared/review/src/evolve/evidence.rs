//! Chair, panel, terms, IMRs and the action plan.

use super::intake::grant;
use crate::act::Event;
use crate::actor::Role;
use crate::case::{File, Grant, Imr, ImrState, PlanItem, SignOff};
use crate::dates::london_date;
use crate::event::Envelope;
use crate::records::ImrRequest;
use crate::values::{ActorId, AgencyId, ItemId};

/// Applies the event if it belongs here.
pub(super) fn apply(file: &mut File, event: &Event, envelope: &Envelope) -> bool {
    let today = london_date(envelope.at);
    match event {
        Event::ChairAppointed(appointment) => {
            let role = Role::IndependentChair;
            grant(file, plain(&appointment.chair, role, appointment.ends_on));
            file.chair = Some(appointment.clone());
        }
        Event::PanelFormed(panel) => {
            for seat in &panel.members {
                let role = if seat.specialist { Role::Specialist } else { Role::PanelMember };
                grant(file, plain(&seat.member, role, panel.access_until));
            }
            file.panel = Some(panel.clone());
        }
        Event::TermsAgreed(terms) => file.terms = Some(terms.clone()),
        Event::EvidenceOpened(plan) => {
            plan.requests.iter().for_each(|request| ask(file, request, envelope));
        }
        Event::ImrRequested(request) => ask(file, request, envelope),
        Event::ImrSubmitted(submission) => imr(file, &submission.agency, |imr| {
            imr.state = ImrState::Submitted;
            imr.submitted = Some(submission.clone());
            imr.submitted_by = Some(envelope.actor.clone());
            imr.signed_off = None;
            imr.check = None;
        }),
        Event::ImrSignedOff(sign_off) => imr(file, &sign_off.agency, |imr| {
            imr.state = ImrState::SignedOff;
            imr.signed_off = Some(SignOff {
                by: envelope.actor.clone(),
                on: today,
                document: sign_off.document.clone(),
            });
        }),
        Event::ImrChecked(check) => imr(file, &check.agency, |imr| {
            imr.state = ImrState::QualityChecked;
            imr.check = Some(check.clone());
        }),
        Event::ImrAccepted(accepted) => {
            imr(file, &accepted.agency, |imr| imr.state = ImrState::Accepted);
        }
        Event::ImrReturned(returned) => imr(file, &returned.agency, |imr| {
            imr.state = ImrState::Returned;
            imr.returns.push(returned.clone());
        }),
        Event::ImrWaived(waiver) => imr(file, &waiver.agency, |imr| {
            imr.state = ImrState::Waived;
            imr.waiver = Some(waiver.clone());
        }),
        Event::ActionAdded(action) => {
            file.actions.insert(
                action.id.clone(),
                PlanItem {
                    action: action.clone(),
                    revision: 1,
                    target_on: action.target_on,
                    updates: vec![],
                    completion: None,
                    closure: None,
                },
            );
        }
        Event::ActionUpdated(update) => plan(file, &update.id, |item| {
            item.target_on = update.target_on.unwrap_or(item.target_on);
            item.updates.push(update.clone());
        }),
        Event::ActionCompleted(completion) => {
            plan(file, &completion.id, |item| item.completion = Some(completion.clone()));
        }
        Event::ActionClosed(closure) => {
            plan(file, &closure.id, |item| item.closure = Some(closure.clone()));
        }
        _ => return false,
    }
    true
}

fn plain(actor: &ActorId, role: Role, until: chrono::NaiveDate) -> Grant {
    Grant { actor: actor.clone(), role, until, circulated_imrs: vec![], ended: false }
}

fn ask(file: &mut File, request: &ImrRequest, envelope: &Envelope) {
    file.imrs.insert(
        request.agency.clone(),
        Imr {
            state: ImrState::Requested,
            revision: 1,
            requested_on: london_date(envelope.at),
            submitted: None,
            submitted_by: None,
            signed_off: None,
            check: None,
            returns: vec![],
            waiver: None,
        },
    );
}

fn imr(file: &mut File, agency: &AgencyId, change: impl FnOnce(&mut Imr)) {
    if let Some(imr) = file.imrs.get_mut(agency) {
        imr.revision += 1;
        change(imr);
    }
}

fn plan(file: &mut File, id: &ItemId, change: impl FnOnce(&mut PlanItem)) {
    if let Some(item) = file.actions.get_mut(id) {
        item.revision += 1;
        change(item);
    }
}
