//! How the two people were connected. The lists of the two Acts overlap and differ at the edges:
//! a shared household counts only in the 2004 Act, a child in common is named only in the 2021 Act.

use super::{Finding, Found};
use crate::records::{Household, Relationship, Suspect};
use crate::values::Known;

/// What kind of bond a relationship is, as far as the two Acts tell bonds apart.
enum Bond {
    /// Married, engaged, partners or lovers, now or formerly.
    Intimate,
    /// Parents of one child; nothing said of a relationship.
    ChildInCommon,
    /// A relative whom both Acts include: step, and by marriage or civil partnership.
    Relative,
    /// A relative of unstated degree; the 2021 Act ends at first cousins.
    RelativeOfSomeDegree,
    /// Lives there; the word is used of couples and of others.
    Cohabitant,
    /// Neither relative nor partner.
    None,
}

const fn bond(relationship: Relationship) -> Bond {
    match relationship {
        Relationship::SpouseOrCivilPartner
        | Relationship::ExSpouseOrCivilPartner
        | Relationship::CommonLawSpouse
        | Relationship::Engaged
        | Relationship::BoyfriendOrGirlfriend
        | Relationship::ExBoyfriendOrGirlfriend => Bond::Intimate,
        Relationship::CoParent => Bond::ChildInCommon,
        Relationship::Parent
        | Relationship::SonOrDaughter
        | Relationship::Sibling
        | Relationship::StepParent
        | Relationship::StepChild
        | Relationship::StepSibling
        | Relationship::Grandparent
        | Relationship::Grandchild => Bond::Relative,
        Relationship::OtherRelative => Bond::RelativeOfSomeDegree,
        Relationship::Cohabitant => Bond::Cohabitant,
        Relationship::OtherNonRelative => Bond::None,
    }
}

/// 2004 Act s.9(1)(a) and (b): related, intimate now or formerly, or of the same household.
pub(super) fn under_2004_act(suspect: Option<&Suspect>, household: &Known<Household>) -> Found {
    let Some(suspect) = suspect else {
        return (Finding::Unclear, NO_SUSPECT);
    };
    let bond = suspect.victim_is.value().map(|&relationship| bond(relationship));
    let shared = household.value().map(|household| household.shared);
    match (bond, shared) {
        (Some(Bond::Intimate), _) => {
            (Finding::Met, "They were, or had been, in an intimate personal relationship.")
        }
        (Some(Bond::Relative | Bond::RelativeOfSomeDegree), _) => {
            (Finding::Met, "They were related.")
        }
        (_, Some(true)) => (Finding::Met, "They were members of the same household."),
        (Some(Bond::Cohabitant), Some(false) | None) => (
            Finding::Unclear,
            "The form calls one a cohabitant of the other but does not confirm a shared household; find out.",
        ),
        (Some(Bond::ChildInCommon), Some(false) | None) => (
            Finding::Unclear,
            "They had a child in common; find out whether they had been in an intimate personal relationship.",
        ),
        (Some(Bond::None), None) => (
            Finding::Unclear,
            "They were neither related nor intimate; find out whether they shared a household.",
        ),
        (Some(Bond::None), Some(false)) => {
            (Finding::NotMet, "They were neither related nor intimate and shared no household.")
        }
        (None, Some(false) | None) => (Finding::Unclear, RELATIONSHIP_NOT_KNOWN),
    }
}

/// 2021 Act s.2: personally connected.
pub(super) fn under_2021_act(suspect: Option<&Suspect>) -> Found {
    let Some(suspect) = suspect else {
        return (Finding::Unclear, NO_SUSPECT);
    };
    match suspect.victim_is.value().map(|&relationship| bond(relationship)) {
        Some(Bond::Intimate | Bond::ChildInCommon) => (
            Finding::Met,
            "They were personally connected: partners now or formerly, or parents of one child.",
        ),
        Some(Bond::Relative) => (Finding::Met, "They were personally connected: relatives."),
        Some(Bond::RelativeOfSomeDegree) => (
            Finding::Unclear,
            "The 2021 Act counts relatives up to first cousins, by blood or marriage; find out the degree.",
        ),
        Some(Bond::Cohabitant) => (
            Finding::Unclear,
            "Sharing a household is no personal connection in itself; find out whether they were a couple.",
        ),
        Some(Bond::None) => (
            Finding::NotMet,
            "They were neither partners nor relatives, and a shared household does not count in the 2024 test.",
        ),
        None => (Finding::Unclear, RELATIONSHIP_NOT_KNOWN),
    }
}

const NO_SUSPECT: &str = "No suspected person is named; find out who might be.";
const RELATIONSHIP_NOT_KNOWN: &str = "The form does not say how the two were connected; find out.";
