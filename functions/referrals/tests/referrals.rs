//! `POST /referrals`, as a referrer meets it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use edge::{Request, Response};
use lambda_http::http::Method;
use review::sight::audiences;
use review::values::{CspId, Reference};
use review::{Action, Case, EventKind, Role, sample};
use serde_json::{Value, json};

use world::{Asked, World};

const REFERRER: &str = "a-referrer";

async fn invited() -> World {
    let world = World::new().await;
    world.join(REFERRER, &[Role::Referrer], None).await;
    world
}

fn ask(world: &World, key: &str) -> Asked {
    world.ask(REFERRER, Method::POST, "/referrals").header("idempotency-key", key)
}

async fn send(world: &World, key: &str, body: &Value) -> Response {
    referrals::handle(&world.gate, ask(world, key).json(body).build()).await
}

async fn case(world: &World, receipt: &Value) -> Case {
    let csp = CspId::parse(world::CSP).unwrap();
    let reference = Reference::parse(receipt["reference"].as_str().unwrap()).unwrap();
    world.gate.cloud.store.load(&csp, &reference).await.unwrap().unwrap().case
}

#[tokio::test]
async fn a_referrer_gets_a_receipt() {
    let world = invited().await;
    let response = send(&world, "k", &sample::body(Action::Refer)).await;
    assert_eq!(response.status(), 201);
    let receipt = world::json(&response);
    let reference = receipt["reference"].as_str().unwrap();
    assert_eq!(world::header(&response, "location"), format!("/cases/{reference}"));
    assert_eq!(world::header(&response, "cache-control"), "no-store");
    assert_eq!(receipt["csp_notified_on"], "2027-01-04");
    assert_eq!(receipt["decision_due"], "2027-02-04");
    assert_eq!(receipt["act_by"], "2027-02-04");
    assert_eq!(receipt["received_at"], "2027-01-04T10:00:00Z");
    assert!(receipt["next"].to_string().contains("4 February 2027"), "{receipt}");
    assert!(receipt.get("immediate_risk").is_none());
    let case = case(&world, &receipt).await;
    assert_eq!(case.file.referrer.as_ref().unwrap().as_str(), REFERRER);
    assert!(audiences(&case).contains("actor/a-referrer"));
}

#[tokio::test]
async fn the_month_counts_from_the_day_that_is_named() {
    let world = invited().await;
    for (notified, due, act_by) in
        [("2026-12-31", "2027-01-31", "2027-01-29"), ("2026-11-30", "2026-12-30", "2026-12-30")]
    {
        let mut body = sample::body(Action::Refer);
        body["csp_notified_on"] = notified.into();
        let receipt = world::json(&send(&world, notified, &body).await);
        assert_eq!(
            (receipt["decision_due"].as_str(), receipt["act_by"].as_str()),
            (Some(due), Some(act_by))
        );
        assert_eq!(receipt["received_on"], "2027-01-04");
    }
}

#[tokio::test]
async fn the_shortest_form_is_enough_and_not_asked_is_not_no() {
    let world = invited().await;
    let receipt = world::json(&send(&world, "k", &sample::minimal_referral()).await);
    let case = case(&world, &receipt).await;
    let form = serde_json::to_value(case.file.referral.unwrap()).unwrap();
    assert_eq!(form["victim"]["born"], "not-known");
    assert_eq!(form["victim"]["ethnicity"], "not-asked");
    assert_eq!(form["next_of_kin"], "not-asked");
}

#[tokio::test]
async fn a_risk_to_a_living_person_is_raised_at_once() {
    let world = invited().await;
    let mut body = sample::body(Action::Refer);
    body["immediate_risk"] = json!({ "known": true });
    let receipt = world::json(&send(&world, "k", &body).await);
    assert!(receipt["immediate_risk"].as_str().unwrap().contains("999"));
    let case = case(&world, &receipt).await;
    let store = &world.gate.cloud.store;
    let history = store.history(&case.csp, &case.reference, 0, 10).await.unwrap();
    let kinds: Vec<_> = history.entries.iter().map(|entry| entry.envelope.kind).collect();
    assert_eq!(kinds, [EventKind::Opened, EventKind::ImmediateRiskRaised]);
}

