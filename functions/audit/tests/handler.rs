//! Each schedule's payload as it is recorded in `infra/events`, and what it leaves behind.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../../shared/cloud/tests/outside/mod.rs"]
mod outside;
#[path = "../../../shared/cloud/tests/outside/s3.rs"]
mod s3;

use audit::{Trigger, handle};
use chrono::TimeDelta;
use cloud::audit::{Finding, Scope};
use cloud::store::CaseKey;
use cloud::telemetry::Metric;
use cloud::{Budget, Config};
use outside::metrics::Metrics;
use outside::{Outside, fixture};
use s3::Anchors;
use serde_json::{Value, json};

const OTHER: &str = "DHR-3333-3333";

/// An installation with a bucket for its anchors.
struct Witnessed {
    outside: Outside,
    anchors: Anchors,
}

impl Witnessed {
    async fn new() -> Self {
        let mut outside = Outside::new().await;
        outside.people().await;
        let anchors = Anchors::new(None).await;
        let cloud = &mut outside.cloud;
        cloud.audit = anchors.audit(&cloud.store, cloud.clock.clone());
        Self { outside, anchors }
    }

    async fn run(&self, payload: &Value) {
        handle(&self.outside.cloud, payload, &Budget::endless()).await.unwrap();
    }

    async fn anchor(&self) {
        self.run(&fixture("scheduler-anchor")).await;
    }

    async fn verify(&self) {
        self.run(&fixture("scheduler-verify")).await;
    }

    async fn delete(&self, table: &str, case: &CaseKey, sk: &str) {
        let text = |value: String| aws_sdk_dynamodb::types::AttributeValue::S(value);
        let request = self.outside.table.delete_item().table_name(table);
        request.key("pk", text(pk(case))).key("sk", text(sk.to_owned())).send().await.unwrap();
    }
}

fn pk(case: &CaseKey) -> String {
    format!("CASE#{}#{}", case.csp, case.reference)
}

/// How often each kind of finding was counted, in the order of [`Finding::METRICS`].
fn counted(metrics: &Metrics) -> Vec<u64> {
    Finding::METRICS.iter().flat_map(|metric| metrics.of(*metric)).collect()
}

#[tokio::test]
async fn an_untouched_installation_is_anchored_and_verified() {
    let witnessed = Witnessed::new().await;
    witnessed.outside.open().await;
    let metrics = Metrics::watch();

    witnessed.anchor().await;
    witnessed.outside.later(TimeDelta::hours(1));
    witnessed.anchor().await;
    witnessed.outside.later(TimeDelta::hours(4));
    witnessed.verify().await;

    assert_eq!(metrics.of(Metric::AnchorCompleted), [1, 1], "also where nothing has changed");
    assert_eq!(metrics.of(Metric::VerifyCompleted), [1]);
    assert_eq!(counted(&metrics), [0; 7]);
}

#[tokio::test]
async fn each_kind_of_finding_has_its_figure() {
    let witnessed = Witnessed::new().await;
    let (one, two) =
        (witnessed.outside.open().await, witnessed.outside.open_as(OTHER, vec![]).await);
    witnessed.anchor().await;
    let figures = async |metric: Metric, more: u64| {
        let metrics = Metrics::watch();
        witnessed.verify().await;
        assert_eq!(metrics.of(metric), [more], "{metric:?}");
        assert_eq!(counted(&metrics).into_iter().sum::<u64>(), more, "{metric:?} alone");
        assert_eq!(metrics.of(Metric::VerifyCompleted), [1]);
    };

    witnessed.outside.scribble(&pk(&one), "PAYLOAD#000001", "body", "{}").await;
    witnessed.outside.scribble(&pk(&two), "PAYLOAD#000001", "body", "{}").await;
    figures(Metric::ChainBroken, 2).await;

    witnessed.delete("events", &one, "EVENT#000001").await;
    witnessed.delete("events", &two, "EVENT#000001").await;
    figures(Metric::CaseWithoutEvents, 2).await;

    witnessed.delete("cases", &one, "CASE").await;
    witnessed.delete("cases", &two, "CASE").await;
    figures(Metric::AnchoredCaseGone, 2).await;
}

