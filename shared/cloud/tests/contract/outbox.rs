//! Each step of a mail, and that no two workers take the same one.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use cloud::store::{CaseKey, Claimed, Lease, OutboxId, OutboxItem, OutboxStatus, Receipt, SHARDS};
use futures::future::join_all;
use review::Role;
use review::notices::Recipient;
use review::records::DeliveryOutcome;

use crate::world::{World, csp, id, now, text};

fn lease(at: DateTime<Utc>) -> Lease {
    Lease { until: at + TimeDelta::minutes(2), doubt_ends: at + TimeDelta::hours(1) }
}

/// An owed item addressed to a role.
async fn owed(world: &World) -> OutboxItem {
    let case = world.case().await.case;
    let key = CaseKey { csp: csp(), reference: case.reference };
    let items = world.store.outbox_of(&key).await.unwrap();
    let to_role = |item: &OutboxItem| {
        matches!(item.effect.as_ref().map(|effect| &effect.to), Some(Recipient::Role(_)))
    };
    items.into_iter().find(to_role).unwrap()
}

async fn claim(world: &World, item: &OutboxItem, attempt: &str, at: DateTime<Utc>) -> Claimed {
    world.store.claim(item, attempt, at, lease(at)).await.unwrap().unwrap()
}

async fn again(world: &World, item: &OutboxItem) -> OutboxItem {
    world.store.get_outbox(&item.id).await.unwrap().unwrap()
}

/// Whether the sweep finds the item at that instant.
async fn is_due(world: &World, id: &OutboxId, at: DateTime<Utc>) -> bool {
    let sweeps = (0..SHARDS).map(|shard| world.store.outbox_due(at, shard, 1000));
    join_all(sweeps).await.into_iter().any(|due| due.unwrap().iter().any(|due| due.id == *id))
}

pub async fn one_worker_claims_an_item(world: &World) {
    let item = owed(world).await;
    assert_eq!((item.status, item.attempt, item.in_flight()), (OutboxStatus::Pending, 0, None));
    assert!(is_due(world, &item.id, now()).await);
    let early = now() - TimeDelta::minutes(1);
    assert_eq!(world.store.claim(&item, "early", early, lease(early)).await.unwrap(), None);

    let names: Vec<_> = (0..32).map(|n| format!("attempt-{n}")).collect();
    let claims = names.iter().map(|name| world.store.claim(&item, name, now(), lease(now())));
    let won: Vec<_> = join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].item, again(world, &item).await);
    assert_eq!((won[0].item.status, won[0].item.attempt), (OutboxStatus::Sending, 1));
    assert_eq!(won[0].item.in_flight().as_ref(), Some(&won[0]));
}

pub async fn what_is_sent_is_owed_no_longer(world: &World) {
    let item = owed(world).await;
    let claimed = claim(world, &item, "one", now()).await;
    assert!(world.store.settle_sent(&claimed).await.unwrap());
    let sent = again(world, &item).await;
    assert_eq!((sent.status, sent.not_before), (OutboxStatus::Sent, None));
    assert!(!is_due(world, &item.id, now() + TimeDelta::days(400)).await);
    assert!(!world.store.settle_sent(&claimed).await.unwrap(), "once");

    let item = owed(world).await;
    assert!(world.store.suppress(&item).await.unwrap());
    assert_eq!(again(world, &item).await.status, OutboxStatus::Suppressed);
    assert!(!world.store.suppress(&item).await.unwrap());
    assert_eq!(world.store.claim(&item, "late", now(), lease(now())).await.unwrap(), None);

    let item = owed(world).await;
    let claimed = claim(world, &item, "one", now()).await;
    assert!(!world.store.suppress(&item).await.unwrap(), "it is being sent");
    assert!(world.store.failed(&claimed).await.unwrap());
    assert_eq!(again(world, &item).await.status, OutboxStatus::Failed);
    assert!(!is_due(world, &item.id, now() + TimeDelta::days(400)).await);
}