#[tokio::test]
async fn a_likely_duplicate_is_taken_in_and_nothing_is_said_of_it() {
    let world = invited().await;
    world.join("another", &[Role::Police], Some("sample-police")).await;
    let body = sample::body(Action::Refer);
    let mut first = world::json(&send(&world, "k", &body).await);
    let again =
        world.ask("another", Method::POST, "/referrals").header("idempotency-key", "k").json(&body);
    let response = referrals::handle(&world.gate, again.build()).await;
    assert_eq!(response.status(), 201);
    let mut second = world::json(&response);
    assert_ne!(first["reference"], second["reference"]);
    first["reference"].take();
    second["reference"].take();
    assert_eq!(first, second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_posts_at_once_make_one_case_and_one_answer() {
    let world = Arc::new(invited().await);
    let empty = world.items().await;
    let sent: Vec<_> = (0..64)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { send(&world, "one-key", &sample::body(Action::Refer)).await })
        })
        .collect();
    let mut answers = BTreeSet::new();
    for response in sent {
        let response = response.await.unwrap();
        assert_eq!(response.status(), 201, "{}", world::json(&response));
        answers.insert((
            world::header(&response, "location").to_owned(),
            world::json(&response).to_string(),
        ));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    let one_referral = world.items().await - empty;
    send(&world, "another-key", &sample::body(Action::Refer)).await;
    assert_eq!(world.items().await - empty, 2 * one_referral);
}

#[tokio::test]
async fn a_key_answers_for_one_request_only() {
    let world = invited().await;
    let body = sample::body(Action::Refer);
    let first = send(&world, "k", &body).await;
    world.pass(TimeDelta::days(3));
    let again = send(&world, "k", &body).await;
    assert_eq!(again.status(), 201);
    assert_eq!(world::json(&first), world::json(&again));
    assert_eq!(first.headers(), again.headers());
    let before = world.items().await;
    let mut other = body.clone();
    other["why"] = "Another reason.".into();
    let reused = send(&world, "k", &other).await;
    assert_eq!(
        (reused.status().as_u16(), world::json(&reused)["type"].clone()),
        (422, json!("/problems/key-reused"))
    );
    let unkeyed = world.ask(REFERRER, Method::POST, "/referrals").json(&body).build();
    let unkeyed = referrals::handle(&world.gate, unkeyed).await;
    assert_eq!(unkeyed.status(), 400);
    assert_eq!(world.items().await, before);
    // The same JSON, written otherwise, is the same request.
    let text = serde_json::to_string_pretty(&body).unwrap();
    let spaced = referrals::handle(&world.gate, ask(&world, "k").text(&text).build()).await;
    assert_eq!(world::json(&spaced), world::json(&first));
}

