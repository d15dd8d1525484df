//! Versions, idempotency keys, paths through both gateways, and the shape of problems.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use cloud::Fault;
use cloud::app::Failure;
use edge::{Kind, Problem, path, preconditions};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use review::refusal::FieldError;
use review::values::ActorId;
use review::{Action, Guard, Refusal, Role, State};
use serde_json::{Value, json};

fn headers(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())])
}

#[test]
fn if_match_is_one_strong_tag() {
    let read = |value: &str, guard| preconditions::if_match(&headers("if-match", value), guard);
    assert_eq!(preconditions::if_match(&HeaderMap::new(), Guard::Case).unwrap(), None);
    assert_eq!(read(&preconditions::case_tag(4), Guard::Case).unwrap(), Some(4));
    assert_eq!(read(&preconditions::item_tag(7), Guard::Item).unwrap(), Some(7));
    for other in ["\"i4\"", "\"r\"", "\"4\"", "\"r+4\"", "\"r99999999999999999999\"", "\"abc\""] {
        assert_eq!(read(other, Guard::Case).unwrap(), Some(u64::MAX), "{other}");
    }
    assert_eq!(read("\"r4\"", Guard::Item).unwrap(), Some(u64::MAX));
    for bad in ["*", "W/\"r4\"", "r4", "\"r4\", \"r5\"", "\"r4", "\"\"", ""] {
        assert_eq!(read(bad, Guard::Case).unwrap_err().kind(), Kind::Header, "{bad}");
    }
    let mut twice = headers("if-match", "\"r4\"");
    twice.append("if-match", HeaderValue::from_static("\"r4\""));
    assert_eq!(preconditions::if_match(&twice, Guard::Case).unwrap_err().kind(), Kind::Header);
}

#[test]
fn an_idempotency_key_is_visible_ascii() {
    let sam = ActorId::parse("sam").unwrap();
    let read =
        |key: &str| preconditions::command_key(&headers("idempotency-key", key), &sam, "route");
    assert!(preconditions::command_key(&HeaderMap::new(), &sam, "route").unwrap().is_none());
    assert!(read("a-key").unwrap().is_some());
    assert!(read(&"k".repeat(255)).unwrap().is_some());
    for bad in ["", "two words", &"k".repeat(256)] {
        assert_eq!(read(bad).unwrap_err().kind(), Kind::Header, "{bad}");
    }
}

#[test]
fn both_gateways_lead_to_the_same_place() {
    let v1 = |stage: &str| {
        json!({
            "resource": "/{proxy+}", "path": "/cases/DHR-1/history", "httpMethod": "GET",
            "headers": { "host": "api.example" }, "multiValueHeaders": {},
            "queryStringParameters": { "after": "7" }, "multiValueQueryStringParameters": { "after": ["7"] },
            "requestContext": { "stage": stage, "httpMethod": "GET", "path": format!("/{stage}/cases/DHR-1/history") },
            "isBase64Encoded": false,
        })
    };
    let v2 = |stage: &str, raw: &str| {
        json!({
            "version": "2.0", "routeKey": "$default", "rawPath": raw, "rawQueryString": "after=7",
            "headers": { "host": "api.example" },
            "requestContext": { "stage": stage, "http": { "method": "GET", "path": raw } },
            "isBase64Encoded": false,
        })
    };
    for event in [
        v1("prod"),
        v1("Prod"),
        v1("cases"),
        v2("$default", "/cases/DHR-1/history"),
        v2("prod", "/prod/cases/DHR-1/history"),
        v2("prod", "/cases/DHR-1/history"),
        v2("cases", "/cases/cases/DHR-1/history"),
    ] {
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        assert_eq!(path::segments(&request), ["cases", "DHR-1", "history"], "{event}");
        assert_eq!(path::parameter(&request, "after"), Some("7"), "{event}");
        assert_eq!(path::parameter(&request, "before"), None);
    }
}

#[test]
fn each_refusal_has_its_status() {
    let action = Action::AgreeReview;
    for (refusal, status) in [
        (Refusal::NotFound, 404),
        (Refusal::Forbidden { action, role: Role::Referrer }, 403),
        (Refusal::WrongState { action, state: State::Referred }, 409),
        (Refusal::unmet("First this."), 409),
        (Refusal::NoVersion, 428),
        (Refusal::Stale, 412),
        (Refusal::field("/a", "So."), 422),
    ] {
        let sentence = refusal.to_string();
        let response = Problem::from(refusal).into_response();
        assert_eq!(response.status(), status);
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(body["status"], status);
        assert_eq!(body["detail"], sentence);
        assert!(body["type"].as_str().unwrap().starts_with("/problems/"));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
}

#[test]
fn several_fields_are_listed_together() {
    let field = |pointer: &str| FieldError {
        pointer: pointer.into(),
        sentence: format!("Mend {pointer}."),
    };
    let response = Problem::from(Refusal::Fields(vec![field("/a"), field("/b")])).into_response();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        body["errors"],
        json!([{ "pointer": "/a", "detail": "Mend /a." }, { "pointer": "/b", "detail": "Mend /b." }])
    );
}

#[test]
fn what_failed_outside_is_said_without_saying_what() {
    let secret = || std::io::Error::other("arn:aws:dynamodb:eu-west-2:1:table/cases");
    for (fault, status, retry) in [
        (Fault::retry("reach the table", secret()), 503, true),
        (Fault::give_up("read a case", secret()), 500, false),
    ] {
        let problem = Problem::from(Failure::Fault(fault));
        assert!(problem.cause().unwrap().contains("arn:aws"));
        let response = problem.into_response();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key("retry-after"), retry);
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(!text.contains("arn:") && !text.contains("table"), "{text}");
    }
    for (failure, status) in [
        (Failure::Conflict, 409),
        (Failure::KeyReused, 422),
        (Failure::NotMember, 403),
        (Failure::TooLarge, 413),
    ] {
        assert_eq!(Problem::from(failure).into_response().status(), status);
    }
}
