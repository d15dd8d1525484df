//! Many at once: nothing is done twice, nothing is lost, and of what excludes each other one wins.

use futures::future::join_all;
use review::act::Action::*;
use review::process::State;
use review::sample;
use serde_json::json;
use uuid::Uuid;

use crate::casefile::Casefile;
use crate::client::{Sent, With};
use crate::people::*;
use crate::world::World;

const MANY: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_referral_sent_sixty_four_times_at_once_opens_one_case() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let form = sample::body(Refer);
    let client = &world.client;
    assert_eq!(client.get(REFERRER, "/cases").await.ok()["cases"], json!([]));

    let answers = join_all((0..MANY).map(|_| client.refer(REFERRER, "one-key", &form))).await;
    assert_eq!(answers[0].status, 201, "{}", answers[0].text);
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    world.remember(answers[0].body["reference"].as_str().unwrap());
    let cases = client.get(REFERRER, "/cases").await.ok();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1);

    let other = json!({ "why": "Something else." });
    let mut changed = form.clone();
    changed["why"] = other["why"].clone();
    let reused = client.refer(REFERRER, "one-key", &changed).await.refused(422);
    assert_eq!(reused.body["type"], "/problems/key-reused");
    client.post(REFERRER, "/referrals", &form).await.refused(400);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_decisions_at_once_one_is_taken() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::ReadyToDecide).await;
    let tag = case.read_by(CSP_CHAIR).await.etag;
    let records = [
        (AgreeReview, case.record(AgreeReview).await),
        (DecideNoReview, case.record(DecideNoReview).await),
    ];

    let decide =
        |(action, record)| case.sends(CSP_CHAIR, action, tag.as_deref(), Sent::json(record));
    let both = records.iter().map(|(action, record)| (*action, record));
    let answers = join_all(both.cycle().take(MANY).map(decide)).await;
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(taken, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        let status = answer.status;
        assert!(status == 409 || status == 412, "{}", answer.text);
        answer.refused(status);
    }
    let decided = |kind: &&String| ["review-agreed", "no-review-decided"].contains(&kind.as_str());
    assert_eq!(case.kinds().await.iter().filter(decided).count(), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_additions_at_once_all_arrive_once() {
    let world = World::at("2027-01-04T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let record = case.record(AddInformation).await;
    let add = async |key: String| {
        let with = With { key: Some(&key), ..With::default() };
        let path = case.action_path(AddInformation);
        let answer = world.client.post_with(REFERRER, &path, with, Sent::json(&record)).await;
        (key, answer)
    };

    // Whoever is turned away because others were faster sends the same request again.
    let mut waiting: Vec<String> = (0..MANY).map(|_| Uuid::new_v4().to_string()).collect();
    let mut rounds = 0;
    while !waiting.is_empty() {
        rounds += 1;
        assert!(rounds <= MANY, "some never get through");
        let answers = join_all(waiting.into_iter().map(&add)).await;
        let away = answers.into_iter().filter(|(_, answer)| answer.status != 200);
        waiting = away
            .map(|(key, answer)| {
                assert_eq!(answer.refused(409).body["type"], "/problems/conflict");
                key
            })
            .collect();
    }
    let added = |kind: &&String| *kind == "information-added";
    assert_eq!(case.kinds().await.iter().filter(added).count(), MANY);
    world.end().await;
}
