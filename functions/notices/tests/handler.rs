//! The function as Lambda calls it: recorded payloads in, mail out.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../../shared/cloud/tests/outside/mod.rs"]
mod outside;

use cloud::Budget;
use cloud::store::{CaseKey, OutboxStatus};
use cloud::telemetry::Metric;
use notices::{Trigger, handle};
use outside::metrics::Metrics;
use outside::wire::Wire;
use outside::{Outside, fixture};
use serde_json::{Value, json};

async fn call(outside: &Outside, payload: &Value) -> Value {
    let response = handle(&outside.cloud, payload, &Budget::endless()).await.unwrap();
    serde_json::to_value(response).unwrap()
}

async fn referred() -> (Outside, CaseKey) {
    let outside = Outside::new().await;
    outside.people().await;
    let case = outside.open().await;
    (outside, case)
}

fn recipients(outside: &Outside) -> Vec<String> {
    let mut to: Vec<_> = outside.ses.taken().into_iter().map(|mail| mail.to).collect();
    to.sort_unstable();
    to
}

#[tokio::test]
async fn the_stream_rings_for_what_is_new_and_nothing_else_is_sent() {
    let (outside, case) = referred().await;

    let response = call(&outside, &fixture("stream-outbox")).await;

    assert_eq!(response, json!({ "batchItemFailures": [] }));
    assert_eq!(recipients(&outside), ["coordinator-1@people.example", "referrer-1@people.example"]);
    assert_eq!(
        outside.statuses(&case).await,
        [OutboxStatus::Sent, OutboxStatus::Fanned, OutboxStatus::Sent, OutboxStatus::Pending,]
    );
}

#[tokio::test]
async fn a_batch_that_comes_again_sends_nothing_again() {
    let (outside, _) = referred().await;
    for _ in 0..3 {
        call(&outside, &fixture("stream-outbox")).await;
    }
    assert_eq!(outside.ses.requests().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_sent_now_comes_again() {
    let wire = Wire::before(outside::dynamodb().await.0).await;
    let outside = Outside::over(wire.endpoint()).await;
    outside.people().await;
    outside.open().await;
    wire.break_at("GetItem");

    let response = call(&outside, &fixture("stream-outbox")).await;

    assert!(outside.ses.requests().is_empty());
    let again = response["batchItemFailures"].as_array().unwrap().clone();
    wire.mend();
    let mut batch = fixture("stream-outbox");
    let records = batch["Records"].as_array_mut().unwrap();
    records.retain(|record| {
        let sequence = &record["dynamodb"]["SequenceNumber"];
        again.iter().any(|failed| failed["itemIdentifier"] == *sequence)
    });
    assert_eq!(call(&outside, &batch).await, json!({ "batchItemFailures": [] }));
    assert_eq!(recipients(&outside), ["coordinator-1@people.example", "referrer-1@people.example"]);
}

#[tokio::test]
async fn the_sweep_sends_everything_owed() {
    let (outside, _) = referred().await;

    let response = call(&outside, &fixture("scheduler-sweep")).await;

    assert_eq!(response, json!({ "batchItemFailures": [] }));
    assert_eq!(recipients(&outside).len(), 3);
}

#[tokio::test]
async fn a_poisoned_item_keeps_neither_batch_nor_sweep() {
    let (outside, case) = referred().await;
    let pk = format!("CASE#{}#{}", case.csp, case.reference);
    outside.scribble(&pk, "OUTBOX#000001#000", "status", "GARBAGE").await;
    let metrics = Metrics::watch();

    // Bringing it again would not help, so the batch is not held up for it.
    let response = call(&outside, &fixture("stream-outbox")).await;
    assert_eq!(response, json!({ "batchItemFailures": [] }));
    call(&outside, &fixture("scheduler-sweep")).await;

    assert_eq!(
        recipients(&outside),
        ["coordinator-1@people.example", "csp-chair-1@people.example"]
    );
    assert_eq!(metrics.of(Metric::MailsFailed), [1]);
}

#[tokio::test]
async fn a_payload_it_does_not_know_is_an_error_and_sends_nothing() {
    let (outside, _) = referred().await;
    for payload in [
        json!({}),
        json!({ "job": "reconcile" }),
        json!({ "now": "2099-01-01T00:00:00Z" }),
        fixture("ses-bounce-sns-sqs"),
        fixture("guardduty-clean"),
    ] {
        let error = handle(&outside.cloud, &payload, &Budget::endless()).await.unwrap_err();
        assert!(error.to_string().contains("{\"job\": \"sweep\"}"), "{error}");
        assert!(Trigger::parse(&payload).is_err());
    }
    assert!(outside.ses.requests().is_empty());
}
