//! The program itself, started and stopped as a person does it: what it prints, what it leaves
//! behind, how it refuses, and what is still there after it was killed.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod burst;
mod demonstration;
#[path = "../folder/mod.rs"]
mod folder;
mod held;
mod kept;
mod program;
mod refusals;
mod serving;
mod stopping;
mod verifying;

use local::demo::client::{Client, Player, player};
use serde_json::{Value, json};

const REFERRER: Player = player("referrer-1");
const COORDINATOR: Player = player("coordinator-1");

/// The clock that a test starts with.
const MORNING: &str = "2027-01-04T09:00:00Z";

/// Refers the sample death and answers with its reference.
async fn refer(client: &Client, key: &str) -> String {
    let form = review::sample::body(review::Action::Refer);
    let receipt = client.refer(REFERRER, key, &form).await.unwrap().ok().unwrap();
    receipt["reference"].as_str().unwrap().to_owned()
}

/// Uploads a letter to a case and answers with its id and hash.
async fn upload(client: &Client, reference: &str) -> Value {
    let new = json!({ "kind": "letter", "name": "letter.pdf" });
    client.upload(COORDINATOR, reference, &new, LETTER).await.unwrap()
}

const LETTER: &[u8] = b"%PDF-1.7 an invented letter";
