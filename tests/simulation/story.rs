//! The story of the samples, played once without faults. A run may begin in any of its chapters,
//! so that what goes wrong goes wrong late in a review too.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use local::demo::story::{self, Act, Step};
use review::act::Action;
use serde_json::Value;

use super::chance::Chance;
use super::ledger::Ledger;
use super::run::{comes_to_rest, deliver_all};
use super::seeds::{STACK, block_on, directory, folder, named_folder};
use super::world::{RATE, Setting, World};
use crate::people::Person;

/// Each chapter begins just before the first step that takes this action.
pub const CHAPTERS: &[Action] = &[
    Action::StartScoping,
    Action::AgreeReview,
    Action::AgreeTerms,
    Action::SubmitImr,
    Action::SignOffImr,
    Action::AcceptImr,
    Action::StartDrafting,
    Action::CirculateDraft,
    Action::SignOffByPanel,
    Action::SubmitToHomeOffice,
    Action::RecordQaMeeting,
    Action::ApproveWithChanges,
    Action::PreparePublication,
    Action::Publish,
    Action::SendCopy,
    Action::Conclude,
];

/// Tables in which everything before a chapter has happened.
#[derive(Clone, Debug)]
pub struct Chapter {
    pub tables: PathBuf,
    pub now: DateTime<Utc>,
    pub reference: String,
    pub files: Files,
}

/// The documents of the case by the names that the story gives them, as records name them.
pub type Files = BTreeMap<&'static str, Value>;

/// The chapter that begins before this action.
pub fn before(action: Action) -> &'static Chapter {
    let place = CHAPTERS.iter().position(|chapter| *chapter == action).unwrap();
    &chapters()[place]
}

/// All of them, in order.
pub fn chapters() -> &'static [Chapter] {
    static CHAPTERS: OnceLock<Vec<Chapter>> = OnceLock::new();
    CHAPTERS.get_or_init(|| {
        // Made first: it has a clock of its own.
        let empty = directory().clone();
        let played = || block_on(played(empty));
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(played);
        thread.unwrap().join().unwrap()
    })
}

async fn played(empty: PathBuf) -> Vec<Chapter> {
    let steps = story::review();
    let bucket = named_folder("story");
    let setting = Setting {
        tables: empty,
        now: steps[0].at.parse().unwrap(),
        bucket: Some(bucket.clone()),
        mutant: None,
        timely: false,
        ses_takes: Some(RATE),
        traced: false,
        chapter: None,
    };
    let world = World::new(&Chance::of(0), &setting).await;
    let mut story = Story {
        world: &world,
        ledger: Ledger::default(),
        reference: String::new(),
        files: Files::new(),
    };
    let mut chapters = Vec::new();
    for step in &steps {
        let next = CHAPTERS.get(chapters.len());
        if let Act::Take(action, _) = &step.act
            && Some(action) == next
        {
            comes_to_rest(&world).await;
            let tables = world.tables.keep(folder().join(format!("{}.sqlite", action.name())));
            let (reference, files) = (story.reference.clone(), story.files.clone());
            chapters.push(Chapter { tables, now: world.now(), reference, files });
        }
        story.plays(step).await;
    }
    assert_eq!(chapters.len(), CHAPTERS.len(), "the story has other chapters");
    std::fs::remove_dir_all(bucket).unwrap();
    chapters
}

struct Story<'w> {
    world: &'w World,
    ledger: Ledger,
    reference: String,
    files: Files,
}

impl Story<'_> {
    async fn plays(&mut self, step: &Step) {
        let at: DateTime<Utc> = step.at.parse().unwrap();
        if let Ok(wait) = (at - self.world.now()).to_std() {
            self.world.passes(wait).await;
        }
        let who: Person = step.who.name;
        match &step.act {
            Act::Refer(_) => {
                self.reference = self.world.refers(&self.ledger, "story", who).await.unwrap();
                deliver_all(self.world).await;
            }
            Act::Take(action, record) => {
                let record = filled(record.clone(), &self.files);
                let told =
                    self.world.takes(&self.ledger, &self.reference, who, *action, record).await;
                let told = told.unwrap();
                assert_eq!(told.status, 200, "{}: {}", action.name(), told.body);
            }
            Act::Upload { slot, new } => {
                let file =
                    self.world.uploads(&self.ledger, &self.reference, who, new.clone()).await;
                self.files.insert(slot, file.unwrap());
                while self.world.a_scan_ends(&self.reference, true).await {}
            }
        }
    }
}

/// Puts documents where a record names them as the story does.
fn filled(mut record: Value, files: &Files) -> Value {
    match &mut record {
        Value::Object(fields) => {
            let name = fields.get("document").and_then(Value::as_str);
            if let Some(file) = name.and_then(|name| files.get(name)) {
                return file.clone();
            }
            for field in fields.values_mut() {
                *field = filled(field.take(), files);
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = filled(item.take(), files);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    record
}

/// The places at which a record names a document.
pub fn documents(record: &mut Value) -> Vec<&mut Value> {
    match record {
        Value::Object(fields) if fields.contains_key("hash") => vec![record],
        Value::Object(fields) => fields.values_mut().flat_map(documents).collect(),
        Value::Array(items) => items.iter_mut().flat_map(documents).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![],
    }
}
