//! The system is off for two months: what is still true is said once, what is not is not said.

use serde_json::{Value, json};

use review::act::Action;
use review::sample;

use crate::casefile::Casefile;
use crate::mail::{Mail, assert_told};
use crate::people::*;
use crate::world::World;

#[tokio::test]
async fn after_sixty_days_off_what_is_true_is_said_once() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let reference = Casefile::referred(&world).await.reference;
    world.until("2027-01-22T10:00:00Z").await;
    let before = Casefile::of(&world, &reference).mails().await.len();

    let world = world.restart("2027-03-23T10:00:00Z").await;
    let case = Casefile::of(&world, &reference);
    let since = case.mails().await[before..].to_vec();
    assert_told(&since, &[(&[CSP_CHAIR, COORDINATOR], "Decision overdue")]);
    assert!(since.iter().all(|mail| mail.everything.contains("47 days ago")), "{since:?}");
    assert_eq!(since.iter().map(Mail::day).max(), Some(world.today().await));
    what_was_overtaken_stands_in_the_history(&case).await;

    // The repetitions go on in the rhythm that the missed day began.
    case.new_mails().await;
    world.until("2027-03-26T08:00:00Z").await;
    assert_told(&case.new_mails().await, &[]);
    world.until("2027-03-26T10:00:00Z").await;
    assert_told(&case.new_mails().await, &[(&[CSP_CHAIR, COORDINATOR], "Decision overdue")]);
    world.end().await;
}

async fn what_was_overtaken_stands_in_the_history(case: &Casefile<'_>) {
    let history = case.history().await;
    let kind = |kind: &str| {
        let of_kind = history.iter().filter(|event| event["kind"] == kind);
        of_kind.map(|event| event["record"].clone()).collect::<Vec<_>>()
    };
    let overtaken = kind("reminders-overtaken");
    assert_eq!(overtaken.len(), 1, "{overtaken:?}");
    assert_eq!(overtaken[0]["clock"], "decision");
    // Seven days before, the last working day, and the six weeks since the first "overdue".
    let weeks = (1..=6).map(|n| json!({ "again": n }));
    let days = [json!({ "before": 1 }), json!({ "before": 2 })];
    let steps: Vec<Value> = days.into_iter().chain(weeks).collect();
    assert_eq!(overtaken[0]["steps"], json!(steps));
    assert_eq!(kind("deadline-passed"), [json!({ "clock": "decision", "original": "2027-02-04" })]);
    let said: Vec<_> = kind("reminded").iter().map(|reminder| reminder["step"].clone()).collect();
    assert_eq!(said, [json!({ "before": 0 }), json!("missed")]);
}

#[tokio::test]
async fn everything_acknowledged_is_there_after_a_restart() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let form = sample::body(Action::Refer);
    let first = world.client.refer(REFERRER, "the-same-key", &form).await;
    let reference = first.body["reference"].as_str().unwrap().to_owned();
    world.remember(&reference);
    let case = Casefile::of(&world, &reference);
    let document = case.uploads(COORDINATOR, "letter", "letter").await;
    let id = document["document"].as_str().unwrap().to_owned();
    let mails = world.mails().await;

    let world = world.restart("2027-01-05T10:00:00Z").await;
    let case = Casefile::of(&world, &reference);
    let again = world.client.refer(REFERRER, "the-same-key", &form).await;
    assert_eq!(again, first);
    let read = case.path(&format!("/documents/{id}/read"));
    let link = world.client.post(COORDINATOR, &read, &json!({})).await.ok();
    let (status, _, bytes) = world.client.fetch(link["url"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    assert!(bytes.starts_with(b"%PDF-1.7 letter"));
    assert_eq!(world.mails().await, mails, "no mail comes again");
    world.end().await;
}
