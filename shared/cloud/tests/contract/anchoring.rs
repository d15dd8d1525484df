//! Whoever can write to both tables can write a whole new past. The anchors, where they cannot
//! write, say what the old one was.

use std::sync::Arc;

use chrono::TimeDelta;
use cloud::audit::{Anchor, AnchorFault, Audit, Finding, Scope, Taken, Verified, WHOLE_EVERY};
use cloud::store::{CaseKey, ChainFault, Digest, SHARDS, Stored};
use cloud::{Budget, Clock};
use review::{Action, sample};

use crate::s3::Anchors;
use crate::world::{World, csp, event, information, now, pk, server, text};

/// The anchors of a world, and a clock that stands so many hours after everything.
struct Witness {
    bucket: Anchors,
    audit: Audit,
}

impl Witness {
    async fn of(world: &World) -> Self {
        let bucket = Anchors::new(server()).await;
        let audit = bucket.audit(&world.store, later(0));
        Self { bucket, audit }
    }

    async fn anchor(&self) -> Taken {
        self.audit.anchor(&Budget::endless()).await.unwrap()
    }

    async fn verify(&self) -> Verified {
        let verified = self.audit.verify(Scope::All, &Budget::endless()).await.unwrap();
        assert!(verified.complete);
        verified
    }

    async fn findings(&self) -> Vec<Finding> {
        self.verify().await.findings.into_iter().collect()
    }

    /// What the anchor of this number says.
    async fn read(&self, number: u64) -> Anchor {
        Anchor::read(number, &self.bucket.get(number).await).unwrap()
    }
}

fn later(hours: i64) -> Clock {
    Clock::new(Arc::new(move || now() + TimeDelta::hours(hours)))
}

fn key(stored: &Stored) -> CaseKey {
    CaseKey { csp: csp(), reference: stored.case.reference.clone() }
}

fn chain(stored: &Stored, seq: u64, fault: ChainFault) -> Finding {
    Finding::Chain { case: key(stored), seq, fault }
}

async fn grown(world: &World, stored: &Stored, by: usize) -> Stored {
    let events = (0..by).map(|n| information(&format!("number {n}"))).collect();
    world.add(stored, events).await.unwrap()
}

/// Takes the events after `upto` away and makes the case item the one it was then: the chain
/// verifies again, and nothing in the tables says that there was more.
async fn turn_back(world: &World, from: &Stored, upto: &Stored, then: crate::world::Item) {
    let pk = pk(&from.case.reference);
    for seq in upto.version + 1..=from.version {
        world.delete(&world.names.events, &pk, &format!("EVENT#{seq:06}")).await;
        world.delete(&world.names.cases, &pk, &format!("PAYLOAD#{seq:06}")).await;
    }
    world.put(&world.names.cases, then).await;
    assert!(world.store.verify(&csp(), &from.case.reference).await.unwrap().is_whole());
}

async fn case_item(world: &World, stored: &Stored) -> crate::world::Item {
    world.item(&world.names.cases, &pk(&stored.case.reference), "CASE").await.unwrap()
}

pub async fn what_was_anchored_is_found_again(world: &World) {
    let witness = Witness::of(world).await;
    assert_eq!(witness.anchor().await, Taken::Unchanged, "there is no case yet");
    let one = world.case().await;
    let two = world.case().await;

    let Taken::Anchor { number: 1, hash, cases: 2 } = witness.anchor().await else {
        panic!("the first anchor names both cases");
    };
    assert_eq!(witness.anchor().await, Taken::Unchanged);
    let one = grown(world, &one, 2).await;
    let Taken::Anchor { number: 2, cases: 1, .. } = witness.anchor().await else {
        panic!("the second anchor names the one case that changed");
    };

    let second = witness.read(2).await;
    assert_eq!((second.previous, second.at), (hash, now()));
    let said = &second.cases[0];
    assert_eq!((said.case, said.seq, said.head), (key(&one).digest(), one.version, one.head));
    let verified = witness.verify().await;
    assert_eq!((verified.cases, verified.anchors), (2, 2));
    assert_eq!(verified.events, one.version + two.version);
    assert_eq!(verified.last_anchor, Some((2, second.hash)));
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
}

