//! The referral form: what a professional can say at two in the morning, with "not known"
//! and "not asked" as answers of their own.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::records::{
    AbuseIndicator, Behaviour, Child, DeathKind, Household, NextOfKin, Person, Referrer, Suspect,
};
use crate::values::{ActorId, AgencyId, CspId, Known, Line, PartialDate, Prose, Reference};

record! {
    /// The death.
    pub struct Death {
        /// Date, or as much of it as is known; not after today.
        pub date: PartialDate,
        /// Whether the date is an estimate.
        #[serde(default)]
        pub date_estimated: bool,
        /// Time of day, London.
        #[serde(default)]
        pub time: Known<NaiveTime>,
        /// Where.
        pub place: Prose<300>,
        /// Whether that is outside England and Wales, where the Acts are silent.
        #[serde(default)]
        pub outside_england_and_wales: Known<bool>,
        /// How it is understood now.
        pub kind: DeathKind,
        /// What it appears to have resulted from.
        #[serde(default)]
        pub resulted_from: Known<Vec<Behaviour>>,
    }

    /// Police and coroner references.
    pub struct PoliceDetails {
        /// Crime reference.
        #[serde(default)]
        pub crime_reference: Known<Line<60>>,
        /// Senior investigating officer.
        #[serde(default)]
        pub senior_investigating_officer: Known<Line<120>>,
        /// Family liaison officer.
        #[serde(default)]
        pub family_liaison_officer: Known<Line<120>>,
        /// Coroner's reference.
        #[serde(default)]
        pub coroner_reference: Known<Line<60>>,
    }

    /// The referral.
    pub struct Referral {
        /// The partnership told; required where the installation serves more than one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub csp: Option<CspId>,
        /// London date on which the partnership's chair was told; today if absent. The one
        /// month for the decision runs from it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub csp_notified_on: Option<NaiveDate>,
        /// Who refers.
        pub referrer: Referrer,
        /// Police and coroner references.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub police: Option<PoliceDetails>,
        /// The person who died.
        pub victim: Person,
        /// The death.
        pub death: Death,
        /// Suspected persons: at least one, or "not-known".
        pub suspects: Known<Vec<Suspect>>,
        /// Whether victim and suspect shared a household.
        pub same_household: Known<Household>,
        /// Children in the household; an empty list says there are none.
        pub children: Known<Vec<Child>>,
        /// Agencies known to have been involved.
        #[serde(default)]
        pub known_agencies: Vec<Line<120>>,
        /// Signs of abuse before the death.
        #[serde(default)]
        pub prior_abuse: Vec<AbuseIndicator>,
        /// Why the criteria may be met; at most 4,000 characters.
        pub why: Prose<4000>,
        /// Linked cases, other reviews, proceedings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub linked: Option<Prose<2000>>,
        /// Next of kin.
        #[serde(default)]
        pub next_of_kin: Known<NextOfKin>,
        /// Whether a living person is at immediate risk. If so: call 999, and the duty
        /// safeguarding contact is told at once.
        pub immediate_risk: Known<bool>,
    }

    /// A referral as it was taken in.
    pub struct Opening {
        /// The case's reference.
        pub reference: Reference,
        /// The partnership.
        pub csp: CspId,
        /// The date the decision clock starts.
        pub csp_notified_on: NaiveDate,
        /// When the system received it; separate from the date the chair was told.
        pub received_at: DateTime<Utc>,
        /// Who referred.
        pub referrer: ActorId,
        /// The referrer's agency in the directory, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// The law, the name and the deadlines the case starts under.
        pub rules: crate::case::Rules,
        /// Keyed hashes of (name, date of death), by which likely duplicates are found.
        pub match_keys: Vec<String>,
        /// The form.
        pub form: Referral,
    }

    /// Facts added to a referral.
    pub struct Information {
        /// What has become known.
        pub text: Prose<4000>,
    }

    /// A living person may be at risk; the form says who.
    pub struct RiskRaised {}
}
