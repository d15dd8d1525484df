//! What someone gets who starts it: addresses that answer, the port and the time asked for, and
//! nothing written anywhere but in the data folder.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use aws_sdk_dynamodb::config::Credentials;
use chrono::{DateTime, TimeDelta, Utc};
use local::{
    demo::client::Client,
    services::{ACCESS_KEY, sdk},
};
use reqwest::Method;
use serde_json::json;

use crate::{
    COORDINATOR, MORNING,
    folder::Folder,
    program::{Program, command, refusal},
    refer, upload,
};

#[tokio::test]
async fn every_address_that_it_prints_answers() {
    let folder = Folder::new();
    let program = Program::serve(folder.path());

    let health = program.client().send(Method::GET, "/health", &[], None).await.unwrap();
    assert_eq!(health.ok().unwrap(), json!({ "status": "ok" }));

    let service = |name: &str| sdk(&program.services[name], ACCESS_KEY);
    let tables = aws_sdk_dynamodb::Client::new(&service("dynamodb")).list_tables().send().await;
    assert_eq!(tables.unwrap().table_names(), ["cases", "events"]);
    let buckets = aws_sdk_s3::Client::new(&service("s3")).list_buckets().send().await.unwrap();
    let buckets: Vec<_> = buckets.buckets().iter().filter_map(|bucket| bucket.name()).collect();
    assert_eq!(buckets, ["anchors", "documents"]);
    let quota = aws_sdk_ses::Client::new(&service("ses")).get_send_quota().send().await;
    assert!(quota.unwrap().max_send_rate > 0.0);
    assert_eq!(program.services.len(), 4, "three services and the line above them");
    program.stop();
}

/// A key other than the one printed opens nothing, so the printed one matters.
#[tokio::test]
async fn the_documents_open_with_the_printed_key_only() {
    let folder = Folder::new();
    let program = Program::serve(folder.path());
    let stranger = Credentials::new(ACCESS_KEY, "guessed", None, None, "test");
    let config = aws_sdk_s3::config::Builder::from(&sdk(&program.services["s3"], ACCESS_KEY))
        .credentials_provider(stranger)
        .build();

    let refused = aws_sdk_s3::Client::from_conf(config).list_buckets().send().await.unwrap_err();

    assert_eq!(refused.raw_response().unwrap().status().as_u16(), 403);
    program.stop();
}

#[tokio::test]
async fn it_serves_on_the_port_it_is_told() {
    let folder = Folder::new();
    let port = free_port().to_string();
    let data = folder.path().to_str().unwrap();
    let here = Path::new(env!("CARGO_TARGET_TMPDIR"));

    let program = Program::start(command(here, &["--port", &port, "--data", data]));

    assert_eq!(program.base, format!("http://127.0.0.1:{port}"));
    refer(&program.client(), "one").await;
    let mails = program.client().mails().await.unwrap();
    assert!(mails[0]["text"].as_str().unwrap().contains(&program.base), "links lead here");
    program.stop();
}

/// A port below those that are handed out to whoever asks for any.
fn free_port() -> u16 {
    let base = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (base..base + 1_000).find(free).unwrap()
}

#[tokio::test]
async fn nothing_is_written_outside_the_data_folder() {
    for (arguments, folder) in [(&["--data", "kept/here"][..], "kept"), (&[], ".local")] {
        let place = Folder::new();
        let [work, home, temporary] = ["work", "home", "temporary"].map(|name| {
            let path = place.path().join(name);
            fs::create_dir_all(&path).unwrap();
            path
        });
        let usual = ["--port", "0", "--clock", MORNING];
        let mut command = command(&work, &[arguments, &usual].concat());
        command.env("HOME", &home).env("TMPDIR", &temporary);
        let program = Program::start(command);
        let client = program.client();
        let reference = refer(&client, "one").await;
        upload(&client, &reference).await;
        client.clock("2027-02-10T09:00:00Z".parse().unwrap()).await.unwrap().ok().unwrap();
        assert!(!client.mails().await.unwrap().is_empty());
        program.stop();

        assert_eq!(within(&work), [work.join(folder)]);
        assert_eq!(within(&home), Vec::<PathBuf>::new());
        assert_eq!(within(&temporary), Vec::<PathBuf>::new());
        assert_eq!(within(place.path()).len(), 3);
    }
}

fn within(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn the_clock_starts_where_it_is_set_and_runs_on() {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
    let first = now(&program.client()).await;
    let start: DateTime<Utc> = MORNING.parse().unwrap();
    assert!((start..start + TimeDelta::minutes(1)).contains(&first), "{first}");
    program.client().clock(start + TimeDelta::days(1)).await.unwrap().ok().unwrap();
    program.stop();

    let program = Program::serve(folder.path());
    let second = now(&program.client()).await;
    assert!(second >= start + TimeDelta::days(1), "{second}");
    program.stop();

    let data = folder.path().to_str().unwrap();
    let earlier = ["--port", "0", "--data", data, "--clock", MORNING];
    let line = refusal(command(Path::new(env!("CARGO_TARGET_TMPDIR")), &earlier));
    assert!(line.starts_with("the clock stands at 2027-01-05T09:0"), "{line}");
    assert!(line.contains("cannot go back: choose a later time"), "{line}");
}

/// What fell due while it was off is done before it says that it serves.
#[tokio::test]
async fn sixty_days_off_are_caught_up_with_at_the_start() {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
    let reference = refer(&program.client(), "one").await;
    let before = program.client().mails().await.unwrap().len();
    program.stop();

    let later = ["--clock", "2027-03-05T09:00:00Z"];
    let program = Program::serve_with(folder.path(), &later);

    let client = program.client();
    let mails = client.mails().await.unwrap();
    assert!(mails.len() > before);
    assert!(mails[before..].iter().all(|mail| mail["reference"] == json!(reference)));
    let history = client.get(COORDINATOR, &format!("/cases/{reference}/history")).await;
    let history = history.unwrap().ok().unwrap();
    let events = history["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["kind"] == "reminded"), "{events:?}");
    program.stop();
}

async fn now(client: &Client) -> DateTime<Utc> {
    let shown = client.send(Method::GET, "/local/clock", &[], None).await.unwrap().ok().unwrap();
    shown["now"].as_str().unwrap().parse().unwrap()
}
