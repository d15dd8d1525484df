//! The first administrator of a partnership, whom only an operator can appoint.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use futures::future::join_all;
use lambda_http::http::Method;
use review::Role;
use serde_json::json;

use world::{World, json as body};

#[tokio::test]
async fn the_first_administrator_is_appointed_once_and_by_an_operator() {
    let world = World::new().await;
    let wanted =
        |csp: &str, actor: &str| json!({ "csp": csp, "actor": actor, "email": "a@sample.example" });
    let cloud = &world.gate.cloud;
    for wrong in [
        json!({}),
        json!(null),
        json!({ "csp": "sample-csp", "actor": "No Id", "email": "a@b.example" }),
    ] {
        let refused = directory::appoint(cloud, &wrong).await.unwrap_err();
        assert!(matches!(refused, directory::NotAppointed::Unreadable));
    }
    let refused = directory::appoint(cloud, &wanted("other-csp", "jo")).await.unwrap_err();
    assert!(matches!(refused, directory::NotAppointed::NoSuchPartnership));

    // Whenever there is none, one of those who ask at once is appointed.
    let appointed = async |round: u8| {
        let names: Vec<_> =
            (0..8).map(|n| wanted("sample-csp", &format!("operator-{round}-{n}"))).collect();
        let answers = join_all(names.iter().map(|wanted| directory::appoint(cloud, wanted))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        answers.into_iter().find_map(Result::ok).unwrap()["actor"].clone()
    };
    for round in 0..2 {
        let gone = appointed(round).await;
        world.enrol(gone.as_str().unwrap(), "sample-csp", &[Role::Pcc], None, false).await;
    }
    let first = appointed(2).await;
    let refused = directory::appoint(cloud, &wanted("sample-csp", "late")).await.unwrap_err();
    assert!(matches!(refused, directory::NotAppointed::HasOne), "{refused:?}");

    let first = first.as_str().unwrap();
    let read = async |path: &str| {
        let asked = world.ask(first, Method::GET, path).build();
        body(&directory::handle(&world.gate, asked).await)
    };
    let shown = read(&format!("/directory/people/{first}")).await;
    assert_eq!(shown["active"], json!(true));
    let history = read("/directory/history").await;
    assert_eq!(history["changes"][0]["deeds"], json!(["appoint-first"]));
    assert_eq!(history["changes"][0]["by"], "system");
}
