//! The process dies at every step: at each call of each path through the system, before the call
//! leaves it and as soon as it is done, once and twice in a run. Afterwards nothing may be missing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use local::demo::story::{self, Act, Step};
use review::act::Action;
use review::dates::london_date;
use review::sample;
use serde_json::{Value, json};

use super::chance::Chance;
use super::checks::{self, Tally};
use super::faults::{Fault, Faults};
use super::ledger::Ledger;
use super::run::{comes_to_rest, deliver_all};
use super::seeds::{block_on, directory, folder, named_folder, on_all_cores, variable};
use super::world::{Function, Setting, World};
use crate::people::*;

/// How a process dies at a call.
const WAYS: [Fault; 2] = [Fault::KilledBefore, Fault::KilledAfter];

/// A path through the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Referral,
    Decision,
    Reminder,
    Document,
    Quality,
}

const PATHS: [Path; 5] =
    [Path::Referral, Path::Decision, Path::Reminder, Path::Document, Path::Quality];

/// Where a path begins: tables in which everything before it has happened.
struct Start {
    tables: PathBuf,
    now: DateTime<Utc>,
    reference: String,
}

impl Path {
    const fn has_documents(self) -> bool {
        match self {
            Self::Document => true,
            Self::Referral | Self::Decision | Self::Reminder | Self::Quality => false,
        }
    }

    /// The story up to the place where the path begins, played once.
    fn start(self) -> &'static Start {
        static EARLY: OnceLock<Start> = OnceLock::new();
        static READY: OnceLock<Start> = OnceLock::new();
        static CONSIDERED: OnceLock<Start> = OnceLock::new();
        let (kept, until) = match self {
            Self::Referral | Self::Reminder | Self::Document => (&EARLY, Action::StartScoping),
            Self::Decision => (&READY, Action::AgreeReview),
            Self::Quality => (&CONSIDERED, Action::ApproveWithChanges),
        };
        kept.get_or_init(|| played_until(until))
    }

    /// What is done on it. Every step is insisted on, as people and AWS insist.
    async fn walk(self, world: &World, ledger: &Ledger, reference: &str) {
        match self {
            Self::Referral => {
                world.refers(ledger, "crash", POLICE).await.unwrap();
                deliver_all(world).await;
            }
            Self::Decision => {
                act(world, ledger, reference, CSP_CHAIR, Action::AgreeReview).await;
                deliver_all(world).await;
            }
            Self::Reminder => {
                world.passes(std::time::Duration::from_hours(20 * 24)).await;
                world.fires(Function::Deadlines, "sweep").await;
                deliver_all(world).await;
                world.fires(Function::Notices, "sweep").await;
                deliver_all(world).await;
            }
            Self::Document => {
                let new = json!({ "kind": "terms-of-reference", "name": "sample.pdf" });
                world.uploads(ledger, reference, COORDINATOR, new).await.unwrap();
                while world.a_scan_ends(reference, true).await {}
                world.someone_reads(ledger, reference).await;
            }
            Self::Quality => {
                act(world, ledger, reference, HOME_OFFICE, Action::ApproveWithChanges).await;
                deliver_all(world).await;
            }
        }
    }
}

async fn act(world: &World, ledger: &Ledger, reference: &str, who: Person, action: Action) {
    let record = sample::fitted(action, london_date(world.now()));
    let told = world.takes(ledger, reference, who, action, record).await.unwrap();
    assert_eq!(told.status, 200, "{}: {}", action.name(), told.body);
}

/// Plays the story of the samples up to the first step that takes this action.
fn played_until(action: Action) -> Start {
    let steps = story::review();
    let first: DateTime<Utc> = steps[0].at.parse().unwrap();
    let bucket = named_folder("story");
    let setting = Setting {
        tables: directory().clone(),
        now: first,
        bucket: Some(bucket.clone()),
        mutant: None,
        timely: false,
        traced: false,
    };
    let start = std::thread::Builder::new().stack_size(super::seeds::STACK).spawn(move || {
        block_on(async {
            let world = World::new(&Chance::of(0), &setting).await;
            let mut story = Story {
                world: &world,
                ledger: Ledger::default(),
                reference: String::new(),
                files: BTreeMap::new(),
            };
            for step in &steps {
                if matches!(&step.act, Act::Take(next, _) if *next == action) {
                    break;
                }
                story.plays(step).await;
            }
            comes_to_rest(&world).await;
            let tables = world.tables.keep(folder().join(format!("{}.sqlite", action.name())));
            Start { tables, now: world.now(), reference: story.reference }
        })
    });
    let start = start.unwrap().join().unwrap();
    std::fs::remove_dir_all(bucket).unwrap();
    start
}

