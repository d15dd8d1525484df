//! Many at once. What is written must be as if they had come one after the other.

use std::collections::BTreeSet;

use cloud::app::{CommandKey, Failure, Run};
use cloud::store::AppendError;
use futures::future::join_all;
use review::{Action, Command};
use serde_json::json;

use crate::world::{World, command, coordinator, csp, information, refer, referral, reply};

const MANY: usize = 64;

pub async fn of_parallel_appends_one_wins_each_version(world: &World) {
    let start = world.case().await;
    let reference = &start.case.reference;
    let writers = (0..MANY).map(|writer| async move {
        let mut lost = 0;
        loop {
            let before = world.load(reference).await;
            match world.add(&before, vec![information(&format!("writer {writer}"))]).await {
                Ok(_) => return (before.version + 1, lost),
                Err(AppendError::Conflict) => lost += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
    });
    let won = join_all(writers).await;
    let versions: BTreeSet<_> = won.iter().map(|(version, _)| *version).collect();
    let first = start.version + 1;
    assert_eq!(versions, (first..first + MANY as u64).collect());
    assert!(won.iter().any(|(_, lost)| *lost > 0), "they did meet");
    let report = world.store.verify(&csp(), reference).await.unwrap();
    assert_eq!((report.events, report.fault), (start.version + MANY as u64, None));
}

pub async fn of_parallel_commands_each_is_carried_out_once(world: &World) {
    let start = world.case().await;
    let reference = &start.case.reference;
    let texts: Vec<_> = (0..MANY).map(|n| format!("fact-{n}")).collect();
    let commands = texts.iter().map(|text| async move {
        let command = Action::AddInformation.read(json!({ "text": text })).unwrap();
        run(world, reference, &command, text).await.map(|_| text)
    });
    let mut carried_out: Vec<_> = Vec::new();
    for outcome in join_all(commands).await {
        match outcome {
            Ok(text) => carried_out.push(text.clone()),
            Err(Failure::Conflict) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    let case = world.load(reference).await.case;
    let mut written: Vec<_> =
        case.file.information.iter().map(|fact| fact.text.as_str().to_owned()).collect();
    written.sort();
    carried_out.sort();
    assert_eq!(written, carried_out);
    assert!(world.store.verify(&csp(), reference).await.unwrap().is_whole());
}

pub async fn of_equal_commands_in_parallel_one_is_carried_out(world: &World) {
    let start = world.case().await;
    let reference = &start.case.reference;
    let command = &command(Action::AddInformation);
    let all = join_all((0..MANY).map(|_| run(world, reference, command, "one-key"))).await;
    let done: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    assert_eq!(done.iter().filter(|done| !done.replayed).count(), 1);
    assert!(done.iter().all(|each| each.reply == done[0].reply));
    assert_eq!(world.load(reference).await.case.file.information.len(), 1);
}

pub async fn of_equal_referrals_in_parallel_one_opens_a_case(world: &World) {
    let all = join_all((0..MANY).map(|_| world.refer("one-key"))).await;
    let done: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    assert_eq!(done.iter().filter(|done| !done.replayed).count(), 1);
    assert!(done.iter().all(|each| each.reply == done[0].reply));
    let cases = world.store.cases(None, None).await.unwrap().cases;
    assert_eq!(cases.len(), 1);
    assert_eq!(done[0].reply["reference"], json!(cases[0].case.reference));

    let mut other = referral();
    other.victim.aliases.clear();
    let reused = refer(&world.app, "sample-police", other, "one-key").await;
    assert!(matches!(reused, Err(Failure::KeyReused)), "{reused:?}");
}

async fn run(
    world: &World,
    reference: &review::values::Reference,
    command: &Command,
    key: &str,
) -> Result<cloud::app::Done, Failure> {
    let actor = &coordinator();
    let key = CommandKey::parse(&actor.id, "add", key).unwrap();
    let (csp, key) = (&csp(), Some(key));
    world
        .app
        .run(Run {
            actor,
            csp,
            reference,
            command,
            if_match: None,
            version: None,
            key,
            reply: &reply,
        })
        .await
}
