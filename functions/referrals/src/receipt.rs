//! What a referrer is told: the reference, what happens next and by when. Nothing of what the
//! partnership makes of the referral: no advice on the criteria, no likely duplicate.

use chrono::NaiveDate;
use review::clock::ClockKey;
use review::dates::{act_by, london_date};
use review::deadlines::Deadline;
use review::{Case, Recorded};
use serde_json::{Value, json};

/// The receipt for a case just opened.
pub(crate) fn of(case: &Case, _: &[Recorded]) -> Value {
    let decision = ClockKey { deadline: Deadline::Decision, item: None };
    let due = case.file.clocks.get(&decision).map(|clock| clock.target);
    let mut receipt = json!({
        "reference": case.reference,
        "csp": case.csp,
        "state": case.state,
        "received_at": case.opened_at,
        "received_on": london_date(case.opened_at),
        "csp_notified_on": case.file.csp_notified_on,
        "decision_due": due,
        "act_by": due.map(act_by),
        "next": next(due),
    });
    if at_risk(case) {
        receipt["immediate_risk"] = json!(
            "If someone is in danger now, call 999. The duty safeguarding contact is being told of the risk you reported; do not wait for an answer from us."
        );
    }
    receipt
}

/// Where the case named in a receipt is.
pub(crate) fn address(receipt: &Value) -> Option<String> {
    receipt.get("reference").and_then(Value::as_str).map(|reference| format!("/cases/{reference}"))
}

fn at_risk(case: &Case) -> bool {
    case.file.referral.as_ref().is_some_and(|form| form.immediate_risk.value() == Some(&true))
}

fn next(due: Option<NaiveDate>) -> Vec<String> {
    let decision = due.map(|due| {
        format!(
            "The chair of the partnership decides by {} whether there will be a review.",
            in_words(due)
        )
    });
    ["Keep the reference. Use it, and no names, whenever you write about this death.".to_owned()]
        .into_iter()
        .chain(decision)
        .chain([
            "The agencies that may have known the people are asked first; yours may be one of them.".to_owned(),
            "If you learn more before the decision, add it to this referral.".to_owned(),
            "You will have an e-mail as a receipt, and another when the decision is made.".to_owned(),
        ])
        .collect()
}

/// 4 February 2027.
fn in_words(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}
