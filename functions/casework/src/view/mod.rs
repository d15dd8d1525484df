//! A case as one person sees it. What each sight shows stands in a file of its own; what none of
//! them mentions is not shown. Keys of objects, ids of uploads and the hashes that find
//! duplicates are in no view.

mod clocks;
mod parts;
mod plan;
mod whole;

pub use clocks::{ClockView, Due};
pub use parts::{
    AgencyPart, FamilyPart, FinalPart, IntakePart, PanelPart, ReferralPart, SubmissionPart,
};
pub use plan::{ImrView, PlanStatus, PlanView};
pub use whole::WholePart;
#[cfg(feature = "schema")]
pub(crate) use whole::{INTERNAL, SHOWN_ELSEWHERE};

use chrono::NaiveDate;
use edge::Problem;
use edge::document::DocumentView;
use edge::gate::Seen;
use review::act::{Guard, Via};
use review::case::{DisplayName, Outcome};
use review::dates::london_date;
use review::deadlines::Deadline;
use review::decide::documents::known_to;
use review::process::open_to;
use review::sight::Sight;
use review::values::{CspId, Reference};
use review::{Action, Case, State};
use serde::Serialize;
use serde_json::Value;

/// A case.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseView<'a> {
    /// Its reference.
    pub reference: &'a Reference,
    /// The partnership.
    pub csp: &'a CspId,
    /// What the partnership calls such a review.
    pub display_name: DisplayName,
    /// Where it stands.
    pub state: Standing,
    /// The revision that the `ETag` names.
    pub revision: u64,
    /// The London date it was opened on.
    pub opened_on: NaiveDate,
    /// Deadlines.
    pub clocks: Vec<ClockView<'a>>,
    /// Documents.
    pub documents: Vec<DocumentView<'a>>,
    /// What this person may do now.
    pub actions: Vec<OpenAction>,
    /// What else this person sees.
    #[serde(flatten)]
    pub part: Part<'a>,
}

/// What a person sees, by how much of the case they see.
#[derive(Debug, Serialize)]
#[serde(tag = "sight", rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Part<'a> {
    /// All of it.
    Whole(Box<WholePart<'a>>),
    /// Referral and scoping, until the decision.
    Intake(IntakePart<'a>),
    /// One's own referral.
    OwnReferral(ReferralPart<'a>),
    /// One agency's own part.
    Agency(AgencyPart<'a>),
    /// What the panel works on.
    Panel(PanelPart<'a>),
    /// What is released to the family.
    Family(FamilyPart<'a>),
    /// What is sent to the Home Office.
    Submission(SubmissionPart<'a>),
    /// The completed report and its actions.
    FinalPack(FinalPart<'a>),
}

/// Where a case stands, as far as this person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Standing {
    /// The state of the process.
    Spine(State),
    /// For a referrer: only how far the referral has come.
    Referral(ReferralStanding),
}

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReferralStanding {
    /// It is being looked at.
    Received,
    /// Another partnership leads.
    Transferred,
    /// A decision was made.
    Decided,
}

/// Something this person may do now.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenAction {
    /// Its name.
    pub action: Action,
    /// Where to post its record.
    pub href: String,
    /// Whose `ETag` goes with it as `If-Match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_match: Option<&'static str>,
}

/// A case in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row<'a> {
    /// Its reference.
    pub reference: &'a Reference,
    /// Where it is.
    pub href: String,
    /// What the partnership calls such a review.
    pub display_name: DisplayName,
    /// Where it stands.
    pub state: Standing,
    /// The London date it was opened on.
    pub opened_on: NaiveDate,
    /// The decision's deadline, while it runs.
    pub decision: Option<Due>,
    /// The report's deadline, while it runs.
    pub report: Option<Due>,
    /// Whether any deadline this person sees is overdue.
    pub overdue: bool,
}

/// The view of a case, as JSON.
///
/// # Errors
/// A fault if it cannot be written.
pub fn case(seen: &Seen) -> Result<Value, Problem> {
    let Seen { actor, case, sight, today } = seen;
    let documents =
        known_to(case, actor, *today).map(|(id, document)| DocumentView::of(id, document));
    json(&CaseView {
        reference: &case.reference,
        csp: &case.csp,
        display_name: display_name(case),
        state: standing(case, sight),
        revision: case.revision,
        opened_on: london_date(case.opened_at),
        clocks: clocks::seen(case, sight, *today),
        documents: documents.collect(),
        actions: actions(seen),
        part: part(seen)?,
    })
}

/// A case in a list, as JSON.
///
/// # Errors
/// A fault if it cannot be written.
pub fn row(case: &Case, sight: &Sight, today: NaiveDate) -> Result<Value, Problem> {
    let clocks = clocks::seen(case, sight, today);
    json(&Row {
        reference: &case.reference,
        href: format!("/cases/{}", case.reference),
        display_name: display_name(case),
        state: standing(case, sight),
        opened_on: london_date(case.opened_at),
        decision: clocks::due(&clocks, Deadline::Decision),
        report: clocks::due(&clocks, Deadline::Report),
        overdue: clocks.iter().any(|clock| clock.overdue),
    })
}

/// Where a case stands, for someone of this sight.
#[must_use]
pub fn standing(case: &Case, sight: &Sight) -> Standing {
    match sight {
        Sight::OwnReferral => Standing::Referral(match case.state {
            State::Referred | State::Scoping | State::ReadyToDecide => ReferralStanding::Received,
            State::Transferred => ReferralStanding::Transferred,
            _ => ReferralStanding::Decided,
        }),
        Sight::Whole
        | Sight::Intake
        | Sight::Agency(_)
        | Sight::Panel
        | Sight::Family
        | Sight::Submission
        | Sight::FinalPack => Standing::Spine(case.state),
    }
}

fn part(seen: &Seen) -> Result<Part<'_>, Problem> {
    let Seen { actor, case, sight, today } = seen;
    Ok(match sight {
        Sight::Whole => Part::Whole(Box::new(WholePart::of(case, *today)?)),
        Sight::Intake => Part::Intake(IntakePart::of(case)),
        Sight::OwnReferral => Part::OwnReferral(ReferralPart::of(case)),
        Sight::Agency(agency) => Part::Agency(AgencyPart::of(case, agency, *today)),
        Sight::Panel => Part::Panel(PanelPart::of(case, actor, *today)),
        Sight::Family => Part::Family(FamilyPart::of(case)),
        Sight::Submission => Part::Submission(SubmissionPart::of(case, actor.role)),
        Sight::FinalPack => Part::FinalPack(FinalPart::of(case, *today)),
    })
}

fn actions(seen: &Seen) -> Vec<OpenAction> {
    open_to(seen.actor.role, seen.case.state)
        .filter(|action| action.via() == Via::Actions)
        .map(|action| OpenAction {
            action,
            href: format!("/cases/{}/actions/{}", seen.case.reference, action.name()),
            if_match: match action.guard() {
                Guard::Case => Some("case"),
                Guard::Item => Some("item"),
                Guard::Adds => None,
            },
        })
        .collect()
}

/// The outcome of the last decision, unless the case was opened again since.
fn outcome(case: &Case) -> Option<Outcome> {
    case.file
        .decisions
        .last()
        .map(|made| made.outcome)
        .filter(|_| !matches!(case.state, State::Referred | State::Scoping | State::ReadyToDecide))
}

fn display_name(case: &Case) -> DisplayName {
    case.file.rules.as_ref().map_or(DisplayName::Dhr, |rules| rules.display_name)
}

fn json(value: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(|error| {
        Problem::fault(format!("a view cannot be written: {:?}", error.classify()))
    })
}
