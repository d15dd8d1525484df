//! The decision, the Home Office's look at a refusal, direction and reopening.

use chrono::NaiveDate;

use crate::case::Ruleset;
use crate::records::{Criterion, Finding, LearningRoute};
use crate::values::{Line, Prose};

record! {
    /// One criterion and what is found about it.
    pub struct CriterionFinding {
        /// Which limb of the test.
        pub criterion: Criterion,
        /// Met, not met or unclear.
        pub finding: Finding,
        /// On what evidence.
        pub evidence: Prose<2000>,
    }

    /// The decision form.
    pub struct Decision {
        /// The law it was made under.
        pub ruleset: Ruleset,
        /// Each criterion once.
        pub criteria: Vec<CriterionFinding>,
        /// Who was consulted.
        pub consulted: Vec<Line<120>>,
        /// Reasons; at least 50 characters when there is to be no review.
        pub reasons: Prose<4000>,
        /// The London date of the decision; today if absent. The six months run from it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decided_on: Option<NaiveDate>,
        /// Where learning will happen instead; required when there is to be no review.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub learning_route: Option<LearningRoute>,
        /// Any conflict of interest of the decider.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub conflict: Option<Prose<1000>>,
        /// How the family will be told.
        pub family_plan: Prose<2000>,
    }

    /// Why a deadline was missed.
    pub struct BreachReason {
        /// Why.
        pub reason: Prose<2000>,
    }

    /// The notice of the decision to the Home Office.
    pub struct HomeOfficeNotice {
        /// The day it was sent.
        pub sent_on: NaiveDate,
        /// The Home Office's reference, where it has given one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub home_office_reference: Option<Line<60>>,
    }

    /// The start of scrutiny.
    pub struct Scrutiny {
        /// Reference of the Home Office's letter.
        pub letter_reference: Line<60>,
        /// Date of the letter.
        pub dated: NaiveDate,
    }

    /// A letter from the Home Office.
    pub struct HomeOfficeLetter {
        /// Its reference.
        pub letter_reference: Line<60>,
        /// Its date.
        pub dated: NaiveDate,
    }

    /// A direction under s.9(2) of the 2004 Act.
    pub struct Direction {
        /// Reference of the letter.
        pub letter_reference: Line<60>,
        /// The day of the direction; the six months run from it.
        pub directed_on: NaiveDate,
        /// The Secretary of State's reasons.
        pub reasons: Prose<4000>,
    }

    /// The chair acknowledges a direction.
    pub struct Acknowledgement {
        /// How the family will be told.
        pub family_plan: Prose<2000>,
    }

    /// A refused case is opened again. Earlier decisions are kept.
    pub struct Reopening {
        /// What challenges the refusal.
        pub challenge: Prose<4000>,
        /// The date the chair was told of the challenge; a fresh month runs from it.
        pub csp_notified_on: NaiveDate,
    }
}
