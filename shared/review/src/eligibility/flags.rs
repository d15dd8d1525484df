//! What the form calls for besides the statutory test, as far as its answers show it.

use super::Opinion;
use crate::records::{Criterion, DeathKind, Finding, Referral};
use crate::values::{Known, Line, Prose};

list! {
    /// Something a person should look at. None changes what may be decided.
    pub enum Flag {
        /// The person who died was under 16.
        ChildReview,
        /// The form mentions mental health care or illness.
        MentalHealthReview,
        /// The form names linked cases, other reviews or proceedings.
        LinkedCases,
        /// The home address is missing.
        ResidenceNotRecorded,
        /// The death was outside England and Wales.
        OutsideEnglandAndWales,
        /// No limb of the connection test seems to fit.
        NoConnection,
    }
}

impl Flag {
    /// What to do about it: a sentence for the person who decides.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::ChildReview => {
                "The person who died was under 16: tell the safeguarding children partnership, and join the reviews if an adult died too."
            }
            Self::MentalHealthReview => {
                "The form mentions mental health: ask NHS England whether there is to be a mental health homicide review."
            }
            Self::LinkedCases => {
                "The form names linked cases or other reviews: test each person who died, hold one review, and agree who leads."
            }
            Self::ResidenceNotRecorded => {
                "The form gives no home address: find out, because the partnership where the person lived leads."
            }
            Self::OutsideEnglandAndWales => {
                "The death was outside England and Wales, on which the Acts are silent: ask the Home Office."
            }
            Self::NoConnection => {
                "No limb of the connection test seems to fit: consider whether the death still raises a concern about domestic abuse."
            }
        }
    }
}

/// The flags a form raises, in the order declared.
pub(super) fn raised(referral: &Referral, s9_of_2004: &Opinion) -> Vec<Flag> {
    let not_met = |criterion| {
        s9_of_2004
            .limbs
            .iter()
            .any(|limb| limb.criterion == criterion && limb.finding == Finding::NotMet)
    };
    Flag::ALL
        .iter()
        .copied()
        .filter(|flag| match flag {
            Flag::ChildReview => not_met(Criterion::AgeAtDeath),
            Flag::MentalHealthReview => mentions_mental_health(referral),
            Flag::LinkedCases => referral.linked.is_some(),
            Flag::ResidenceNotRecorded => referral.victim.address.value().is_none(),
            Flag::OutsideEnglandAndWales => {
                referral.death.outside_england_and_wales == Known::Known(true)
            }
            Flag::NoConnection => not_met(Criterion::Connection),
        })
        .collect()
}

/// Words that call for the check. The form has no field for it; a needless check costs a call.
const MENTAL_HEALTH: &[&str] =
    &["mental health", "psychiatr", "psychosis", "psychotic", "schizophren"];

fn mentions_mental_health(referral: &Referral) -> bool {
    let suspects = referral.suspects.value().into_iter().flatten();
    let free_text = referral
        .known_agencies
        .iter()
        .map(Line::as_str)
        .chain(referral.linked.iter().map(Prose::as_str))
        .chain(suspects.filter_map(|suspect| suspect.person.disability.value().map(Prose::as_str)))
        .chain([referral.why.as_str()]);
    let mentioned = |text: &str| {
        let text = text.to_lowercase();
        MENTAL_HEALTH.iter().any(|word| text.contains(word))
    };
    referral.death.kind != DeathKind::SuspectedSuicide && free_text.into_iter().any(mentioned)
}