pub async fn what_is_refused_for_now_comes_again(world: &World) {
    let item = owed(world).await;
    let claimed = claim(world, &item, "one", now()).await;
    let later = now() + TimeDelta::minutes(10);
    assert!(world.store.back_off(&claimed, later).await.unwrap());
    let waiting = again(world, &item).await;
    assert_eq!((waiting.status, waiting.not_before), (OutboxStatus::Pending, Some(later)));
    assert_eq!(waiting.lease_until, None);
    assert!(!is_due(world, &item.id, now()).await);
    assert_eq!(world.store.claim(&waiting, "two", now(), lease(now())).await.unwrap(), None);
    assert!(is_due(world, &item.id, later).await);
    assert_eq!(claim(world, &waiting, "two", later).await.item.attempt, 2);
}

pub async fn a_send_in_doubt_is_found_when_its_window_ends(world: &World) {
    let item = owed(world).await;
    let claimed = claim(world, &item, "one", now()).await;
    assert!(!is_due(world, &item.id, now() + TimeDelta::minutes(59)).await);
    let after = now() + TimeDelta::minutes(60);
    assert!(is_due(world, &item.id, after).await);
    assert_eq!(world.store.claim(&claimed.item, "two", after, lease(after)).await.unwrap(), None);
    let found = again(world, &item).await.in_flight().unwrap();
    assert!(world.store.back_off(&found, after).await.unwrap());
    let claimed = claim(world, &again(world, &item).await, "two", after).await;
    assert!(world.store.to_human(&claimed.item).await.unwrap());
    let human = again(world, &item).await;
    assert_eq!((human.status, human.not_before), (OutboxStatus::Human, None));
    assert!(!is_due(world, &item.id, after + TimeDelta::days(400)).await);
}

pub async fn only_the_claim_in_force_settles(world: &World) {
    let item = owed(world).await;
    let first = claim(world, &item, "one", now()).await;
    assert!(world.store.back_off(&first, now()).await.unwrap());
    let second = claim(world, &again(world, &item).await, "two", now()).await;
    assert!(!world.store.settle_sent(&first).await.unwrap());
    assert!(!world.store.failed(&first).await.unwrap());
    assert!(!world.store.back_off(&first, now()).await.unwrap());
    assert!(!world.store.to_human(&first.item).await.unwrap());
    assert_eq!(again(world, &item).await, second.item);
    let item = owed(world).await;
    assert!(world.store.to_human(&item).await.unwrap(), "one that was never claimed");
}

pub async fn a_role_becomes_its_people_once(world: &World) {
    let parent = owed(world).await;
    let people = BTreeSet::from([id("jo"), id("sam")]);
    assert!(world.store.fan_out(&parent, &people).await.unwrap());
    let fanned = again(world, &parent).await;
    assert_eq!((fanned.status, fanned.not_before), (OutboxStatus::Fanned, None));
    assert!(!is_due(world, &parent.id, now()).await);
    for person in &people {
        let id = OutboxId { person: Some(person.clone()), ..parent.id.clone() };
        let child = world.store.get_outbox(&id).await.unwrap().unwrap();
        assert_eq!((&child.effect, child.status), (&parent.effect, OutboxStatus::Pending));
        assert!(is_due(world, &id, now()).await);
        let claimed = claim(world, &child, "one", now()).await;
        assert!(world.store.settle_sent(&claimed).await.unwrap());
    }
    let more = BTreeSet::from([id("jo"), id("kim")]);
    assert!(!world.store.fan_out(&parent, &more).await.unwrap(), "once");
    let kim = OutboxId { person: Some(id("kim")), ..parent.id.clone() };
    assert_eq!(world.store.get_outbox(&kim).await.unwrap(), None);
}

