//! The function as Lambda calls it: the clock is moved, recorded payloads come in, and what is
//! due is done.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../../shared/cloud/tests/outside/mod.rs"]
mod outside;

use chrono::TimeDelta;
use cloud::Budget;
use cloud::store::{CaseKey, OutboxStatus};
use cloud::telemetry::Metric;
use deadlines::{Trigger, handle};
use outside::metrics::Metrics;
use outside::{CASES, Outside, fixture};
use review::{EventKind, next_due};
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
    let outside = Outside::new().await;
    outside.people().await;
    let case = outside.open().await;
    (outside, case)
}

fn pk(case: &CaseKey) -> String {
    format!("CASE#{}#{}", case.csp, case.reference)
}

fn count(history: &[EventKind], kind: EventKind) -> usize {
    history.iter().filter(|each| **each == kind).count()
}

#[tokio::test]
async fn what_is_due_is_done_once_and_the_mail_is_owed() {
    let (outside, case) = referred().await;
    let metrics = Metrics::watch();
    outside.at("2027-01-21T09:00:00Z");

    sweep(&outside).await;
    sweep(&outside).await;

    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::Reminded]);
    let now = outside.cloud.clock.now();
    assert!(next_due(&outside.case(&case).await).unwrap() > now);
    assert_eq!(outside.outbox(&case).await.len(), 5, "three of the referral, two of the reminder");
    assert!(outside.ses.requests().is_empty(), "another function sends");
    assert_eq!(metrics.of(Metric::SweepCompleted), [1, 1]);
    assert_eq!(metrics.of(Metric::OldestOverdueSeconds), [0, 0]);
    assert_eq!(metrics.of(Metric::OutboxOwed), [5, 5]);
    let since_the_referral = u64::try_from(TimeDelta::days(17).num_seconds()).unwrap();
    assert_eq!(metrics.of(Metric::OldestOwedSeconds), [since_the_referral; 2]);
}

#[tokio::test]
async fn the_clock_says_when_it_is_and_no_payload_does() {
    let (outside, case) = referred().await;
    let mut payload = fixture("scheduler-sweep");
    for field in ["now", "time", "scheduled_time"] {
        payload[field] = json!("2099-01-01T00:00:00Z");
    }
    call(&outside, &payload).await;
    assert_eq!(outside.history(&case).await, [EventKind::Opened]);
}

#[tokio::test]
async fn after_sixty_days_off_one_mail_says_what_is_true_now() {
    let (outside, case) = referred().await;
    let metrics = Metrics::watch();
    outside.later(TimeDelta::days(60));

    sweep(&outside).await;

    let history = outside.history(&case).await;
    assert_eq!(count(&history, EventKind::Reminded), 1);
    assert_eq!(count(&history, EventKind::DeadlinePassed), 1);
    assert_eq!(count(&history, EventKind::RemindersOvertaken), 1);
    let owed = outside.outbox(&case).await.split_off(3);
    assert_eq!(owed.len(), 2);
    let overdue = metrics.of(Metric::OldestOverdueSeconds);
    assert!(overdue[0] > 40 * 24 * 3600, "{overdue:?}");
    let now = outside.cloud.clock.now();
    assert!(next_due(&outside.case(&case).await).unwrap() > now);
}

#[tokio::test]
async fn a_new_case_is_compared_at_once_and_both_are_linked() {
    let outside = Outside::new().await;
    outside.people().await;
    let keys = vec!["a".repeat(64), "b".repeat(64)];
    let first = outside.open_as(OTHER, keys.clone()).await;
    sweep(&outside).await;
    assert!(outside.case(&first).await.file.matched);
    let second = outside.open_as(outside::REFERENCE, keys[1..].to_vec()).await;

    let response = call(&outside, &fixture("stream-new-case")).await;
    call(&outside, &fixture("stream-new-case")).await;

    assert_eq!(response, json!({ "batchItemFailures": [] }));
    for (one, other) in [(&first, &second), (&second, &first)] {
        let case = outside.case(one).await;
        assert!(case.file.matched);
        assert_eq!(case.file.likely_duplicates, std::slice::from_ref(&other.reference));
        let history = outside.history(one).await;
        assert_eq!(count(&history, EventKind::DuplicateSuspected), 1);
    }
}

