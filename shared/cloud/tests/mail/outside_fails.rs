//! An outside that does not help: SES that puts off or says things twice, a doorbell that rings
//! too early, a directory or a table that has nothing.

use cloud::Budget;
use cloud::mail::Outcome;
use cloud::store::{CaseKey, OutboxStatus};
use review::records::DeliveryOutcome;
use review::values::ActorId;
use review::{EventKind, Role};

use crate::outside::ses::Say;
use crate::outside::{CASES, Outside, key};
use crate::{drain, one_mail, status};

async fn item(outside: &Outside, case: &CaseKey) -> cloud::store::OutboxItem {
    outside.outbox(case).await.into_iter().find(|item| item.id.person.is_none()).unwrap()
}

#[tokio::test]
async fn each_outcome_of_a_mail_is_recorded_once() {
    let outside = Outside::new().await;
    let (case, _) = one_mail(&outside).await;
    let item = item(&outside, &case).await;
    let said = [DeliveryOutcome::Sent, DeliveryOutcome::Delivered, DeliveryOutcome::Complained];

    for outcome in said.into_iter().chain(said) {
        outside.cloud.mail.record_delivery(&item, outcome).await.unwrap();
    }

    let recorded = EventKind::DeliveryRecorded;
    let expected = [EventKind::Opened, recorded, recorded, recorded, EventKind::MailBounced];
    assert_eq!(outside.history(&case).await, expected);
}

#[tokio::test]
async fn what_cannot_be_recorded_or_read_is_a_fault() {
    let outside = Outside::new().await;
    let (case, id) = one_mail(&outside).await;
    let item = item(&outside, &case).await;
    outside.table.delete_table().table_name(CASES).send().await.unwrap();

    let mail = &outside.cloud.mail;

    mail.record_delivery(&item, DeliveryOutcome::Delivered).await.unwrap_err();
    mail.deliver(&id, &Budget::endless()).await.unwrap_err();
    mail.owed(outside.cloud.clock.now()).await.unwrap_err();
}

/// Who was told as the holder of a role holds it no more; whom it was for in person must not go
/// unnoticed.
#[tokio::test]
async fn who_was_removed_from_the_directory_is_missed_only_in_person() {
    let outside = Outside::new().await;
    outside.people().await;
    outside.member("coordinator-2", &[Role::Coordinator], None).await;
    let case = outside.open().await;
    let no_time = Budget::until(outside.cloud.clock.now(), outside.cloud.clock.clone());
    for item in outside.outbox(&case).await {
        let outcome = outside.cloud.mail.deliver(&item.id, &no_time).await.unwrap();
        assert!(matches!(outcome, Outcome::Next(_) | Outcome::NoTime), "{outcome:?}");
    }
    for person in ["referrer-1", "coordinator-2"] {
        let member = key(&format!("ACTOR#{person}"), "MEMBER#sample-csp");
        let gone = outside.table.delete_item().table_name(CASES).set_key(Some(member));
        gone.send().await.unwrap();
    }

    drain(&outside.cloud).await;

    for item in outside.outbox(&case).await {
        let person = item.id.person.as_ref().map(ActorId::as_str);
        let expected = match (person, item.status) {
            (_, OutboxStatus::Fanned) => continue,
            (Some("coordinator-2"), _) => OutboxStatus::Suppressed,
            (Some(_), _) => OutboxStatus::Sent,
            (None, _) => OutboxStatus::Human,
        };
        assert_eq!(status(&outside, &item.id).await, expected, "{person:?}");
    }
}

/// A late or repeated record of the stream names a mail whose time has not come.
#[tokio::test]
async fn a_doorbell_that_rings_too_early_sends_nothing() {
    for say in [Say::Throttled, Say::TakenThenDropped] {
        let outside = Outside::new().await;
        let (_, id) = one_mail(&outside).await;
        outside.ses.script([say]);
        drain(&outside.cloud).await;
        let before = outside.cloud.store.get_outbox(&id).await.unwrap();

        let outcome = outside.cloud.mail.deliver(&id, &Budget::endless()).await.unwrap();

        assert_eq!(outcome, Outcome::Nothing);
        assert_eq!(outside.ses.requests().len(), 1);
        assert_eq!(outside.cloud.store.get_outbox(&id).await.unwrap(), before);
    }
}
