//! What must hold after every run, whatever went wrong in it.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use cloud::store::OutboxId;
use review::act::Event;
use review::dates::london_date;
use review::deadlines::row;
use review::event::Recorded;
use review::process::State;
use review::react::{Effect, react};
use review::records::DeliveryOutcome;
use review::values::Reference;
use review::{Case, due, next_due};
use serde_json::{Value, json};

use super::CASES;
use super::history::{Kept, fold};
use super::ledger::Ledger;
use super::lists::{self, Addressed, effect};
use super::post::Accepted;
use super::reminders;
use super::world::World;

/// The reference of a case that nobody can read.
pub const POISON: &str = "DHR-7777-7777";

/// How long an invocation may take: what it looked at may be so old when it acts.
const LOOKED: TimeDelta = TimeDelta::seconds(60);
/// How long a send in doubt waits for its receipt.
const WINDOW: TimeDelta = TimeDelta::minutes(60);

/// What a run was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub runs: u64,
    pub calls: u64,
    /// What the calls said and met, in one number.
    pub course: u64,
    pub events: u64,
    /// Acts that were accepted, by name.
    pub acts: BTreeMap<&'static str, u64>,
    pub mails: u64,
    pub suppressed: u64,
    /// Mails that went out twice: their sending was in doubt and their receipt did not come in time.
    pub doubled: u64,
    /// Mails that SES refused for good.
    pub refused: u64,
    /// Mails that were given to a person.
    pub human: u64,
    /// Those of them that SES never took.
    pub untaken: u64,
    pub readings: u64,
    /// Times at which SES was given all that it takes in a second.
    pub bursts: u64,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.calls += other.calls;
        self.course = self.course.wrapping_add(other.course);
        self.events += other.events;
        for (act, times) in other.acts {
            *self.acts.entry(act).or_default() += times;
        }
        self.mails += other.mails;
        self.suppressed += other.suppressed;
        self.doubled += other.doubled;
        self.refused += other.refused;
        self.human += other.human;
        self.untaken += other.untaken;
        self.readings += other.readings;
        self.bursts += other.bursts;
    }
}

/// Everything that can be read of the cases.
pub fn cases(world: &World) -> Vec<Case> {
    let asked = json!({
        "TableName": CASES,
        "FilterExpression": "sk = :case",
        "ExpressionAttributeValues": { ":case": { "S": "CASE" } },
    });
    let found = world.tables.ask("Scan", &asked);
    found["Items"].as_array().unwrap().iter().filter_map(body).collect()
}

fn body(item: &Value) -> Option<Case> {
    serde_json::from_str(item["body"]["S"].as_str()?).ok()
}

/// Mails that are not settled, by the index of what is owed; whether it is right is checked in
/// the end.
pub fn owed(world: &World) -> Vec<String> {
    let mut owed = Vec::new();
    for shard in 0..cloud::store::SHARDS {
        let asked = json!({
            "TableName": CASES,
            "IndexName": "outbox",
            "KeyConditionExpression": "outbox_shard = :shard",
            "ExpressionAttributeValues": { ":shard": { "S": shard.to_string() } },
        });
        let found = world.tables.ask("Query", &asked);
        let names = found["Items"].as_array().unwrap().iter().map(Value::to_string);
        owed.extend(names.filter(|item| !item.contains(POISON)));
    }
    owed
}

/// No mail that was owed by then still waits for its turn.
pub fn assert_no_mail_waits(world: &World, since: DateTime<Utc>) {
    for key in owed(world) {
        let key: Value = serde_json::from_str(&key).unwrap();
        let text = |name: &str| key[name]["S"].as_str().unwrap();
        let item = world.tables.item(CASES, text("pk"), text("sk")).unwrap();
        let not_before: DateTime<Utc> = item["not_before"]["S"].as_str().unwrap().parse().unwrap();
        let waits = item["status"]["S"] == "PENDING" && not_before <= since;
        assert!(!waits, "{} was owed at {not_before} and two sweeps have passed", text("sk"));
    }
}

