//! Bodies: what is wrong is said by its place and never by its value.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test that cannot go on should stop"
)]

mod world;

use edge::body;
use edge::{Kind, Problem, Request};
use lambda_http::http::Method;
use review::records::Referral;
use review::{Action, sample};
use serde_json::{Value, json};

use world::Asked;

/// Stands in for a name; no answer may hold it.
const SECRET: &str = "Janet-Canary";

fn request(text: &str) -> Request {
    Asked::new(Method::POST, "/referrals").text(text).build()
}

fn referral(text: &str) -> Result<Referral, Problem> {
    body::record(&body::read(&request(text))?)
}

/// The problem's JSON, after a look that it holds nothing of what was sent.
fn shown(problem: Problem) -> Value {
    let response = problem.into_response();
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    assert!(!text.contains("anary"), "{text}");
    assert_eq!(world::header(&response, "content-type"), "application/problem+json");
    assert_eq!(world::header(&response, "cache-control"), "no-store");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_sample_is_read() {
    for &action in Action::ALL {
        let json = body::read(&request(&sample::body(action).to_string())).unwrap();
        assert!(body::command(action, &json).is_ok(), "{}", action.name());
    }
    assert!(referral(&sample::minimal_referral().to_string()).is_ok());
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for (text, place) in [
        ("", "empty"),
        ("{", "line 1"),
        ("{\"why\": \"Janet-Canary\"", "line 1"),
        ("{\n\"why\": Janet-Canary }", "line 2, column 8"),
        ("{'why': 1}", "line 1"),
        ("{\"why\": 1,}", "line 1"),
        ("{\"why\": 1} Janet-Canary", "line 1"),
        ("{\"why\": \"\\ud800\"}", "line 1"),
        ("{\"why\": 1e999}", "line 1"),
        ("{\"why\": NaN}", "line 1"),
        ("{\"Janet-Canary\": 1, \"Janet-Canary\": 2}", "twice"),
        ("{\"death\": {\"date\": \"2026\", \"date\": \"2027\"}}", "twice"),
        ("\u{feff}{}", "line 1"),
    ] {
        let problem = referral(text).expect_err(text);
        assert_eq!(problem.kind(), Kind::Syntax, "{text}");
        let shown = shown(problem);
        assert!(shown["detail"].as_str().unwrap().contains(place), "{text}: {shown}");
    }
}

#[test]
fn nesting_is_limited() {
    for depth in [33, 200, 60_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(referral(&deep).unwrap_err().kind(), Kind::Syntax, "{depth}");
    }
    let deep = "[".repeat(32) + &"]".repeat(32);
    assert_eq!(referral(&deep).unwrap_err().kind(), Kind::Fields);
}

#[test]
fn size_type_and_encoding_are_looked_at_first() {
    let megabyte = json!({ "why": SECRET.repeat(1024 * 1024 / SECRET.len()) }).to_string();
    assert_eq!(referral(&megabyte).unwrap_err().kind(), Kind::TooLarge);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""]
    {
        let asked = Asked::new(Method::POST, "/").header("content-type", content_type).bytes(b"{}");
        assert_eq!(
            body::read(&asked.build()).unwrap_err().kind(),
            Kind::MediaType,
            "{content_type}"
        );
    }
    let untyped = Asked::new(Method::POST, "/").bytes(b"{}").build();
    assert_eq!(body::read(&untyped).unwrap_err().kind(), Kind::MediaType);
    let typed = |bytes: &[u8]| {
        let asked =
            Asked::new(Method::POST, "/").header("content-type", "Application/JSON; charset=utf-8");
        body::read(&asked.bytes(bytes).build())
    };
    assert!(typed(b"{}").is_ok());
    assert_eq!(typed(b"{\"why\": \"\xff\"}").unwrap_err().kind(), Kind::Syntax);
}

