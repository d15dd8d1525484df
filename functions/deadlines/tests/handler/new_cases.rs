//! A new case is compared with the others as soon as it is there.

use review::EventKind;
use serde_json::json;

use crate::outside::{self, Outside, fixture};
use crate::{OTHER, call, count, pk, sweep, wired};

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
async fn a_new_case_that_cannot_be_compared_now_comes_again() {
    let (outside, case, wire) = wired().await;
    wire.break_at("GetItem");

    let response = call(&outside, &fixture("stream-new-case")).await;

    let again = json!([{ "itemIdentifier": "111700000000002000000001" }]);
    assert_eq!(response["batchItemFailures"], again, "only what is a case");
    // What will never succeed does not hold up the stream.
    wire.mend();
    outside.scribble(&pk(&case), "CASE", "body", "not a case").await;
    let response = call(&outside, &fixture("stream-new-case")).await;
    assert_eq!(response, json!({ "batchItemFailures": [] }));
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
