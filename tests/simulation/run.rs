//! One run: people act and time passes while everything goes wrong that can; then the faults
//! stop, the system comes to rest, and what is there is held against what was promised.

use std::rc::Rc;
use std::time::Duration;

use review::next_due;
use serde_json::json;
use tokio::task::{JoinSet, LocalSet};

use super::CASES;
use super::chance::Chance;
use super::checks::{self, Tally};
use super::faults::{Faults, Weather};
use super::ledger::Ledger;
use super::stream::Reader;
use super::world::{Function, Setting, World};
use crate::people::*;

/// A quarter of an hour, the time between two sweeps.
pub const SWEEP: Duration = Duration::from_mins(15);
/// After so many sweeps without faults nothing may be under way: every doubt has ended three times.
const ROUNDS: usize = 24;
/// Invocations at a time.
const AT_ONCE: usize = 3;

/// What a run is made of, drawn from its seed.
#[derive(Clone, Debug)]
struct Plan {
    weather: Weather,
    turns: usize,
    cases: usize,
    poison: bool,
    /// Whether every receipt is noted within its window.
    timely: bool,
    /// How often each kind of turn comes, by its place in [`Turn`].
    weights: Vec<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Refer,
    Act,
    Document,
    Read,
    Member,
    Minutes,
    Days,
    Sweep,
    Notices,
    Night,
    NewCases,
    Doorbell,
    Receipts,
    Scan,
    Deploy,
    StreamLost,
}

impl Turn {
    const ALL: &'static [(Self, u64)] = &[
        (Self::Refer, 1),
        (Self::Act, 10),
        (Self::Document, 2),
        (Self::Read, 4),
        (Self::Member, 1),
        (Self::Minutes, 4),
        (Self::Days, 4),
        (Self::Sweep, 6),
        (Self::Notices, 5),
        (Self::Night, 1),
        (Self::NewCases, 3),
        (Self::Doorbell, 6),
        (Self::Receipts, 5),
        (Self::Scan, 4),
        (Self::Deploy, 1),
        (Self::StreamLost, 1),
    ];
}

impl Plan {
    fn drawn(chance: &Chance, documents: bool, timely: bool) -> Self {
        let weather = Weather::drawn(chance, !timely);
        let of_documents = |turn: Turn| matches!(turn, Turn::Document | Turn::Read | Turn::Scan);
        let weight = |(turn, weight): &(Turn, u64)| {
            let often = if chance.once_in(0.2) { 0 } else { *weight };
            if of_documents(*turn) && !documents { 0 } else { often }
        };
        Self {
            weather,
            turns: 20 + chance.below(30),
            cases: 1 + chance.below(2),
            poison: chance.once_in(0.25),
            timely,
            weights: Turn::ALL.iter().map(weight).collect(),
        }
    }

    fn turn(&self, chance: &Chance) -> Turn {
        let all: u64 = self.weights.iter().sum();
        let mut drawn = chance.number(0..all.max(1));
        for ((turn, _), weight) in Turn::ALL.iter().zip(&self.weights) {
            if drawn < *weight {
                return *turn;
            }
            drawn -= weight;
        }
        Turn::Act
    }
}

/// Plays the run of a seed. Whatever it finds wrong it says by panicking.
pub async fn play(seed: u64, setting: &Setting) -> Tally {
    fastrand::seed(seed);
    let chance = Chance::of(seed);
    let plan = Plan::drawn(&chance, setting.bucket.is_some(), setting.timely);
    let world = Rc::new(World::new(&chance, setting).await);
    let ledger = Rc::new(Ledger::default());
    if let Some(chapter) = setting.chapter {
        ledger.opened.borrow_mut().insert(chapter.reference.clone());
    }
    if plan.poison {
        poison(&world);
    }
    world.wire.note(|| format!("{plan:?}"));
    world.wire.meets(Faults::Chance(chance.branch(), plan.weather));
    let played = async {
        storm(&chance, &plan, &world, &ledger).await;
        world.wire.meets(Faults::Never);
        comes_to_rest(&world).await;
    };
    LocalSet::new().run_until(played).await;
    checks::all(&world, &ledger).await
}

