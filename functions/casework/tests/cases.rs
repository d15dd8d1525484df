//! What people see of cases: each their part, and of the rest not even that it is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::assigning_clones,
    reason = "a test that cannot go on should stop"
)]

mod play;
#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use lambda_http::http::Method;
use review::{Action, Role};
use serde_json::{Value, json};

use play::{act, get, people, refer, shown};
use world::Asked;

#[tokio::test]
async fn the_coordinator_sees_the_whole_case_and_what_to_do() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let response = get(&world, "coordinator", &format!("/cases/{reference}")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(world::header(&response, "etag"), "\"r1\"");
    assert_eq!(world::header(&response, "cache-control"), "no-store");
    let case = world::json(&response);
    assert_eq!(case["state"], "REFERRED");
    assert_eq!(case["sight"], "whole");
    assert_eq!(case["advice"]["s9_of_2004"]["verdict"], "met");
    assert_eq!(case["file"]["referral"]["victim"]["name"], "Sample Person-One");
    let clock = &case["clocks"][0];
    assert_eq!(clock["name"], "decision");
    assert_eq!(clock["anchor"], "2027-01-04");
    assert_eq!(
        (clock["original"].as_str(), clock["target"].as_str()),
        (Some("2027-02-04"), Some("2027-02-04"))
    );
    assert_eq!((&clock["overdue"], &clock["standing"]), (&json!(false), &json!("running")));
    let actions = case["actions"].as_array().unwrap();
    let start = actions.iter().find(|open| open["action"] == "start-scoping").unwrap();
    assert_eq!(start["href"], format!("/cases/{reference}/actions/start-scoping"));
    assert_eq!(start["if_match"], "case");
    assert!(!actions.iter().any(|open| open["action"] == "agree-review"));
    for hidden in ["match_keys", "matched", "upload_id", "outbox"] {
        assert!(!case.to_string().contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn overdue_begins_at_midnight_in_london() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let decision = async || {
        let case = shown(&world, "chair", &format!("/cases/{reference}")).await;
        let rows = shown(&world, "chair", "/cases").await;
        assert_eq!(rows["cases"][0]["overdue"], case["clocks"][0]["overdue"]);
        assert_eq!(rows["cases"][0]["decision"]["overdue"], case["clocks"][0]["overdue"]);
        (case["clocks"][0]["overdue"].clone(), case["clocks"][0]["days_late"].clone())
    };
    // 4 January 10:00 to 4 February 23:59 UTC, which is London's time in winter.
    world.pass(TimeDelta::days(31) + TimeDelta::minutes(13 * 60 + 59));
    assert_eq!(decision().await, (json!(false), Value::Null));
    world.pass(TimeDelta::minutes(1));
    assert_eq!(decision().await, (json!(true), json!(1)));
}

#[tokio::test]
async fn a_referrer_sees_the_own_referral_and_its_outcome() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let path = format!("/cases/{reference}");
    let case = shown(&world, "referrer", &path).await;
    assert_eq!((&case["sight"], &case["state"]), (&json!("own-referral"), &json!("RECEIVED")));
    assert_eq!(case["referral"]["victim"]["name"], "Sample Person-One");
    assert!(case.get("advice").is_none() && case.get("file").is_none());
    act(&world, "coordinator", &reference, Action::StartScoping).await;
    act(&world, "coordinator", &reference, Action::CompleteScoping).await;
    assert_eq!(shown(&world, "referrer", &path).await["state"], "RECEIVED");
    act(&world, "chair", &reference, Action::AgreeReview).await;
    let decided = shown(&world, "referrer", &path).await;
    assert_eq!((&decided["state"], &decided["outcome"]), (&json!("DECIDED"), &json!("review")));
    assert!(decided["clocks"].as_array().unwrap().iter().all(|clock| clock["name"] == "decision"));
}

#[tokio::test]
async fn an_agency_sees_its_own_part_and_no_other_agencys() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let path = format!("/cases/{reference}");
    assert_eq!(get(&world, "health", &path).await.status(), 404);
    act(&world, "coordinator", &reference, Action::StartScoping).await;
    act(&world, "health", &reference, Action::RecordScopingReturn).await;
    let health = shown(&world, "health", &path).await;
    assert_eq!(health["sight"], "agency");
    assert_eq!(health["agency"], "sample-health");
    assert_eq!(health["scoping"]["answer"]["contact"], "significant");
    assert_eq!(health["subjects"][0]["name"], "Sample Person-One");
    assert!(health["subjects"][0].get("gp").is_none());
    let council = shown(&world, "council", &path).await;
    assert_eq!(council["scoping"]["answer"], Value::Null);
    for other in ["sample-health", "sample-police", "Twelve contacts", "Example Referrer"] {
        assert!(!council.to_string().contains(other), "{other}");
    }
    let names: Vec<_> =
        council["clocks"].as_array().unwrap().iter().map(|clock| &clock["name"]).collect();
    assert_eq!(names, ["scoping-return/sample-council"]);
}

