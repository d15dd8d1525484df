//! Acts on a case: in which order they are refused, what they answer, and that repeating one
//! does nothing more.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod play;
#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use review::act::{Guard, Via};
use review::process::rule;
use review::{Action, State};
use serde_json::{Value, json};

use play::{act, asked, bare, people, refer, send, shown};

#[tokio::test]
async fn an_act_answers_with_the_new_version() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let request =
        asked(&world, "coordinator", &reference, Action::StartScoping).header("if-match", "\"r1\"");
    let response = send(&world, request).await;
    assert_eq!(response.status(), 200);
    assert_eq!(world::header(&response, "etag"), "\"r2\"");
    let done = world::json(&response);
    assert_eq!(done["reference"], reference);
    assert_eq!(done["state"], "SCOPING");
    assert_eq!(done["revision"], 2);
    assert_eq!(done["events"][0]["kind"], "scoping-started");
    // An act that only adds needs no version and moves none.
    let added = send(&world, asked(&world, "referrer", &reference, Action::AddInformation)).await;
    assert_eq!(world::header(&added, "etag"), "\"r2\"");
    assert_eq!(world::json(&added)["state"], "RECEIVED");
}

#[tokio::test]
async fn refusals_come_in_one_order() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let scoping = Action::StartScoping.name();
    let before = world.items().await;
    let coordinator = |tag: Option<&str>, body: &str| {
        let asked = bare(&world, "coordinator", &reference, scoping).text(body);
        tag.map_or(Some(asked), |_| None).unwrap_or_else(|| {
            bare(&world, "coordinator", &reference, scoping)
                .header("if-match", tag.unwrap())
                .text(body)
        })
    };
    let good = review::sample::body(Action::StartScoping).to_string();
    let backwards = {
        let mut body = review::sample::body(Action::StartScoping);
        body["period_to"] = "2020-01-01".into();
        body.to_string()
    };
    for (asked, status, kind) in [
        (bare(&world, "coordinator", &reference, scoping).text("{"), 400, "syntax"),
        (bare(&world, "stranger", &reference, scoping).text("{}"), 404, "not-found"),
        (bare(&world, "referrer", &reference, scoping).text("{}"), 403, "forbidden"),
        (
            bare(&world, "chair", &reference, Action::AgreeReview.name()).text("{}"),
            409,
            "wrong-state",
        ),
        (asked(&world, "chair", &reference, Action::AgreeReview), 409, "wrong-state"),
        (coordinator(None, "{}"), 422, "fields"),
        (coordinator(None, &good), 428, "no-version"),
        (coordinator(Some("\"r2\""), &good), 412, "stale"),
        (coordinator(Some("\"i1\""), &good), 412, "stale"),
        (coordinator(Some("W/\"r1\""), &good), 400, "header"),
        (coordinator(Some("*"), &good), 400, "header"),
        (coordinator(Some("\"r1\""), &backwards), 422, "fields"),
    ] {
        let response = send(&world, asked).await;
        let problem = world::json(&response);
        assert_eq!(response.status(), status, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{kind}"), "{problem}");
    }
    assert_eq!(world.items().await, before);
    assert_eq!(send(&world, coordinator(Some("\"r1\""), &good)).await.status(), 200);
    assert_eq!(send(&world, coordinator(Some("\"r1\""), &good)).await.status(), 409);
}

