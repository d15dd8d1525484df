//! Ages. The 2004 Act asks how old the person was at the death; the 2021 Act how old both were
//! when the behaviour took place, which the form does not date.

use super::{Finding, Found};
use crate::records::{Behaviour, Death, DeathKind, Referral, Suspect};
use crate::values::{BirthDate, Known};

/// The age both Acts name, in years.
const SIXTEEN: u32 = 16;
/// Product decision: whoever was this old at the death may be taken to have been 16 at the
/// behaviour that led to it; of anyone younger a person must ask when it began.
const SURELY_SIXTEEN_BEFORE: u32 = 18;
/// Product decision: how far an estimated age may be out, in years, either way.
const ESTIMATE_MARGIN: u32 = 2;

/// 2004 Act: the person who died was 16 or over at the death.
pub(super) fn of_the_victim(referral: &Referral) -> Found {
    let born = &referral.victim.born;
    match reached(SIXTEEN, born, &referral.death) {
        Finding::Met => (Finding::Met, "The person who died was 16 or over."),
        Finding::NotMet => (Finding::NotMet, VICTIM_UNDER_16),
        Finding::Unclear => (Finding::Unclear, victim_unclear(born)),
    }
}

/// 2021 Act: both were 16 or over at the behaviour.
pub(super) fn of_both(referral: &Referral, suspect: Option<&Suspect>) -> Found {
    let death = &referral.death;
    let victim = &referral.victim.born;
    let suspect = suspect.map_or(&Known::NotKnown, |suspect| &suspect.person.born);
    let at_death = (reached(SIXTEEN, victim, death), reached(SIXTEEN, suspect, death));
    match at_death {
        (Finding::Unclear, _) => (Finding::Unclear, victim_unclear(victim)),
        (_, Finding::Unclear) => (Finding::Unclear, suspect_unclear(suspect)),
        (Finding::NotMet, _) => (Finding::NotMet, VICTIM_UNDER_16),
        (Finding::Met, Finding::NotMet) => (
            Finding::NotMet,
            "The suspected person was under 16, and the 2024 test needs both to be 16 or over.",
        ),
        (Finding::Met, Finding::Met) => {
            let long_since = [victim, suspect]
                .iter()
                .all(|born| reached(SURELY_SIXTEEN_BEFORE, born, death) == Finding::Met);
            if long_since || is_killing(death) {
                (Finding::Met, "Both were 16 or over.")
            } else {
                (
                    Finding::Unclear,
                    "Abuse before either turned 16 does not count in the 2024 test; find out when it took place.",
                )
            }
        }
    }
}

/// Whether the behaviour is the killing itself, and so as late as the death.
fn is_killing(death: &Death) -> bool {
    let violent = |behaviour: &Behaviour| {
        matches!(behaviour, Behaviour::PhysicalOrSexual | Behaviour::ViolentOrThreatening)
    };
    death.kind == DeathKind::Homicide
        && death.resulted_from.value().is_some_and(|behaviours| behaviours.iter().any(violent))
}

/// Whether a person had reached an age at the death. An age is reached at the start of the
/// birthday. Partly known dates are read both ways and must agree; an estimated date of death
/// may be a year out.
fn reached(years: u32, born: &Known<BirthDate>, death: &Death) -> Finding {
    match born.value() {
        None => Finding::Unclear,
        Some(BirthDate::EstimatedAge(age)) => {
            let age = u32::from(age.years());
            if age > years + ESTIMATE_MARGIN {
                Finding::Met
            } else if age + ESTIMATE_MARGIN < years {
                Finding::NotMet
            } else {
                Finding::Unclear
            }
        }
        Some(BirthDate::DateOfBirth(birth)) => {
            let slack = u32::from(death.date_estimated);
            let youngest = death.date.earliest().years_since(birth.latest());
            let oldest = death.date.latest().years_since(birth.earliest());
            if youngest.is_some_and(|age| age >= years + slack) {
                Finding::Met
            } else if oldest.is_some_and(|age| age + slack < years) {
                Finding::NotMet
            } else {
                Finding::Unclear
            }
        }
    }
}

const VICTIM_UNDER_16: &str =
    "The person who died was under 16; a child safeguarding practice review is the route.";

const fn victim_unclear(born: &Known<BirthDate>) -> &'static str {
    match born {
        Known::NotKnown | Known::NotAsked => {
            "The form gives neither a date of birth nor an age for the person who died; find out."
        }
        Known::Known(_) => {
            "The dates or the age on the form leave open whether the person who died was 16; find out."
        }
    }
}

const fn suspect_unclear(born: &Known<BirthDate>) -> &'static str {
    match born {
        Known::NotKnown | Known::NotAsked => {
            "The form gives neither a date of birth nor an age for a suspected person; find out."
        }
        Known::Known(_) => {
            "The dates or the age on the form leave open whether the suspected person was 16; find out."
        }
    }
}