#[tokio::test]
async fn events_without_a_case_or_an_anchor_and_a_broken_anchor_have_theirs() {
    let witnessed = Witnessed::new().await;
    let case = witnessed.outside.open().await;
    witnessed.anchor().await;
    let good = witnessed.anchors.get(1).await;
    let metrics = Metrics::watch();

    witnessed.anchors.replace(1, b"not an anchor".to_vec()).await;
    witnessed.verify().await;
    assert_eq!(counted(&metrics), [0, 0, 0, 0, 0, 1, 0]);

    witnessed.anchors.remove(1).await;
    witnessed.outside.later(TimeDelta::hours(3));
    let metrics = Metrics::watch();
    witnessed.verify().await;
    assert_eq!(counted(&metrics), [0, 0, 0, 0, 1, 0, 0]);

    witnessed.anchors.replace(1, good).await;
    witnessed.delete("cases", &case, "CASE").await;
    let metrics = Metrics::watch();
    witnessed.verify().await;
    assert_eq!(counted(&metrics), [0, 0, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_run_without_time_does_not_count_as_completed() {
    let witnessed = Witnessed::new().await;
    witnessed.outside.open().await;
    let metrics = Metrics::watch();
    let clock = witnessed.outside.cloud.clock.clone();
    let budget = Budget::until(clock.now() + TimeDelta::seconds(14), clock);
    let cloud = &witnessed.outside.cloud;

    handle(cloud, &fixture("scheduler-verify"), &budget).await.unwrap();
    handle(cloud, &fixture("scheduler-anchor"), &budget).await.unwrap_err();

    assert!(metrics.of(Metric::VerifyCompleted).is_empty());
    assert!(metrics.of(Metric::AnchorCompleted).is_empty());
    witnessed.anchor().await;
    assert_eq!(metrics.of(Metric::AnchorCompleted), [1], "the next hour's anchor says it all");
}

#[tokio::test]
async fn without_a_bucket_it_says_what_is_missing() {
    let outside = Outside::new().await;
    for name in ["scheduler-anchor", "scheduler-verify"] {
        let error = handle(&outside.cloud, &fixture(name), &Budget::endless()).await.unwrap_err();
        assert!(error.to_string().starts_with("could not reach the anchors"), "{error}");
    }
    let config = Config::from(|name| match name {
        "CASES_TABLE" | "EVENTS_TABLE" => Some("table".to_owned()),
        "CSPS" => Some("sample-csp=Sample".to_owned()),
        _ => None,
    });
    assert_eq!(
        config.unwrap().anchors().unwrap_err().to_string(),
        "Set ANCHORS_BUCKET to the name of the write-once bucket that holds anchors."
    );
}

#[tokio::test]
async fn payloads_are_told_apart_and_others_refused() {
    let verify = |scope| Some(Trigger::Verify(scope));
    for (payload, trigger) in [
        (fixture("scheduler-anchor"), Some(Trigger::Anchor)),
        (fixture("scheduler-verify"), verify(Scope::All)),
        (json!({ "job": "verify", "shard": 0 }), verify(Scope::Shard(0))),
        (json!({ "job": "verify", "shard": 3 }), verify(Scope::Shard(3))),
        (json!({ "job": "verify", "shard": 4 }), None),
        (json!({ "job": "verify", "shard": "all" }), None),
        (json!({ "job": "anchor", "shard": 1 }), None),
        (json!({ "job": "sweep" }), None),
        (json!({}), None),
        (fixture("scheduler-sweep"), None),
    ] {
        assert_eq!(Trigger::parse(&payload).ok(), trigger, "{payload}");
    }
    let witnessed = Witnessed::new().await;
    let unknown = json!({ "job": "everything" });
    let error = handle(&witnessed.outside.cloud, &unknown, &Budget::endless()).await.unwrap_err();
    assert!(error.to_string().contains("\"verify\""), "{error}");
}