pub async fn no_reference_stands_in_an_anchor(world: &World) {
    let witness = Witness::of(world).await;
    let case = world.case().await;
    witness.anchor().await;
    let bytes = String::from_utf8(witness.bucket.get(1).await).unwrap();
    for word in [case.case.reference.as_str(), csp().as_str(), "DHR"] {
        assert!(!bytes.contains(word), "{word}");
    }
}

pub async fn from_time_to_time_an_anchor_names_all_cases(world: &World) {
    let witness = Witness::of(world).await;
    let still = world.case().await;
    let mut moving = world.case().await;
    for number in 1..=WHOLE_EVERY + 2 {
        moving = grown(world, &moving, 1).await;
        let Taken::Anchor { number: taken, cases, .. } = witness.anchor().await else {
            panic!("anchor {number} has something to say");
        };
        let whole = number == 1 || number == WHOLE_EVERY + 1;
        assert_eq!((taken, cases), (number, if whole { 2 } else { 1 }));
    }
    let whole = witness.read(WHOLE_EVERY + 1).await;
    assert!(whole.cases.iter().any(|case| case.case == key(&still).digest()));
    assert_eq!(witness.findings().await, []);
}

pub async fn of_two_runs_at_once_one_takes_the_anchor(world: &World) {
    let witness = Witness::of(world).await;
    world.case().await;
    let (one, two) = tokio::join!(witness.anchor(), witness.anchor());
    let taken = |it: &Taken| matches!(it, Taken::Anchor { number: 1, .. });
    // One that wrote the very same bytes has taken it as well: the clock stands still here.
    assert!(taken(&one) || taken(&two), "{one:?} {two:?}");
    assert_eq!(witness.anchor().await, Taken::Unchanged);
    assert_eq!(witness.verify().await.anchors, 1);
}

pub async fn a_shortened_history_is_found_by_the_anchor_alone(world: &World) {
    let witness = Witness::of(world).await;
    let before = grown(world, &world.case().await, 2).await;
    let then = case_item(world, &before).await;
    let after = grown(world, &before, 3).await;
    witness.anchor().await;

    turn_back(world, &after, &before, then).await;

    let expected = chain(&after, before.version, ChainFault::Truncated);
    assert_eq!(witness.findings().await, std::slice::from_ref(&expected));
    // What is anchored afterwards does not make it good.
    grown(world, &before, 1).await;
    witness.anchor().await;
    let grown = chain(&after, before.version + 1, ChainFault::Truncated);
    assert_eq!(witness.findings().await, [grown]);
}

pub async fn a_rewritten_history_is_found_by_the_anchor_alone(world: &World) {
    let witness = Witness::of(world).await;
    let before = grown(world, &world.case().await, 2).await;
    let then = case_item(world, &before).await;
    let after = grown(world, &before, 3).await;
    witness.anchor().await;
    turn_back(world, &after, &before, then).await;

    let other = world.add(&before, vec![information("another past"); 5]).await.unwrap();

    let reference = &other.case.reference;
    assert!(world.store.verify(&csp(), reference).await.unwrap().is_whole());
    let expected = [chain(&other, after.version, ChainFault::Anchor)];
    assert_eq!(witness.findings().await, expected);
    witness.anchor().await;
    assert_eq!(witness.findings().await, expected, "nor does the next anchor make it good");
}

pub async fn a_history_turned_round_is_found(world: &World) {
    let witness = Witness::of(world).await;
    let case = grown(world, &world.case().await, 3).await;
    witness.anchor().await;
    let (events, pk) = (&world.names.events, pk(&case.case.reference));
    let sk = |seq| format!("EVENT#{seq:06}");
    let (last, former) = (case.version, case.version - 1);
    for (from, to) in [(last, former), (former, last)] {
        let mut item = world.item(events, &pk, &sk(from)).await.unwrap();
        item.insert("sk".to_owned(), text(format!("{}-moved", sk(to))));
        world.put(events, item).await;
    }
    for seq in [former, last] {
        let mut item = world.item(events, &pk, &format!("{}-moved", sk(seq))).await.unwrap();
        world.delete(events, &pk, &format!("{}-moved", sk(seq))).await;
        item.insert("sk".to_owned(), text(sk(seq)));
        world.put(events, item).await;
    }

    assert_eq!(witness.findings().await, [chain(&case, former, ChainFault::Link)]);
}

