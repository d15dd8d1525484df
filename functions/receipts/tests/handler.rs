//! The function as Lambda calls it: recorded receipts in, the outbox and the case's history told.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../../shared/cloud/tests/outside/mod.rs"]
mod outside;

use cloud::Budget;
use cloud::store::{CaseKey, OutboxStatus};
use cloud::telemetry::Metric;
use outside::metrics::Metrics;
use outside::ses::Say;
use outside::{Outside, fixture};
use receipts::handle;
use review::EventKind;
use serde_json::{Value, json};

const NOTHING_AGAIN: &str = r#"{"batchItemFailures":[]}"#;

async fn call(outside: &Outside, payload: &Value) -> String {
    let response = handle(&outside.cloud, payload).await.unwrap();
    serde_json::to_string(&response).unwrap()
}

/// The case of the fixtures, whose first mail SES took without saying so.
async fn in_doubt() -> (Outside, CaseKey) {
    let outside = Outside::new().await;
    outside.people().await;
    let case = outside.open().await;
    outside.ses.script([Say::TakenThenDropped]);
    send(&outside).await;
    assert_eq!(outside.statuses(&case).await[0], OutboxStatus::Sending);
    (outside, case)
}

async fn send(outside: &Outside) {
    let owed = outside.cloud.mail.owed(outside.cloud.clock.now()).await.unwrap();
    outside.cloud.mail.deliver_all(owed.into_iter().map(|due| due.id), &Budget::endless()).await;
}

/// A fixture whose SES document was changed.
fn changed(name: &str, change: impl Fn(&mut Value)) -> Value {
    let mut payload = fixture(name);
    let body = &mut payload["Records"][0]["body"];
    let mut envelope: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    let mut document = serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap();
    change(&mut document);
    envelope["Message"] = document.to_string().into();
    *body = envelope.to_string().into();
    payload
}

#[tokio::test]
async fn that_ses_took_a_mail_settles_it_and_is_no_event() {
    let (outside, case) = in_doubt().await;

    assert_eq!(call(&outside, &fixture("ses-send-sns-sqs")).await, NOTHING_AGAIN);

    assert_eq!(outside.statuses(&case).await[0], OutboxStatus::Sent);
    assert_eq!(outside.history(&case).await, [EventKind::Opened]);
}

#[tokio::test]
async fn a_delivery_is_recorded_once_however_often_it_is_reported() {
    let (outside, case) = in_doubt().await;
    for _ in 0..3 {
        assert_eq!(call(&outside, &fixture("ses-delivery-sns-sqs")).await, NOTHING_AGAIN);
        outside.later(chrono::TimeDelta::minutes(5));
    }
    assert_eq!(outside.statuses(&case).await[0], OutboxStatus::Sent);
    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::DeliveryRecorded]);
}

#[tokio::test]
async fn a_mail_that_came_back_is_made_known_to_the_coordinator_once() {
    for name in ["ses-bounce-sns-sqs", "ses-complaint-sns-sqs", "ses-reject-sns-sqs"] {
        let (outside, case) = in_doubt().await;
        let before = outside.ses.taken().len();
        for _ in 0..2 {
            assert_eq!(call(&outside, &fixture(name)).await, NOTHING_AGAIN);
        }
        assert_eq!(
            outside.history(&case).await,
            [EventKind::Opened, EventKind::DeliveryRecorded, EventKind::MailBounced,]
        );
        send(&outside).await;
        let mails = outside.ses.taken().split_off(before);
        let to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["coordinator-1@people.example"], "{name}");
        assert!(!mails[0].text.contains("referrer-1"), "the address is not repeated");
    }
}

#[tokio::test]
async fn a_delay_is_recorded_and_troubles_nobody() {
    let (outside, case) = in_doubt().await;
    assert_eq!(call(&outside, &fixture("ses-delivery-delay-sns-sqs")).await, NOTHING_AGAIN);
    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::DeliveryRecorded]);
}

#[tokio::test]
async fn receipts_of_two_attempts_are_counted_as_a_duplicate() {
    let (outside, _) = in_doubt().await;
    let metrics = Metrics::watch();
    call(&outside, &fixture("ses-send-sns-sqs")).await;
    assert!(metrics.of(Metric::DuplicateObserved).is_empty());

    let second =
        |name| changed(name, |document| document["mail"]["tags"]["aid"] = json!(["another"]));
    call(&outside, &second("ses-send-sns-sqs")).await;
    assert_eq!(metrics.of(Metric::DuplicateObserved), [1]);
    call(&outside, &second("ses-delivery-sns-sqs")).await;
    assert_eq!(metrics.of(Metric::DuplicateObserved), [1], "the same mail has arrived");
}

#[tokio::test]
async fn what_names_no_item_of_ours_is_ignored() {
    let (outside, case) = in_doubt().await;
    for id in ["", "rubbish", "sample-csp_dhr-7kq4-m6xd_9_0", "other-csp_dhr-7kq4-m6xd_1_0"] {
        let payload =
            changed("ses-bounce-sns-sqs", |document| document["mail"]["tags"]["obx"] = json!([id]));
        assert_eq!(call(&outside, &payload).await, NOTHING_AGAIN, "{id}");
    }
    let untagged = changed("ses-bounce-sns-sqs", |document| document["mail"]["tags"] = json!({}));
    assert_eq!(call(&outside, &untagged).await, NOTHING_AGAIN);
    let opened = changed("ses-send-sns-sqs", |document| document["eventType"] = json!("Open"));
    assert_eq!(call(&outside, &opened).await, NOTHING_AGAIN);
    assert_eq!(outside.history(&case).await, [EventKind::Opened]);
    assert_eq!(outside.statuses(&case).await[0], OutboxStatus::Sending);
}

#[tokio::test]
async fn the_note_by_which_ses_tries_a_topic_is_taken() {
    let outside = Outside::new().await;
    let mut payload = fixture("ses-send-sns-sqs");
    let text = "Successfully validated SNS topic for Amazon SES event publishing.";
    payload["Records"][0]["body"] = json!({ "Message": text }).to_string().into();
    assert_eq!(call(&outside, &payload).await, NOTHING_AGAIN);
}

#[tokio::test]
async fn only_the_message_that_cannot_be_read_is_brought_again() {
    let (outside, case) = in_doubt().await;
    let mut payload = fixture("ses-delivery-sns-sqs");
    let good = payload["Records"][0].clone();
    let bad = json!({ "messageId": "bad", "body": "not JSON", "eventSource": "aws:sqs" });
    let worse =
        json!({ "messageId": "worse", "body": "{\"Message\": \"{}\"}", "eventSource": "aws:sqs" });
    payload["Records"] = json!([bad, good, worse]);

    let response = call(&outside, &payload).await;

    assert_eq!(
        response,
        r#"{"batchItemFailures":[{"itemIdentifier":"bad"},{"itemIdentifier":"worse"}]}"#
    );
    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::DeliveryRecorded]);
}

#[tokio::test]
async fn a_payload_it_does_not_know_is_an_error() {
    let outside = Outside::new().await;
    for payload in [json!({}), fixture("scheduler-sweep"), fixture("stream-outbox")] {
        let error = handle(&outside.cloud, &payload).await.unwrap_err();
        assert!(error.to_string().contains("receipts queue"), "{error}");
    }
}
