//! DynamoDB answers in pieces of at most 1 MB. Nothing may be lost between them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use cloud::store::SHARDS;
use review::values::Reference;
use review::{Role, sample};
use serde_json::json;

use crate::world::{World, csp, email, event, now, text};

pub async fn a_history_longer_than_one_answer(world: &World) {
    let mut stored = world.case().await;
    let read = event("document-read", &json!({ "document": sample::DOCUMENT }));
    for _ in 0..60 {
        stored = world.add(&stored, vec![read.clone(); 49]).await.unwrap();
    }
    let reference = &stored.case.reference;
    let (mut seqs, mut pages, mut after) = (Vec::new(), 0, 0);
    loop {
        let page = world.store.history(&csp(), reference, after, 10_000).await.unwrap();
        assert!(page.entries.iter().all(|entry| entry.event.is_some()));
        seqs.extend(page.entries.iter().map(|entry| entry.envelope.seq));
        pages += 1;
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert!(pages > 1, "this is more than one piece");
    assert_eq!(seqs, (1..=stored.version).collect::<Vec<_>>());
    let page = world.store.history(&csp(), reference, 7, 3).await.unwrap();
    assert_eq!(page.next, Some(10));
    let report = world.store.verify(&csp(), reference).await.unwrap();
    assert_eq!((report.events, report.fault), (stored.version, None));
}

pub async fn a_query_longer_than_one_answer(world: &World) {
    for n in 0..30 {
        let item = [
            ("pk", text(format!("CSP#{}", csp()))),
            ("sk", text(format!("ROLE#coordinator#-#person-{n}"))),
            ("email", text(email("person").as_str())),
            ("filler", text("x".repeat(60_000))),
        ];
        let item = item.map(|(name, value)| (name.to_owned(), value)).into();
        world.put(&world.names.cases, item).await;
    }
    let people = world.store.people(&csp(), Role::Coordinator, None).await.unwrap();
    assert_eq!(people.len(), 30);
}

pub async fn a_scan_longer_than_one_answer(world: &World) {
    let stored = world.case().await;
    let pk = crate::world::pk(&stored.case.reference);
    let item = world.item(&world.names.cases, &pk, "CASE").await.unwrap();
    let mut expected = BTreeSet::from([stored.case.reference.clone()]);
    for n in 0..30 {
        let reference = Reference::from_random([n, 9, 9, 9, 9, 9, 9, 9]);
        let mut copy = item.clone();
        let body = item["body"].as_s().unwrap();
        let body = body.replace(stored.case.reference.as_str(), reference.as_str());
        copy.insert("pk".to_owned(), text(crate::world::pk(&reference)));
        copy.insert("body".to_owned(), text(body));
        copy.insert("filler".to_owned(), text("x".repeat(60_000)));
        world.put(&world.names.cases, copy).await;
        expected.insert(reference);
    }
    let broken = Reference::from_random([0; 8]);
    let mut copy = item.clone();
    copy.insert("pk".to_owned(), text(crate::world::pk(&broken)));
    copy.insert("body".to_owned(), text("{"));
    world.put(&world.names.cases, copy).await;
    for strange in ["nobody's", "no reference"] {
        let mut copy = item.clone();
        copy.insert("pk".to_owned(), text(format!("CASE#sample-csp#{strange}")));
        copy.insert("body".to_owned(), text("{"));
        world.put(&world.names.cases, copy).await;
    }

    let (mut found, mut unreadable, mut position) = (BTreeSet::new(), Vec::new(), None);
    let (mut parts, mut strange) = (0, 0);
    loop {
        let scanned = world.store.cases(None, position).await.unwrap();
        found.extend(scanned.cases.into_iter().map(|stored| stored.case.reference));
        unreadable.extend(scanned.unreadable.into_iter().map(|key| key.reference));
        strange += scanned.strange;
        parts += 1;
        match scanned.next {
            Some(next) => position = Some(next),
            None => break,
        }
    }
    assert!(parts > 1, "this is more than one piece");
    assert_eq!((found, unreadable, strange), (expected, vec![broken], 2));
}

pub async fn more_owed_than_one_answer(world: &World) {
    for n in 0..150_u8 {
        let reference = Reference::from_random([n, 5, 5, 5, 5, 5, 5, 5]);
        let since = now() - TimeDelta::minutes(i64::from(n));
        let since = since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let item = [
            ("pk", text(crate::world::pk(&reference))),
            ("sk", text("CASE")),
            ("due_shard", text("2")),
            ("next_due", text(since.clone())),
        ];
        let item = item.map(|(name, value)| (name.to_owned(), value)).into();
        world.put(&world.names.cases, item).await;
        let item = [
            ("pk", text(crate::world::pk(&reference))),
            ("sk", text("OUTBOX#000001#000")),
            ("outbox_shard", text("2")),
            ("not_before", text(since)),
        ];
        let item = item.map(|(name, value)| (name.to_owned(), value)).into();
        world.put(&world.names.cases, item).await;
    }
    const { assert!(SHARDS > 2) };
    let due = world.store.due(now(), 2, 1000).await.unwrap();
    assert_eq!(due.len(), 150);
    assert!(due.is_sorted_by_key(|due| due.since), "the longest overdue first");
    assert_eq!(due[0].since, now() - TimeDelta::minutes(149));
    assert_eq!(world.store.due(now(), 2, 10).await.unwrap(), due[..10]);
    let before = now() - TimeDelta::minutes(100);
    assert_eq!(world.store.due(before, 2, 1000).await.unwrap().len(), 50);
    let owed = world.store.outbox_due(now(), 2, 1000).await.unwrap();
    assert_eq!(owed.len(), 150);
    assert_eq!(world.store.outbox_due(now(), 2, 10).await.unwrap(), owed[..10]);

    // What cannot be read takes no place from what can.
    for n in 0..3 {
        let since = now() - TimeDelta::days(1 + n);
        let since = since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let item = [
            ("pk", text(format!("CASE#no case {n}"))),
            ("sk", text("CASE")),
            ("due_shard", text("2")),
            ("next_due", text(since)),
        ];
        let item = item.map(|(name, value)| (name.to_owned(), value)).into();
        world.put(&world.names.cases, item).await;
    }
    assert_eq!(world.store.due(now(), 2, 1).await.unwrap(), due[..1]);
    assert_eq!(world.store.due(now(), 2, 1000).await.unwrap(), due);
}
