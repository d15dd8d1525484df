//! Files: sent in parts over a line that breaks, looked at by a scanner, read by those who may.

use review::act::Action::SubmitImr;
use review::process::State;
use serde_json::{Value, json};

use crate::casefile::Casefile;
use crate::people::*;
use crate::world::World;

/// The size of a part.
const PART: usize = 8 * 1024 * 1024;
const ACCESS_DENIED: &str = include_str!("../../infra/events/guardduty-access-denied.json");
const FAILED: &str = include_str!("../../infra/events/guardduty-failed.json");

#[tokio::test]
async fn an_interrupted_upload_goes_on_in_another_browser() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let file: Vec<u8> = (0..PART + 1000).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let (first, second) = file.split_at(PART);
    let begun = case.begins_upload(COORDINATOR, "letter", "long letter", file.len()).await;
    assert_eq!((&begun["parts"], &begun["part_size"]), (&json!(2), &json!(PART)));
    let id = begun["document"]["id"].as_str().unwrap();
    let path = case.path(&format!("/documents/{id}"));
    let complete = format!("{path}/complete");
    case.sends_part(&world.client, COORDINATOR, id, 1, first).await.ok();

    // The line breaks. Another client knows only where the document is.
    let client = world.client.another();
    let shown = client.get(COORDINATOR, &path).await.ok();
    assert_eq!(shown["document"]["status"], "uploading");
    assert_eq!(shown["upload"]["missing"], json!([2]));
    assert_eq!(shown["upload"]["held"][0]["size"], PART);
    let early = client.post(COORDINATOR, &complete, &json!({})).await.refused(409);
    assert!(early.body["detail"].as_str().unwrap().contains("missing"), "{}", early.text);

    // A part that is damaged on its way is not taken.
    let mut damaged = second.to_vec();
    damaged[7] ^= 1;
    let refused = case.sends_part_as(&client, COORDINATOR, id, (2, second), &damaged).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    let shown = client.get(COORDINATOR, &path).await.ok();
    assert_eq!(shown["upload"]["missing"], json!([2]));

    case.sends_part(&client, COORDINATOR, id, 2, second).await.ok();
    let done = client.post(COORDINATOR, &complete, &json!({})).await.ok();
    assert!(done["document"]["hash"].as_str().unwrap().ends_with("-2"));
    let again = client.post(COORDINATOR, &complete, &json!({})).await.ok();
    assert_eq!(again["document"]["hash"], done["document"]["hash"]);

    world.settles().await;
    let link = client.post(COORDINATOR, &format!("{path}/read"), &json!({})).await.ok();
    let (_, _, bytes) = client.fetch(link["url"].as_str().unwrap()).await;
    assert!(bytes == file, "what is read is what was sent");
    world.end().await;
}

#[tokio::test]
async fn only_what_the_scanner_found_clean_can_be_read() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    // In two halves, lest a scanner take this file for malware.
    let eicar =
        [r"X5O!P%@AP[4\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat();
    let locked = b"PK\x03\x04\x14\x00\x01\x00\x08\x00 what is inside needs a password";
    let plain = b"%PDF-1.7 a plain letter";

    let infected = case.uploads_bytes(COORDINATOR, "letter", "infected", eicar.as_bytes()).await;
    assert_unreadable(&case, &infected, "infected", "found malware").await;
    let locked = case.uploads_bytes(COORDINATOR, "letter", "locked", locked).await;
    assert_unreadable(&case, &locked, "locked", "password").await;
    for (name, report) in [("denied", ACCESS_DENIED), ("failed", FAILED)] {
        let document = case.uploads_bytes(COORDINATOR, "letter", name, plain).await;
        let id = document["document"].as_str().unwrap();
        world.scanner_reports(&case.reference, id, report).await;
        assert_unreadable(&case, &document, "not-checked", "upload it again").await;
    }
    let begun = case.begins_upload(COORDINATOR, "letter", "unfinished", 10).await;
    let unfinished = json!({ "document": begun["document"]["id"] });
    assert_unreadable(&case, &unfinished, "uploading", "uploaded completely").await;
    let id = begun["document"]["id"].as_str().unwrap();
    let abandon = case.path(&format!("/documents/{id}/abandon"));
    world.client.post(COORDINATOR, &abandon, &json!({})).await.ok();
    assert_unreadable(&case, &unfinished, "abandoned", "uploaded completely").await;

    let told = case.mails().await;
    let warned = told.iter().filter(|mail| mail.topic == "File did not pass the virus check");
    assert_eq!(warned.map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [COORDINATOR]);
    world.end().await;
}

