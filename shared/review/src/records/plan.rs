//! The SMART action plan: recommendations as owned, dated, measured actions.

use chrono::NaiveDate;

use crate::records::{ActionProgress, ActionScope};
use crate::values::{AgencyId, DocumentRef, ItemId, Line, Prose};

record! {
    /// An action.
    pub struct PlanAction {
        /// Its id within the case, such as `action-1`.
        pub id: ItemId,
        /// The recommendation it comes from, or the early learning.
        pub recommendation: Prose<2000>,
        /// Theme, such as "training".
        pub theme: Line<80>,
        /// How far it reaches.
        pub scope: ActionScope,
        /// What will be done.
        pub action: Prose<2000>,
        /// How it will be seen to be done.
        pub measure: Prose<1000>,
        /// The lead agency.
        pub lead: AgencyId,
        /// The office that owns it; a named post, not "all agencies".
        pub owner: Line<120>,
        /// The day it is to be done.
        pub target_on: NaiveDate,
        /// The government department asked, for a national action.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub department: Option<Line<120>>,
        /// The day the department was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sent_on: Option<NaiveDate>,
    }

    /// A report on an action.
    pub struct ActionUpdate {
        /// Which action.
        pub id: ItemId,
        /// Where it stands.
        pub progress: ActionProgress,
        /// What has happened.
        pub update: Prose<2000>,
        /// A new target, if agreed; the original stays on record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target_on: Option<NaiveDate>,
        /// The day the department replied, for a national action.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub replied_on: Option<NaiveDate>,
    }

    /// An action is done.
    pub struct ActionCompletion {
        /// Which action.
        pub id: ItemId,
        /// What changed.
        pub outcome: Prose<2000>,
        /// What shows it.
        pub evidence: Prose<2000>,
        /// A document that shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub document: Option<DocumentRef>,
        /// The day it was done.
        pub completed_on: NaiveDate,
    }

    /// An action cannot be done.
    pub struct ActionClosure {
        /// Which action.
        pub id: ItemId,
        /// The partnership's reasons.
        pub reasons: Prose<2000>,
    }
}