#[tokio::test]
async fn a_repeated_act_is_done_once_and_answered_alike() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let ask = || {
        asked(&world, "coordinator", &reference, Action::StartScoping)
            .header("if-match", "\"r1\"")
            .header("idempotency-key", "a-key")
    };
    let first = send(&world, ask()).await;
    let items = world.items().await;
    let again = send(&world, ask()).await;
    assert_eq!((again.status(), world::json(&again)), (first.status(), world::json(&first)));
    assert_eq!(again.headers(), first.headers());
    let other = bare(&world, "coordinator", &reference, "add-information")
        .header("idempotency-key", "a-key");
    let other = send(&world, other.json(&json!({ "text": "Another route, another key." }))).await;
    assert_eq!(other.status(), 200);
    let mut body = review::sample::body(Action::StartScoping);
    body["period_from"] = "2021-01-01".into();
    let reused = bare(&world, "coordinator", &reference, "start-scoping")
        .header("if-match", "\"r2\"")
        .header("idempotency-key", "a-key")
        .json(&body);
    let reused = send(&world, reused).await;
    assert_eq!(
        (reused.status().as_u16(), &world::json(&reused)["type"]),
        (422, &json!("/problems/key-reused"))
    );
    assert!(world.items().await > items);
    let history = shown(&world, "chair", &format!("/cases/{reference}/history")).await;
    assert_eq!(history["events"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn unheard_of_actions_are_no_address() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    for action in [
        "refer",
        "remind",
        "record-scan",
        "begin-upload",
        "read-document",
        "START-SCOPING",
        "x",
        "",
    ] {
        let response =
            send(&world, bare(&world, "coordinator", &reference, action).text("{}")).await;
        assert_eq!(response.status(), 404, "{action}");
    }
}

/// Every person tries every action with an empty body: who may not is told so before anything is
/// said of the fields or the state.
#[tokio::test]
async fn every_role_is_refused_what_the_table_does_not_give_it() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    act(&world, "coordinator", &reference, Action::StartScoping).await;
    let before = world.items().await;
    let roles = [
        ("coordinator", review::Role::Coordinator),
        ("chair", review::Role::CspChair),
        ("health", review::Role::AgencyContact),
        ("police", review::Role::Police),
        ("referrer", review::Role::Referrer),
        ("subgroup", review::Role::DecisionSubgroup),
    ];
    for &action in Action::ALL.iter().filter(|action| action.via() == Via::Actions) {
        for (actor, role) in roles {
            let rule = rule(action).unwrap();
            let body = json!({ "unheard_of": true });
            let response =
                send(&world, bare(&world, actor, &reference, action.name()).json(&body)).await;
            let expected = if !rule.who.contains(&role) {
                403
            } else if !rule.from.contains(&State::Scoping) {
                409
            } else {
                422
            };
            assert_eq!(response.status(), expected, "{actor} {}", action.name());
        }
    }
    assert_eq!(world.items().await, before);
}

/// The item's own version guards an act on it, and not the case's.
#[tokio::test]
async fn an_action_of_the_plan_has_a_version_of_its_own() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    act(&world, "coordinator", &reference, Action::StartScoping).await;
    let mut plan = review::sample::fitted(Action::AddAction, "2027-01-04".parse().unwrap());
    plan["lead"] = "sample-health".into();
    let id = plan["id"].clone();
    let added =
        send(&world, bare(&world, "coordinator", &reference, "add-action").json(&plan)).await;
    assert_eq!(added.status(), 200, "{}", world::json(&added));
    let path = format!("/cases/{reference}");
    let etag = async || {
        let view = shown(&world, "health", &path).await;
        assert_eq!(view["plan"][0]["id"], id);
        view["plan"][0]["etag"].as_str().unwrap().to_owned()
    };
    let update = json!({ "id": id, "progress": "on-track", "update": "Under way." });
    let ask = |tag: &str| {
        bare(&world, "health", &reference, "update-action").header("if-match", tag).json(&update)
    };
    assert_eq!(Action::UpdateAction.guard(), Guard::Item);
    let first = etag().await;
    assert_eq!(send(&world, ask("\"r2\"")).await.status(), 412);
    let done = send(&world, ask(&first)).await;
    assert_eq!(done.status(), 200, "{}", world::json(&done));
    assert_eq!(world::header(&done, "etag"), etag().await);
    assert_ne!(etag().await, first);
    assert_eq!(send(&world, ask(&first)).await.status(), 412);
    let view = shown(&world, "health", &path).await;
    assert_eq!((&view["revision"], &view["plan"][0]["status"]), (&json!(2), &json!("on-track")));
    let council = bare(&world, "council", &reference, "update-action")
        .header("if-match", &etag().await)
        .json(&update);
    assert_eq!(send(&world, council).await.status(), 404);
    assert_eq!(shown(&world, "council", &path).await["plan"], Value::Array(vec![]));
}