#[tokio::test]
async fn what_is_not_for_someone_looks_like_what_is_not_there() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let absent = get(&world, "coordinator", "/cases/DHR-3333-3333").await;
    assert_eq!(absent.status(), 404);
    let look = |response: &edge::Response| {
        (response.status(), response.headers().clone(), world::json(response))
    };
    let nobodys = look(&absent);
    for actor in [
        "health",
        "home-office",
        "qa",
        "commissioner",
        "independent",
        "administrator",
        "neighbour",
        "stranger",
    ] {
        for path in [format!("/cases/{reference}"), format!("/cases/{reference}/history")] {
            assert_eq!(look(&get(&world, actor, &path).await), nobodys, "{actor} {path}");
        }
        for action in ["add-information", "start-scoping", "agree-review"] {
            for reference in [reference.as_str(), "DHR-3333-3333"] {
                for body in ["{}", "{\"unheard_of\": 1}"] {
                    let asked = play::bare(&world, actor, reference, action).text(body);
                    assert_eq!(
                        look(&play::send(&world, asked).await),
                        nobodys,
                        "{actor} {action} {body}"
                    );
                }
            }
        }
    }
    for trick in
        ["..", "%2e%2e", "DHR-3333-3334", "DHR-3333-3333%00", "x", "DHR-3333-3333;v=1", "__proto__"]
    {
        assert_eq!(
            look(&get(&world, "coordinator", &format!("/cases/{trick}")).await),
            nobodys,
            "{trick}"
        );
    }
    let lower = reference.to_ascii_lowercase();
    assert_eq!(get(&world, "coordinator", &format!("/cases/{lower}")).await.status(), 200);
}

#[tokio::test]
async fn who_has_several_roles_names_one() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let path = format!("/cases/{reference}");
    let as_role =
        |role: &str| world.ask("both", Method::GET, &path).header("acting-role", role).build();
    let unnamed = get(&world, "both", &path).await;
    assert_eq!(unnamed.status(), 400);
    assert!(world::json(&unnamed)["detail"].as_str().unwrap().contains("csp-chair, coordinator"));
    assert_eq!(casework::handle(&world.gate, as_role("csp-chair")).await.status(), 200);
    assert_eq!(casework::handle(&world.gate, as_role("police")).await.status(), 403);
    world.enrol("both", "other-csp", &[Role::Coordinator], None, true).await;
    assert_eq!(casework::handle(&world.gate, as_role("coordinator")).await.status(), 400);
    let named = world.ask("both", Method::GET, &path).header("acting-role", "coordinator");
    let named = casework::handle(&world.gate, named.header("acting-csp", world::CSP).build()).await;
    assert_eq!(named.status(), 200);
}

#[tokio::test]
async fn access_ends_with_the_next_request() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    let path = format!("/cases/{reference}");
    assert_eq!(get(&world, "coordinator", &path).await.status(), 200);
    world.enrol("coordinator", world::CSP, &[Role::Coordinator], None, false).await;
    assert_eq!(get(&world, "coordinator", &path).await.status(), 404);
    assert_eq!(get(&world, "coordinator", "/cases").await.status(), 403);
}

/// Every page of someone's list.
async fn listed(world: &world::World, actor: &str, limit: u16) -> Vec<String> {
    let mut path = format!("/cases?limit={limit}");
    let mut found = Vec::new();
    for _ in 0..20 {
        let response = get(world, actor, &path).await;
        let page = world::json(&response);
        assert_eq!(response.status(), 200, "{page}");
        let cases = page["cases"].as_array().unwrap();
        assert!(cases.len() <= usize::from(limit));
        found.extend(cases.iter().map(|row| row["reference"].as_str().unwrap().to_owned()));
        let link = world::header(&response, "link");
        if page["next"].is_null() {
            assert_eq!(link, "");
            return found;
        }
        path = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
            .unwrap()
            .to_owned();
    }
    panic!("a list without end");
}

#[tokio::test]
async fn lists_hold_each_case_once_for_those_who_may_see_it() {
    let world = people().await;
    let mut all = BTreeSet::new();
    for n in 0..7 {
        all.insert(refer(&world, "police", &n.to_string()).await);
    }
    let hers = refer(&world, "referrer", "k").await;
    all.insert(hers.clone());
    for limit in [1, 3, 8, 100] {
        for actor in ["coordinator", "chair", "subgroup"] {
            let found = listed(&world, actor, limit).await;
            assert_eq!(found.len(), 8, "{actor} {limit}");
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), all);
        }
        assert_eq!(listed(&world, "referrer", limit).await, std::slice::from_ref(&hers));
        assert_eq!(listed(&world, "police", limit).await.len(), 7);
        for actor in ["health", "home-office", "commissioner", "administrator", "neighbour"] {
            assert_eq!(listed(&world, actor, limit).await, [""; 0], "{actor}");
        }
    }
    // Police referred it and are asked as an agency: two of their lists hold it, they see it once.
    let both = all.iter().find(|reference| **reference != hers).unwrap();
    act(&world, "coordinator", both, Action::StartScoping).await;
    act(&world, "coordinator", &hers, Action::StartScoping).await;
    for limit in [1, 2, 100] {
        let found = listed(&world, "police", limit).await;
        assert_eq!(found.len(), 8, "{found:?}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), all);
        assert_eq!(listed(&world, "health", limit).await.len(), 2);
    }
}

