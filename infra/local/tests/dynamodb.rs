//! The embedded DynamoDB: what it keeps, and what it says when it cannot.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod killed;
mod tables;

use std::{fs, net::TcpListener};

use aws_sdk_dynamodb::{Client, error::ProvideErrorMetadata as _};
use local::backend::{BackendError, dynamodb};
use tokio::sync::mpsc::{self, UnboundedSender};

use folder::Folder;
use killed::Victim;
use tables::{TABLE, text};

#[tokio::test]
async fn tables_and_items_are_there_again_after_a_restart() {
    let folder = Folder::new();
    let before = dynamodb::start(Some(folder.path()), 0).await.unwrap();
    let client = tables::client(before.endpoint());
    tables::create(&client).await;
    put(&client, "one").await.unwrap();
    before.stop().await;

    let after = dynamodb::start(Some(folder.path()), 0).await.unwrap();

    assert!(holds(&tables::client(after.endpoint()), "one").await);
}

#[tokio::test]
async fn a_database_in_memory_keeps_nothing() {
    let before = dynamodb::start(None, 0).await.unwrap();
    tables::create(&tables::client(before.endpoint())).await;
    before.stop().await;

    let after = dynamodb::start(None, 0).await.unwrap();

    let listed = tables::client(after.endpoint()).list_tables().send().await;
    assert!(listed.unwrap().table_names().is_empty());
}

#[tokio::test]
async fn every_acknowledged_write_survives_kill_9() {
    let folder = Folder::new();
    let victim = Victim::spawn("victim", folder.path());
    tables::create(&tables::client(&victim.endpoint)).await;
    let (acknowledged, mut heard) = mpsc::unbounded_channel();
    for writer in 0..4 {
        tokio::spawn(write(tables::client(&victim.endpoint), writer, acknowledged.clone()));
    }
    drop(acknowledged);
    let mut keys = Vec::new();
    while keys.len() < 200 {
        keys.push(heard.recv().await.unwrap());
    }

    victim.kill();

    while let Some(key) = heard.recv().await {
        keys.push(key);
    }
    let after = dynamodb::start(Some(folder.path()), 0).await.unwrap();
    let client = tables::client(after.endpoint());
    for key in keys {
        assert!(holds(&client, &key).await, "{key} is lost");
    }
}

#[tokio::test]
async fn a_full_disk_refuses_a_write_and_harms_no_other() {
    let folder = Folder::new();
    let empty = dynamodb::start(Some(folder.path()), 0).await.unwrap();
    tables::create(&tables::client(empty.endpoint())).await;
    empty.stop().await;
    let victim = Victim::spawn_on_full_disk("victim", folder.path());
    let client = tables::client(&victim.endpoint);
    let mut keys = Vec::new();
    let refused = loop {
        let key = format!("{}-{}", keys.len(), "x".repeat(1000));
        match put(&client, &key).await {
            Ok(()) => keys.push(key),
            Err(error) => break error,
        }
    };

    assert_eq!(refused.code(), Some("InternalServerError"), "{refused:?}");
    assert!(!keys.is_empty());
    victim.kill();
    let after = dynamodb::start(Some(folder.path()), 0).await.unwrap();
    let client = tables::client(after.endpoint());
    for key in keys {
        assert!(holds(&client, &key).await, "{key} is lost");
    }
}

#[tokio::test]
#[ignore = "runs in a process of its own, to be killed by another test"]
async fn victim() {
    if let Some(folder) = killed::folder() {
        let running = dynamodb::start(Some(&folder), 0).await.unwrap();
        killed::serve_until_killed(running.endpoint()).await;
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_in_one_line_that_names_it() {
    let folder = Folder::new();
    let running = dynamodb::start(Some(folder.path()), 0).await.unwrap();
    let client = tables::client(running.endpoint());
    tables::create(&client).await;
    for index in 0..200 {
        put(&client, &format!("{index}-{}", "x".repeat(1000))).await.unwrap();
    }
    running.stop().await;
    let path = folder.path().join(dynamodb::FILE);
    let whole = fs::read(&path).unwrap();
    let quarter = whole.len() / 4;
    let mut overwritten = whole.clone();
    overwritten[quarter..3 * quarter].fill(0x55);

    for damaged in [b"not a database".repeat(400), whole[..quarter].to_vec(), overwritten] {
        fs::write(&path, damaged).unwrap();

        let refused = dynamodb::start(Some(folder.path()), 0).await.unwrap_err();

        assert!(matches!(refused, BackendError::Database { .. }));
        let line = refused.to_string();
        assert!(line.contains(&path.display().to_string()), "{line}");
        assert!(line.contains("move it away"), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_refused() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join(dynamodb::FILE)).unwrap();

    let refused = dynamodb::start(Some(folder.path()), 0).await.unwrap_err();

    assert!(matches!(refused, BackendError::Database { .. }));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_refused() {
    let folder = Folder::new();
    fs::write(folder.path(), "a file").unwrap();

    let refused = dynamodb::start(Some(folder.path()), 0).await.unwrap_err();

    fs::remove_file(folder.path()).unwrap();
    assert!(matches!(refused, BackendError::Folder { .. }));
}

#[tokio::test]
async fn a_port_is_free_again_after_a_stop_and_refused_while_taken() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();

    let refused = dynamodb::start(None, port).await.unwrap_err();

    assert!(refused.to_string().contains(&port.to_string()));
    drop(taken);
    let running = dynamodb::start(None, port).await.unwrap();
    assert_eq!(running.endpoint(), format!("http://127.0.0.1:{port}"));
    running.stop().await;
    TcpListener::bind(("127.0.0.1", port)).unwrap();
}

async fn write(client: Client, writer: u8, acknowledged: UnboundedSender<String>) {
    for index in 0.. {
        let key = format!("{writer}-{index}");
        if put(&client, &key).await.is_err() || acknowledged.send(key).is_err() {
            break;
        }
    }
}

async fn put(client: &Client, key: &str) -> Result<(), aws_sdk_dynamodb::Error> {
    client.put_item().table_name(TABLE).item("pk", text(key)).send().await?;
    Ok(())
}

async fn holds(client: &Client, key: &str) -> bool {
    let found = client.get_item().table_name(TABLE).key("pk", text(key)).send().await;
    found.unwrap().item.is_some()
}
