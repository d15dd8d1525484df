//! The nightly second look: what no sweep could have seen is found, mended and counted.

use chrono::TimeDelta;
use cloud::Budget;
use cloud::store::OutboxStatus;
use cloud::telemetry::Metric;
use deadlines::handle;
use review::EventKind;

use crate::outside::fixture;
use crate::outside::metrics::Metrics;
use crate::{OTHER, call, pk, referred, sweep};

#[tokio::test]
async fn a_night_without_time_is_not_a_whole_one() {
    let (outside, case) = referred().await;
    let unreadable = outside.open_as(OTHER, vec![]).await;
    outside.scribble(&pk(&case), "CASE", "next_due", "2090-01-01T00:00:00Z").await;
    outside.scribble(&pk(&unreadable), "CASE", "body", "not a case").await;
    let metrics = Metrics::watch();
    let clock = outside.cloud.clock.clone();
    let budget = Budget::until(clock.now() + TimeDelta::seconds(14), clock);

    handle(&outside.cloud, &fixture("scheduler-reconcile"), &budget).await.unwrap();

    assert!(metrics.of(Metric::ReconcileCompleted).is_empty());
    assert_eq!(metrics.of(Metric::NextDueRepaired), [0]);
    assert_eq!(metrics.of(Metric::CasesUnreadable), [0], "nothing was looked at");
}

#[tokio::test]
async fn at_night_a_case_that_cannot_be_looked_at_hides_no_other() {
    let (outside, case) = referred().await;
    let other = outside.open_as(OTHER, vec![]).await;
    outside.scribble(&pk(&case), "OUTBOX#000001#000", "status", "GARBAGE").await;
    outside.scribble(&pk(&other), "OUTBOX#000001#000", "status", OutboxStatus::Human.name()).await;
    let metrics = Metrics::watch();

    call(&outside, &fixture("scheduler-reconcile")).await;

    assert_eq!(metrics.of(Metric::CasesFailed), [1]);
    assert_eq!(metrics.of(Metric::OutboxHuman), [1]);
    assert_eq!(metrics.of(Metric::ReconcileCompleted), [1]);
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