#[tokio::test]
async fn a_cursor_opens_no_other_list() {
    let world = people().await;
    for n in 0..3 {
        refer(&world, "police", &n.to_string()).await;
    }
    let page = shown(&world, "coordinator", "/cases?limit=1").await;
    let cursor = page["next"].as_str().unwrap();
    assert_eq!(get(&world, "police", &format!("/cases?cursor={cursor}")).await.status(), 400);
    for bad in ["x", "0.!", "0.AAAA", "-1.", "0.%00"] {
        assert_eq!(
            get(&world, "coordinator", &format!("/cases?cursor={bad}")).await.status(),
            400,
            "{bad}"
        );
    }
    for bad in ["0", "101", "-1", "many", ""] {
        assert_eq!(
            get(&world, "coordinator", &format!("/cases?limit={bad}")).await.status(),
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn the_history_is_chained_and_shown_by_sight() {
    let world = people().await;
    let reference = refer(&world, "referrer", "k").await;
    act(&world, "coordinator", &reference, Action::StartScoping).await;
    act(&world, "health", &reference, Action::RecordScopingReturn).await;
    act(&world, "police", &reference, Action::AddInformation).await;
    let path = format!("/cases/{reference}/history");
    let whole = shown(&world, "chair", &path).await;
    let events = whole["events"].as_array().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["opened", "scoping-started", "scoping-returned", "information-added"]);
    assert_eq!(events[0]["prev"], "0".repeat(64));
    for pair in events.windows(2) {
        assert_eq!(pair[1]["prev"], pair[0]["hash"]);
    }
    assert_eq!(events[1]["from"], "REFERRED");
    assert_eq!(events[1]["to"], "SCOPING");
    assert_eq!(
        (&events[0]["at"], &events[0]["on"]),
        (&json!("2027-01-04T10:00:00Z"), &json!("2027-01-04"))
    );
    assert_eq!(events[3]["record"]["text"], "The health trust confirms that it knew both people.");
    assert!(events.iter().all(|event| event["summary"].as_str().unwrap().ends_with('.')));
    assert!(!whole.to_string().contains("match_keys"));
    for (actor, own) in
        [("health", vec!["scoping-returned"]), ("referrer", vec!["opened"]), ("council", vec![])]
    {
        let part = shown(&world, actor, &path).await;
        let kinds: Vec<_> = part["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, own, "{actor}");
        assert!(!part.to_string().contains("\"record\""), "{actor}");
    }
    let mut after = String::from("0");
    let mut seen = Vec::new();
    loop {
        let page = shown(&world, "chair", &format!("{path}?limit=1&after={after}")).await;
        seen.extend(
            page["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()),
        );
        match page["next"].as_u64() {
            Some(next) => after = next.to_string(),
            None => break,
        }
    }
    assert_eq!(seen, [1, 2, 3, 4]);
}

#[tokio::test]
async fn anyone_may_ask_whether_it_runs_and_what_it_offers() {
    let world = people().await;
    for (method, path, status) in [
        (Method::GET, "/health", 200),
        (Method::GET, "/openapi.json", 200),
        (Method::POST, "/health", 405),
        (Method::GET, "/", 404),
        (Method::GET, "/cases", 401),
        (Method::GET, "/cases/DHR-3333-3333", 401),
        (Method::GET, "/cases/DHR-3333-3333/actions/dispose", 405),
        (Method::DELETE, "/cases/DHR-3333-3333", 405),
        (Method::GET, "/cases/DHR-3333-3333/documents", 404),
    ] {
        let response = casework::handle(&world.gate, Asked::new(method, path).build()).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn both_gateways_bring_the_sample_events() {
    for (event, status) in [
        (include_str!("../../../infra/events/apigw-v1-case.json"), 200),
        (include_str!("../../../infra/events/apigw-v2-case.json"), 200),
        (include_str!("../../../infra/events/apigw-v1-action.json"), 200),
        (include_str!("../../../infra/events/apigw-v2-action.json"), 200),
    ] {
        let world = people().await;
        let reference = refer(&world, "referrer", "k").await;
        let event = event.replace("DHR-3333-3333", &reference);
        let mut request = lambda_http::request::from_str(&event).unwrap();
        let token = format!("Bearer {}", world.signer.token("coordinator"));
        request.headers_mut().insert("authorization", token.parse().unwrap());
        let response = casework::handle(&world.gate, request).await;
        assert_eq!(response.status(), status, "{}", world::json(&response));
        assert_eq!(world::json(&response)["reference"], reference);
    }
}
