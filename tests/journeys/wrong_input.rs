//! Whatever can be wrong with a request: it is refused with a sentence, nothing of it comes back,
//! and nothing is written.

use review::act::Action::{self, *};
use review::act::Via;
use review::process::State;
use review::values::Reference;
use serde_json::{Value, json};

use super::ALL;
use crate::bad_input::try_everything_wrong_at;
use crate::casefile::Casefile;
use crate::client::{Sent, With};
use crate::people::*;
use crate::stage::{Manner, Stage};
use crate::world::World;

#[tokio::test]
async fn every_act_is_refused_whatever_is_wrong_with_its_record() {
    let stage = Stage::new(Manner::Wary);
    for journey in &ALL {
        (journey.play)(stage.clone()).await;
    }
    let taken_by_people = |action: &&Action| matches!(action.via(), Via::Referrals | Via::Actions);
    assert_eq!(stage.tried(), Action::ALL.iter().filter(taken_by_people).copied().collect());
}

#[tokio::test]
async fn uploads_are_refused_whatever_is_wrong_with_them() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let begun = case.begins_upload(COORDINATOR, "letter", "letter", 1000).await;
    let document = case.path(&format!("/documents/{}", begun["document"]["id"].as_str().unwrap()));
    let before = case.events().await;

    let new = json!({ "kind": "letter", "name": "letter.pdf", "size": 1000 });
    let required = |names: &'static [&'static str]| {
        move |body: Value| names.iter().all(|name| !body[*name].is_null())
    };
    let (client, path) = (&world.client, case.path("/documents"));
    try_everything_wrong_at(client, COORDINATOR, &path, &new, required(&["kind", "name", "size"]))
        .await;
    let part = json!({ "number": 1, "size": 1000, "sha256": "A".repeat(43) + "=" });
    let parts = format!("{document}/parts");
    try_everything_wrong_at(
        client,
        COORDINATOR,
        &parts,
        &part,
        required(&["number", "size", "sha256"]),
    )
    .await;
    for route in ["complete", "abandon", "read"] {
        let path = format!("{document}/{route}");
        try_everything_wrong_at(client, COORDINATOR, &path, &json!({}), |_| true).await;
    }
    for (field, value) in [("number", json!(2)), ("number", json!(0)), ("size", json!(999))] {
        let mut wrong = part.clone();
        wrong[field] = value;
        client.post(COORDINATOR, &parts, &wrong).await.refused_field(&format!("/{field}"));
    }
    for (field, value) in
        [("size", json!(0)), ("size", json!(3_000_000_000_u64)), ("kind", json!("imr"))]
    {
        let mut wrong = new.clone();
        wrong[field] = value;
        client.post(COORDINATOR, &path, &wrong).await.refused_field(&format!("/{field}"));
    }
    assert_eq!(case.events().await, before);
    world.end().await;
}

#[tokio::test]
async fn dates_that_cannot_be_so_are_refused_by_their_field() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let form = review::sample::body(Refer);
    for (pointer, value) in [
        ("/csp_notified_on", json!("2027-01-05")),
        ("/csp_notified_on", json!("2026-11-01")),
        ("/death/date", json!("2027-01-05")),
        ("/death/date", json!("2027-02")),
        ("/victim/born/known/date-of-birth", json!("2026-11-03")),
    ] {
        let mut wrong = form.clone();
        if pointer == "/csp_notified_on" {
            wrong["csp_notified_on"] = value;
        } else {
            *wrong.pointer_mut(pointer).unwrap() = value;
        }
        world.client.refer(REFERRER, "key", &wrong).await.refused_field(pointer);
    }
    assert_eq!(world.client.get(REFERRER, "/cases").await.ok()["cases"], json!([]));
    world.end().await;
}

#[tokio::test]
async fn a_reference_is_read_in_either_case_and_no_path_leads_astray() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let reference = case.reference.clone();
    let lower = Casefile::of(&world, &reference.to_lowercase());
    assert_eq!(lower.read_by(COORDINATOR).await.ok()["reference"], json!(reference));
    lower.does(COORDINATOR, AddInformation).await;

    let last = reference.chars().last().unwrap();
    let mistyped = format!("{}{}", &reference[..12], if last == '3' { '4' } else { '3' });
    let unknown = Reference::from_random([1; 8]).to_string();
    let encoded = reference.replace('-', "%2D");
    let nothing = world.client.get(COORDINATOR, &format!("/cases/{unknown}")).await.refused(404);
    for name in [
        mistyped.as_str(),
        &encoded,
        "..",
        "%2e%2e",
        "%2E%2E",
        ".",
        "..%2f..%2fcases",
        "..%5c",
        "DHR-0000-0000",
        "%00",
        "%F0%9F%92%A9",
        "null",
        "*",
        "DHR-7KQ4-M6XD%20OR%201=1",
    ] {
        let (status, body) =
            world.client.get_as_written(COORDINATOR, &format!("/cases/{name}")).await;
        assert_eq!((status, &body), (404, &nothing.text), "{name}");
    }
    for path in [
        format!("/cases/{reference}/"),
        format!("/cases//{reference}"),
        format!("/cases/{reference}/../{reference}"),
        format!("/cases/{reference}/%2e%2e/{reference}"),
        format!("//cases/{reference}"),
        format!("/cases/{reference}/documents/..%2f..%2f{reference}"),
        format!("/cases/{reference}/documents/.."),
        format!("/referrals/../cases/{reference}"),
    ] {
        let (status, _) = world.client.get_as_written(COORDINATOR, &path).await;
        assert_eq!(status, 404, "{path}");
    }
    world.end().await;
}

#[tokio::test]
async fn headers_that_cannot_be_read_are_refused_in_their_place() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let record = case.record(StartScoping).await;
    for tag in ["*", "W/\"r1\"", "r1", "\"r1\", \"r2\"", "\"\"", "\"r 1\""] {
        let answer = case.sends(COORDINATOR, StartScoping, Some(tag), Sent::json(&record)).await;
        assert_eq!(answer.refused(400).body["type"], "/problems/header", "{tag}");
    }
    for tag in
        ["\"i1\"", "\"r0\"", "\"r01x\"", "\"r18446744073709551615\"", "\"r99999999999999999999\""]
    {
        case.sends(COORDINATOR, StartScoping, Some(tag), Sent::json(&record)).await.refused(412);
    }
    let long = "k".repeat(256);
    for key in ["", " ", "two words", long.as_str()] {
        let with = With { key: Some(key), ..With::default() };
        let sent = Sent::json(&review::sample::body(Refer));
        world.client.post_with(REFERRER, "/referrals", with, sent).await.refused(400);
    }
    case.is(State::Referred).await;
    world.end().await;
}
