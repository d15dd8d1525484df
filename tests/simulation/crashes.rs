//! The process dies at every step: at each call of each path through the system, before the call
//! leaves it and as soon as it is done, once and twice in a run. Afterwards nothing may be missing.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use review::act::Action;
use review::dates::london_date;
use review::sample;
use serde_json::json;

use super::chance::Chance;
use super::checks::{self, Tally};
use super::faults::{Fault, Faults};
use super::ledger::Ledger;
use super::run::{comes_to_rest, deliver_all};
use super::seeds::{block_on, named_folder, on_all_cores, variable};
use super::story::{self, Chapter};
use super::world::{Function, RATE, Setting, World};
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

impl Path {
    const fn has_documents(self) -> bool {
        match self {
            Self::Document => true,
            Self::Referral | Self::Decision | Self::Reminder | Self::Quality => false,
        }
    }

    /// Where in the story the path begins.
    fn start(self) -> &'static Chapter {
        story::before(match self {
            Self::Referral | Self::Reminder | Self::Document => Action::StartScoping,
            Self::Decision => Action::AgreeReview,
            Self::Quality => Action::ApproveWithChanges,
        })
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
                fires(world, Function::Deadlines).await;
                deliver_all(world).await;
                fires(world, Function::Notices).await;
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

/// A sweep. Lambda tries an event twice more when its function died.
async fn fires(world: &World, function: Function) {
    for _ in 0..3 {
        if world.event(function, &json!({ "job": "sweep" })).await.is_ok() {
            return;
        }
    }
}

async fn act(world: &World, ledger: &Ledger, reference: &str, who: Person, action: Action) {
    let record = sample::fitted(action, london_date(world.now()));
    let told = world.takes(ledger, reference, who, action, record).await.unwrap();
    assert_eq!(told.status, 200, "{}: {}", action.name(), told.body);
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
        ses_takes: Some(RATE),
        traced: false,
        chapter: None,
    };
    let planned = u64::try_from(deaths.len()).unwrap();
    let tally = block_on(async {
        fastrand::seed(0);
        let world = World::new(&Chance::of(0), &setting).await;
        let ledger = Ledger::default();
        world.wire.meets(Faults::At(deaths));
        path.walk(&world, &ledger, &start.reference).await;
        let calls = world.wire.calls();
        assert_eq!(world.wire.deaths(), planned, "a death did not come");
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

/// Every pair, where `PAIRS=all` asks for it; else of each path those that follow at once. A run in
/// which a process has died makes more calls than one in which none has, and each of them counts.
/// Within an invocation nothing outside happens between two calls, so death after one is death
/// before the next, which is played.
#[test]
fn a_process_may_die_at_any_two_calls() {
    let near = if variable("PAIRS").is_some() { usize::MAX } else { 1 };
    for path in PATHS {
        let calls = on_all_cores(1, |_| survives(path, &BTreeMap::new())).unwrap().calls;
        let death = |call| (call, Fault::KilledBefore);
        let with_first = |first: u64| {
            let calls = survives(path, &BTreeMap::from([death(first)]))?.calls;
            let mut tally = Tally::default();
            for second in (first + 1..calls).take(near) {
                tally.add(survives(path, &BTreeMap::from([first, second].map(death)))?);
            }
            Ok(tally)
        };
        let runs = match on_all_cores(calls, with_first) {
            Ok(tally) => tally.runs,
            Err((_, why)) => panic!("{why}"),
        };
        println!("{path:?}: {runs} pairs of deaths survived");
    }
}