#[tokio::test]
async fn only_members_who_may_refer_can() {
    let world = World::new().await;
    world.join("a-panel-member", &[Role::PanelMember], None).await;
    world.enrol("left", world::CSP, &[Role::Referrer], None, false).await;
    world.enrol("elsewhere", "other-csp", &[Role::Referrer], None, true).await;
    let before = world.items().await;
    for actor in ["stranger", "a-panel-member", "left", "elsewhere"] {
        let request = world.ask(actor, Method::POST, "/referrals").header("idempotency-key", "k");
        let response =
            referrals::handle(&world.gate, request.json(&sample::body(Action::Refer)).build())
                .await;
        assert_eq!(response.status(), 403, "{actor}");
        assert!(world::json(&response)["detail"].as_str().unwrap().contains("invite"));
    }
    let unsigned = Asked::new(Method::POST, "/referrals").header("idempotency-key", "k");
    let response =
        referrals::handle(&world.gate, unsigned.json(&sample::body(Action::Refer)).build()).await;
    assert_eq!(response.status(), 401);
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn the_partnership_must_be_named_where_there_are_several() {
    let world = World::of("sample-csp=Sample;other-csp=Other").await;
    world.enrol(REFERRER, "other-csp", &[Role::Referrer], None, true).await;
    let mut body = sample::body(Action::Refer);
    for wrong in [Value::Null, json!("nowhere")] {
        body["csp"] = wrong;
        let response = send(&world, "k", &body).await;
        assert_eq!(response.status(), 422);
        let errors = &world::json(&response)["errors"];
        assert_eq!(errors[0]["pointer"], "/csp");
        assert!(errors[0]["detail"].as_str().unwrap().contains("other-csp, sample-csp"));
    }
    body["csp"] = "sample-csp".into();
    assert_eq!(send(&world, "k", &body).await.status(), 403);
    body["csp"] = "other-csp".into();
    assert_eq!(world::json(&send(&world, "k", &body).await)["csp"], "other-csp");
}

#[tokio::test]
async fn bad_input_is_refused_with_its_place_and_nothing_is_written() {
    let world = invited().await;
    let before = world.items().await;
    let with = |pointer: &str, value: Value| {
        let mut body = sample::body(Action::Refer);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        body.to_string()
    };
    let born = "/victim/born/known/date-of-birth";
    let ask = || ask(&world, "k");
    let bad: Vec<(Request, u16, &str)> = vec![
        (ask().text("why?").build(), 400, ""),
        (ask().text("").build(), 400, ""),
        (ask().text(&with("/why", json!("x".repeat(1024 * 1024)))).build(), 413, ""),
        (ask().header("content-type", "text/plain").bytes(b"{}").build(), 415, ""),
        (ask().text("[]").build(), 422, ""),
        (ask().text(&with("/unheard_of", json!(1))).build(), 422, ""),
        (ask().text(&with("/why", json!(1))).build(), 422, "/why"),
        (
            ask().text(&with("/victim/name", json!("Sample\u{202e}Person"))).build(),
            422,
            "/victim/name",
        ),
        (
            ask().text(&with("/victim/name", json!("Sample\u{7}Person"))).build(),
            422,
            "/victim/name",
        ),
        (
            ask().text(&with("/csp_notified_on", json!("2027-02-30"))).build(),
            422,
            "/csp_notified_on",
        ),
        (
            ask().text(&with("/csp_notified_on", json!("2027-01-05"))).build(),
            422,
            "/csp_notified_on",
        ),
        (
            ask().text(&with("/csp_notified_on", json!("2026-11-01"))).build(),
            422,
            "/csp_notified_on",
        ),
        (ask().text(&with("/death/date", json!("2027-01-05"))).build(), 422, "/death/date"),
        (ask().text(&with(born, json!("2026-11-03"))).build(), 422, born),
        (ask().text(&with("/suspects", json!({ "known": [] }))).build(), 422, "/suspects/known"),
        (
            ask().header("idempotency-key", "two").json(&sample::body(Action::Refer)).build(),
            400,
            "",
        ),
    ];
    for (request, status, pointer) in bad {
        let response = referrals::handle(&world.gate, request).await;
        let shown = world::json(&response);
        assert_eq!(response.status(), status, "{shown}");
        assert_eq!(world::header(&response, "content-type"), "application/problem+json");
        if status == 422 {
            assert_eq!(shown["errors"][0]["pointer"], pointer, "{shown}");
        }
        assert!(shown["detail"].as_str().unwrap().ends_with('.'), "{shown}");
        assert!(!shown.to_string().contains("Sample"), "{shown}");
    }
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn other_addresses_and_methods_are_refused() {
    let world = invited().await;
    for (method, path, status) in [
        (Method::GET, "/referrals", 405),
        (Method::PUT, "/referrals", 405),
        (Method::POST, "/referrals/", 404),
        (Method::POST, "/", 404),
        (Method::POST, "//referrals", 404),
        (Method::POST, "/referrals/../cases", 404),
    ] {
        let response =
            referrals::handle(&world.gate, world.ask(REFERRER, method, path).build()).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn both_gateways_bring_the_sample_events() {
    for event in [
        include_str!("../../../infra/events/apigw-v1-referral.json"),
        include_str!("../../../infra/events/apigw-v2-referral.json"),
    ] {
        let world = invited().await;
        let mut request = lambda_http::request::from_str(event).unwrap();
        let token = format!("Bearer {}", world.signer.token(REFERRER));
        request.headers_mut().insert("authorization", token.parse().unwrap());
        let response = referrals::handle(&world.gate, request).await;
        assert_eq!(response.status(), 201, "{}", world::json(&response));
    }
}