pub async fn a_case_that_was_taken_away_is_found(world: &World) {
    let witness = Witness::of(world).await;
    let case = grown(world, &world.case().await, 1).await;
    let other = world.case().await;
    witness.anchor().await;
    let (cases, events, pk) = (&world.names.cases, &world.names.events, pk(&case.case.reference));
    let item = case_item(world, &case).await;

    world.delete(cases, &pk, "CASE").await;
    let last = case.version;
    assert_eq!(witness.findings().await, [chain(&case, last, ChainFault::NoCase)]);

    for seq in 1..=last {
        world.delete(events, &pk, &format!("EVENT#{seq:06}")).await;
    }
    let gone = Finding::Gone { case: key(&case).digest(), seq: last };
    assert_eq!(witness.findings().await, [gone]);

    world.put(cases, item).await;
    assert_eq!(witness.findings().await, [chain(&case, 0, ChainFault::NoEvents)]);
    assert!(world.store.verify(&csp(), &other.case.reference).await.unwrap().is_whole());
}

pub async fn what_belongs_to_no_case_is_found(world: &World) {
    let witness = Witness::of(world).await;
    let case = world.case().await;
    witness.anchor().await;
    let events = &world.names.events;
    let pk = pk(&case.case.reference);
    let mut item = world.item(events, &pk, "EVENT#000001").await.unwrap();

    let strange = pk.replace("CASE#", "CASF#");
    item.insert("pk".to_owned(), text(&*strange));
    world.put(events, item.clone()).await;
    let partition = Digest::of(strange.as_bytes());
    assert_eq!(witness.findings().await, [Finding::Strange { partition }]);
    world.delete(events, &strange, "EVENT#000001").await;

    // A whole event under the name of another case, which does not exist.
    let other = review::values::Reference::from_random([9; 8]);
    item.insert("pk".to_owned(), text(crate::world::pk(&other)));
    world.put(events, item).await;
    let other = CaseKey { csp: csp(), reference: other };
    let expected = Finding::Chain { case: other, seq: 1, fault: ChainFault::Hash };
    assert_eq!(witness.findings().await, [expected]);
}

pub async fn no_part_of_an_anchor_can_be_another(world: &World) {
    let witness = Witness::of(world).await;
    let case = world.case().await;
    witness.anchor().await;
    grown(world, &case, 1).await;
    witness.anchor().await;
    for number in [1, 2] {
        let good = witness.bucket.get(number).await;
        let written = String::from_utf8(good.clone()).unwrap();
        for name in ["number", "at", "previous", "cases", "case", "seq", "head", "hash"] {
            let place = written.find(&format!("\"{name}\":")).unwrap();
            // In the name, and in the value after it, within its quotes if it has any.
            let value = place + name.len() + 3;
            let value = if good[value] == b'"' { value + 1 } else { value };
            for place in [place + 1, value] {
                let mut flipped = good.clone();
                flipped[place] = if flipped[place] == b'0' { b'1' } else { b'0' };
                witness.bucket.replace(number, flipped).await;
                let found = witness.findings().await;
                let broken = |it: &Finding| matches!(it, Finding::Anchor { number: at, .. } if *at == number);
                assert!(found.len() == 1 && found.iter().all(broken), "{name}: {found:?}");
            }
        }
        witness.bucket.replace(number, good).await;
        assert_eq!(witness.findings().await, []);
    }
}

