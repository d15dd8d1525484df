//! The IMRs and the action plan; each of them has a revision of its own.

use crate::case::{File, Imr, ImrState, PlanItem, SignOff};
use crate::dates::london_date;
use crate::event::Envelope;
use crate::records::{ActionUpdate, ImrRequest, ImrSignOff, ImrSubmission, PlanAction};
use crate::values::{AgencyId, ItemId};

pub(super) fn requested(file: &mut File, requests: &[ImrRequest], envelope: &Envelope) {
    for request in requests {
        let imr = Imr {
            state: ImrState::Requested,
            revision: 1,
            requested_on: london_date(envelope.at),
            submitted: None,
            submitted_by: None,
            signed_off: None,
            check: None,
            returns: vec![],
            waiver: None,
        };
        file.imrs.insert(request.agency.clone(), imr);
    }
}

/// A new version: what was approved and checked of the last one lapses.
pub(super) fn submitted(file: &mut File, submission: &ImrSubmission, envelope: &Envelope) {
    imr(file, &submission.agency, ImrState::Submitted, |imr| {
        imr.submitted = Some(submission.clone());
        imr.submitted_by = Some(envelope.actor.clone());
        imr.signed_off = None;
        imr.check = None;
    });
}

pub(super) fn signed_off(file: &mut File, sign_off: &ImrSignOff, envelope: &Envelope) {
    imr(file, &sign_off.agency, ImrState::SignedOff, |imr| {
        imr.signed_off = Some(SignOff {
            by: envelope.actor.clone(),
            on: london_date(envelope.at),
            document: sign_off.document.clone(),
        });
    });
}

/// Moves an agency's IMR on, and its revision with it.
pub(super) fn imr(
    file: &mut File,
    agency: &AgencyId,
    state: ImrState,
    change: impl FnOnce(&mut Imr),
) {
    if let Some(imr) = file.imrs.get_mut(agency) {
        imr.revision += 1;
        imr.state = state;
        change(imr);
    }
}

pub(super) fn planned(file: &mut File, action: &PlanAction) {
    let item = PlanItem {
        action: action.clone(),
        revision: 1,
        target_on: action.target_on,
        updates: vec![],
        completion: None,
        closure: None,
    };
    file.actions.insert(action.id.clone(), item);
}

pub(super) fn updated(file: &mut File, update: &ActionUpdate) {
    plan(file, &update.id, |item| {
        item.target_on = update.target_on.unwrap_or(item.target_on);
        item.updates.push(update.clone());
    });
}

/// Changes an action of the plan, and its revision with it.
pub(super) fn plan(file: &mut File, id: &ItemId, change: impl FnOnce(&mut PlanItem)) {
    if let Some(item) = file.actions.get_mut(id) {
        item.revision += 1;
        change(item);
    }
}
