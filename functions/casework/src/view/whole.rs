//! The whole case, for those who run it: the partnership and the independent chair.

use chrono::NaiveDate;
use edge::Problem;
use review::Case;
use review::eligibility::{Advice, advise};
use serde::Serialize;
use serde_json::Value;

use super::plan::{self, ImrView, PlanView};

/// All that is known of a case.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WholePart<'a> {
    /// What the referral says about the statutory test, old and new. Advice: the partnership's
    /// chair decides.
    pub advice: Option<Advice>,
    /// Each agency's IMR.
    pub imrs: Vec<ImrView<'a>>,
    /// The action plan.
    pub plan: Vec<PlanView<'a>>,
    /// Every record, by the act that made it.
    #[cfg_attr(feature = "schema", schemars(with = "review::case::File"))]
    pub file: Value,
}

/// What of the file is shown elsewhere in the view, in a form of its own.
pub(crate) const SHOWN_ELSEWHERE: &[&str] = &["actions", "clocks", "documents", "imrs"];
/// What of the file is nobody's to see: how the system finds duplicates.
pub(crate) const INTERNAL: &[&str] = &["match_keys", "matched"];

impl<'a> WholePart<'a> {
    pub(super) fn of(case: &'a Case, today: NaiveDate) -> Result<Self, Problem> {
        let mut file = super::json(&case.file)?;
        if let Some(fields) = file.as_object_mut() {
            for name in SHOWN_ELSEWHERE.iter().chain(INTERNAL) {
                fields.remove(*name);
            }
        }
        Ok(Self {
            advice: case.file.referral.as_deref().map(advise),
            imrs: case.file.imrs.iter().map(|(agency, imr)| plan::imr(agency, imr)).collect(),
            plan: plan::plan(case, today, |_| true),
            file,
        })
    }
}