struct Story<'w> {
    world: &'w World,
    ledger: Ledger,
    reference: String,
    files: BTreeMap<&'static str, Value>,
}

impl Story<'_> {
    async fn plays(&mut self, step: &Step) {
        let at: DateTime<Utc> = step.at.parse().unwrap();
        if let Ok(wait) = (at - self.world.now()).to_std() {
            self.world.passes(wait).await;
        }
        let who = step.who.name;
        match &step.act {
            Act::Refer(_) => {
                self.reference = self.world.refers(&self.ledger, "story", who).await.unwrap();
                deliver_all(self.world).await;
            }
            Act::Take(action, record) => {
                let record = self.filled(record.clone());
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

    /// Puts uploads where a record names their slots.
    fn filled(&self, mut record: Value) -> Value {
        match &mut record {
            Value::Object(fields) => {
                let slot = fields.get("document").and_then(Value::as_str);
                if let Some(file) = slot.and_then(|slot| self.files.get(slot)) {
                    return file.clone();
                }
                for field in fields.values_mut() {
                    *field = self.filled(field.take());
                }
            }
            Value::Array(items) => {
                for item in items {
                    *item = self.filled(item.take());
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        record
    }
}

/// Walks a path with processes dying at these calls.
fn walked(path: Path, deaths: BTreeMap<u64, Fault>) -> Tally {
    let start = path.start();
    let bucket = path.has_documents().then(|| named_folder("crash"));
    let setting = Setting {
        tables: start.tables.clone(),
        now: start.now + TimeDelta::minutes(1),
        bucket: bucket.clone(),
        mutant: None,
        timely: false,
        traced: false,
    };
    let tally = block_on(async {
        fastrand::seed(0);
        let world = World::new(&Chance::of(0), &setting).await;
        let ledger = Ledger::default();
        world.wire.meets(Faults::At(deaths));
        path.walk(&world, &ledger, &start.reference).await;
        let calls = world.wire.calls();
        world.wire.meets(Faults::Never);
        comes_to_rest(&world).await;
        Tally { calls, ..checks::all(&world, &ledger).await }
    });
    if let Some(bucket) = bucket {
        std::fs::remove_dir_all(bucket).unwrap();
    }
    tally
}

/// What a path comes to, as a result: which deaths, and what went wrong.
fn survives(path: Path, deaths: &BTreeMap<u64, Fault>) -> Result<Tally, String> {
    super::seeds::caught(|| walked(path, deaths.clone()))
        .map_err(|why| format!("{path:?} with {deaths:?}: {why}"))
}

fn all_survive(path: Path, plans: &[BTreeMap<u64, Fault>]) -> u64 {
    let count = u64::try_from(plans.len()).unwrap();
    let plan = |number: u64| &plans[usize::try_from(number).unwrap()];
    match on_all_cores(count, |number| survives(path, plan(number))) {
        Ok(tally) => tally.runs,
        Err((_, why)) => panic!("{why}"),
    }
}

#[test]
fn a_process_may_die_at_any_call() {
    for path in PATHS {
        let calls = on_all_cores(1, |_| survives(path, &BTreeMap::new())).unwrap().calls;
        let points = (0..calls).flat_map(|call| WAYS.map(|way| BTreeMap::from([(call, way)])));
        let points: Vec<_> = points.collect();
        let runs = all_survive(path, &points);
        println!("{path:?}: {calls} calls, {runs} deaths survived");
    }
}

/// Every pair, where `PAIRS=all` asks for it; else of each path those that follow at once. Within
/// an invocation nothing outside happens between two calls, so death after one is death before the
/// next, which is played.
#[test]
fn a_process_may_die_at_any_two_calls() {
    let near = if variable("PAIRS").is_some() { u64::MAX } else { 1 };
    for path in PATHS {
        let calls = on_all_cores(1, |_| survives(path, &BTreeMap::new())).unwrap().calls;
        let mut pairs = Vec::new();
        for first in 0..calls {
            for second in first + 1..=calls.min(first.saturating_add(near)) {
                let deaths = [first, second].map(|call| (call, Fault::KilledBefore));
                pairs.push(BTreeMap::from(deaths));
            }
        }
        let runs = all_survive(path, &pairs);
        println!("{path:?}: {runs} pairs of deaths survived");
    }
}
