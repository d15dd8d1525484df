//! Whoever can write to the tables can change the past; the chain says where.

use cloud::store::{ChainFault, Stored};

use crate::world::{Item, World, csp, information, pk, text};

async fn case(world: &World) -> Stored {
    let case = world.case().await;
    world.add(&case, vec![information("one"), information("two")]).await.unwrap()
}

async fn fault(world: &World, stored: &Stored) -> Option<(u64, ChainFault)> {
    let report = world.store.verify(&csp(), &stored.case.reference).await.unwrap();
    assert_eq!(report.is_whole(), report.fault.is_none());
    assert!(report.fault.is_none_or(|(_, fault)| fault.words().contains(' ')), "it has no words");
    report.fault
}

fn sk(kind: &str, seq: u64) -> String {
    format!("{kind}#{seq:06}")
}

/// The item with one byte of one attribute changed to another character.
fn flipped(item: &Item, name: &str, place: usize) -> Item {
    let mut value = item[name].as_s().unwrap().clone().into_bytes();
    value[place] = if value[place] == b'0' { b'1' } else { b'0' };
    let mut item = item.clone();
    item.insert(name.to_owned(), text(String::from_utf8(value).unwrap()));
    item
}

pub async fn an_untouched_history_is_whole(world: &World) {
    let stored = case(world).await;
    let report = world.store.verify(&csp(), &stored.case.reference).await.unwrap();
    assert!(report.is_whole());
    assert_eq!((report.events, report.erased), (stored.version, 0));
    let unknown = review::values::Reference::from_random([1; 8]);
    let report = world.store.verify(&csp(), &unknown).await.unwrap();
    assert_eq!((report.events, report.fault), (0, None));
}

pub async fn every_flipped_byte_is_found(world: &World) {
    let stored = case(world).await;
    let pk = pk(&stored.case.reference);
    let (cases, events) = (&world.names.cases, &world.names.events);
    let seq = stored.version - 1;
    for (table, kind, names) in [
        (events, "EVENT", ["envelope", "commit", "prev", "hash"].as_slice()),
        (cases, "PAYLOAD", ["body", "salt"].as_slice()),
    ] {
        let good = world.item(table, &pk, &sk(kind, seq)).await.unwrap();
        for name in names {
            for place in 0..good[*name].as_s().unwrap().len() {
                world.put(table, flipped(&good, name, place)).await;
                let found = fault(world, &stored).await.map(|(at, _)| at);
                assert_eq!(found, Some(seq), "{kind} {name} byte {place}");
            }
        }
        world.put(table, good).await;
        assert_eq!(fault(world, &stored).await, None);
    }
}

pub async fn nothing_can_be_added(world: &World) {
    let stored = case(world).await;
    let pk = pk(&stored.case.reference);
    let (cases, events) = (&world.names.cases, &world.names.events);
    let seq = stored.version - 1;
    for (table, kind) in [(events, "EVENT"), (cases, "PAYLOAD")] {
        let good = world.item(table, &pk, &sk(kind, seq)).await.unwrap();
        let mut more = good.clone();
        more.insert("note".to_owned(), text("added"));
        world.put(table, more).await;
        assert_eq!(fault(world, &stored).await, Some((seq, ChainFault::Unreadable)), "{kind}");
        world.put(table, good).await;
    }
    let mut item = world.item(events, &pk, &sk("EVENT", seq)).await.unwrap();
    // Before, between and after those that belong there.
    for (sk, at) in [
        ("AVENT#000001".to_owned(), 1),
        (sk("EVENT", 0), 1),
        (format!("{}x", sk("EVENT", seq)), seq + 1),
        (sk("EVENT", 999), stored.version + 1),
        ("event#000001".to_owned(), stored.version + 1),
    ] {
        item.insert("sk".to_owned(), text(&*sk));
        world.put(events, item.clone()).await;
        assert_eq!(fault(world, &stored).await, Some((at, ChainFault::Gap)), "{sk}");
        world.delete(events, &pk, &sk).await;
    }
    assert_eq!(fault(world, &stored).await, None);
}

pub async fn what_is_missing_or_moved_is_found(world: &World) {
    let stored = case(world).await;
    let pk = pk(&stored.case.reference);
    let (cases, events) = (&world.names.cases, &world.names.events);
    let last = stored.version;
    let event = async |seq| world.item(events, &pk, &sk("EVENT", seq)).await.unwrap();
    let (former, latter) = (event(last - 1).await, event(last).await);

    world.delete(events, &pk, &sk("EVENT", last - 1)).await;
    assert_eq!(fault(world, &stored).await, Some((last - 1, ChainFault::Gap)));
    world.delete(events, &pk, &sk("EVENT", last)).await;
    assert_eq!(fault(world, &stored).await, Some((last - 2, ChainFault::Version)));

    let moved = |item: &Item, seq| {
        let mut item = item.clone();
        item.insert("sk".to_owned(), text(sk("EVENT", seq)));
        item
    };
    world.put(events, moved(&latter, last - 1)).await;
    world.put(events, moved(&former, last)).await;
    assert_eq!(fault(world, &stored).await, Some((last - 1, ChainFault::Link)));
    world.put(events, former).await;
    world.put(events, latter.clone()).await;
    assert_eq!(fault(world, &stored).await, None);

    world.put(events, moved(&latter, last + 1)).await;
    assert_eq!(fault(world, &stored).await, Some((last + 1, ChainFault::Link)));
    world.delete(events, &pk, &sk("EVENT", last + 1)).await;

    let payload = world.item(cases, &pk, &sk("PAYLOAD", 1)).await.unwrap();
    world.delete(cases, &pk, &sk("PAYLOAD", 1)).await;
    assert_eq!(fault(world, &stored).await, Some((1, ChainFault::Record)));
    world.put(cases, payload).await;
    assert_eq!(fault(world, &stored).await, None);
}

pub async fn the_case_item_is_held_to_its_history(world: &World) {
    let stored = case(world).await;
    let pk = pk(&stored.case.reference);
    let cases = &world.names.cases;
    let good = world.item(cases, &pk, "CASE").await.unwrap();
    let last = stored.version;

    world.put(cases, flipped(&good, "head", 5)).await;
    assert_eq!(fault(world, &stored).await, Some((last, ChainFault::Head)));
    let mut older = good.clone();
    let version = aws_sdk_dynamodb::types::AttributeValue::N((last - 1).to_string());
    older.insert("version".to_owned(), version);
    world.put(cases, older).await;
    assert_eq!(fault(world, &stored).await, Some((last, ChainFault::Version)));
    world.put(cases, flipped(&good, "body", 0)).await;
    assert_eq!(fault(world, &stored).await, Some((last, ChainFault::Case)));
    world.delete(cases, &pk, "CASE").await;
    assert_eq!(fault(world, &stored).await, Some((last, ChainFault::NoCase)));
}