pub async fn people_on_two_lists_have_one_item(world: &World) {
    let case = world.case().await.case;
    let key = CaseKey { csp: csp(), reference: case.reference };
    let items = world.store.outbox_of(&key).await.unwrap();
    let [coordinators, chairs] = [Role::Coordinator, Role::CspChair].map(|role| {
        let to = Some(Recipient::Role(role));
        items.iter().find(|item| item.effect.as_ref().map(|it| it.to.clone()) == to).unwrap()
    });
    assert_eq!(coordinators.letter, Some(coordinators.id.n));
    assert_eq!(chairs.letter, coordinators.letter);
    assert!(items.iter().any(|item| item.letter.is_none()), "the receipt says something else");

    assert!(world.store.fan_out(chairs, &[id("jo"), id("kim")].into()).await.unwrap());
    assert!(world.store.fan_out(coordinators, &[id("jo"), id("sam")].into()).await.unwrap());
    let beside = world.store.outbox_beside(&chairs.id).await.unwrap();
    let people: Vec<_> = beside.iter().filter_map(|item| item.id.person.clone()).collect();
    assert_eq!(people, [id("jo"), id("kim"), id("sam")]);
    for item in beside.iter().filter(|item| item.id.person.is_some()) {
        assert_eq!((item.id.n, item.letter), (coordinators.id.n, coordinators.letter));
    }
}

pub async fn more_people_than_a_transaction_holds(world: &World) {
    let parent = owed(world).await;
    let people: BTreeSet<_> = (0..200).map(|n| id(&format!("person-{n}"))).collect();
    // A run that was cut short left some of them, one of whom already has the mail.
    let some: BTreeSet<_> = people.iter().step_by(7).cloned().collect();
    assert!(world.store.fan_out(&parent, &some).await.unwrap());
    let sent = OutboxId { person: some.first().cloned(), ..parent.id.clone() };
    let child = world.store.get_outbox(&sent).await.unwrap().unwrap();
    let claimed = claim(world, &child, "one", now()).await;
    assert!(world.store.settle_sent(&claimed).await.unwrap());
    let key = parent_key(&parent);
    let mut item = world.item(&world.names.cases, &key.0, &key.1).await.unwrap();
    item.insert("status".to_owned(), text("PENDING"));
    world.put(&world.names.cases, item).await;

    assert!(world.store.fan_out(&parent, &people).await.unwrap());
    let case = CaseKey { csp: csp(), reference: parent.id.reference.clone() };
    let all = world.store.outbox_of(&case).await.unwrap();
    let children: Vec<_> = all.iter().filter(|item| item.id.person.is_some()).collect();
    assert_eq!(children.len(), 200);
    let owed = children.iter().filter(|item| item.status == OutboxStatus::Pending).count();
    assert_eq!(owed, 199, "the mail that was sent is not owed again");
    assert_eq!(again(world, &parent).await.status, OutboxStatus::Fanned);
}

fn parent_key(item: &OutboxItem) -> (String, String) {
    (crate::world::pk(&item.id.reference), format!("OUTBOX#{:06}#{:03}", item.id.seq, item.id.n))
}

pub async fn a_receipt_settles_what_is_in_doubt(world: &World) {
    let receipt = async |item: &OutboxItem, attempt| {
        world.store.receipt(&item.id, attempt, DeliveryOutcome::Delivered).await.unwrap()
    };
    let item = owed(world).await;
    claim(world, &item, "one", now()).await;
    match receipt(&item, Some("one")).await {
        Receipt::Settled(settled) => assert_eq!(settled.status, OutboxStatus::Sent),
        other => panic!("{other:?}"),
    }
    assert!(!is_due(world, &item.id, now() + TimeDelta::days(400)).await);
    assert!(matches!(receipt(&item, Some("one")).await, Receipt::Noted(_)));
    assert!(matches!(receipt(&item, None).await, Receipt::Noted(_)));
    assert!(matches!(receipt(&item, Some("two")).await, Receipt::Duplicate(_)));

    let item = owed(world).await;
    let claimed = claim(world, &item, "one", now()).await;
    assert!(world.store.to_human(&claimed.item).await.unwrap());
    assert!(matches!(receipt(&item, Some("one")).await, Receipt::Settled(_)));
    let item = owed(world).await;
    let claimed = claim(world, &item, "one", now()).await;
    assert!(world.store.back_off(&claimed, now()).await.unwrap());
    assert!(matches!(receipt(&item, Some("one")).await, Receipt::Settled(_)));
    assert_eq!(world.store.claim(&item, "two", now(), lease(now())).await.unwrap(), None);

    let item = owed(world).await;
    assert!(matches!(receipt(&item, Some("of a lost one")).await, Receipt::Noted(_)));
    assert_eq!(again(world, &item).await.status, OutboxStatus::Pending, "it never was sent");
    assert!(is_due(world, &item.id, now()).await);

    let item = owed(world).await;
    assert!(world.store.suppress(&item).await.unwrap());
    assert!(matches!(receipt(&item, None).await, Receipt::Noted(_)));
    assert_eq!(again(world, &item).await.status, OutboxStatus::Suppressed);
    let forged = OutboxItem { id: OutboxId { n: 999, ..item.id.clone() }, ..item };
    assert_eq!(receipt(&forged, Some("one")).await, Receipt::Unknown);
    assert_eq!(world.store.get_outbox(&forged.id).await.unwrap(), None);
}

