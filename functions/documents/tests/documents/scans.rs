//! What the scanner says, and what only looks like it.

use lambda_http::{Context, LambdaEvent};
use review::EventKind;
use serde_json::{Value, json};

use crate::desk::{Desk, file};

#[tokio::test]
async fn scan_results_that_are_not_ours_change_nothing() {
    let desk = Desk::new().await;
    let id = desk.upload("health", "scoping-return", &file(100)).await;
    let before = desk.kinds().await;
    let event = desk.event(&id, "NO_THREATS_FOUND").await;
    let key = desk.key(&id).await;
    let with = |pointer: &str, value: &str| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).unwrap() = value.into();
        event
    };
    let object = "/detail/s3ObjectDetails/objectKey";
    for other in [
        with("/detail/s3ObjectDetails/bucketName", "another"),
        with(object, "report.pdf"),
        with(object, &key.replace("sample-health", "sample-council")),
        with(object, &key.replace("sample-csp", "other-csp")),
        with(object, &key.replace(&id, "0d5f")),
        with("/detail-type", "Another event"),
    ] {
        documents::scanned(&desk.world.gate.cloud, &other).await.unwrap();
    }
    assert_eq!(desk.kinds().await, before);
    for unreadable in [
        json!({ "detail-type": "x" }),
        with("/detail/scanResultDetails/scanResultStatus", "PROBABLY_FINE"),
        with("/time", "today"),
    ] {
        let fault = documents::scanned(&desk.world.gate.cloud, &unreadable).await.unwrap_err();
        assert!(!fault.is_retryable());
    }
    assert_eq!(desk.kinds().await, before);
}

#[tokio::test]
async fn the_function_takes_requests_and_scan_results() {
    let desk = Desk::new().await;
    let token = format!("Bearer {}", desk.world.signer.token("coordinator"));
    for event in [
        include_str!("../../../../infra/events/apigw-v1-document.json"),
        include_str!("../../../../infra/events/apigw-v2-document.json"),
    ] {
        let event =
            event.replace("DHR-3333-3333", &desk.reference).replace("Bearer REPLACE-ME", &token);
        let payload: Value = serde_json::from_str(&event).unwrap();
        let event = LambdaEvent::new(payload, Context::default());
        let answer = documents::invoke(&desk.world.gate, event).await.unwrap();
        assert_eq!(answer["statusCode"], 201, "{answer}");
        let begun: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(begun["document"]["kind"], "letter");
    }
    let id = desk.upload("health", "scoping-return", &file(100)).await;
    let scanned = LambdaEvent::new(desk.event(&id, "NO_THREATS_FOUND").await, Context::default());
    assert_eq!(documents::invoke(&desk.world.gate, scanned).await.unwrap(), Value::Null);
    assert_eq!(desk.kinds().await.last(), Some(&EventKind::ScanRecorded));
    let nonsense = LambdaEvent::new(json!({ "hello": "world" }), Context::default());
    assert!(documents::invoke(&desk.world.gate, nonsense).await.is_err());
}

#[tokio::test]
async fn the_sample_scan_results_can_be_read() {
    let desk = Desk::new().await;
    for event in [
        include_str!("../../../../infra/events/guardduty-clean.json"),
        include_str!("../../../../infra/events/guardduty-threats.json"),
        include_str!("../../../../infra/events/guardduty-unsupported.json"),
        include_str!("../../../../infra/events/guardduty-access-denied.json"),
        include_str!("../../../../infra/events/guardduty-failed.json"),
    ] {
        let event: Value = serde_json::from_str(event).unwrap();
        documents::scanned(&desk.world.gate.cloud, &event).await.unwrap();
    }
}