async fn storm(chance: &Chance, plan: &Plan, world: &Rc<World>, ledger: &Rc<Ledger>) {
    let mut running = JoinSet::new();
    let mut cases: Vec<String> = Vec::new();
    for turn_number in 0..plan.turns {
        let none_yet = turn_number == 0 && ledger.opened.borrow().is_empty();
        let turn = if none_yet { Turn::Refer } else { plan.turn(chance) };
        while running.len() >= AT_ONCE || (turn == Turn::Days && !running.is_empty()) {
            running.join_next().await.unwrap().unwrap();
        }
        cases.extend(
            ledger
                .opened
                .borrow()
                .iter()
                .filter(|it| !cases.contains(it))
                .cloned()
                .collect::<Vec<_>>(),
        );
        let case = (!cases.is_empty()).then(|| chance.of_these(&cases).clone());
        if turn == Turn::Refer && cases.len() >= plan.cases {
            continue;
        }
        if plan.timely && matches!(turn, Turn::Minutes | Turn::Days) {
            while let Some(done) = running.join_next().await {
                done.unwrap();
            }
            every_receipt_arrives(world, plan, chance).await;
        }
        let (world, ledger) = (Rc::clone(world), Rc::clone(ledger));
        let key = format!("referral-{turn_number}");
        running.spawn_local(async move { take(turn, &world, &ledger, case, &key).await });
        let passes = matches!(turn, Turn::Minutes | Turn::Days);
        if (plan.timely && passes) || chance.once_in(0.6) {
            running.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// What is under way arrives, and its receipts are noted, before time goes on.
async fn every_receipt_arrives(world: &World, plan: &Plan, chance: &Chance) {
    world.wire.meets(Faults::Never);
    world.passes(Duration::from_mins(1)).await;
    while world.receipts_arrive().await {}
    world.wire.meets(Faults::Chance(chance.branch(), plan.weather));
}

async fn take(turn: Turn, world: &World, ledger: &Ledger, case: Option<String>, key: &str) {
    let chance = &world.chance;
    let on_case = case.as_deref();
    match (turn, on_case) {
        (Turn::Refer, _) => {
            let who = *chance.of_these(&[REFERRER, POLICE, HEALTH_CONTACT]);
            world.refers(ledger, key, who).await;
        }
        (Turn::Act, Some(case)) => world.someone_acts(ledger, case).await,
        (Turn::Document, Some(case)) => {
            let new = json!({ "kind": "terms-of-reference", "name": "sample.pdf" });
            world.uploads(ledger, case, COORDINATOR, new).await;
        }
        (Turn::Read, Some(case)) => world.someone_reads(ledger, case).await,
        (Turn::Scan, Some(case)) => {
            world.a_scan_ends(case, false).await;
        }
        (Turn::Act | Turn::Document | Turn::Read | Turn::Scan, None) => {}
        (Turn::Member, _) => world.a_membership_changes(ledger),
        (Turn::Minutes, _) => tokio::time::sleep(chance.millis(1_000..1_800_000)).await,
        (Turn::Days, _) => world.passes(chance.millis(3_600_000..1_000_000_000)).await,
        (Turn::Sweep, _) => world.fires(Function::Deadlines, "sweep").await,
        (Turn::Notices, _) => world.fires(Function::Notices, "sweep").await,
        (Turn::Night, _) => world.fires(Function::Deadlines, "reconcile").await,
        (Turn::NewCases, _) => {
            world.stream_flows(Reader::NewCases).await;
        }
        (Turn::Doorbell, _) => {
            world.stream_flows(Reader::Doorbell).await;
        }
        (Turn::Receipts, _) => {
            world.receipts_arrive().await;
        }
        (Turn::Deploy, _) => world.is_deployed_anew(),
        (Turn::StreamLost, _) => {
            let mut stream = world.stream.borrow_mut();
            stream.flow(&world.tables);
            stream.expires();
        }
    }
}

/// A case and a mail that nobody can read, the longest overdue of all.
fn poison(world: &World) {
    let pk = format!("CASE#{}#{}", world.csp, checks::POISON);
    for shard in 0..cloud::store::SHARDS {
        let shard = json!({ "S": shard.to_string() });
        let item = |sk: String| json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let mut case =
            item(if shard["S"] == "0" { "CASE".to_owned() } else { format!("CASE-{shard}") });
        case["due_shard"] = shard.clone();
        case["next_due"] = json!({ "S": "2026-01-01T00:00:00Z" });
        case["body"] = json!({ "S": "this was a case once" });
        let mut mail = item(format!("OUTBOX#000001#00{}", shard["S"].as_str().unwrap()));
        mail["outbox_shard"] = shard.clone();
        mail["not_before"] = json!({ "S": "2026-01-01T00:00:00Z" });
        mail["status"] = json!({ "S": "NOBODY-KNOWS" });
        for item in [case, mail] {
            world.tables.ask("PutItem", &json!({ "TableName": CASES, "Item": item }));
        }
    }
}

/// Lets everything be done that is owed. Within two sweeps, everything that fell due is decided.
pub async fn comes_to_rest(world: &World) {
    let since = world.now();
    for round in 0..ROUNDS {
        deliver_all(world).await;
        world.passes(SWEEP).await;
        world.fires(Function::Deadlines, "sweep").await;
        if round == 1 {
            assert_nothing_is_due(world);
        }
        deliver_all(world).await;
        world.fires(Function::Notices, "sweep").await;
        if round == 1 {
            checks::assert_no_mail_waits(world, since);
        }
        deliver_all(world).await;
        if round > 0 && checks::is_at_rest(world) {
            return;
        }
    }
    panic!("it does not come to rest: {:?}", checks::owed(world));
}

/// Delivers what waits between the functions.
pub async fn deliver_all(world: &World) {
    loop {
        let moved = world.stream_flows(Reader::NewCases).await
            | world.stream_flows(Reader::Doorbell).await
            | world.receipts_arrive().await;
        if !moved {
            return;
        }
    }
}

pub fn assert_nothing_is_due(world: &World) {
    for case in checks::cases(world) {
        let due = next_due(&case);
        assert!(
            due.is_none_or(|at| at > world.now()),
            "{} was due at {due:?} and two sweeps have passed",
            case.reference
        );
    }
}
