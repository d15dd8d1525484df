//! The whole system is off, for a minute or for two months, over month ends and clock changes.
//! When it is back, everything that fell due meanwhile is decided within two sweeps, the oldest
//! first, and mailed no faster than SES takes it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use review::act::{Action, EventKind};
use review::dates::london_date;
use review::event::Recorded;
use review::values::Reference;
use review::{next_due, sample};

use super::chance::Chance;
use super::checks::{self, Tally};
use super::faults::{Faults, Weather};
use super::history::Kept;
use super::ledger::Ledger;
use super::run::{SWEEP, assert_nothing_is_due, comes_to_rest, deliver_all};
use super::seeds::{block_on, caught, directory, on_all_cores};
use super::stream::Reader;
use super::world::{Function, RATE, Setting, World};
use crate::people::*;

/// When it goes off: before month ends, a leap day, both clock changes, and Christmas.
const FROM: &[&str] = &[
    "2027-01-30T23:50:00Z",
    "2028-02-28T23:30:00Z",
    "2027-03-27T12:00:00Z",
    "2027-10-30T22:45:00Z",
    "2027-12-23T17:00:00Z",
];
const FOR: &[TimeDelta] = &[
    TimeDelta::minutes(1),
    TimeDelta::minutes(16),
    TimeDelta::hours(1),
    TimeDelta::hours(25),
    TimeDelta::days(3),
    TimeDelta::days(17),
    TimeDelta::days(31),
    TimeDelta::days(60),
];
/// What a case records when its own time has come, and not another's.
const BY_TIME: &[EventKind] =
    &[EventKind::DeadlinePassed, EventKind::RemindersOvertaken, EventKind::Reminded];
/// How long before the outage the cases were referred, in days: each owes something else.
const AGES: &[i64] = &[33, 29, 24, 16, 1];

/// Plays one outage.
async fn outage(from: DateTime<Utc>, length: TimeDelta) -> Tally {
    let oldest = TimeDelta::days(AGES[0]);
    let setting = Setting {
        tables: directory().clone(),
        now: from - oldest,
        bucket: None,
        mutant: None,
        timely: false,
        // What keeps below its rate is the sender, and nothing else.
        ses_takes: None,
        traced: false,
        chapter: None,
    };
    fastrand::seed(0);
    let world = World::new(&Chance::of(0), &setting).await;
    let ledger = Ledger::default();
    for (number, age) in AGES.iter().enumerate() {
        until(&world, from - TimeDelta::days(*age)).await;
        let key = format!("outage-{number}");
        let reference = world.refers(&ledger, &key, REFERRER).await.unwrap();
        if number % 2 == 0 {
            let record = sample::fitted(Action::StartScoping, london_date(world.now()));
            world.takes(&ledger, &reference, COORDINATOR, Action::StartScoping, record).await;
        }
        deliver_all(&world).await;
    }
    comes_to_rest(&world).await;
    // It goes off in the middle of its work: a case that nothing has heard of yet, and one whose
    // mails SES has in part, without the system knowing which.
    world.refers(&ledger, "outage-doubtful", POLICE).await.unwrap();
    let nothing_heard = Weather { mail: 1.0, receipts_lost: true, ..Weather::fair() };
    world
        .wire
        .meets(Faults::Chance(Chance::of(length.num_minutes().unsigned_abs()), nothing_heard));
    world.stream_flows(Reader::Doorbell).await;
    world.wire.meets(Faults::Never);
    world.refers(&ledger, "outage-last", HEALTH_CONTACT).await.unwrap();
    // Off: nothing runs, and what the stream held is gone.
    until(&world, (from + length).max(world.now())).await;
    world.is_deployed_anew();
    world.stream.borrow_mut().flow(&world.tables);
    world.stream.borrow_mut().expires();
    let back = world.now();
    let due = checks::cases(&world).into_iter().map(|case| (next_due(&case), case.reference));
    let due: Vec<_> = due.collect();
    // Calls take a moment each, so that the history says in which order things were done.
    world.wire.meets(Faults::Slow(Duration::from_millis(2)));
    world.fires(Function::Deadlines, "sweep").await;
    world.passes(SWEEP).await;
    world.fires(Function::Deadlines, "sweep").await;
    assert_nothing_is_due(&world);
    oldest_first(&world, back, &due);
    world.wire.meets(Faults::Never);
    comes_to_rest(&world).await;
    let bursts = paced(&world, back);
    Tally { bursts, ..checks::all(&world, &ledger).await }
}

async fn until(world: &World, at: DateTime<Utc>) {
    if let Ok(wait) = (at - world.now()).to_std() {
        world.passes(wait).await;
    }
}

/// What the sweeps recorded: cases in the order in which they fell due, and in each case what is
/// statutory before what is not.
fn oldest_first(world: &World, back: DateTime<Utc>, due: &[(Option<DateTime<Utc>>, Reference)]) {
    let kept = Kept::of(world);
    let mut done: Vec<_> = Vec::new();
    for history in kept.histories.values() {
        let since = |kind| {
            let of_kind = history.iter().filter(move |it| it.envelope.kind == kind);
            of_kind.filter(|it| it.envelope.at >= back).map(|it| it.envelope.seq).min()
        };
        let (passed, reminded) = (since(EventKind::DeadlinePassed), since(EventKind::Reminded));
        if let (Some(passed), Some(reminded)) = (passed, reminded) {
            assert!(passed < reminded, "a reminder was recorded before a deadline that passed");
        }
        let reference = &history[0].envelope.reference;
        let (since, _) = due.iter().find(|(_, case)| case == reference).unwrap();
        let by_time = |it: &&Recorded| BY_TIME.contains(&it.envelope.kind);
        let first = history.iter().filter(by_time).map(|it| it.envelope.at).find(|at| *at >= back);
        done.extend(since.filter(|since| *since <= back).zip(first));
    }
    done.sort();
    let order: Vec<_> = done.iter().map(|(_, first)| *first).collect();
    assert!(order.is_sorted(), "a younger case was done before an older one: {done:?}");
}

/// In no second more mails than SES takes; how often it was given so many. Nothing but the sender
/// keeps below the rate here.
fn paced(world: &World, back: DateTime<Utc>) -> u64 {
    let mut times: Vec<_> = world.post.all().iter().map(|mail| mail.at).collect();
    times.retain(|at| *at >= back);
    times.sort();
    let rate = usize::try_from(RATE).unwrap();
    for some in times.windows(rate + 1) {
        let took = some[rate] - some[0];
        assert!(took >= TimeDelta::seconds(1), "{} mails within {took}", rate + 1);
    }
    let full = times.windows(rate).filter(|some| some[rate - 1] - some[0] <= TimeDelta::seconds(1));
    u64::try_from(full.count()).unwrap()
}

#[test]
fn after_an_outage_everything_is_made_up_for() {
    let all: Vec<_> =
        FROM.iter().flat_map(|from| FOR.iter().map(move |length| (from, length))).collect();
    let play = |number: u64| {
        let (from, length) = all[usize::try_from(number).unwrap()];
        caught(|| block_on(outage(from.parse().unwrap(), *length)))
            .map_err(|why| format!("off from {from} for {length}: {why}"))
    };
    match on_all_cores(u64::try_from(all.len()).unwrap(), play) {
        Ok(tally) => {
            println!("{tally:?}");
            assert!(tally.bursts > 0, "SES was never given as much as it takes");
        }
        Err((_, why)) => panic!("{why}"),
    }
}
