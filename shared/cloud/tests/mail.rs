//! The claim protocol: no mail is lost, none goes out without a claim, and one goes out twice
//! only where nobody could know better.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod outside;

#[path = "mail/lists.rs"]
mod lists;
#[path = "mail/outside_fails.rs"]
mod outside_fails;

use chrono::TimeDelta;
use cloud::mail::Outcome;
use cloud::store::{CaseKey, Lease, OutboxId, OutboxStatus, Receipt};
use cloud::{Budget, Clock, Cloud};
use review::notices::Duty;
use review::records::{DeliveryOutcome, Transfer};
use review::values::Email;
use review::{Command, EventKind, Role};
use tokio::sync::oneshot;

use outside::ses::Say;
use outside::{CSP, Outside, actor, csp};

/// Everything owed now.
async fn drain(cloud: &Cloud) -> cloud::mail::Run {
    let owed = cloud.mail.owed(cloud.clock.now()).await.unwrap();
    cloud.mail.deliver_all(owed.into_iter().map(|due| due.id), &Budget::endless()).await
}

/// The receipt of the referral, which is for one person.
fn receipt_of(key: &CaseKey) -> OutboxId {
    OutboxId { csp: key.csp.clone(), reference: key.reference.clone(), seq: 1, n: 0, person: None }
}

/// A case of which only the referrer's receipt is still owed.
async fn one_mail(outside: &Outside) -> (CaseKey, OutboxId) {
    outside.people().await;
    let case = outside.open().await;
    for n in [1, 2] {
        let id = OutboxId { n, ..receipt_of(&case) };
        let item = outside.cloud.store.get_outbox(&id).await.unwrap().unwrap();
        assert!(outside.cloud.store.suppress(&item).await.unwrap());
    }
    let id = receipt_of(&case);
    (case, id)
}

async fn status(outside: &Outside, id: &OutboxId) -> OutboxStatus {
    outside.cloud.store.get_outbox(id).await.unwrap().unwrap().status
}

#[tokio::test]
async fn a_referral_is_told_to_each_person_once_with_nothing_personal() {
    let outside = Outside::new().await;
    outside.people().await;
    outside.member("coordinator-2", &[Role::Coordinator, Role::CspChair], None).await;
    let case = outside.open().await;

    let run = drain(&outside.cloud).await;

    assert_eq!((run.sent, run.human, run.failed.len()), (4, 0, 0));
    let mails = outside.ses.taken();
    let mut to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(
        to,
        [
            "coordinator-1@people.example",
            "coordinator-2@people.example",
            "csp-chair-1@people.example",
            "referrer-1@people.example",
        ]
    );
    for mail in &mails {
        assert!(mail.subject.contains(case.reference.as_str()), "{}", mail.subject);
        assert!(mail.text.contains("https://dhr.sample-csp.example/cases/DHR-7KQ4-M6XD"));
        assert!(mail.text.contains("Sample Safety Partnership"));
        assert!(!format!("{mail:?}").contains("Sample Person"), "{mail:?}");
        assert_eq!(mail.configuration_set, "dhr-casework");
        assert_eq!(mail.tags["reference"], case.reference.as_str());
        let id = OutboxId::parse(&mail.tags["obx"]).unwrap();
        let item = outside.cloud.store.get_outbox(&id).await.unwrap().unwrap();
        assert_eq!(item.status, OutboxStatus::Sent);
        assert_eq!(item.attempt_id.as_deref(), Some(mail.tags["aid"].as_str()));
    }
    drain(&outside.cloud).await;
    assert_eq!(outside.ses.requests().len(), 4);
}