pub async fn a_message_from_a_later_version_is_left_to_people(world: &World) {
    let item = owed(world).await;
    let key = parent_key(&item);
    let mut stored = world.item(&world.names.cases, &key.0, &key.1).await.unwrap();
    stored.insert("effect".to_owned(), text(r#"{"notice":"telepathy"}"#));
    world.put(&world.names.cases, stored).await;
    let unknown = again(world, &item).await;
    assert_eq!((unknown.effect.as_ref(), unknown.status), (None, OutboxStatus::Pending));
    assert!(is_due(world, &item.id, now()).await);
    assert!(world.store.fan_out(&unknown, &BTreeSet::new()).await.is_err());
    assert!(world.store.to_human(&unknown).await.unwrap());
}

/// What an index does not hold no sweep sees, so it is put back from the item itself.
pub async fn what_no_sweep_would_see_is_put_back(world: &World) {
    let since = now() + TimeDelta::minutes(5);
    let pending = owed(world).await;
    let (pk, sk) = parent_key(&pending);
    let good = world.item(&world.names.cases, &pk, &sk).await.unwrap();
    assert!(pending.indexed && !world.store.repair_outbox(&pending, since).await.unwrap());
    for (name, value) in [
        ("outbox_shard", None),
        ("outbox_shard", Some("9")),
        ("not_before", None),
        ("not_before", Some("soon")),
    ] {
        let mut item = good.clone();
        item.remove(name);
        item.extend(value.map(|value| (name.to_owned(), text(value))));
        world.put(&world.names.cases, item).await;
        let lost = again(world, &pending).await;
        assert!(!lost.indexed && !is_due(world, &lost.id, since).await, "{name} {value:?}");

        assert!(world.store.repair_outbox(&lost, since).await.unwrap());

        let back = again(world, &pending).await;
        let due = if name == "not_before" { Some(since) } else { pending.not_before };
        assert_eq!(back, OutboxItem { not_before: due, ..pending.clone() });
        assert!(is_due(world, &back.id, since).await);
    }

    // Another worker was there meanwhile: what it wrote stays.
    world.put(&world.names.cases, good.clone()).await;
    let read = OutboxItem { indexed: false, ..again(world, &pending).await };
    let claimed = claim(world, &pending, "one", now()).await;
    assert!(!world.store.repair_outbox(&read, since).await.unwrap());
    assert_eq!(again(world, &pending).await, claimed.item);

    // What is settled owes nothing, and is not to be looked at for ever.
    let mut settled = good;
    settled.insert("status".to_owned(), text("SENT"));
    world.put(&world.names.cases, settled).await;
    let settled = again(world, &pending).await;
    assert!(is_due(world, &settled.id, since).await);
    assert!(world.store.repair_outbox(&settled, since).await.unwrap());
    assert!(!is_due(world, &settled.id, since).await);
}
