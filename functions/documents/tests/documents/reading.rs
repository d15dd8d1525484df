//! Who can read a document, and from when.

use cloud::files::PART_SIZE;
use review::EventKind;
use serde_json::json;

use crate::desk::{Desk, composite, file, good, part_size, sha256};
use crate::world;

#[tokio::test]
async fn a_file_is_uploaded_checked_and_read() {
    let desk = Desk::new().await;
    let file = file(part_size() + 1000);
    let body = json!({ "kind": "scoping-return", "name": "Return \"1\".pdf", "size": file.len() });
    let response = desk.post("health", "", Some(&body)).await;
    let begun = good(&response, 201);
    let id = begun["document"]["id"].as_str().unwrap();
    assert_eq!(world::header(&response, "location"), desk.path(&format!("/{id}")));
    assert_eq!((&begun["part_size"], &begun["parts"]), (&json!(PART_SIZE), &json!(2)));
    assert_eq!(begun["document"]["agency"], "sample-health");
    assert_eq!(begun["document"]["status"], "uploading");
    for number in 1..=2 {
        desk.part("health", id, &file, number).await;
    }
    let complete = format!("/{id}/complete");
    let done = good(&desk.post("health", &complete, None).await, 200);
    assert_eq!(done["document"]["status"], "being-checked");
    assert_eq!(done["document"]["hash"], composite(&file));
    assert_eq!(good(&desk.post("health", &complete, Some(&json!({}))).await, 200), done);
    let read = format!("/{id}/read");
    assert_eq!(desk.post("health", &read, None).await.status(), 409);
    desk.scan(id, "NO_THREATS_FOUND").await;
    let opened = desk.post("health", &read, None).await;
    let link = good(&opened, 200);
    assert_eq!(link["expires_in"], 60);
    assert_eq!(link["hash"], composite(&file));
    assert!(link["url"].as_str().unwrap().contains("X-Amz-Expires=60"));
    let answer = reqwest::get(link["url"].as_str().unwrap()).await.unwrap();
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"Return _1_.pdf\""), "{disposition}");
    assert_eq!(answer.bytes().await.unwrap(), file);
    assert_eq!(
        desk.kinds().await[2..],
        [
            EventKind::UploadBegun,
            EventKind::UploadCompleted,
            EventKind::ScanRecorded,
            EventKind::DocumentRead
        ]
    );
    // Each reading is recorded.
    good(&desk.post("coordinator", &read, None).await, 200);
    assert_eq!(desk.kinds().await.last(), Some(&EventKind::DocumentRead));
}

#[tokio::test]
async fn only_a_clean_document_can_be_read() {
    let desk = Desk::new().await;
    for (verdict, status, says) in [
        ("NO_THREATS_FOUND", "clean", ""),
        ("THREATS_FOUND", "infected", "malware"),
        ("UNSUPPORTED", "locked", "password"),
        ("ACCESS_DENIED", "not-checked", "again"),
        ("FAILED", "not-checked", "again"),
    ] {
        let id = desk.upload("health", "scoping-return", &file(100)).await;
        let before = desk.kinds().await.len();
        desk.scan(&id, verdict).await;
        desk.scan(&id, verdict).await;
        let infected = usize::from(verdict == "THREATS_FOUND");
        assert_eq!(desk.kinds().await.len(), before + 1 + infected, "{verdict}");
        let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
        assert_eq!(shown["document"]["status"], status);
        let read = desk.post("coordinator", &format!("/{id}/read"), None).await;
        if status == "clean" {
            good(&read, 200);
        } else {
            let problem = good(&read, 409);
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
            assert_eq!(desk.kinds().await.len(), before + 1 + infected);
        }
    }
}

#[tokio::test]
async fn an_agency_never_sees_anothers_document() {
    let desk = Desk::new().await;
    let id = desk.upload("health", "scoping-return", &file(100)).await;
    let going_on = desk.begin("health", "chronology", 1000).await;
    desk.scan(&id, "NO_THREATS_FOUND").await;
    let part = json!({ "number": 1, "size": 1000, "sha256": sha256(&file(1000)) });
    let before = desk.kinds().await;
    for actor in ["council", "police", "referrer", "home-office"] {
        for (real, rest, body) in [
            (&id, "", None),
            (&id, "/read", None),
            (&id, "/complete", None),
            (&going_on, "", None),
            (&going_on, "/parts", Some(&part)),
            (&going_on, "/complete", None),
            (&going_on, "/abandon", None),
        ] {
            let ask = async |id: &str| match rest {
                "" => desk.get(actor, &format!("/{id}")).await,
                _ => desk.post(actor, &format!("/{id}{rest}"), body).await,
            };
            let (theirs, absent) = (ask(real).await, ask("0d5f").await);
            assert_eq!(world::json(&theirs), world::json(&absent), "{actor} {rest}");
            assert!(matches!(theirs.status().as_u16(), 403 | 404), "{actor} {rest}");
        }
    }
    assert_eq!(desk.get("council", &format!("/{id}")).await.status(), 404);
    assert_eq!(desk.kinds().await, before);
    let named =
        json!({ "kind": "scoping-return", "name": "x.pdf", "size": 10, "agency": "sample-health" });
    let problem = good(&desk.post("council", "", Some(&named)).await, 422);
    assert_eq!(problem["errors"][0]["pointer"], "/agency");
    good(&desk.get("coordinator", &format!("/{id}")).await, 200);
}