#[tokio::test]
async fn cases_compared_side_by_side_link_each_other() {
    let outside = Outside::new().await;
    outside.people().await;
    let keys = vec!["a".repeat(64)];
    let one = outside.open_as(OTHER, keys.clone()).await;
    let two = outside.open_as(outside::REFERENCE, keys).await;

    sweep(&outside).await;

    for (one, other) in [(&one, &two), (&two, &one)] {
        let case = outside.case(one).await;
        assert_eq!(case.file.likely_duplicates, std::slice::from_ref(&other.reference));
    }
}

#[tokio::test]
async fn a_case_that_cannot_be_handled_keeps_no_other_waiting() {
    let (outside, poisoned) = referred().await;
    let good = outside.open_as(OTHER, vec![]).await;
    outside.scribble(&pk(&poisoned), "CASE", "body", "not a case").await;
    let metrics = Metrics::watch();
    outside.at("2027-01-21T09:00:00Z");

    sweep(&outside).await;

    assert_eq!(outside.history(&good).await, [EventKind::Opened, EventKind::Reminded]);
    assert_eq!(metrics.of(Metric::CasesFailed), [1]);
    assert_eq!(metrics.of(Metric::SweepCompleted), [1]);
}

#[tokio::test]
async fn a_case_that_cannot_be_handled_and_alone_is_due_does_not_stop_the_heartbeat() {
    let (outside, poisoned) = referred().await;
    outside.scribble(&pk(&poisoned), "CASE", "body", "not a case").await;
    let metrics = Metrics::watch();
    outside.at("2027-01-21T09:00:00Z");

    sweep(&outside).await;

    assert_eq!(metrics.of(Metric::CasesFailed), [1]);
    assert_eq!(metrics.of(Metric::SweepCompleted), [1]);
}

#[tokio::test]
async fn a_run_that_can_read_nothing_fails() {
    let (outside, _) = referred().await;
    outside.table.delete_table().table_name(CASES).send().await.unwrap();
    let metrics = Metrics::watch();
    outside.at("2027-01-21T09:00:00Z");

    handle(&outside.cloud, &fixture("scheduler-sweep"), &Budget::endless()).await.unwrap_err();

    assert!(metrics.of(Metric::SweepCompleted).is_empty());
}

#[tokio::test]
async fn a_run_without_time_leaves_the_rest_to_the_next() {
    let (outside, case) = referred().await;
    outside.at("2027-01-21T09:00:00Z");
    let clock = outside.cloud.clock.clone();
    let budget = Budget::until(clock.now() + TimeDelta::seconds(14), clock);

    handle(&outside.cloud, &fixture("scheduler-sweep"), &budget).await.unwrap();

    assert_eq!(outside.history(&case).await, [EventKind::Opened]);
    sweep(&outside).await;
    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::Reminded]);
}

#[tokio::test]
async fn at_night_a_case_that_was_never_going_to_be_due_is_found() {
    let (outside, case) = referred().await;
    let metrics = Metrics::watch();
    outside.scribble(&pk(&case), "CASE", "next_due", "2090-01-01T00:00:00Z").await;
    outside.at("2027-01-21T09:00:00Z");
    sweep(&outside).await;
    assert_eq!(outside.history(&case).await, [EventKind::Opened], "no sweep can see it");

    call(&outside, &fixture("scheduler-reconcile")).await;
    call(&outside, &fixture("scheduler-reconcile")).await;

    assert_eq!(metrics.of(Metric::NextDueRepaired), [1, 0]);
    assert_eq!(metrics.of(Metric::ReconcileCompleted), [1, 1]);
    sweep(&outside).await;
    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::Reminded]);
}

