//! What a sweep costs grows with what is due and not with how many cases there are: the requests
//! that it makes of DynamoDB are counted on the wire.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../../shared/cloud/tests/outside/mod.rs"]
mod outside;

use std::collections::HashMap;

use cloud::Budget;
use cloud::telemetry::Metric;
use deadlines::handle;
use dynoxide::{AttributeValue, Database, ImportOptions};
use outside::metrics::Metrics;
use outside::wire::Wire;
use outside::{Outside, fixture};
use review::values::Reference;

/// How many cases are due, however many there are.
const DUE: u64 = 100;

/// How many cases there are; a larger number can be asked for with this variable.
const SIZES: [u64; 2] = [1_000, 10_000];
const LARGEST: &str = "DHR_TEST_CASES";

/// How many items are filled in at a time.
const AT_ONCE: usize = 5_000;

#[allow(clippy::disallowed_methods, reason = "the test world reads the environment")]
fn sizes() -> Vec<u64> {
    let largest = std::env::var(LARGEST).ok().map(|number| number.parse().unwrap());
    SIZES.into_iter().chain(largest).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_costs_what_is_due_and_not_what_there_is() {
    let mut requests = Vec::new();
    for cases in sizes() {
        let (dynamodb, database) = outside::dynamodb().await;
        let wire = Wire::before(dynamodb).await;
        let outside = Outside::over(wire.endpoint()).await;
        outside.people().await;
        for n in 0..DUE {
            outside.open_as(reference(n).as_str(), vec![]).await;
        }
        fill(&database, DUE..cases);
        outside.at("2027-01-21T09:00:00Z");
        let before = wire.requests();

        handle(&outside.cloud, &fixture("scheduler-sweep"), &Budget::endless()).await.unwrap();

        requests.push((cases, wire.requests() - before));
        let metrics = Metrics::watch();
        handle(&outside.cloud, &fixture("scheduler-sweep"), &Budget::endless()).await.unwrap();
        assert_eq!(metrics.of(Metric::OldestOverdueSeconds), [0], "all that was due is done");
    }
    println!("requests of a sweep with {DUE} due, by the number of cases: {requests:?}");
    let (_, first) = requests[0];
    assert!(first > DUE, "each case that is due takes some");
    assert!(requests.iter().all(|(_, same)| *same == first), "{requests:?}");
}

/// A reference for each number, always the same.
fn reference(n: u64) -> Reference {
    Reference::from_random(n.to_le_bytes())
}

/// Puts cases into the tables that are due in years, past the API: it would take hours.
fn fill(database: &Database, numbers: std::ops::Range<u64>) {
    let case = |n: u64| {
        let reference = reference(n);
        let attributes = [
            ("pk", format!("CASE#{}#{reference}", outside::CSP)),
            ("sk", "CASE".to_owned()),
            ("body", "x".repeat(500)),
            ("next_due", "2035-01-01T09:00:00Z".to_owned()),
            ("due_shard", (n % 4).to_string()),
        ];
        attributes.map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).into()
    };
    let items: Vec<HashMap<_, _>> = numbers.map(case).collect();
    for some in items.chunks(AT_ONCE) {
        database.import_items(outside::CASES, some.to_vec(), ImportOptions::default()).unwrap();
    }
}
