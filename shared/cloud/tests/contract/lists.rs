//! Lists and the cursors by which they go on.

use cloud::store::ListError;
use review::values::{CspId, Reference};

use crate::world::{World, csp, text};

/// Lists cases that need not exist.
async fn listed(world: &World, audience: &str, count: u8) -> Vec<Reference> {
    let mut all = Vec::new();
    for n in 0..count {
        let reference = Reference::from_random([n, 1, 2, 3, 4, 5, 6, 7]);
        let pk = text(format!("LIST#{}#{audience}", csp()));
        let item = [("pk", pk), ("sk", text(reference.as_str()))];
        let item = item.map(|(name, value)| (name.to_owned(), value)).into();
        world.put(&world.names.cases, item).await;
        all.push(reference);
    }
    all.sort();
    all
}

pub async fn a_list_goes_on_where_it_stopped(world: &World) {
    let all = listed(world, "csp", 250).await;
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = world.store.list(&csp(), "csp", cursor.as_deref(), 60).await.unwrap();
        assert!(page.items.len() <= 60);
        found.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(found, all);
}

pub async fn a_cursor_opens_no_other_list(world: &World) {
    listed(world, "csp", 5).await;
    listed(world, "final", 5).await;
    let cursor = world.store.list(&csp(), "csp", None, 2).await.unwrap().next.unwrap();
    assert!(world.store.list(&csp(), "csp", Some(&cursor), 2).await.is_ok());
    let elsewhere = CspId::parse("another-csp").unwrap();
    let mut rubbish = vec![String::new(), "=".to_owned(), "ä".to_owned(), "e30".to_owned()];
    rubbish.push(cursor.chars().rev().collect());
    rubbish.push(format!("{cursor}{cursor}"));
    rubbish.push(cursor[..cursor.len() - 4].to_owned());
    rubbish.push("A".repeat(100_000));
    for bad in &rubbish {
        let refused = world.store.list(&csp(), "csp", Some(bad), 2).await;
        assert!(matches!(refused, Err(ListError::Cursor)), "{bad:.40}: {refused:?}");
    }
    for (csp, audience) in [(csp(), "final"), (elsewhere, "csp")] {
        let refused = world.store.list(&csp, audience, Some(&cursor), 2).await;
        assert!(matches!(refused, Err(ListError::Cursor)), "{refused:?}");
    }
}

pub async fn partnerships_do_not_see_each_other(world: &World) {
    let case = world.case().await.case;
    let elsewhere = CspId::parse("another-csp").unwrap();
    let store = &world.store;
    assert!(store.load(&elsewhere, &case.reference).await.unwrap().is_none());
    assert!(store.history(&elsewhere, &case.reference, 0, 10).await.unwrap().entries.is_empty());
    assert!(store.list(&elsewhere, "csp", None, 10).await.unwrap().items.is_empty());
    assert!(store.matches(&elsewhere, &case.file.match_keys[0]).await.unwrap().is_empty());
    assert!(store.cases(Some(&elsewhere), None).await.unwrap().cases.is_empty());
    assert_eq!(store.cases(Some(&csp()), None).await.unwrap().cases.len(), 1);
}
