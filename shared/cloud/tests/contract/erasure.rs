//! Disposal destroys what was said and keeps that something was.

use cloud::store::{ChainFault, Stored};
use review::{Action, Event, sample};

use crate::world::{World, csp, event, information, pk};

fn disposal() -> Vec<Event> {
    vec![
        event("disposal-proposed", &sample::body(Action::ProposeDisposal)),
        event("disposed", &sample::body(Action::Dispose)),
    ]
}

async fn disposed(world: &World) -> Stored {
    let case = world.case().await;
    let case = world.add(&case, vec![information("a secret"), information("another")]).await;
    world.add(&case.unwrap(), disposal()).await.unwrap()
}

pub async fn disposal_destroys_the_records_and_the_chain_holds(world: &World) {
    let referred = world.case().await;
    let keys = referred.case.file.match_keys.clone();
    let case = world.add(&referred, disposal()).await.unwrap();
    let (reference, last) = (&case.case.reference, case.version);
    let erased = world.store.erase_payloads(&csp(), reference, last - 1).await.unwrap();
    assert_eq!(erased as u64, last - 1);

    let page = world.store.history(&csp(), reference, 0, 100).await.unwrap();
    let (disposal, others) = page.entries.split_last().unwrap();
    assert!(others.iter().all(|entry| entry.event.is_none()));
    assert!(matches!(disposal.event, Some(Event::Disposed(_))));
    let report = world.store.verify(&csp(), reference).await.unwrap();
    assert_eq!((report.events, report.erased, report.fault), (last, last - 1, None));
    for key in keys {
        assert!(world.store.matches(&csp(), &key).await.unwrap().is_empty());
    }
    assert_eq!(world.store.erase_payloads(&csp(), reference, last - 1).await.unwrap(), 0);
    assert_eq!(world.store.finish_disposal(&csp(), reference).await.unwrap(), 0);
}

pub async fn an_erasure_cut_short_is_finished(world: &World) {
    let case = disposed(world).await;
    let reference = &case.case.reference;
    // What happens to an ended case still: its last record says how a mail fared.
    let late = event("matches-recorded", &serde_json::json!({ "cases": [] }));
    let case = world.add(&case, vec![late]).await.unwrap();
    world.delete(&world.names.cases, &pk(reference), "PAYLOAD#000002").await;
    let erased = world.store.finish_disposal(&csp(), reference).await.unwrap();
    assert_eq!(erased as u64, case.version - 3);
    let report = world.store.verify(&csp(), reference).await.unwrap();
    assert_eq!((report.erased, report.fault), (case.version - 2, None));

    // A record written after the disposal is not erased by it.
    let sk = format!("PAYLOAD#{:06}", case.version);
    world.delete(&world.names.cases, &pk(reference), &sk).await;
    let report = world.store.verify(&csp(), reference).await.unwrap();
    assert_eq!(report.fault, Some((case.version, ChainFault::Record)));
}

pub async fn an_erasure_of_many_events_is_finished(world: &World) {
    let mut case = world.case().await;
    for _ in 0..3 {
        case = world.add(&case, vec![information("much"); 45]).await.unwrap();
    }
    let case = world.add(&case, disposal()).await.unwrap();
    let reference = &case.case.reference;
    assert!(case.version > 120);
    let erased = world.store.finish_disposal(&csp(), reference).await.unwrap();
    assert_eq!(erased as u64, case.version - 1);
    assert_eq!(world.store.finish_disposal(&csp(), reference).await.unwrap(), 0);
}

pub async fn only_disposed_cases_are_erased(world: &World) {
    let case = world.case().await;
    let reference = &case.case.reference;
    let refused = world.store.erase_payloads(&csp(), reference, case.version).await.unwrap_err();
    assert!(!refused.is_retryable(), "{refused}");
    assert_eq!(world.store.finish_disposal(&csp(), reference).await.unwrap(), 0);
    let report = world.store.verify(&csp(), reference).await.unwrap();
    assert_eq!((report.erased, report.fault), (0, None));
}
