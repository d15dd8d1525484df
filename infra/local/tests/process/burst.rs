//! `kill -9` while hundreds refer at once. Whoever was told that a referral is in finds it there,
//! whole, with every mail that it owes; whoever was told nothing asks again and gets one case.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use cloud::store::{OutboxItem, OutboxStatus};
use local::backend::mailbox::MAIL_FILE;
use local::demo::client::{Client, text};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
};

use crate::{
    COORDINATOR, MORNING, REFERRER,
    folder::Folder,
    kept::{Kept, sent},
    program::Program,
};

const AT_ONCE: usize = 300;
/// How many answers come before the program is killed.
const HEARD: usize = 60;
/// How many of them all ask again when it is back.
const AGAIN: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_referral_is_lost_and_no_mail_that_it_owes() {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
    let (mut burst, mut answers) = refer_all(&program, AT_ONCE).await;
    let mut told = BTreeMap::new();
    while told.len() < HEARD {
        told.extend([answers.recv().await.unwrap()]);
    }

    program.kill();

    while burst.join_next().await.is_some() {}
    while let Ok(answer) = answers.try_recv() {
        told.extend([answer]);
    }
    assert!(told.len() < AT_ONCE, "killed in the burst");
    let program = Program::serve(folder.path());
    let mut cases = listed(&program.client()).await;
    assert!(told.values().all(|reference| cases.contains(reference)), "one is lost");
    for reference in &cases {
        assert_whole(&program.client(), reference).await;
    }
    let again = ask_again(&program).await;
    assert!(told.iter().all(|(number, known)| again.get(number).is_none_or(|it| it == known)));
    cases.extend(again.into_values());
    mails_flow(folder.path()).await;

    program.kill();

    let in_flight = in_flight(folder.path()).await;
    let program = Program::serve(folder.path());
    let client = program.client();
    assert_eq!(listed(&client).await, cases);
    let doubt_is_over = now(&client).await + TimeDelta::minutes(61);
    client.clock(doubt_is_over).await.unwrap().ok().unwrap();
    program.stop();

    assert_every_mail_is_sent(folder.path(), &cases, &in_flight).await;
}

/// So many refer at once; what is answered comes through the channel as it is answered.
async fn refer_all(
    program: &Program,
    many: usize,
) -> (JoinSet<()>, UnboundedReceiver<(usize, String)>) {
    let client = Arc::new(program.client());
    client.token(REFERRER.name).await.unwrap();
    let (heard, answers) = unbounded_channel();
    let mut burst = JoinSet::new();
    for number in 0..many {
        let (client, heard) = (Arc::clone(&client), heard.clone());
        burst.spawn(async move {
            if let Some(reference) = refer(&client, number).await {
                heard.send((number, reference)).unwrap();
            }
        });
    }
    (burst, answers)
}

/// One referral of a death of its own; `None` where no answer came.
async fn refer(client: &Client, number: usize) -> Option<String> {
    let mut form = review::sample::minimal_referral();
    form["victim"]["name"] = json!(format!("Example Person-{number}"));
    let key = format!("burst-{number}");
    let answer = client.refer(REFERRER, &key, &form).await.ok()?;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    Some(text(&answer.body["reference"]))
}

/// Those who heard nothing ask again, as a client must; so do some who need not.
async fn ask_again(program: &Program) -> BTreeMap<usize, String> {
    let (burst, mut answers) = refer_all(program, AGAIN).await;
    burst.join_all().await;
    let mut told = BTreeMap::new();
    while let Ok(answer) = answers.try_recv() {
        told.extend([answer]);
    }
    assert_eq!(told.len(), AGAIN);
    told
}

