//! Actions and IMRs with the `ETag` that the next act on each needs.

use chrono::NaiveDate;
use edge::preconditions::item_tag;
use review::Case;
use review::case::{Imr, PlanItem};
use review::records::ActionProgress;
use review::values::{AgencyId, ItemId};
use serde::Serialize;

/// An action of the plan.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanView<'a> {
    /// Its id.
    pub id: &'a ItemId,
    /// The `ETag` to send as `If-Match` with an act on it.
    pub etag: String,
    /// Where it stands, by its owner's word and the dates.
    pub status: PlanStatus,
    /// Everything recorded of it.
    pub item: &'a PlanItem,
}

/// Where an action stands. Overdue is computed from the dates, whatever its owner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PlanStatus {
    /// Nothing was reported yet.
    NotStarted,
    /// Its owner says that it will be done in time.
    OnTrack,
    /// Its owner says that it may not.
    AtRisk,
    /// Its target has passed.
    Overdue,
    /// Done, with evidence.
    Complete,
    /// Given up, with the partnership's reasons.
    ClosedNotDone,
}

/// An agency's IMR.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImrView<'a> {
    /// The agency.
    pub agency: &'a AgencyId,
    /// The `ETag` to send as `If-Match` with an act on it.
    pub etag: String,
    /// Everything recorded of it.
    pub imr: &'a Imr,
}

impl PlanStatus {
    pub(super) fn of(item: &PlanItem, today: NaiveDate) -> Self {
        if item.closure.is_some() {
            Self::ClosedNotDone
        } else if item.completion.is_some() {
            Self::Complete
        } else if today > item.target_on {
            Self::Overdue
        } else {
            match item.updates.last().map(|update| update.progress) {
                None | Some(ActionProgress::NotStarted) => Self::NotStarted,
                Some(ActionProgress::OnTrack) => Self::OnTrack,
                Some(ActionProgress::AtRisk) => Self::AtRisk,
            }
        }
    }
}

/// The actions for which `shown` holds.
pub(super) fn plan(
    case: &Case,
    today: NaiveDate,
    shown: impl Fn(&PlanItem) -> bool,
) -> Vec<PlanView<'_>> {
    case.file
        .actions
        .iter()
        .filter(|(_, item)| shown(item))
        .map(|(id, item)| PlanView {
            id,
            etag: item_tag(item.revision),
            status: PlanStatus::of(item, today),
            item,
        })
        .collect()
}

/// The IMR of one agency.
pub(super) fn imr<'a>(agency: &'a AgencyId, imr: &'a Imr) -> ImrView<'a> {
    ImrView { agency, etag: item_tag(imr.revision), imr }
}
