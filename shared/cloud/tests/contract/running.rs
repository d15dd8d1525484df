//! Commands on a case: carried out once, refused without a trace.

use cloud::app::{CommandKey, Done, Failure, Run};
use review::records::Tick;
use review::values::Reference;
use review::{Action, Actor, Command, Refusal, Role};
use serde_json::json;

use crate::world::{World, command, coordinator, csp, id, reply};

async fn run(
    world: &World,
    actor: &Actor,
    reference: &Reference,
    command: &Command,
    if_match: Option<u64>,
    key: Option<&str>,
) -> Result<Done, Failure> {
    let key = key.map(|key| CommandKey::parse(&actor.id, "act", key).unwrap());
    let csp = &csp();
    world
        .app
        .run(Run { actor, csp, reference, command, if_match, version: None, key, reply: &reply })
        .await
}

pub async fn a_repeated_command_is_answered_alike_though_the_case_moved_on(world: &World) {
    let case = world.case().await.case;
    let (actor, command) = (coordinator(), command(Action::StartScoping));
    let again =
        async |seen, key| run(world, &actor, &case.reference, &command, Some(seen), key).await;
    let first = again(case.revision, Some("key-1")).await.unwrap();
    assert!(!first.replayed);
    let second = again(case.revision, Some("key-1")).await.unwrap();
    assert!(second.replayed);
    assert_eq!((&second.reply, second.case), (&first.reply, None));
    // Who read the case again before repeating the request means the same.
    assert_eq!(again(case.revision + 1, Some("key-1")).await.unwrap().reply, first.reply);
    let other_key = again(case.revision, Some("key-2")).await;
    assert!(
        matches!(other_key, Err(Failure::Refused(Refusal::WrongState { .. }))),
        "{other_key:?}"
    );

    let stranger = Actor { id: actor.id.clone(), role: Role::Pcc, csp: csp(), agency: None };
    let hidden = run(world, &stranger, &case.reference, &command, Some(1), Some("key-1")).await;
    assert!(matches!(hidden, Err(Failure::Refused(Refusal::NotFound))), "{hidden:?}");
}

/// What was judged by a case as it was is not recorded of the case as it is.
pub async fn a_command_for_one_version_is_not_carried_out_on_another(world: &World) {
    let read = world.case().await;
    let (case, app) = (&read.case, &world.app);
    let add = |text: &str| Action::AddInformation.read(json!({ "text": text })).unwrap();
    let at = async |version, text: &str, key| {
        let (actor, csp, command) = (&coordinator(), &csp(), &add(text));
        let key = Some(CommandKey::parse(&actor.id, "act", key).unwrap());
        let reference = &case.reference;
        let version = Some(version);
        let reply = &reply;
        app.run(Run { actor, csp, reference, command, if_match: None, version, key, reply }).await
    };
    at(read.version, "a fact", "key-1").await.unwrap();
    let late = at(read.version, "another fact", "key-2").await;
    assert!(matches!(late, Err(Failure::Conflict)), "{late:?}");
    assert!(at(read.version, "a fact", "key-1").await.unwrap().replayed);
    assert!(!at(read.version + 1, "another fact", "key-2").await.unwrap().replayed);
}

pub async fn a_key_is_for_one_command(world: &World) {
    let (one, other) = (world.case().await.case, world.case().await.case);
    let actor = coordinator();
    let add = |text: &str| Action::AddInformation.read(json!({ "text": text })).unwrap();
    let key = Some("key-1");
    run(world, &actor, &one.reference, &add("a fact"), None, key).await.unwrap();
    for (reference, command) in [
        (&one.reference, add("another fact")),
        (&other.reference, add("a fact")),
        (&one.reference, command(Action::CompleteScoping)),
    ] {
        let reused = run(world, &actor, reference, &command, Some(1), key).await;
        assert!(matches!(reused, Err(Failure::KeyReused)), "{reused:?}");
    }
    assert_eq!(world.load(&one.reference).await.case.file.information.len(), 1);
    assert_eq!(world.load(&other.reference).await.case, other);
}

pub async fn a_refusal_writes_nothing(world: &World) {
    let case = world.case().await.case;
    let act = command(Action::StartScoping);
    let unknown = Reference::from_random([1; 8]);
    let not_found = run(world, &coordinator(), &unknown, &act, Some(1), Some("k")).await;
    assert!(matches!(not_found, Err(Failure::Refused(Refusal::NotFound))), "{not_found:?}");
    let stale = run(world, &coordinator(), &case.reference, &act, Some(99), Some("k")).await;
    assert!(matches!(stale, Err(Failure::Refused(Refusal::Stale))), "{stale:?}");
    let blind = run(world, &coordinator(), &case.reference, &act, None, Some("k")).await;
    assert!(matches!(blind, Err(Failure::Refused(Refusal::NoVersion))), "{blind:?}");
    assert_eq!(world.load(&case.reference).await.case, case);
    let seen = Some(case.revision);
    assert!(run(world, &coordinator(), &case.reference, &act, seen, Some("k")).await.is_ok());
}

pub async fn nothing_due_writes_nothing(world: &World) {
    let case = world.case().await.case;
    let system = Actor { id: id("system"), role: Role::System, csp: csp(), agency: None };
    let tick = Command::Remind(Tick {});
    let done = run(world, &system, &case.reference, &tick, None, None).await.unwrap();
    assert_eq!((done.case, done.history), (Some(case.clone()), vec![]));
    assert_eq!(world.load(&case.reference).await.case, case);
}
