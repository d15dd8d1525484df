//! The sweep: everything due is done, once and however late.

use chrono::TimeDelta;
use cloud::Budget;
use cloud::store::SHARDS;
use cloud::telemetry::Metric;
use deadlines::handle;
use review::dates::london_date;
use review::{Action, EventKind, Role, next_due, sample};
use serde_json::json;

use crate::outside::metrics::Metrics;
use crate::outside::{CASES, fixture};
use crate::{OTHER, call, count, pk, referred, sweep, wired};

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
async fn more_than_fits_in_one_go_is_done_in_one_sweep() {
    let (outside, case) = referred().await;
    for n in 0..8 {
        let mut grant = sample::fitted(Action::GrantAccess, london_date(outside.cloud.clock.now()));
        grant["actor"] = json!(format!("reader-{n}"));
        grant["until"] = json!("2027-02-01");
        let grant = Action::GrantAccess.read(grant).unwrap();
        outside.act(&case, Role::Coordinator, &grant).await;
    }
    let metrics = Metrics::watch();
    outside.at("2027-02-05T09:00:00Z");

    sweep(&outside).await;

    assert_eq!(metrics.of(Metric::CasesFailed), [0]);
    let now = outside.cloud.clock.now();
    assert!(next_due(&outside.case(&case).await).unwrap() > now);
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
async fn a_shard_that_cannot_be_read_keeps_no_other_waiting() {
    let mut reminded = 0;
    for shard in 0..SHARDS {
        let (outside, case, wire) = wired().await;
        let metrics = Metrics::watch();
        outside.at("2027-01-21T09:00:00Z");

        wire.break_at(&format!(r#"":shard":{{"S":"{shard}"}}"#));
        sweep(&outside).await;
        wire.mend();

        assert!(metrics.of(Metric::SweepCompleted).is_empty(), "{shard}");
        let seen = count(&outside.history(&case).await, EventKind::Reminded);
        let mails = if seen == 1 { 5 } else { 0 };
        assert_eq!(metrics.of(Metric::OutboxOwed), [mails], "{shard}");
        reminded += seen;
        sweep(&outside).await;
        assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::Reminded]);
        assert_eq!(metrics.of(Metric::SweepCompleted), [1]);
    }
    assert_eq!(reminded, usize::from(SHARDS) - 1, "the case is in one of the shards");
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
    let metrics = Metrics::watch();
    outside.at("2027-01-21T09:00:00Z");
    let clock = outside.cloud.clock.clone();
    let budget = Budget::until(clock.now() + TimeDelta::seconds(14), clock);

    handle(&outside.cloud, &fixture("scheduler-sweep"), &budget).await.unwrap();

    assert_eq!(outside.history(&case).await, [EventKind::Opened]);
    assert!(metrics.of(Metric::SweepCompleted).is_empty());
    sweep(&outside).await;
    assert_eq!(outside.history(&case).await, [EventKind::Opened, EventKind::Reminded]);
    assert_eq!(metrics.of(Metric::SweepCompleted), [1]);
}
