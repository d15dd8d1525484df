//! Does a death meet the statutory test? The software advises, the partnership's chair decides.
//!
//! Two tests are read side by side, because the law is about to change:
//!
//! - **Domestic Violence, Crime and Victims Act 2004 s.9(1)**, in force: the person was 16 or
//!   over and the death has, or appears to have, resulted from violence, abuse or neglect by
//!   someone related to them, someone they were or had been in an intimate personal relationship
//!   with, or a member of the same household.
//! - **Victims and Prisoners Act 2024 s.19**, not commenced: the death resulted, or appears to
//!   have resulted, from domestic abuse as the **Domestic Abuse Act 2021 s.1–2** defines it. Both
//!   people must be 16 or over and personally connected. Sharing a household is no such
//!   connection, and neglect is not listed.
//!
//! Three rules keep the advice from turning anyone away:
//!
//! - Whatever is not known makes a limb [`Finding::Unclear`], and one unclear limb makes the
//!   verdict unclear, so "not met" is said only when every limb has its answer.
//! - "Appears" is a low bar. In **R (Charnwood Borough Council) v Secretary of State for the Home
//!   Department \[2025\] EWHC 33 (Admin)** a direction stood on possible neglect although the
//!   police had closed the case and the coroner had found an accident. So no answer on the form
//!   rules violence, abuse or neglect out, and charge, acquittal and death of the suspected person
//!   are not looked at.
//! - With several suspected persons the test is met if any of them meets it.
//!
//! The sentences are fixed, so they cannot repeat personal data.

mod age;
mod connection;
mod flags;

pub use flags::Flag;

use serde::Serialize;

use crate::records::{Behaviour, Criterion, Finding, Referral, Suspect};
use crate::values::Known;

/// What the form says about the two tests. An aid to a person's decision, never a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advice {
    /// The test in force: Domestic Violence, Crime and Victims Act 2004 s.9(1).
    pub s9_of_2004: Opinion,
    /// The test to come, with the definitions of the Domestic Abuse Act 2021 s.1–2.
    pub s8a_of_2024: Opinion,
    /// What else the form calls for.
    pub flags: Vec<Flag>,
}

/// One test applied to the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Opinion {
    /// Met, not met, or unclear: a person must find out more.
    pub verdict: Finding,
    /// Each criterion once; those of the suspected person for whom the verdict is strongest.
    pub limbs: Vec<Limb>,
}

/// One criterion and what the form says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limb {
    /// Which criterion, as the decision form names it. Under the 2024 test `age-at-death` covers
    /// both people's ages at the behaviour.
    pub criterion: Criterion,
    /// What the form says about it.
    pub finding: Finding,
    /// Why: one sentence, without personal data.
    pub because: &'static str,
}

/// A finding and the sentence that explains it.
type Found = (Finding, &'static str);

/// Applies both tests to a referral.
#[must_use]
pub fn advise(referral: &Referral) -> Advice {
    let s9_of_2004 = opinion(referral, |suspect| {
        [
            age::of_the_victim(referral),
            violence_abuse_or_neglect(&referral.death.resulted_from),
            connection::under_2004_act(suspect, &referral.same_household),
        ]
    });
    let s8a_of_2024 = opinion(referral, |suspect| {
        [
            age::of_both(referral, suspect),
            domestic_abuse(&referral.death.resulted_from),
            connection::under_2021_act(suspect),
        ]
    });
    let flags = flags::raised(referral, &s9_of_2004);
    Advice { s9_of_2004, s8a_of_2024, flags }
}

/// The strongest opinion over the suspected persons, or the one there is when none is named.
fn opinion(referral: &Referral, limbs: impl Fn(Option<&Suspect>) -> [Found; 3]) -> Opinion {
    let of = |suspect| {
        let limbs: Vec<Limb> = Criterion::ALL
            .iter()
            .zip(limbs(suspect))
            .map(|(&criterion, (finding, because))| Limb { criterion, finding, because })
            .collect();
        Opinion { verdict: verdict(&limbs, referral), limbs }
    };
    referral
        .suspects
        .value()
        .into_iter()
        .flatten()
        .map(|suspect| of(Some(suspect)))
        .min_by_key(|opinion| {
            let against = |finding| opinion.limbs.iter().filter(|l| l.finding == finding).count();
            let verdict = match opinion.verdict {
                Finding::Met => 0,
                Finding::Unclear => 1,
                Finding::NotMet => 2,
            };
            (verdict, against(Finding::NotMet), against(Finding::Unclear))
        })
        .unwrap_or_else(|| of(None))
}

/// Unclear before not met before met. A death outside England and Wales is for the Home Office
/// to look at, so the form alone does not make it "met".
fn verdict(limbs: &[Limb], referral: &Referral) -> Finding {
    let has = |finding| limbs.iter().any(|limb| limb.finding == finding);
    let elsewhere = referral.death.outside_england_and_wales == Known::Known(true);
    if has(Finding::Unclear) {
        Finding::Unclear
    } else if has(Finding::NotMet) {
        Finding::NotMet
    } else if elsewhere {
        Finding::Unclear
    } else {
        Finding::Met
    }
}

/// 2004 Act: violence, abuse or neglect, which every listed behaviour is.
fn violence_abuse_or_neglect(resulted_from: &Known<Vec<Behaviour>>) -> Found {
    match resulted_from.value().map(Vec::as_slice) {
        None => (Finding::Unclear, BEHAVIOUR_NOT_KNOWN),
        Some([]) => (Finding::Unclear, BEHAVIOUR_NONE),
        Some([_, ..]) => (
            Finding::Met,
            "The form says that the death appears to have resulted from violence, abuse or neglect.",
        ),
    }
}

/// 2021 Act s.1(3): any listed behaviour. Neglect alone may still be "other" abuse.
fn domestic_abuse(resulted_from: &Known<Vec<Behaviour>>) -> Found {
    match resulted_from.value().map(Vec::as_slice) {
        None => (Finding::Unclear, BEHAVIOUR_NOT_KNOWN),
        Some([]) => (Finding::Unclear, BEHAVIOUR_NONE),
        Some(behaviours) if behaviours.iter().any(|&behaviour| is_listed(behaviour)) => (
            Finding::Met,
            "The form says that the death appears to have resulted from behaviour listed in the 2021 Act.",
        ),
        Some(_) => (
            Finding::Unclear,
            "Neglect is not listed in the 2021 Act; decide whether it was psychological, emotional or other abuse.",
        ),
    }
}

const fn is_listed(behaviour: Behaviour) -> bool {
    match behaviour {
        Behaviour::PhysicalOrSexual
        | Behaviour::ViolentOrThreatening
        | Behaviour::ControllingOrCoercive
        | Behaviour::Economic
        | Behaviour::PsychologicalOrEmotional => true,
        Behaviour::Neglect => false,
    }
}

const BEHAVIOUR_NOT_KNOWN: &str =
    "The form does not say what the death appears to have resulted from; find out more.";
const BEHAVIOUR_NONE: &str = "The form names no behaviour that led to the death; an appearance of one is enough, so look at the history.";
