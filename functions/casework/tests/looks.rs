//! Who looked at which case can be told afterwards, and who tried to: from the log, by ids alone.
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

use std::io::Write;
use std::sync::{Arc, Mutex};

use cloud::telemetry::Metric;
use review::Action;
use serde_json::{Value, json};

use play::{act, bare, get, people, refer, send};

/// What is written to the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// What was written since the last look: whom each answer was for, what it was about and what
    /// it was; and how many refusals were counted.
    fn looks(&self) -> (Vec<Value>, usize) {
        let written = std::mem::take(&mut *self.0.lock().unwrap());
        let lines = written.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let lines: Vec<Value> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        let answers = lines.iter().filter(|line| line.get("route").is_some());
        let answers = answers.map(|line| {
            let who = &line["span"];
            json!([who["actor"], who["role"], who["csp"], who["reference"], line["status"]])
        });
        let refused = Metric::CaseRefused.name();
        (answers.collect(), lines.iter().filter(|line| line["name"] == refused).count())
    }
}

#[tokio::test]
async fn the_log_tells_who_looked_at_which_case_and_who_was_refused() {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(move || writer.clone())
        .finish();
    let _written = tracing::subscriber::set_default(lines);
    let world = people().await;
    let case = refer(&world, "referrer", "one").await;
    let other = refer(&world, "referrer", "another").await;
    log.looks();

    get(&world, "coordinator", &format!("/cases/{case}")).await;
    get(&world, "chair", &format!("/cases/{case}/history")).await;
    get(&world, "coordinator", "/cases").await;
    let (answers, refusals) = log.looks();
    assert_eq!(
        answers,
        [
            json!(["coordinator", "coordinator", "sample-csp", case, 200]),
            json!(["chair", "csp-chair", "sample-csp", case, 200]),
            json!(["coordinator", "coordinator", "sample-csp", null, 200]),
        ]
    );
    assert_eq!(refusals, 0);

    act(&world, "coordinator", &case, Action::StartScoping).await;
    get(&world, "health", &format!("/cases/{other}")).await;
    get(&world, "stranger", &format!("/cases/{case}")).await;
    get(&world, "coordinator", "/cases/jo-bloggs").await;
    // No address of a case: whoever asks for it was refused nothing.
    send(&world, bare(&world, "coordinator", &case, "no-such-act")).await;
    let (answers, refusals) = log.looks();
    assert_eq!(
        answers,
        [
            json!(["coordinator", "coordinator", "sample-csp", case, 200]),
            json!(["coordinator", "coordinator", "sample-csp", case, 200]),
            json!(["health", "agency-contact", "sample-csp", other, 404]),
            json!(["stranger", null, null, null, 404]),
            json!(["coordinator", "coordinator", "sample-csp", null, 404]),
            json!([null, null, null, null, 404]),
        ]
    );
    assert_eq!(refusals, 3);
}
