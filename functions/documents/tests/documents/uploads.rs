//! From the first part to the whole: what is sent, sent again, refused, given up.

use review::values::{CspId, Reference};
use serde_json::json;

use crate::desk::{Desk, composite, cut, file, good, part_size, put, sha256};
use crate::world;

#[tokio::test]
async fn an_interrupted_upload_goes_on_where_it_stopped() {
    let desk = Desk::new().await;
    let file = file(2 * part_size() + 5);
    let id = desk.begin("health", "chronology", file.len()).await;
    desk.part("health", &id, &file, 2).await;
    let shown = good(&desk.get("health-too", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([1, 3]));
    assert_eq!(
        shown["upload"]["held"],
        json!([{ "number": 2, "size": part_size(), "sha256": sha256(cut(&file, 2)) }])
    );
    let early = desk.post("health", &format!("/{id}/complete"), None).await;
    assert_eq!(early.status(), 409);
    assert!(world::json(&early)["detail"].as_str().unwrap().contains("1, 3"));
    // A colleague at another machine sends the rest.
    desk.part("health-too", &id, &file, 3).await;
    desk.part("health-too", &id, &file, 1).await;
    let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([]));
    let done = good(&desk.post("health-too", &format!("/{id}/complete"), None).await, 200);
    assert_eq!(done["document"]["hash"], composite(&file));
}

#[tokio::test]
async fn an_upload_that_s3_completed_but_nobody_recorded_is_recorded_by_the_next_try() {
    let desk = Desk::new().await;
    let file = file(1000);
    let id = desk.begin("health", "scoping-return", file.len()).await;
    desk.part("health", &id, &file, 1).await;
    let csp = CspId::parse(world::CSP).unwrap();
    let reference = Reference::parse(&desk.reference).unwrap();
    let case = desk.world.gate.cloud.store.load(&csp, &reference).await.unwrap().unwrap().case;
    let document = case.file.documents.values().next().unwrap();
    desk.world.gate.cloud.files.complete(&document.key, &document.upload_id).await.unwrap();
    // The scanner may be faster than the person who tries again: its result is kept for later.
    let early =
        documents::scanned(&desk.world.gate.cloud, &desk.event(&id, "NO_THREATS_FOUND").await)
            .await;
    assert!(early.unwrap_err().is_retryable());
    let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([]));
    let done = good(&desk.post("health", &format!("/{id}/complete"), None).await, 200);
    assert_eq!(done["document"]["hash"], composite(&file));
    desk.scan(&id, "NO_THREATS_FOUND").await;
    good(&desk.post("health", &format!("/{id}/read"), None).await, 200);
}

#[tokio::test]
async fn a_part_is_signed_for_exactly_its_content() {
    let desk = Desk::new().await;
    let file = file(1000);
    let id = desk.begin("health", "scoping-return", file.len()).await;
    let parts = format!("/{id}/parts");
    let digest = sha256(&file);
    for (body, pointer) in [
        (json!({ "number": 0, "size": 1000, "sha256": digest }), "/number"),
        (json!({ "number": 2, "size": 1000, "sha256": digest }), "/number"),
        (json!({ "number": -1, "size": 1000, "sha256": digest }), "/number"),
        (json!({ "number": 1, "size": 999, "sha256": digest }), "/size"),
        (json!({ "number": 1, "size": 1000, "sha256": "x" }), "/sha256"),
        (json!({ "number": 1, "size": 1000, "sha256": &digest[..43] }), "/sha256"),
        (json!({ "number": 1, "size": 1000 }), "/sha256"),
        (json!({ "number": 1, "size": 1000, "sha256": digest, "key": "other" }), ""),
    ] {
        let problem = good(&desk.post("health", &parts, Some(&body)).await, 422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let body = json!({ "number": 1, "size": 1000, "sha256": digest });
    let link = good(&desk.post("health", &parts, Some(&body)).await, 200);
    let mut other = file.clone();
    other[0] ^= 1;
    assert!(put(&link, &other).await >= 400);
    let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([1]));
    assert_eq!(put(&link, &file).await, 200);
}

#[tokio::test]
async fn nothing_is_begun_in_s3_that_the_domain_refuses() {
    let desk = Desk::new().await;
    let before = desk.world.items().await;
    for (actor, body, status) in [
        ("health", json!({ "kind": "overview-report", "name": "x", "size": 1 }), 422),
        ("health", json!({ "kind": "scoping-return", "name": "x", "size": 0 }), 422),
        (
            "health",
            json!({ "kind": "scoping-return", "name": "x", "size": 3_000_000_000_u64 }),
            422,
        ),
        ("health", json!({ "kind": "scoping-return", "name": "x\u{202e}fdp.exe", "size": 1 }), 422),
        ("health", json!({ "kind": "novel", "name": "x", "size": 1 }), 422),
        ("health", json!({ "kind": "scoping-return", "name": "x", "size": 1, "key": "k" }), 422),
        ("health", json!({ "kind": "scoping-return", "name": "x" }), 422),
        (
            "coordinator",
            json!({ "kind": "letter", "name": "x", "size": 1, "agency": "sample-health" }),
            422,
        ),
        ("subgroup", json!({ "kind": "letter", "name": "x", "size": 1 }), 403),
        ("home-office", json!({ "kind": "letter", "name": "x", "size": 1 }), 404),
        ("stranger", json!({ "kind": "letter", "name": "x", "size": 1 }), 404),
    ] {
        let problem = good(&desk.post(actor, "", Some(&body)).await, status);
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{problem}");
    }
    assert_eq!(desk.world.items().await, before);
    assert_eq!(desk.objects(), 0);
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let desk = Desk::new().await;
    let file = file(1000);
    let id = desk.begin("coordinator", "letter", file.len()).await;
    let link = desk.part("coordinator", &id, &file, 1).await;
    let given_up = good(&desk.post("coordinator", &format!("/{id}/abandon"), None).await, 200);
    assert_eq!(given_up["document"]["status"], "abandoned");
    assert_eq!(
        good(&desk.post("coordinator", &format!("/{id}/abandon"), None).await, 200),
        given_up
    );
    assert!(put(&link, &file).await >= 400);
    for rest in ["/complete", "/read"] {
        assert_eq!(
            desk.post("coordinator", &format!("/{id}{rest}"), None).await.status(),
            409,
            "{rest}"
        );
    }
}
