//! One command is one transaction: all of it or nothing.

use cloud::store::{Append, AppendError, CaseKey, CommandEntry, Digest, Misplaced, SHARDS};
use review::react::react;
use review::sight::audiences;
use review::values::Reference;
use review::{Action, sample};
use serde_json::json;

use crate::world::{World, applied, csp, event, information, now, pk, reply, text};

pub async fn a_referral_is_written_whole(world: &World) {
    let done = world.refer("key-1").await.unwrap();
    let case = done.case.unwrap();
    let reference = &case.reference;

    let stored = world.load(reference).await;
    assert_eq!((&stored.case, stored.version), (&case, case.seq));
    let page = world.store.history(&csp(), reference, 0, 100).await.unwrap();
    let recorded: Vec<_> = page.entries.iter().map(|entry| entry.event.clone()).collect();
    let expected: Vec<_> = done.history.iter().map(|recorded| recorded.body.clone()).collect();
    assert_eq!((recorded, page.next), (expected, None));

    let key = CaseKey { csp: csp(), reference: reference.clone() };
    let owed: Vec<_> =
        world.store.outbox_of(&key).await.unwrap().into_iter().map(|item| item.effect).collect();
    let expected: Vec<_> =
        done.history.iter().flat_map(|recorded| react(&case, recorded)).map(Some).collect();
    assert!(!owed.is_empty());
    assert_eq!(owed, expected);

    for audience in audiences(&case) {
        let listed = world.store.list(&csp(), &audience, None, 10).await.unwrap();
        assert_eq!(listed.items, std::slice::from_ref(reference), "{audience}");
    }
    for hash in &case.file.match_keys {
        let found = world.store.matches(&csp(), hash).await.unwrap();
        assert_eq!(found, std::slice::from_ref(reference));
    }
    assert_eq!(case.file.match_keys.len(), 2, "the name and the alias");
    assert_eq!(done.reply, reply(&case, &done.history));
    assert!(world.store.verify(&csp(), reference).await.unwrap().is_whole());
}

pub async fn a_stale_version_writes_nothing(world: &World) {
    let first = world.case().await;
    let second = world.add(&first, vec![information("first")]).await.unwrap();
    let late = world.add(&first, vec![information("late")]).await;
    assert!(matches!(late, Err(AppendError::Conflict)), "{late:?}");
    assert_eq!(world.load(&first.case.reference).await, second);
    let report = world.store.verify(&csp(), &first.case.reference).await.unwrap();
    assert_eq!((report.events, report.fault), (second.version, None));

    // Were the events lost, the version alone would still hold it back.
    let pk = pk(&first.case.reference);
    world.delete(&world.names.events, &pk, "EVENT#000002").await;
    world.delete(&world.names.cases, &pk, "PAYLOAD#000002").await;
    let late = world.add(&first, vec![information("late")]).await;
    assert!(matches!(late, Err(AppendError::Conflict)), "{late:?}");
    assert_eq!(world.load(&first.case.reference).await, second);
}