/// Returns when a mail has just been taken and its sender hardly knows. Nobody tells but the
/// journal of mails.
async fn mails_flow(data: &Path) {
    let journal = data.join(MAIL_FILE);
    let size = || fs::metadata(&journal).unwrap().len();
    let before = size();
    let mut looks = tokio::time::interval(Duration::from_millis(1));
    for _ in 0..60_000 {
        if size() > before {
            return;
        }
        looks.tick().await;
    }
    panic!("no mail flows");
}

/// The mails that were claimed and not settled when the program died: of these alone it cannot be
/// known whether they went out.
async fn in_flight(data: &Path) -> BTreeSet<String> {
    let kept = Kept::open(data).await;
    let outbox = kept.outbox().await;
    kept.close().await;
    let sending = outbox.iter().filter(|item| item.status == OutboxStatus::Sending);
    sending.map(|item| item.id.to_string()).collect()
}

async fn now(client: &Client) -> DateTime<Utc> {
    let shown = client.send(Method::GET, "/local/clock", &[], None).await.unwrap().ok().unwrap();
    text(&shown["now"]).parse().unwrap()
}

async fn listed(client: &Client) -> BTreeSet<String> {
    let mut references = BTreeSet::new();
    let mut path = "/cases?limit=100".to_owned();
    loop {
        let page = client.get(COORDINATOR, &path).await.unwrap().ok().unwrap();
        for case in page["cases"].as_array().unwrap() {
            assert!(references.insert(text(&case["reference"])), "listed twice");
        }
        let Some(cursor) = page["next"].as_str() else { return references };
        path = format!("/cases?limit=100&cursor={cursor}");
    }
}

async fn assert_whole(client: &Client, reference: &str) {
    let case = client.get(COORDINATOR, &format!("/cases/{reference}")).await.unwrap();
    assert_eq!(case.ok().unwrap()["reference"], reference);
    let history = client.get(COORDINATOR, &format!("/cases/{reference}/history")).await.unwrap();
    let history = history.ok().unwrap();
    let events = history["events"].as_array().unwrap();
    assert_eq!((events[0]["kind"].as_str(), &history["next"]), (Some("opened"), &Value::Null));
    let mut head = Value::from("0".repeat(64));
    for (seq, event) in (1..).zip(events) {
        assert_eq!((&event["seq"], &event["prev"]), (&json!(seq), &head), "{reference}");
        head = event["hash"].clone();
    }
}

/// Every chain verifies, every item that was owed went out, and twice only what was in flight.
async fn assert_every_mail_is_sent(
    data: &Path,
    cases: &BTreeSet<String>,
    in_flight: &BTreeSet<String>,
) {
    let kept = Kept::open(data).await;
    let mut mails_of = BTreeMap::<_, usize>::new();
    let stored = kept.cases().await;
    assert_eq!(stored.len(), cases.len());
    for case in &stored {
        assert!(cases.contains(case.reference.as_str()), "{case:?}");
        let report = kept.store.verify(&case.csp, &case.reference).await.unwrap();
        assert!(report.is_whole() && report.events > 0, "{case:?}: {report:?}");
    }
    let mut sent = sent(data);
    for OutboxItem { id, status, .. } in kept.outbox().await {
        let times = sent.remove(&id.to_string()).unwrap_or_default();
        match status {
            OutboxStatus::Sent => {
                *mails_of.entry(id.reference.clone()).or_default() += 1;
                assert!(times == 1 || times == 2 && in_flight.contains(&id.to_string()), "{id}");
            }
            OutboxStatus::Fanned => assert_eq!(times, 0, "{id}"),
            OutboxStatus::Pending
            | OutboxStatus::Sending
            | OutboxStatus::Human
            | OutboxStatus::Suppressed
            | OutboxStatus::Failed => panic!("{id} is {status:?}"),
        }
    }
    kept.close().await;
    assert!(sent.is_empty(), "mail of no case: {sent:?}");
    let counts: BTreeSet<_> = mails_of.values().collect();
    assert_eq!((mails_of.len(), counts.len()), (cases.len(), 1), "not the same mails: {counts:?}");
}
