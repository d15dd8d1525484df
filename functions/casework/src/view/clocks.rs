//! Deadlines as a person reads them: where they count from, when they were and are due, by when
//! to act, and whether that has passed.

use chrono::NaiveDate;
use review::Case;
use review::clock::{Clock, ClockKey, Standing};
use review::dates::act_by;
use review::deadlines::{Deadline, row};
use review::sight::Sight;
use review::values::{AgencyId, ItemId};
use serde::Serialize;

/// A deadline of a case.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClockView<'a> {
    /// Its name, and what it runs for.
    pub name: &'a ClockKey,
    /// The London date it counts from; that day is not counted.
    pub anchor: NaiveDate,
    /// The date it was first due; no extension and no hold changes it.
    pub original: NaiveDate,
    /// The date it is due now.
    pub target: NaiveDate,
    /// The last working day on or before the target.
    pub act_by: NaiveDate,
    /// Whether it runs.
    pub standing: ClockStanding,
    /// The London date it was met or ended on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_on: Option<NaiveDate>,
    /// Whether the target has passed.
    pub overdue: bool,
    /// Days since the target, once it has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_late: Option<i64>,
    /// The rule it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
}

/// Whether a deadline still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ClockStanding {
    /// It runs.
    Running,
    /// What was owed was done.
    Met,
    /// The case moved on without it.
    Ended,
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Due {
    /// The date it is due now.
    pub due: NaiveDate,
    /// The last working day on or before it.
    pub act_by: NaiveDate,
    /// Whether it has passed.
    pub overdue: bool,
}

impl<'a> ClockView<'a> {
    fn of(case: &Case, name: &'a ClockKey, clock: &Clock, today: NaiveDate) -> Self {
        let overdue = clock.is_overdue(today);
        let (standing, settled_on) = match clock.standing {
            Standing::Running => (ClockStanding::Running, None),
            Standing::Met(on) => (ClockStanding::Met, Some(on)),
            Standing::Ended(on) => (ClockStanding::Ended, Some(on)),
        };
        Self {
            name,
            anchor: clock.anchor,
            original: clock.original,
            target: clock.target,
            act_by: act_by(clock.target),
            standing,
            settled_on,
            overdue,
            days_late: overdue.then(|| today.signed_duration_since(clock.target).num_days()),
            rule: row(case.deadline_table(), name.deadline).map(|row| row.source),
        }
    }
}

/// The deadlines that someone of this sight sees.
pub(super) fn seen<'a>(case: &'a Case, sight: &Sight, today: NaiveDate) -> Vec<ClockView<'a>> {
    case.file
        .clocks
        .iter()
        .filter(|(name, _)| is_seen(case, sight, name))
        .map(|(name, clock)| ClockView::of(case, name, clock, today))
        .collect()
}

/// When a deadline of the case itself is due, while it runs.
pub(super) fn due(clocks: &[ClockView<'_>], deadline: Deadline) -> Option<Due> {
    clocks
        .iter()
        .find(|clock| clock.name.deadline == deadline && clock.standing == ClockStanding::Running)
        .map(|clock| Due { due: clock.target, act_by: clock.act_by, overdue: clock.overdue })
}

fn is_seen(case: &Case, sight: &Sight, name: &ClockKey) -> bool {
    match sight {
        Sight::Whole => true,
        Sight::Intake => matches!(name.deadline, Deadline::Decision | Deadline::ScopingReturn),
        Sight::OwnReferral => name.deadline == Deadline::Decision,
        Sight::Agency(agency) => is_of(case, agency, name),
        Sight::Panel => matches!(
            name.deadline,
            Deadline::Report | Deadline::DraftComments | Deadline::Action | Deadline::ActionUpdate
        ),
        Sight::Family => matches!(
            name.deadline,
            Deadline::Report | Deadline::DraftComments | Deadline::PublicationDay
        ),
        Sight::Submission => name.deadline == Deadline::Report,
        Sight::FinalPack => name.deadline == Deadline::Action,
    }
}

/// Whether a deadline is this agency's: it runs for the agency or for an action it leads.
fn is_of(case: &Case, agency: &AgencyId, name: &ClockKey) -> bool {
    let Some(item) = name.item.as_deref() else { return false };
    match name.deadline {
        Deadline::ScopingReturn | Deadline::ImrReturn | Deadline::ImrSignOff => {
            item == agency.as_str()
        }
        Deadline::Action | Deadline::ActionUpdate => ItemId::parse(item)
            .ok()
            .and_then(|id| case.file.actions.get(&id))
            .is_some_and(|plan| plan.action.lead == *agency),
        Deadline::Decision
        | Deadline::Report
        | Deadline::HomeOfficeNotice
        | Deadline::DraftComments
        | Deadline::QaNews
        | Deadline::CopyToCommissioner
        | Deadline::HoldReview
        | Deadline::PublicationDay
        | Deadline::ExceptionReview
        | Deadline::TakeDown
        | Deadline::NationalReply
        | Deadline::Access
        | Deadline::Retention
        | Deadline::SubgroupMeeting
        | Deadline::AnnualSummary
        | Deadline::SubjectAccess
        | Deadline::DataBreach => false,
    }
}
