//! `cargo run -- demo`: one whole review through the HTTP API, with the clock moved from step to
//! step, telling each date, actor, action, new state and e-mail as it happens.

pub mod client;
pub mod story;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use review::dates::london_date;
use review::values::{CspId, Reference};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use self::client::{Client, player, text};
use self::story::{Act, Step};
use crate::clock::Wall;
use crate::{LocalError, Settings, System, http, services};

/// The demonstration's own folder within the data folder; begun anew each time.
const FOLDER: &str = "demo";
/// A little over one part, so that an upload has two.
const FILE_SIZE: usize = 9 * 1024 * 1024;

/// Plays the story in a folder of its own under `data`, over the embedded services or those of an
/// emulator.
///
/// # Errors
/// A step went otherwise than it should, or the system cannot start.
pub async fn run(data: &Path, aws_endpoint: Option<String>, wall: Wall) -> Result<(), LocalError> {
    let data = data.join(FOLDER);
    match fs::remove_dir_all(&data) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(LocalError::file(&data, error));
        }
        Ok(()) | Err(_) => {}
    }
    let taken = |reason| LocalError::Port { port: 0, reason };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(taken)?;
    let port = listener.local_addr().map_err(taken)?.port();
    let steps = story::review();
    let first = instant(steps.first().map(|step| step.at).unwrap_or_default())?;
    let clock = Some(first - TimeDelta::hours(1));
    let settings = Settings {
        data,
        port,
        clock,
        wall,
        aws_endpoint,
        generation: services::FIRST,
        hold_mail: false,
        calls: None,
    };
    let system = Arc::new(Box::pin(System::start(settings)).await?);
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(http::serve(listener, Arc::clone(&system), async {
        // Told to, or the teller is gone.
        stopped.await.ok();
    }));
    let outcome = Teller::new(port).tell(&steps, &system).await;
    drop(stop);
    let ended = match server.await {
        Ok(ended) => ended.map_err(taken),
        Err(error) => Err(LocalError::Demo(error.to_string())),
    };
    let stopped = system.stop().await;
    outcome.and(ended).and(stopped)
}

fn instant(text: &str) -> Result<DateTime<Utc>, LocalError> {
    text.parse().map_err(|error| LocalError::Demo(format!("{text}: {error}")))
}

/// Plays steps against a system and tells what happens.
struct Teller {
    client: Client,
    reference: String,
    documents: BTreeMap<&'static str, Value>,
    mails: usize,
}

impl Teller {
    fn new(port: u16) -> Self {
        let client = Client::new(format!("http://127.0.0.1:{port}"));
        Self { client, reference: String::new(), documents: BTreeMap::new(), mails: 0 }
    }

    async fn tell(&mut self, steps: &[Step], system: &System) -> Result<(), LocalError> {
        println!("One whole review, from the referral to its conclusion. Nobody in it exists.\n");
        let mut days = Vec::new();
        for (number, step) in (1..).zip(steps) {
            let at = instant(step.at)?;
            days.push(london_date(at));
            self.client.clock(at).await?.ok()?;
            self.tell_mails().await?;
            let what = self.play(step).await?;
            let who = step.who.name;
            println!("{number:>2}. {}  {who:<18} {what}", london_date(at).format("%a %-d %b %Y"));
            self.tell_mails().await?;
        }
        self.figures(system, &days).await
    }

    /// Plays a step and says what it was and where the case stands after it.
    async fn play(&mut self, step: &Step) -> Result<String, LocalError> {
        match &step.act {
            Act::Refer(form) => {
                let receipt = self.client.refer(step.who, "demo-referral", form).await?.ok()?;
                self.reference = text(&receipt["reference"]);
                let due = text(&receipt["decision_due"]);
                Ok(format!(
                    "refer → {} {}, decision due {due}",
                    self.reference,
                    text(&receipt["state"])
                ))
            }
            Act::Take(action, record) => {
                let record = self.fill(record.clone());
                let answer = self.client.act(step.who, &self.reference, *action, &record).await?;
                if !answer.status.is_success() {
                    return Err(LocalError::Demo(format!(
                        "{}: {} {}",
                        action.name(),
                        answer.status,
                        answer.body
                    )));
                }
                Ok(format!("{} → {}", action.name(), text(&answer.body["state"])))
            }
            Act::Upload { slot, new } => {
                let mut file = format!("%PDF-1.7 {slot}: an invented document.\n").into_bytes();
                file.resize(FILE_SIZE, b' ');
                let document = self.client.upload(step.who, &self.reference, new, &file).await?;
                self.documents.insert(slot, document);
                Ok(format!("upload {slot} in parts, scanned for malware"))
            }
        }
    }

    /// Puts uploads where a record names their slots.
    fn fill(&self, mut record: Value) -> Value {
        match &mut record {
            Value::Object(fields) => {
                let held = fields
                    .get("document")
                    .and_then(Value::as_str)
                    .and_then(|slot| self.documents.get(slot));
                match held {
                    Some(document) if fields.contains_key("hash") => return document.clone(),
                    Some(_) | None => {
                        for field in fields.values_mut() {
                            *field = self.fill(field.take());
                        }
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    *item = self.fill(item.take());
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        record
    }

    async fn tell_mails(&mut self) -> Result<(), LocalError> {
        let mails = self.client.mails().await?;
        for mail in mails.iter().skip(self.mails) {
            let at: DateTime<Utc> = instant(&text(&mail["at"]))?;
            println!(
                "      {:<7} mail to {}: {}",
                london_date(at).format("%-d %b").to_string(),
                text(&mail["to"]),
                text(&mail["subject"])
            );
        }
        self.mails = mails.len();
        Ok(())
    }

    async fn figures(&self, system: &System, days: &[chrono::NaiveDate]) -> Result<(), LocalError> {
        let case = self
            .client
            .get(player("csp-chair-1"), &format!("/cases/{}", self.reference))
            .await?
            .ok()?;
        let state = text(&case["state"]);
        if state != "CONCLUDED" {
            return Err(LocalError::Demo(format!("the review ended as {state}")));
        }
        let invalid = |error: review::values::Invalid| LocalError::Demo(error.to_string());
        let csp = CspId::parse(review::sample::CSP).map_err(invalid)?;
        let reference = Reference::parse(&self.reference).map_err(invalid)?;
        let report = system
            .gate
            .cloud
            .store
            .verify(&csp, &reference)
            .await
            .map_err(|error| LocalError::Demo(error.to_string()))?;
        let length = match (days.first(), days.last()) {
            (Some(first), Some(last)) => (*last - *first).num_days(),
            (_, _) => 0,
        };
        if !report.is_whole() {
            return Err(LocalError::Demo("the history does not verify".to_owned()));
        }
        println!("\nThe history holds: {} events, each chained to the one before.", report.events);
        println!("{}", json!({ "events": report.events, "mails": self.mails, "days": length }));
        Ok(())
    }
}