/// Whether nothing is under way any more.
pub fn is_at_rest(world: &World) -> bool {
    world.stream.borrow_mut().flow(&world.tables);
    let quiet = world.stream.borrow().is_dry() && world.mailbox.take_notifications(1).is_empty();
    quiet && owed(world).is_empty()
}

/// Checks everything and says what the run was made of.
pub async fn all(world: &World, ledger: &Ledger) -> Tally {
    let kept = Kept::of(world);
    let (calls, course) = (world.wire.calls(), world.wire.course());
    let mut tally = Tally { runs: 1, calls, course, ..Tally::default() };
    for (pk, item) in &kept.cases {
        if pk.ends_with(POISON) {
            continue;
        }
        let none = Vec::new();
        let (history, outbox) = (&kept.histories[pk], kept.outbox.get(pk).unwrap_or(&none));
        let case = body(item).unwrap_or_else(|| panic!("{pk} cannot be read"));
        tally.events += u64::try_from(history.len()).unwrap();
        chain(world, &case.reference, history).await;
        let folded = fold(history);
        stored(world, item, &case, folded.last().unwrap());
        effects(&folded, history, outbox);
        reminders::all(&folded, history, world.now());
        settled(world, ledger, &folded, history, outbox, &mut tally);
    }
    let known = kept.cases.keys().filter(|pk| !pk.ends_with(POISON));
    assert!(known.eq(kept.histories.keys()), "cases and histories differ");
    promises(ledger, &kept, world);
    once(world, &mut tally);
    truth(world, ledger, &kept);
    tally.acts = ledger.acts.borrow().clone();
    tally.readings = ledger.links.get();
    tally
}

/// The history is contiguous, chained, and ends where the case says.
async fn chain(world: &World, reference: &Reference, history: &[Recorded]) {
    let store = world.gate().await.cloud.store;
    let report = store.verify(&world.csp, reference).await.unwrap();
    assert!(report.is_whole(), "{reference}: {report:?}");
    for (seq, recorded) in (1..).zip(history) {
        assert_eq!(recorded.envelope.seq, seq, "{reference}");
    }
}

/// The case is what its events come to, owes nothing that is due, and stands in the index where
/// its next date says.
fn stored(world: &World, item: &Value, case: &Case, folded: &Case) {
    let reference = &case.reference;
    assert_eq!(case, folded, "{reference} is not what its events come to");
    assert!(due(case, world.now()).is_empty(), "{reference} owes: {:?}", due(case, world.now()));
    let computed = next_due(case).map(|at| at.trunc_subsecs(0));
    let written = item["next_due"]["S"].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap());
    assert_eq!(written, computed, "{reference} is due at another time than it says");
    assert_eq!(written.is_some(), item["due_shard"]["S"].is_string(), "{reference}");
    if case.state.is_end() || case.state == State::Concluded {
        for (key, clock) in case.file.clocks.iter().filter(|(_, clock)| clock.runs()) {
            let row = row(case.deadline_table(), key.deadline).unwrap();
            assert!(row.outlives, "{reference} has ended and still owes {key}: {clock:?}");
        }
    }
}

/// Every event has the mails that it owes, and no others.
fn effects(folded: &[Case], history: &[Recorded], outbox: &[Value]) {
    let mut written: BTreeMap<u64, Vec<(u32, Effect)>> = BTreeMap::new();
    for item in outbox {
        let id = OutboxId::parse(item["id"]["S"].as_str().unwrap()).unwrap();
        if id.person.is_none() {
            written.entry(id.seq).or_default().push((id.n, effect(item)));
        }
    }
    for (place, recorded) in history.iter().enumerate() {
        let mut found = written.remove(&recorded.envelope.seq).unwrap_or_default();
        found.sort_by_key(|(n, _)| *n);
        let found: Vec<_> = found.into_iter().map(|(_, effect)| effect).collect();
        // The command's last event made the case that its mails were written from.
        let together = |case: &&Case| case.changed_at == recorded.envelope.at;
        let fits =
            folded[place..].iter().take_while(together).any(|case| react(case, recorded) == found);
        assert!(fits, "{:?} owes other mails than {found:?}", recorded.envelope);
    }
    assert!(written.is_empty(), "mails of no event: {written:?}");
}