#[tokio::test]
async fn at_night_a_case_outside_the_index_is_put_back() {
    for name in ["next_due", "due_shard"] {
        let (outside, case) = referred().await;
        let metrics = Metrics::watch();
        outside.forget(&pk(&case), "CASE", name).await;
        outside.at("2027-01-21T09:00:00Z");
        sweep(&outside).await;
        assert_eq!(outside.history(&case).await, [EventKind::Opened], "no sweep can see it");

        call(&outside, &fixture("scheduler-reconcile")).await;

        assert_eq!(metrics.of(Metric::NextDueRepaired), [1], "{name}");
        sweep(&outside).await;
        assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::Reminded]);
    }
}

#[tokio::test]
async fn at_night_an_unreadable_case_and_waiting_mail_are_counted() {
    let (outside, case) = referred().await;
    let unreadable = outside.open_as(OTHER, vec![]).await;
    outside.scribble(&pk(&unreadable), "CASE", "body", "not a case").await;
    for case in [&case, &unreadable] {
        let human = OutboxStatus::Human.name();
        outside.scribble(&pk(case), "OUTBOX#000001#000", "status", human).await;
    }
    outside.scribble("CASE#nobody's", "CASE", "body", "not a case").await;
    let metrics = Metrics::watch();

    call(&outside, &fixture("scheduler-reconcile")).await;

    assert_eq!(metrics.of(Metric::CasesUnreadable), [2]);
    assert_eq!(metrics.of(Metric::CasesFailed), [0]);
    assert_eq!(metrics.of(Metric::OutboxHuman), [2], "also of the case that cannot be read");
    assert_eq!(metrics.of(Metric::NextDueRepaired), [0]);
    assert_eq!(metrics.of(Metric::ReconcileCompleted), [1]);
}

#[tokio::test]
async fn at_night_mail_that_no_sweep_sees_is_put_back() {
    let (outside, case) = referred().await;
    outside.forget(&pk(&case), "OUTBOX#000001#000", "outbox_shard").await;
    outside.forget(&pk(&case), "OUTBOX#000001#001", "not_before").await;
    let metrics = Metrics::watch();
    sweep(&outside).await;

    call(&outside, &fixture("scheduler-reconcile")).await;
    call(&outside, &fixture("scheduler-reconcile")).await;
    sweep(&outside).await;

    assert_eq!(metrics.of(Metric::OutboxRepaired), [2, 0]);
    assert_eq!(metrics.of(Metric::OutboxOwed), [1, 3]);
}

#[tokio::test]
async fn at_night_a_send_of_unknown_age_gets_its_whole_window() {
    let (outside, case) = referred().await;
    let sk = "OUTBOX#000001#000";
    outside.scribble(&pk(&case), sk, "status", OutboxStatus::Sending.name()).await;
    outside.scribble(&pk(&case), sk, "attempt_id", "one").await;
    outside.forget(&pk(&case), sk, "not_before").await;

    call(&outside, &fixture("scheduler-reconcile")).await;

    let item = outside.outbox(&case).await.remove(0);
    let window_ends = outside.cloud.clock.now() + cloud::mail::DOUBT_WINDOW;
    assert_eq!((item.indexed, item.not_before), (true, Some(window_ends)));
}

#[tokio::test]
async fn at_night_mail_that_does_not_move_is_counted() {
    let (outside, case) = referred().await;
    let night = async |minutes: i64| {
        outside.later(TimeDelta::minutes(minutes));
        let metrics = Metrics::watch();
        call(&outside, &fixture("scheduler-reconcile")).await;
        let of = |metric| metrics.of(metric)[0];
        (of(Metric::OutboxStuck), of(Metric::DoubtUnsettled))
    };
    assert_eq!(night(60).await, (0, 0), "an hour is still in order");
    assert_eq!(night(1).await, (3, 0));

    let now = outside.cloud.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for n in 0..2 {
        let sk = format!("OUTBOX#000001#{n:03}");
        outside.scribble(&pk(&case), &sk, "status", OutboxStatus::Sending.name()).await;
        outside.scribble(&pk(&case), &sk, "not_before", &now).await;
    }
    assert_eq!(night(30).await, (1, 0), "two sweeps are still in order");
    assert_eq!(night(1).await, (1, 2));
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
