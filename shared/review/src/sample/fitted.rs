//! The samples moved to another day, so that a test or a demonstration can play them at any
//! time: what must have happened is today, what is still to come lies three months ahead.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::act::Action;

/// Fields whose day must not be after today.
const HAPPENED: &[&str] = &[
    "accepted_on",
    "met_on",
    "sent_on",
    "dated",
    "directed_on",
    "csp_notified_on",
    "declared_on",
    "contract_on",
    "confidentiality_signed_on",
    "factual_check_on",
    "completed_on",
    "removed_on",
    "ended_on",
    "on",
    "starts_on",
    "replied_on",
];

/// Fields whose day must not be before today.
const TO_COME: &[&str] = &[
    "due_on",
    "ends_on",
    "access_until",
    "comment_by",
    "target",
    "target_on",
    "planned_on",
    "take_down_on",
    "review_on",
    "report_target",
    "until",
];

/// The sample body of an action with its dates moved to fit a London date.
#[must_use]
pub fn fitted(action: Action, today: NaiveDate) -> Value {
    let mut body = super::body(action);
    if action != Action::Refer {
        fit(&mut body, today, today.checked_add_days(Days::new(91)).unwrap_or(today));
    }
    body
}

/// The sample body of an action with days that fit whenever it is sent: what must have happened
/// lies in 2025, what is to come in 2040.
#[must_use]
pub fn timeless(action: Action) -> Value {
    let mut body = super::body(action);
    let past = NaiveDate::from_ymd_opt(2025, 3, 3).unwrap_or_default();
    let future = NaiveDate::from_ymd_opt(2040, 3, 5).unwrap_or_default();
    fit(&mut body, past, future);
    if action == Action::Refer {
        body["death"]["date"] = "2025-02".into();
    }
    body
}

fn fit(value: &mut Value, today: NaiveDate, later: NaiveDate) {
    match value {
        Value::Object(fields) => {
            fields.remove("decided_on");
            for (name, field) in fields {
                match name.as_str() {
                    name if HAPPENED.contains(&name) && field.is_string() => {
                        *field = today.to_string().into();
                    }
                    name if TO_COME.contains(&name) && field.is_string() => {
                        *field = later.to_string().into();
                    }
                    _ => fit(field, today, later),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fit(item, today, later)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