pub async fn an_anchor_taken_away_or_exchanged_is_found(world: &World) {
    let witness = Witness::of(world).await;
    let mut case = world.case().await;
    for _ in 0..4 {
        case = grown(world, &case, 1).await;
        witness.anchor().await;
    }
    let found = |number, fault| [Finding::Anchor { number, fault }];
    let second = witness.bucket.get(2).await;

    witness.bucket.remove(2).await;
    assert_eq!(witness.findings().await, found(2, AnchorFault::Missing));
    // Nobody takes its place: the next anchor has the next number.
    case = grown(world, &case, 1).await;
    assert!(matches!(witness.anchor().await, Taken::Anchor { number: 5, .. }));
    assert_eq!(witness.findings().await, found(2, AnchorFault::Missing));
    witness.bucket.replace(2, second).await;
    assert_eq!(witness.findings().await, []);

    let (first, second) = (witness.read(1).await, witness.read(2).await);
    let forged = Anchor::seal(2, second.at, first.hash, Vec::new());
    witness.bucket.replace(2, forged.write().unwrap()).await;
    assert_eq!(witness.findings().await, found(3, AnchorFault::Link));
    witness.bucket.replace(2, second.write().unwrap()).await;

    // The last ones leave no gap, but events that nothing covers any more.
    witness.bucket.remove(5).await;
    witness.bucket.remove(4).await;
    let late = witness.bucket.audit(&world.store, later(3));
    let verified = late.verify(Scope::All, &Budget::endless()).await.unwrap();
    let expected = Finding::NotAnchored { case: key(&case), seq: case.version - 1 };
    assert_eq!(verified.findings.into_iter().collect::<Vec<_>>(), [expected]);
}

pub async fn an_event_is_anchored_within_two_hours(world: &World) {
    let witness = Witness::of(world).await;
    let case = grown(world, &world.case().await, 1).await;
    let findings = async |hours| {
        let audit = witness.bucket.audit(&world.store, later(hours));
        audit.verify(Scope::All, &Budget::endless()).await.unwrap().findings
    };
    assert!(findings(2).await.is_empty());
    let expected = Finding::NotAnchored { case: key(&case), seq: 1 };
    assert_eq!(findings(3).await.into_iter().collect::<Vec<_>>(), [expected]);
    witness.anchor().await;
    assert!(findings(3).await.is_empty());
}

pub async fn a_broken_anchor_does_not_stop_the_next(world: &World) {
    let witness = Witness::of(world).await;
    let one = world.case().await;
    world.case().await;
    witness.anchor().await;
    witness.bucket.replace(1, b"{}".to_vec()).await;
    assert!(matches!(witness.anchor().await, Taken::Anchor { number: 2, cases: 2, .. }));
    grown(world, &one, 1).await;
    assert!(matches!(witness.anchor().await, Taken::Anchor { number: 3, cases: 2, .. }));
    let broken = Finding::Anchor { number: 1, fault: AnchorFault::Unreadable };
    assert_eq!(witness.findings().await, [broken]);
}

pub async fn a_disposal_leaves_what_was_anchored(world: &World) {
    let witness = Witness::of(world).await;
    let case = grown(world, &world.case().await, 2).await;
    witness.anchor().await;
    let proposal = event("disposal-proposed", &sample::body(Action::ProposeDisposal));
    let disposal = event("disposed", &sample::body(Action::Dispose));
    let disposed = world.add(&case, vec![proposal, disposal]).await.unwrap();
    let reference = &disposed.case.reference;
    world.store.erase_payloads(&csp(), reference, disposed.version - 1).await.unwrap();
    witness.anchor().await;
    assert_eq!(witness.findings().await, []);
}

pub async fn four_parts_make_the_whole(world: &World) {
    let witness = Witness::of(world).await;
    for _ in 0..12 {
        world.case().await;
    }
    let lost = world.case().await;
    witness.anchor().await;
    let pk = pk(&lost.case.reference);
    world.delete(&world.names.cases, &pk, "CASE").await;
    world.delete(&world.names.events, &pk, "EVENT#000001").await;
    let (mut cases, mut findings) = (0, Vec::new());
    for shard in 0..SHARDS {
        let part = witness.audit.verify(Scope::Shard(shard), &Budget::endless()).await.unwrap();
        cases += part.cases;
        findings.extend(part.findings);
    }
    assert_eq!(cases, 12);
    assert_eq!(findings, [Finding::Gone { case: key(&lost).digest(), seq: 1 }]);
}
