//! The function as Lambda calls it: the clock is moved, recorded payloads come in, and what is
//! due is done.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod new_cases;
mod nights;
#[path = "../../../../shared/cloud/tests/outside/mod.rs"]
mod outside;
mod sweeps;

use cloud::Budget;
use cloud::store::CaseKey;
use deadlines::{Trigger, handle};
use outside::wire::Wire;
use outside::{Outside, fixture};
use review::EventKind;
use serde_json::{Value, json};

const OTHER: &str = "DHR-3333-3333";

async fn call(outside: &Outside, payload: &Value) -> Value {
    let response = handle(&outside.cloud, payload, &Budget::endless()).await.unwrap();
    serde_json::to_value(response).unwrap()
}

async fn sweep(outside: &Outside) {
    let response = call(outside, &fixture("scheduler-sweep")).await;
    assert_eq!(response, json!({ "batchItemFailures": [] }));
}

async fn referred() -> (Outside, CaseKey) {
    let (outside, case, _) = wired().await;
    (outside, case)
}

/// A referred case, and the wire to its table.
async fn wired() -> (Outside, CaseKey, Wire) {
    let wire = Wire::before(outside::dynamodb().await.0).await;
    let outside = Outside::over(wire.endpoint()).await;
    outside.people().await;
    let case = outside.open().await;
    (outside, case, wire)
}

fn pk(case: &CaseKey) -> String {
    format!("CASE#{}#{}", case.csp, case.reference)
}

fn count(history: &[EventKind], kind: EventKind) -> usize {
    history.iter().filter(|each| **each == kind).count()
}

#[tokio::test]
async fn a_payload_it_does_not_know_is_an_error_and_does_nothing() {
    let (outside, case) = referred().await;
    outside.at("2027-01-21T09:00:00Z");
    for payload in [
        json!({}),
        json!({ "job": "everything" }),
        json!({ "Records": [{ "eventSource": "aws:dynamodb" }] }),
        fixture("ses-bounce-sns-sqs"),
    ] {
        let error = handle(&outside.cloud, &payload, &Budget::endless()).await.unwrap_err();
        assert!(error.to_string().contains("\"reconcile\""), "{error}");
        assert!(Trigger::parse(&payload).is_err());
    }
    assert_eq!(outside.history(&case).await, [EventKind::Opened]);
}