#[tokio::test]
async fn nothing_is_read_while_the_scanner_looks_at_it() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let late = world.deliveries_are_late().await;
    let document = case.uploads_unscanned(COORDINATOR, "letter", "letter", b"Dear reader").await;
    let path = case.path(&format!("/documents/{}", document["document"].as_str().unwrap()));
    let read = format!("{path}/read");
    let shown = world.client.get(COORDINATOR, &path).await.ok();
    assert_eq!(shown["document"]["status"], "being-checked");
    for who in [COORDINATOR, CSP_CHAIR] {
        let refused = world.client.post(who, &read, &json!({})).await.refused(409);
        let why = refused.body["detail"].as_str().unwrap();
        assert!(why.contains("being checked") && why.contains("try again"), "{why}");
    }
    assert!(!case.kinds().await.contains(&"document-read".to_owned()));

    drop(late);
    world.settles().await;
    let link = world.client.post(COORDINATOR, &read, &json!({})).await.ok();
    let (_, _, bytes) = world.client.fetch(link["url"].as_str().unwrap()).await;
    assert_eq!(bytes, b"Dear reader");
    world.end().await;
}

#[tokio::test]
async fn a_reading_stands_in_the_history_before_the_file_is_fetched() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let document = case.uploads_bytes(COORDINATOR, "letter", "a letter", b"Dear reader").await;
    let path = case.path(&format!("/documents/{}/read", document["document"].as_str().unwrap()));
    let link = world.client.post(CSP_CHAIR, &path, &json!({})).await.ok();

    let history = case.history().await;
    let last = history.last().unwrap();
    assert_eq!((&last["kind"], &last["actor"]), (&json!("document-read"), &json!(CSP_CHAIR)));
    assert_eq!(last["record"]["document"], document["document"]);
    assert_eq!(link["expires_in"], 60);
    assert_eq!(link["hash"], document["hash"]);

    let url = link["url"].as_str().unwrap();
    let (status, headers, bytes) = world.client.fetch(url).await;
    assert_eq!((status, bytes.as_slice()), (200, b"Dear reader".as_slice()));
    let disposition = &headers["content-disposition"];
    assert!(disposition.starts_with("attachment") && disposition.contains("a letter.pdf"));
    let (status, _, _) =
        world.client.fetch(&url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")).await;
    assert_eq!(status, 403, "a link cannot be made to last");
    world.end().await;
}

#[tokio::test]
async fn an_imr_must_be_a_clean_file_of_the_own_agency() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::TorAgreed).await;
    let both = json!([{ "agency": "sample-police" }, { "agency": "sample-health" }]);
    case.does_with(CHAIR, review::Action::OpenEvidence, |record| record["requests"] = both).await;
    let other = case.uploads(POLICE_AUTHOR, "imr", "police").await;
    let evidence = case.uploads(HEALTH_CONTACT, "action-evidence", "evidence").await;
    let begun = case.begins_upload(HEALTH_AUTHOR, "imr", "unfinished", 10).await;
    let unfinished = json!({ "document": begun["document"]["id"], "hash": evidence["hash"] });
    let absent = json!({ "document": "no-such-document", "hash": other["hash"] });
    for document in [&other, &evidence, &unfinished, &absent] {
        let record = submission(document);
        let answer = case.tries(HEALTH_AUTHOR, SubmitImr, &record).await;
        answer.refused_field("/document/document");
    }
    let stolen = case.tries(HEALTH_AUTHOR, SubmitImr, &submission(&other)).await;
    let missing = case.tries(HEALTH_AUTHOR, SubmitImr, &submission(&absent)).await;
    assert_eq!(stolen.text, missing.text, "another agency's file is as good as none");
    world.end().await;
}

fn submission(document: &Value) -> Value {
    json!({ "agency": "sample-health", "document": document, "independence": "Another service." })
}

/// Then it is listed as this and reading it is refused with a sentence that says why.
async fn assert_unreadable(case: &Casefile<'_>, document: &Value, status: &str, why: &str) {
    let path = case.path(&format!("/documents/{}", document["document"].as_str().unwrap()));
    let shown = case.world.client.get(COORDINATOR, &path).await.ok();
    assert_eq!(shown["document"]["status"], status, "{shown}");
    let before = case.events().await;
    let refused = case.world.client.post(COORDINATOR, &format!("{path}/read"), &json!({})).await;
    let refused = refused.refused(409);
    assert!(refused.body["detail"].as_str().unwrap().contains(why), "{}", refused.text);
    assert_eq!(case.events().await, before);
}
