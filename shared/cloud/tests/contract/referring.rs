//! Referrals: who may, and what a repetition is.

use chrono::TimeDelta;
use cloud::app::{CommandKey, Failure, Run};
use cloud::store::Membership;
use review::process::rule;
use review::records::Referral;
use review::{Action, Role, sample};
use serde_json::Value;

use crate::world::{World, command, coordinator, csp, email, id, now, refer, referral, reply};

pub async fn who_may_refer(world: &World) {
    let may = rule(Action::Refer).unwrap().who;
    for (n, role) in Role::ALL.iter().filter(|role| **role != Role::System).enumerate() {
        let name = format!("member-{n}");
        world.join(&name, &[*role]).await;
        let done = refer(&world.app, &name, referral(), &name).await;
        match done {
            Ok(_) => assert!(may.contains(role), "{role:?}"),
            Err(Failure::NotMember) => assert!(!may.contains(role), "{role:?}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    let mut membership = Membership {
        csp: csp(),
        roles: [Role::Referrer, Role::Pcc].into(),
        agency: None,
        email: email("left"),
        active: true,
    };
    world.store.put_member(&id("left"), &membership).await.unwrap();
    assert!(refer(&world.app, "left", referral(), "1").await.is_ok());
    membership.active = false;
    world.store.put_member(&id("left"), &membership).await.unwrap();
    for stranger in ["left", "nobody"] {
        let refused = refer(&world.app, stranger, referral(), "2").await;
        assert!(matches!(refused, Err(Failure::NotMember)), "{refused:?}");
    }
    let case = world.refer("3").await.unwrap().case.unwrap();
    assert_eq!(case.file.referrer, Some(id("sample-police")));
}

pub async fn a_repeated_referral_is_answered_alike(world: &World) {
    let first = world.refer("key-1").await.unwrap();
    let again = world.refer("key-1").await.unwrap();
    assert!(again.replayed && !first.replayed);
    assert_eq!((again.reply, again.case), (first.reply, None));
    assert_eq!(world.store.cases(None, None).await.unwrap().cases.len(), 1);

    // The same form with its fields in another order is the same form.
    let form = sample::body(Action::Refer);
    let backwards: Vec<_> = form
        .as_object()
        .unwrap()
        .iter()
        .rev()
        .map(|(name, value)| format!("{}: {value}", Value::from(name.as_str())))
        .collect();
    let form: Referral = serde_json::from_str(&format!("{{{}}}", backwards.join(", "))).unwrap();
    assert!(refer(&world.app, "sample-police", form, "key-1").await.unwrap().replayed);
}

/// Of a referral and of an act: long enough for whoever repeats it after a holiday.
pub async fn a_command_is_remembered_for_thirty_days(world: &World) {
    let case = world.refer("key-1").await.unwrap().case.unwrap();
    let actor = coordinator();
    let act = Run {
        actor: &actor,
        csp: &csp(),
        reference: &case.reference,
        command: &command(Action::StartScoping),
        if_match: Some(case.revision),
        version: None,
        key: Some(CommandKey::parse(&actor.id, "act", "key-2").unwrap()),
        reply: &reply,
    };
    world.app.run(act).await.unwrap();

    let items = world.client.scan().table_name(&world.names.cases).send().await.unwrap();
    let expiries: Vec<_> = items
        .items()
        .iter()
        .filter(|item| item.contains_key("fingerprint"))
        .map(|item| item["expires"].as_n().unwrap().parse::<i64>().unwrap())
        .collect();

    assert_eq!(expiries, [(now() + TimeDelta::days(30)).timestamp(); 2]);
}

pub async fn a_key_is_for_one_referral(world: &World) {
    world.refer("key-1").await.unwrap();
    let other: Referral = serde_json::from_value(sample::minimal_referral()).unwrap();
    let reused = refer(&world.app, "sample-police", other.clone(), "key-1").await;
    assert!(matches!(reused, Err(Failure::KeyReused)), "{reused:?}");
    assert!(!refer(&world.app, "sample-police", other.clone(), "key-2").await.unwrap().replayed);
    world.join("someone-else", &[Role::Referrer]).await;
    assert!(!refer(&world.app, "someone-else", other, "key-1").await.unwrap().replayed);
    assert_eq!(world.store.cases(None, None).await.unwrap().cases.len(), 3);
}

pub async fn the_same_death_is_found_by_its_key(world: &World) {
    let first = world.refer("key-1").await.unwrap().case.unwrap();
    let mut respelt = sample::body(Action::Refer);
    respelt["victim"]["name"] = "PERSON ONE, Sámple".into();
    respelt["victim"]["aliases"] = Value::Array(Vec::new());
    let respelt: Referral = serde_json::from_value(respelt).unwrap();
    let second = refer(&world.app, "sample-police", respelt, "key-2").await.unwrap().case.unwrap();
    let mut later = sample::body(Action::Refer);
    later["death"]["date"] = "2026-11-03".into();
    let later: Referral = serde_json::from_value(later).unwrap();
    refer(&world.app, "sample-police", later, "key-3").await.unwrap();

    let [key] = &second.file.match_keys[..] else { panic!("one name, one key") };
    let mut same = [first.reference, second.reference];
    same.sort();
    assert_eq!(world.store.matches(&csp(), key).await.unwrap(), same);
    assert!(!key.contains(' ') && key.len() == 64);
}