#[test]
fn a_field_that_cannot_be_so_is_named_by_its_pointer() {
    let with = |pointer: &str, value: Value| {
        let mut body = sample::body(Action::Refer);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match body.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
            parent => parent[name] = value,
        }
        body
    };
    let without = |pointer: &str| {
        let mut body = sample::body(Action::Refer);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        body
    };
    let secret = || json!(SECRET);
    let child = "/children/known/0/age";
    let suspect = "/suspects/known/0/person/born";
    for (body, pointer, sentence) in [
        (json!([]), "", "object"),
        (secret(), "", "object"),
        (with("/Janet-Canary", json!(1)), "", "The fields are: csp, csp_notified_on, referrer"),
        (with("/victim/Janet-Canary", json!(1)), "/victim", "The fields are: name, aliases"),
        (without("/why"), "/why", "required"),
        (without("/victim/name"), "/victim/name", "required"),
        (with("/why", json!(7)), "/why", "text"),
        (with("/why", json!(null)), "/why", "text"),
        (with("/why", json!("")), "/why", "cannot be empty"),
        (with("/why", json!("x".repeat(4001))), "/why", "4000 characters"),
        (with("/why", json!("Janet-Canary\u{202e}")), "/why", "direction of text"),
        (with("/why", json!("Janet-Canary\u{0}")), "/why", "control characters"),
        (with("/victim/name", json!("Janet\nCanary")), "/victim/name", "one line"),
        (with("/victim", secret()), "/victim", "object"),
        (with("/victim", json!(["a"])), "/victim", "object"),
        (with("/victim/aliases", secret()), "/victim/aliases", "list"),
        (with("/victim/aliases", json!(["ok", 2])), "/victim/aliases/1", "text"),
        (
            with("/victim/sex", json!({ "known": SECRET })),
            "/victim/sex/known",
            "female, male, other",
        ),
        (with("/victim/sex", secret()), "/victim/sex", "known, not-known, not-asked"),
        (with("/victim/sex", json!("known")), "/victim/sex", "object"),
        (with("/victim/sex", json!({ "not-known": SECRET })), "/victim/sex", "text"),
        (
            with("/victim/sex", json!({ "known": "male", "not-known": 1 })),
            "/victim/sex",
            "known, not-known",
        ),
        (with("/victim/sex", json!(true)), "/victim/sex", "known, not-known"),
        (
            with(suspect, json!({ "known": { "date-of-birth": "2026-02-30" } })),
            "/suspects/known/0/person/born/known/date-of-birth",
            "does not exist",
        ),
        (
            with(suspect, json!({ "known": { "estimated-age": -1 } })),
            "/suspects/known/0/person/born/known/estimated-age",
            "too small or too large",
        ),
        (
            with(suspect, json!({ "known": { "estimated-age": 131 } })),
            "/suspects/known/0/person/born/known/estimated-age",
            "0 and 130",
        ),
        (
            with(suspect, json!({ "known": { "estimated-age": 30.5 } })),
            "/suspects/known/0/person/born/known/estimated-age",
            "whole number",
        ),
        (
            with(child, json!({ "known": 300 })),
            "/children/known/0/age/known",
            "too small or too large",
        ),
        (with(child, json!({ "known": "9" })), "/children/known/0/age/known", "whole number"),
        (
            with("/immediate_risk", json!({ "known": "yes" })),
            "/immediate_risk/known",
            "true or false",
        ),
        (with("/immediate_risk", json!(true)), "/immediate_risk", "known, not-known, not-asked"),
        (with("/death/date", secret()), "/death/date", "YYYY-MM-DD"),
        (with("/death/date", json!("2025-13-01")), "/death/date", "does not exist"),
        (with("/death/date_estimated", json!("no")), "/death/date_estimated", "true or false"),
        (
            with("/death/time", json!({ "known": "25:00:00" })),
            "/death/time/known",
            "time that exists",
        ),
        (with("/csp_notified_on", secret()), "/csp_notified_on", "date that exists"),
        (with("/csp_notified_on", json!("2026-02-30")), "/csp_notified_on", "date that exists"),
        (with("/csp_notified_on", json!("2026-2-3")), "/csp_notified_on", "date that exists"),
        (with("/csp_notified_on", json!("+12026-01-01")), "/csp_notified_on", "date that exists"),
        (with("/csp", json!("../other")), "/csp", "lower-case"),
        (with("/referrer/email", secret()), "/referrer/email", "e-mail address"),
    ] {
        let problem = referral(&body.to_string()).expect_err(pointer);
        assert_eq!(problem.kind(), Kind::Fields, "{pointer}");
        let shown = shown(problem);
        assert_eq!(shown["status"], 422);
        assert_eq!(shown["type"], "/problems/fields");
        assert_eq!(shown["errors"][0]["pointer"], pointer, "{shown}");
        let detail = shown["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(sentence), "{pointer}: {detail}");
        assert!(detail.ends_with('.'), "{detail}");
    }
}

#[test]
fn instants_need_their_zone() {
    let with = |instant: &str| {
        let mut record = sample::body(Action::RecordScopingReturn);
        record["records_secured_at"] = instant.into();
        let json = body::read(&request(&record.to_string())).unwrap();
        body::command(Action::RecordScopingReturn, &json)
    };
    for good in ["2027-01-07T10:00:00Z", "2027-01-07T10:00:00+01:00"] {
        assert!(with(good).is_ok(), "{good}");
    }
    for bad in [
        "2027-01-07",
        "2027-01-07T10:00:00",
        "2027-02-30T10:00:00Z",
        "yesterday",
        "+12027-01-07T10:00:00Z",
    ] {
        let shown = shown(with(bad).expect_err(bad));
        assert_eq!(shown["errors"][0]["pointer"], "/records_secured_at");
    }
}

#[test]
fn only_a_record_without_fields_may_be_left_out() {
    let empty = Asked::new(Method::POST, "/").build();
    let json = body::read_optional(&empty).unwrap();
    assert!(body::command(Action::CompleteScoping, &json).is_ok());
    let problem = body::command(Action::Recommend, &json).unwrap_err();
    assert_eq!(shown(problem)["errors"][0]["pointer"], "/met_on");
}

#[test]
fn pointers_are_escaped() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Odd {
        #[serde(rename = "a/b~c")]
        _odd: u8,
    }
    let json = body::read(&request("{\"a/b~c\": \"x\"}")).unwrap();
    let problem = body::record::<Odd>(&json).unwrap_err();
    assert_eq!(shown(problem)["errors"][0]["pointer"], "/a~1b~0c");
}
