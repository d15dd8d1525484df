//! The tracks beside the spine: family, court, inquest, other reviews; holds; access.

use chrono::NaiveDate;

use crate::actor::Role;
use crate::records::{
    Coordination, CriminalStage, FamilyStage, HoldCause, InquestStage, OtherReviewKind,
};
use crate::values::{ActorId, AgencyId, Line, Prose};

record! {
    /// A hold: it changes the target, never the original deadline or the elapsed figures.
    pub struct Hold {
        /// The kind of cause.
        pub cause: HoldCause,
        /// Why.
        pub reason: Prose<2000>,
        /// Who authorised it.
        pub authorised_by: Line<120>,
        /// The day it starts.
        pub starts_on: NaiveDate,
        /// The day it is looked at again.
        pub review_on: NaiveDate,
        /// The revised target for the report, agreed by the partnership.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub report_target: Option<NaiveDate>,
    }

    /// The end of a hold.
    pub struct HoldEnd {
        /// The day it ends.
        pub ended_on: NaiveDate,
        /// The target for the report from here on, if it changes again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub report_target: Option<NaiveDate>,
    }

    /// Contact with the family.
    pub struct FamilyContact {
        /// Where the family stands now.
        pub stage: FamilyStage,
        /// The day of the contact.
        pub on: NaiveDate,
        /// Whether specialist advocacy was offered.
        pub advocacy_offered: bool,
        /// What was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<Prose<4000>>,
    }

    /// The criminal case.
    pub struct CriminalCase {
        /// Where it stands.
        pub stage: CriminalStage,
        /// Since when.
        pub on: NaiveDate,
        /// Details.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<Prose<2000>>,
    }

    /// The inquest.
    pub struct Inquest {
        /// Where it stands.
        pub stage: InquestStage,
        /// Since when.
        pub on: NaiveDate,
        /// Details.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<Prose<2000>>,
    }

    /// Another review of the same death.
    pub struct OtherReview {
        /// What kind.
        pub kind: OtherReviewKind,
        /// How the two run beside each other.
        pub coordination: Coordination,
        /// Who runs it.
        pub lead: Line<120>,
    }

    /// One person's access to this case.
    pub struct AccessGrant {
        /// The person, as in the directory.
        pub actor: ActorId,
        /// The role on this case.
        pub role: Role,
        /// Last day of access, London.
        pub until: NaiveDate,
        /// Whether circulated IMRs may be read.
        #[serde(default)]
        pub circulated_imrs: Vec<AgencyId>,
    }

    /// The end of a person's access.
    pub struct AccessEnd {
        /// The person.
        pub actor: ActorId,
        /// The role that ends.
        pub role: Role,
        /// Why.
        pub reason: Prose<1000>,
    }
}