#[tokio::test]
async fn while_ses_has_the_request_the_claim_stands() {
    let outside = Outside::new().await;
    let (_, id) = one_mail(&outside).await;
    let (release, held) = oneshot::channel();
    outside.ses.script([Say::Held(held)]);
    let worker = outside.worker();
    let sending = tokio::spawn(async move { drain(&worker).await });

    let mail = outside.ses.arrival().await;

    let item = outside.cloud.store.get_outbox(&id).await.unwrap().unwrap();
    assert_eq!(item.status, OutboxStatus::Sending);
    assert_eq!(item.attempt_id.as_deref(), Some(mail.tags["aid"].as_str()));
    assert_eq!(item.lease_until, Some(outside.cloud.clock.now() + TimeDelta::seconds(120)));
    let other = outside.cloud.mail.deliver(&id, &Budget::endless()).await.unwrap();
    assert_eq!(other, Outcome::Nothing);
    release.send(()).unwrap();
    assert_eq!(sending.await.unwrap().sent, 1);
    assert_eq!(outside.ses.requests().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_where_another_worker_has_the_claim() {
    let outside = Outside::new().await;
    let (_, id) = one_mail(&outside).await;
    let now = outside.cloud.clock.now();
    let item = outside.cloud.store.get_outbox(&id).await.unwrap().unwrap();
    let lease = Lease { until: now + TimeDelta::minutes(2), doubt_ends: now + TimeDelta::hours(1) };
    outside.cloud.store.claim(&item, "another-worker", now, lease).await.unwrap().unwrap();

    drain(&outside.cloud).await;

    assert!(outside.ses.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_side_by_side_send_each_mail_once() {
    let outside = Outside::new().await;
    outside.people().await;
    for n in 1..=10 {
        outside.member(&format!("subgroup-{n}"), &[Role::Coordinator], None).await;
    }
    outside.open().await;
    let workers: Vec<_> = (0..4).map(|_| outside.worker()).collect();
    let runs: Vec<_> =
        workers.into_iter().map(|cloud| tokio::spawn(async move { drain(&cloud).await })).collect();
    for run in runs {
        run.await.unwrap();
    }
    drain(&outside.cloud).await;

    let mut items: Vec<_> =
        outside.ses.requests().into_iter().map(|mail| mail.tags["obx"].clone()).collect();
    items.sort_unstable();
    assert_eq!(items.len(), 13);
    items.dedup();
    assert_eq!(items.len(), 13);
}

#[tokio::test]
async fn a_send_in_doubt_waits_an_hour_and_is_tried_three_times_before_a_person_has_it() {
    let outside = Outside::new().await;
    let (_, id) = one_mail(&outside).await;
    outside.ses.script([Say::TakenThenDropped, Say::Failed, Say::TakenThenFailed]);

    for attempt in 1..=3 {
        drain(&outside.cloud).await;
        assert_eq!(outside.ses.requests().len(), attempt);
        assert_eq!(status(&outside, &id).await, OutboxStatus::Sending);
        for minutes in [14, 45] {
            outside.later(TimeDelta::minutes(minutes));
            drain(&outside.cloud).await;
            assert_eq!(outside.ses.requests().len(), attempt, "before the hour is over");
        }
        outside.later(TimeDelta::minutes(1));
    }
    let run = drain(&outside.cloud).await;

    assert_eq!(run.human, 1);
    assert_eq!(status(&outside, &id).await, OutboxStatus::Human);
    outside.later(TimeDelta::days(30));
    drain(&outside.cloud).await;
    assert_eq!(outside.ses.requests().len(), 3);
    let attempts: std::collections::BTreeSet<_> =
        outside.ses.requests().into_iter().map(|mail| mail.tags["aid"].clone()).collect();
    assert_eq!(attempts.len(), 3, "each attempt has an id of its own");
}

#[tokio::test]
async fn a_receipt_settles_a_send_in_doubt() {
    let outside = Outside::new().await;
    let (_, id) = one_mail(&outside).await;
    outside.ses.script([Say::TakenThenDropped]);
    drain(&outside.cloud).await;
    let attempt = outside.ses.requests()[0].tags["aid"].clone();

    let receipt =
        outside.cloud.store.receipt(&id, Some(&attempt), DeliveryOutcome::Delivered).await.unwrap();

    assert!(matches!(receipt, Receipt::Settled(_)));
    outside.later(TimeDelta::days(1));
    drain(&outside.cloud).await;
    assert_eq!(status(&outside, &id).await, OutboxStatus::Sent);
    assert_eq!(outside.ses.requests().len(), 1);
}

#[tokio::test]
async fn what_ses_will_not_take_now_waits_longer_each_time() {
    let outside = Outside::new().await;
    let (_, id) = one_mail(&outside).await;
    outside.ses.script([Say::Throttled, Say::Paused, Say::Throttled]);

    for (attempt, minutes) in [(1, 1), (2, 2), (3, 4)] {
        drain(&outside.cloud).await;
        assert_eq!(outside.ses.requests().len(), attempt);
        let item = outside.cloud.store.get_outbox(&id).await.unwrap().unwrap();
        assert_eq!(item.status, OutboxStatus::Pending);
        let wait = TimeDelta::minutes(minutes);
        assert_eq!(item.not_before, Some(outside.cloud.clock.now() + wait));
        outside.later(wait - TimeDelta::seconds(1));
        drain(&outside.cloud).await;
        assert_eq!(outside.ses.requests().len(), attempt);
        outside.later(TimeDelta::seconds(1));
    }
    drain(&outside.cloud).await;

    assert_eq!(status(&outside, &id).await, OutboxStatus::Sent);
    assert_eq!(outside.ses.taken().len(), 1);
}

#[tokio::test]
async fn what_ses_will_never_take_is_recorded_and_the_coordinator_is_told() {
    let outside = Outside::new().await;
    let (case, id) = one_mail(&outside).await;
    outside.ses.script([Say::Rejected]);

    drain(&outside.cloud).await;

    assert_eq!(status(&outside, &id).await, OutboxStatus::Failed);
    assert_eq!(
        outside.history(&case).await,
        [EventKind::Opened, EventKind::DeliveryRecorded, EventKind::MailBounced,]
    );
    drain(&outside.cloud).await;
    let mails = outside.ses.taken();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "coordinator-1@people.example");
}

#[tokio::test]
async fn a_reminder_that_is_no_longer_true_is_not_sent_and_leaves_a_trace() {
    let outside = Outside::new().await;
    outside.people().await;
    let case = outside.open().await;
    drain(&outside.cloud).await;
    let sent = outside.ses.requests().len();
    outside.at("2027-01-21T09:00:00Z");
    let remind = Command::Remind(review::records::Tick {});
    outside.cloud.app.by_system(&case.csp, &case.reference, &remind, None).await.unwrap();
    let transfer = Transfer {
        to: review::values::Line::parse("Other Safety Partnership").unwrap(),
        accepted_on: "2027-01-21".parse().unwrap(),
        reason: review::values::Prose::parse("Residence.").unwrap(),
    };
    outside.act(&case, Role::Coordinator, &Command::Transfer(transfer)).await;

    let run = drain(&outside.cloud).await;

    assert_eq!(run.suppressed, 2, "one for the chair, one for the coordinator");
    assert!(outside.ses.requests()[sent..].iter().all(|mail| !mail.subject.contains("due")));
    let history = outside.history(&case).await;
    let traces = history.iter().filter(|kind| **kind == EventKind::NoticeSuppressed).count();
    assert_eq!(traces, 2);
}

#[tokio::test]
async fn who_lost_the_role_before_the_mail_went_does_not_get_it() {
    let outside = Outside::new().await;
    outside.people().await;
    outside.member("coordinator-2", &[Role::Coordinator], None).await;
    outside.member("coordinator-3", &[Role::Coordinator], None).await;
    let case = outside.open().await;
    let group = OutboxId { n: 1, ..receipt_of(&case) };
    let next = outside.cloud.mail.deliver(&group, &Budget::endless()).await.unwrap();
    assert!(matches!(&next, Outcome::Next(ids) if ids.len() == 3), "{next:?}");
    outside.membership("coordinator-2", &[Role::Police], None, true).await;
    outside.membership("coordinator-3", &[Role::Coordinator], None, false).await;

    drain(&outside.cloud).await;

    let to: Vec<_> = outside.ses.requests().into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&"coordinator-1@people.example".to_owned()), "{to:?}");
    assert!(
        !to.iter().any(|to| to.starts_with("coordinator-2") || to.starts_with("coordinator-3"))
    );
    for person in ["coordinator-2", "coordinator-3"] {
        let id = OutboxId { person: Some(actor(person)), ..group.clone() };
        assert_eq!(status(&outside, &id).await, OutboxStatus::Suppressed);
    }
}

#[tokio::test]
async fn a_role_that_nobody_holds_is_given_to_a_person() {
    let outside = Outside::new().await;
    outside.member("referrer-1", &[Role::Referrer], None).await;
    let case = outside.open().await;

    let run = drain(&outside.cloud).await;

    assert_eq!((run.sent, run.human), (1, 2));
    assert_eq!(
        outside.statuses(&case).await,
        [OutboxStatus::Sent, OutboxStatus::Human, OutboxStatus::Human,]
    );
}

#[tokio::test]
async fn fanning_out_again_adds_nothing() {
    let outside = Outside::new().await;
    outside.people().await;
    let case = outside.open().await;
    let group = OutboxId { n: 1, ..receipt_of(&case) };
    let stale = outside.cloud.store.get_outbox(&group).await.unwrap().unwrap();
    outside.cloud.mail.deliver(&group, &Budget::endless()).await.unwrap();

    let again =
        outside.cloud.store.fan_out(&stale, &[actor("coordinator-1")].into()).await.unwrap();

    assert!(!again);
    drain(&outside.cloud).await;
    assert_eq!(outside.ses.requests().len(), 3);
}

#[tokio::test]
async fn a_duty_is_told_at_its_address_or_a_person_is() {
    let outside = Outside::new().await;
    let (case, _) = one_mail(&outside).await;
    let address = Email::parse("duty@people.example").unwrap();
    let effect = |duty| {
        serde_json::json!({ "notice": "records-disposed", "to": { "duty": duty } }).to_string()
    };
    let pk = format!("CASE#{CSP}#{}", case.reference);
    outside.cloud.store.put_duty(&csp(), Duty::Dpo, &address).await.unwrap();
    outside.scribble(&pk, "OUTBOX#000001#000", "effect", &effect("dpo")).await;
    assert_eq!(drain(&outside.cloud).await.sent, 1);
    assert_eq!(outside.ses.requests()[0].to, "duty@people.example");

    let other = outside.open_as("DHR-3333-3333", vec![]).await;
    let pk = format!("CASE#{CSP}#{}", other.reference);
    outside.scribble(&pk, "OUTBOX#000001#000", "effect", &effect("press-office")).await;
    drain(&outside.cloud).await;
    assert_eq!(outside.statuses(&other).await[0], OutboxStatus::Human);
}

#[tokio::test]
async fn a_poisoned_item_keeps_no_other_waiting() {
    let outside = Outside::new().await;
    outside.people().await;
    let case = outside.open().await;
    let pk = format!("CASE#{CSP}#{}", case.reference);
    outside.scribble(&pk, "OUTBOX#000001#000", "effect", "{\"notice\": \"from the future\"}").await;
    outside.scribble(&pk, "OUTBOX#000001#001", "status", "GARBAGE").await;

    let run = drain(&outside.cloud).await;

    assert_eq!((run.sent, run.human, run.failed.len()), (1, 1, 1));
    assert_eq!(outside.ses.taken()[0].to, "csp-chair-1@people.example");
}

#[tokio::test]
async fn an_ses_that_takes_nothing_is_given_a_rest() {
    let outside = Outside::new().await;
    outside.people().await;
    for n in 1..=10 {
        outside.member(&format!("helper-{n}"), &[Role::Coordinator], None).await;
    }
    let case = outside.open().await;
    outside.ses.script((0..20).map(|_| Say::Failed));

    let run = drain(&outside.cloud).await;

    assert!(run.stopped);
    assert_eq!(outside.ses.requests().len(), 5);
    let statuses = outside.statuses(&case).await;
    let waiting = statuses.iter().filter(|status| **status == OutboxStatus::Sending).count();
    assert_eq!(waiting, 5, "the rest was not claimed");
}

#[tokio::test]
async fn a_run_without_time_claims_nothing() {
    let outside = Outside::new().await;
    let (_, id) = one_mail(&outside).await;
    let now = outside.cloud.clock.now();
    let clock: Clock = outside.cloud.clock.clone();
    let budget = Budget::until(now + TimeDelta::seconds(19), clock);

    let outcome = outside.cloud.mail.deliver(&id, &budget).await.unwrap();

    assert_eq!(outcome, Outcome::NoTime);
    assert_eq!(status(&outside, &id).await, OutboxStatus::Pending);
    assert!(outside.ses.requests().is_empty());
}
