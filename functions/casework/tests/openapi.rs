//! The committed API document is the one that the code makes: `UPDATE=1 cargo test -p casework`
//! writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use std::path::Path;

use casework::openapi::{document, text};
use review::act::Via;
use review::{Action, Command};
use serde_json::Value;

#[test]
#[allow(clippy::disallowed_methods, reason = "a person says so that the file is to be written")]
fn the_committed_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let made = document();
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&path, text(&made)).unwrap();
    }
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(
        committed == made,
        "docs/openapi.json is out of date: UPDATE=1 cargo test -p casework writes it"
    );
}

#[test]
fn every_post_has_an_example_and_every_action_a_path() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let mut posts = 0;
    for (path, item) in paths {
        if let Some(post) = item.get("post") {
            let content = &post["requestBody"]["content"]["application/json"];
            assert!(content["example"].is_object(), "{path}");
            assert!(content["schema"].is_object(), "{path}");
            posts += 1;
        }
    }
    for action in Action::ALL.iter().filter(|action| action.via() == Via::Actions) {
        let post = &paths[&format!("/cases/{{reference}}/actions/{}", action.name())]["post"];
        let example = &post["requestBody"]["content"]["application/json"]["example"];
        let command: Result<Command, _> = action.read(example);
        assert!(command.is_ok(), "{}: {command:?}", action.name());
        assert!(post["summary"].is_string(), "{}", action.name());
    }
    assert_eq!(posts, 6 + Action::ALL.iter().filter(|action| action.via() == Via::Actions).count());
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100);
    for target in found {
        assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
    }
    let text = document.to_string();
    for internal in ["upload_id", "match_keys"] {
        assert!(!text.contains(internal), "{internal}");
    }
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(target) if name == "$ref" => found.push(target),
                    _ => references(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