/// Every mail is settled for a reason.
fn settled(
    world: &World,
    ledger: &Ledger,
    folded: &[Case],
    history: &[Recorded],
    outbox: &[Value],
    tally: &mut Tally,
) {
    for item in outbox {
        let id = item["id"]["S"].as_str().unwrap();
        match item["status"]["S"].as_str().unwrap() {
            "SENT" => {
                assert!(world.post.sent(id), "{id} counts as sent and was not");
                tally.mails += 1;
            }
            "FANNED" => fanned(item, outbox),
            "SUPPRESSED" => {
                suppressed(ledger, (id, item), folded, history, outbox);
                tally.suppressed += 1;
            }
            "HUMAN" => {
                let attempts: u64 = item["attempt"]["N"].as_str().unwrap().parse().unwrap();
                assert!(attempts >= cloud::mail::ATTEMPTS, "{id} was given up after {attempts}");
                tally.human += 1;
                tally.untaken += u64::from(!world.post.sent(id));
            }
            "FAILED" => {
                let told = history.iter().any(|recorded| refusal_of(recorded, id));
                assert!(told, "{id} was refused and the history is silent");
                tally.refused += 1;
            }
            other => panic!("{id} is {other}"),
        }
    }
}

fn refusal_of(recorded: &Recorded, id: &str) -> bool {
    matches!(
        &recorded.body,
        Some(Event::DeliveryRecorded(it))
            if it.outbox == id && it.outcome == DeliveryOutcome::Rejected
    )
}

/// Whoever was on the list has a mail of that event.
fn fanned(item: &Value, outbox: &[Value]) {
    let parent = lists::id(item);
    for member in lists::members(&effect(item)) {
        let has = outbox.iter().map(lists::id).any(|id| {
            id.seq == parent.seq && id.person.is_some_and(|person| person.as_str() == member)
        });
        assert!(has, "{parent}: {member} has no mail");
    }
}

/// A mail that was not sent was no longer true or no longer for this person, and the history
/// says so.
fn suppressed(
    ledger: &Ledger,
    (id, item): (&str, &Value),
    folded: &[Case],
    history: &[Recorded],
    outbox: &[Value],
) {
    let place = history.iter().position(
        |recorded| matches!(&recorded.body, Some(Event::NoticeSuppressed(it)) if it.outbox == id),
    );
    let place = place.unwrap_or_else(|| panic!("{id} was not sent and the history is silent"));
    let at = history[place].envelope.at;
    let addressed = Addressed::of(item, outbox.iter());
    let left = addressed.person.as_ref().is_some_and(|person| {
        let changes = ledger.memberships.borrow();
        let of_person = || changes.iter().filter(|(when, who, _)| who == person && *when <= at);
        // Gone at that moment, or when it was looked at.
        of_person().next_back().is_some_and(|(_, _, active)| !active)
            || of_person().rfind(|(when, _, _)| *when <= at - LOOKED).is_some_and(|it| !it.2)
            || of_person().any(|(when, _, active)| *when > at - LOOKED && !active)
    });
    let untrue = !addressed.is_true(&folded[place], london_date(at));
    assert!(left || untrue, "{id} was true and not sent");
}

