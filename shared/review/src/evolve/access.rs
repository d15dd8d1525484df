//! Who may see the case: each person once per role.

use chrono::NaiveDate;

use crate::actor::Role;
use crate::case::{File, Grant};
use crate::records::{AccessEnd, AccessGrant, Appointment, Panel};
use crate::values::ActorId;

pub(super) fn appointed(file: &mut File, appointment: &Appointment) {
    give(file, plain(&appointment.chair, Role::IndependentChair, appointment.ends_on));
    file.chair = Some(appointment.clone());
}

pub(super) fn formed(file: &mut File, panel: &Panel) {
    for seat in &panel.members {
        let role = if seat.specialist { Role::Specialist } else { Role::PanelMember };
        give(file, plain(&seat.member, role, panel.access_until));
    }
    file.panel = Some(panel.clone());
}

pub(super) fn granted(file: &mut File, access: &AccessGrant) {
    let circulated_imrs = access.circulated_imrs.clone();
    give(file, Grant { circulated_imrs, ..plain(&access.actor, access.role, access.until) });
}

pub(super) fn ended(file: &mut File, end: &AccessEnd) {
    for grant in &mut file.grants {
        if grant.actor == end.actor && grant.role == end.role {
            grant.ended = true;
        }
    }
}

/// Gives access, in place of what the person had in that role.
fn give(file: &mut File, grant: Grant) {
    file.grants.retain(|held| held.actor != grant.actor || held.role != grant.role);
    file.grants.push(grant);
}

fn plain(actor: &ActorId, role: Role, until: NaiveDate) -> Grant {
    Grant { actor: actor.clone(), role, until, circulated_imrs: vec![], ended: false }
}