pub async fn a_failed_condition_undoes_every_other_part(world: &World) {
    let before = world.case().await;
    let (case, history) = applied(&before, vec![information("once")]);
    let entry = CommandEntry {
        hash: Digest::of(b"a command"),
        fingerprint: Digest::of(b"what it asks"),
        reply: json!({ "answer": 1 }),
        expires: now(),
    };
    let command = Some(&entry);
    let append =
        Append { before: Some(&before), case: &case, history: &history, command, referrer: None };
    world.store.append(world.store.prepare(append).unwrap()).await.unwrap();

    let before = world.load(&case.reference).await;
    let request = event("scoping-started", &sample::body(Action::StartScoping));
    let (after, history) = applied(&before, vec![request]);
    let append =
        Append { before: Some(&before), case: &after, history: &history, command, referrer: None };
    match world.store.append(world.store.prepare(append).unwrap()).await {
        Err(AppendError::CommandExists(stored)) => {
            assert_eq!(
                (stored.fingerprint, stored.reply),
                (entry.fingerprint, entry.reply.clone())
            );
            assert_eq!(stored.reference, case.reference);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.load(&case.reference).await, before);
    let report = world.store.verify(&csp(), &case.reference).await.unwrap();
    assert_eq!((report.events, report.fault), (before.version, None));
    let new: Vec<_> = audiences(&after).difference(&audiences(&before.case)).cloned().collect();
    assert!(!new.is_empty());
    for audience in new {
        assert!(world.store.list(&csp(), &audience, None, 10).await.unwrap().items.is_empty());
    }
    let key = CaseKey { csp: csp(), reference: case.reference.clone() };
    let owed = world.store.outbox_of(&key).await.unwrap();
    assert!(owed.iter().all(|item| item.id.seq <= before.version));
}

pub async fn a_taken_reference_is_said_so(world: &World) {
    let done = world.refer("key-1").await.unwrap();
    let case = done.case.unwrap();
    let append =
        Append { before: None, case: &case, history: &done.history, command: None, referrer: None };
    let again = world.store.append(world.store.prepare(append).unwrap()).await;
    assert!(matches!(again, Err(AppendError::ReferenceTaken)), "{again:?}");
}

pub async fn an_event_is_never_overwritten(world: &World) {
    let done = world.refer("key-1").await.unwrap();
    let case = done.case.unwrap();
    let written = world.item(&world.names.events, &pk(&case.reference), "EVENT#000001").await;
    // Nothing but the event itself stands in the way.
    let key = CaseKey { csp: csp(), reference: case.reference.clone() };
    for item in world.store.outbox_of(&key).await.unwrap() {
        let sk = format!("OUTBOX#{:06}#{:03}", item.id.seq, item.id.n);
        world.delete(&world.names.cases, &pk(&case.reference), &sk).await;
    }
    for sk in ["CASE", "PAYLOAD#000001"] {
        world.delete(&world.names.cases, &pk(&case.reference), sk).await;
    }
    let append =
        Append { before: None, case: &case, history: &done.history, command: None, referrer: None };
    assert!(world.store.append(world.store.prepare(append).unwrap()).await.is_err());
    let now = world.item(&world.names.events, &pk(&case.reference), "EVENT#000001").await;
    assert_eq!(now, written);
    assert!(world.store.load(&csp(), &case.reference).await.unwrap().is_none());
}

pub async fn what_does_not_fit_is_refused_beforehand(world: &World) {
    let before = world.case().await;
    let many = (0..60).map(|n| information(&n.to_string())).collect();
    let too_many = world.add(&before, many).await;
    assert!(matches!(too_many, Err(AppendError::TooLarge)), "{too_many:?}");

    let mut grown = before;
    let long = "x".repeat(4000);
    let refused = loop {
        match world.add(&grown, (0..20).map(|_| information(&long)).collect()).await {
            Ok(stored) => grown = stored,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, AppendError::TooLarge), "{refused:?}");
    assert!(grown.version > 60, "a case may grow far: {}", grown.version);
    assert!(world.store.verify(&csp(), &grown.case.reference).await.unwrap().is_whole());
}

pub async fn the_index_of_what_is_due_holds_only_what_is_owed(world: &World) {
    let case = world.case().await;
    assert_eq!(due(world, &case.case.reference).await, 1);
    assert!(case.place.at().is_some());

    let proposal = event("disposal-proposed", &sample::body(Action::ProposeDisposal));
    let disposal = event("disposed", &sample::body(Action::Dispose));
    let disposed = world.add(&case, vec![proposal, disposal]).await.unwrap();
    assert_eq!(disposed.place.at(), None);
    let item = world.item(&world.names.cases, &pk(&case.case.reference), "CASE").await.unwrap();
    assert!(!item.contains_key("next_due") && !item.contains_key("due_shard"));
    assert_eq!(due(world, &case.case.reference).await, 0);
}

pub async fn a_wrong_place_in_that_index_is_repaired(world: &World) {
    let right = world.case().await;
    let reference = &right.case.reference;
    assert_eq!(world.store.repair_next_due(&right).await.unwrap(), None);
    let good = world.item(&world.names.cases, &pk(reference), "CASE").await.unwrap();
    let shard = good["due_shard"].as_s().unwrap();
    let other = if shard == "0" { "1" } else { "0" };
    for (at, shard, found, mistake) in [
        (None, None, 0, Misplaced::Missing),
        (None, Some(shard.as_str()), 0, Misplaced::Missing),
        (Some("2027-01-21T09:00:00Z"), None, 0, Misplaced::Missing),
        (Some("2099-01-01T00:00:00Z"), Some(shard), 0, Misplaced::Wrong),
        (Some("2027-01-21T09:00:00Z"), Some(other), 1, Misplaced::Wrong),
        (Some("2027-01-21T09:00:00Z"), Some("part"), 0, Misplaced::Wrong),
        (Some("soon"), Some(shard), 0, Misplaced::Wrong),
    ] {
        let mut item = good.clone();
        for (name, value) in [("next_due", at), ("due_shard", shard)] {
            item.remove(name);
            item.extend(value.map(|value| (name.to_owned(), text(value))));
        }
        world.put(&world.names.cases, item).await;
        assert_eq!(due(world, reference).await, found, "{at:?} {shard:?}");
        let lost = world.load(reference).await;
        assert_eq!(world.store.repair_next_due(&lost).await.unwrap(), Some(mistake));
        assert_eq!(world.load(reference).await, right);
        assert_eq!(due(world, reference).await, 1);
    }
}

pub async fn a_case_that_changed_meanwhile_is_left_where_that_change_put_it(world: &World) {
    let good = world.case().await;
    let (cases, pk) = (&world.names.cases, pk(&good.case.reference));
    let mut item = world.item(cases, &pk, "CASE").await.unwrap();
    item.remove("next_due");
    world.put(cases, item).await;
    let lost = world.load(&good.case.reference).await;
    let moved = world.add(&lost, vec![information("news")]).await.unwrap();

    assert_eq!(world.store.repair_next_due(&lost).await.unwrap(), None);

    assert_eq!(world.load(&good.case.reference).await, moved);
    assert_eq!(due(world, &good.case.reference).await, 1);
}

pub async fn a_case_that_owes_nothing_leaves_that_index(world: &World) {
    let case = world.case().await;
    let proposal = event("disposal-proposed", &sample::body(Action::ProposeDisposal));
    let disposal = event("disposed", &sample::body(Action::Dispose));
    let disposed = world.add(&case, vec![proposal, disposal]).await.unwrap();
    let (cases, pk) = (&world.names.cases, pk(&case.case.reference));
    let mut item = world.item(cases, &pk, "CASE").await.unwrap();
    item.insert("next_due".to_owned(), text("2027-01-01T00:00:00Z"));
    item.insert("due_shard".to_owned(), text("0"));
    world.put(cases, item).await;
    assert_eq!(due(world, &case.case.reference).await, 1);
    let stored = world.load(&case.case.reference).await;
    let mistake = world.store.repair_next_due(&stored).await.unwrap();
    assert_eq!(mistake, Some(Misplaced::NeedsNone));
    assert_eq!(world.load(&case.case.reference).await, disposed);
}

/// How often the case is among what is due in ten years.
async fn due(world: &World, reference: &Reference) -> usize {
    let mut found = 0;
    for shard in 0..SHARDS {
        let later = now() + chrono::TimeDelta::days(3650);
        let due = world.store.due(later, shard, 100).await.unwrap();
        found += due.iter().filter(|due| due.key.reference == *reference).count();
    }
    found
}
