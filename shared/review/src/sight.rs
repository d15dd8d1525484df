//! How much of a case an actor sees. One pure, total function; the default is nothing.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::process::State;
use crate::values::AgencyId;

/// How much of a case someone sees. No sight at all looks like no case at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// Referral, scoping and recommendation, until the decision.
    Intake,
    /// The receipt of one's own referral.
    OwnReferral,
    /// One agency's own requests, returns, IMR, actions and documents.
    Agency(AgencyId),
    /// What is circulated to the panel.
    Panel,
    /// What is released to the family.
    Family,
    /// Decisions and packs sent to the Home Office.
    Submission,
    /// The completed report and the status of its actions.
    FinalPack,
}

/// What `actor` sees of `case` on a London date; `None` if there might as well be no case.
#[must_use]
pub fn sight(case: &Case, actor: &Actor, today: NaiveDate) -> Option<Sight> {
    if actor.csp != case.csp {
        return None;
    }
    let referred = case.file.referrer.as_ref() == Some(&actor.id);
    let granted = || case.grant(&actor.id, actor.role, today).is_some();
    let agency = || {
        actor
            .agency
            .as_ref()
            .filter(|agency| case.agencies().contains(agency))
            .cloned()
            .map(Sight::Agency)
    };
    match actor.role {
        Role::System | Role::CspChair | Role::Coordinator => Some(Sight::Whole),
        Role::DecisionSubgroup => {
            matches!(case.state, State::Referred | State::Scoping | State::ReadyToDecide)
                .then_some(Sight::Intake)
        }
        Role::Referrer => referred.then_some(Sight::OwnReferral),
        Role::Police | Role::AgencyContact | Role::ImrAuthor | Role::AgencySenior => {
            agency().or_else(|| referred.then_some(Sight::OwnReferral))
        }
        Role::IndependentChair => granted().then_some(Sight::Whole),
        Role::PanelMember | Role::Specialist => granted().then_some(Sight::Panel),
        Role::FamilyAdvocate => granted().then_some(Sight::Family),
        Role::HomeOffice => (!case.file.decisions.is_empty()).then_some(Sight::Submission),
        Role::QaMember => (!case.file.submissions.is_empty()).then_some(Sight::Submission),
        Role::Commissioner | Role::Pcc => case.state.is_final_pack().then_some(Sight::FinalPack),
        Role::Administrator => None,
    }
}

/// The list keys under which a case is found, one per audience that may see it. Keys are only
/// added as a case goes on; what is listed is looked at again through [`sight`].
#[must_use]
pub fn audiences(case: &Case) -> BTreeSet<String> {
    let mut keys = BTreeSet::from(["csp".to_owned()]);
    keys.extend(case.file.referrer.iter().map(|actor| format!("actor/{actor}")));
    keys.extend(case.agencies().into_iter().map(|agency| format!("agency/{agency}")));
    keys.extend(case.file.grants.iter().map(|grant| format!("actor/{}", grant.actor)));
    if !case.file.decisions.is_empty() {
        keys.insert("home-office".to_owned());
    }
    if case.state.is_final_pack() {
        keys.insert("final".to_owned());
    }
    keys
}

/// The list keys an actor looks under.
#[must_use]
pub fn audience_keys(actor: &Actor) -> Vec<String> {
    let own = format!("actor/{}", actor.id);
    match actor.role {
        Role::CspChair | Role::Coordinator | Role::DecisionSubgroup | Role::System => {
            vec!["csp".to_owned()]
        }
        Role::Police | Role::AgencyContact | Role::ImrAuthor | Role::AgencySenior => {
            actor.agency.iter().map(|agency| format!("agency/{agency}")).chain([own]).collect()
        }
        Role::Referrer
        | Role::IndependentChair
        | Role::PanelMember
        | Role::Specialist
        | Role::FamilyAdvocate => vec![own],
        Role::HomeOffice | Role::QaMember => vec!["home-office".to_owned()],
        Role::Commissioner | Role::Pcc => vec!["final".to_owned()],
        Role::Administrator => vec![],
    }
}