/// What someone was told is there; what was refused is not.
fn promises(ledger: &Ledger, kept: &Kept, world: &World) {
    for (reference, seq, kind) in ledger.promised.borrow().iter() {
        let history = &kept.histories[&format!("CASE#{}#{reference}", world.csp)];
        let place = usize::try_from(*seq).unwrap() - 1;
        let there = history
            .get(place)
            .map(|recorded| serde_json::to_value(recorded.envelope.kind).unwrap());
        assert_eq!(there, Some(kind.as_str().into()), "{reference} {seq}: acknowledged and lost");
    }
    for reference in ledger.opened.borrow().iter() {
        let pk = format!("CASE#{}#{reference}", world.csp);
        assert!(kept.cases.contains_key(&pk), "{reference}: acknowledged and lost");
    }
    let records: Vec<String> = kept
        .histories
        .values()
        .flatten()
        .map(|recorded| serde_json::to_string(&recorded.body).unwrap())
        .collect();
    for (words, accepted) in ledger.words.borrow().iter() {
        let times = records.iter().filter(|record| record.contains(words)).count();
        match accepted {
            Some(true) => assert_eq!(times, 1, "{words}: accepted"),
            Some(false) => assert_eq!(times, 0, "{words}: refused"),
            None => assert!(times <= 1, "{words}: in doubt"),
        }
    }
}

/// No mail went out twice, but where its sending was in doubt and no receipt came in time. It is in
/// doubt where something went wrong with a call of that attempt, or its invocation came to its end.
fn once(world: &World, tally: &mut Tally) {
    let mut by_item: BTreeMap<String, Vec<Accepted>> = BTreeMap::new();
    for accepted in world.post.all() {
        by_item.entry(accepted.item.to_string()).or_default().push(accepted);
    }
    for (id, mut times) in by_item {
        times.sort_by_key(|accepted| accepted.at);
        for (first, second) in times.iter().zip(times.iter().skip(1)) {
            let apart = second.at - first.at;
            assert!(apart >= WINDOW - LOOKED, "{id} went out twice within {apart}");
            // A receipt that comes while the second is on its way comes too late.
            let receipt =
                world.post.receipt_of(&first.attempt).filter(|at| *at < second.at - LOOKED);
            assert_eq!(receipt, None, "{id} went out again after its receipt");
            let cut_short = |at: &DateTime<Utc>| *at >= first.at && *at <= first.at + LOOKED;
            let in_doubt = world.wire.was_troubled(&first.attempt)
                || world.timeouts.borrow().iter().any(cut_short);
            assert!(in_doubt, "{id} went out again although nothing had gone wrong");
            tally.doubled += 1;
        }
    }
}

/// No mail went to someone who may not know, or about what is not so any more. A fact may change
/// while a mail is on its way, but not for longer than an invocation lives.
fn truth(world: &World, ledger: &Ledger, kept: &Kept) {
    for mail in world.post.all() {
        assert!(mail.is_addressed, "{} went to somebody else", mail.item);
    }
    for mail in world.post.all().iter().filter(|mail| !mail.is_true) {
        let pk = format!("CASE#{}#{}", mail.item.csp, mail.item.reference);
        let (history, looked) = (&kept.histories[&pk], mail.at - LOOKED);
        let outbox = &kept.outbox[&pk];
        let item = outbox.iter().find(|item| lists::id(item) == mail.item).unwrap();
        let addressed = Addressed::of(item, outbox.iter());
        // Every state that the case was in since then, beginning with that of then.
        let then = history.iter().take_while(|it| it.envelope.at <= looked).count();
        let until = history.iter().take_while(|it| it.envelope.at <= mail.at).count();
        let folded = fold(&history[..until]);
        let states = &folded[then.saturating_sub(1)..];
        let was_so = states.iter().any(|case| addressed.is_true(case, london_date(looked)));
        let was_member = addressed.person.as_ref().is_none_or(|person| {
            let changes = ledger.memberships.borrow();
            let of_person = || changes.iter().filter(|(_, who, _)| who == person);
            let last = of_person().rfind(|(when, _, _)| *when <= looked);
            let since =
                of_person().any(|(when, _, active)| *when > looked && *when <= mail.at && *active);
            last.is_none_or(|(_, _, active)| *active) || since
        });
        assert!(was_so && was_member, "{} was sent and not true", mail.item);
    }
}
