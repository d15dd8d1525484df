//! What outlives the process, however it ends.

use std::{fs, io::Write as _, path::Path, sync::Arc};

use aws_sdk_ses::error::ProvideErrorMetadata as _;
use local::backend::{
    BackendError,
    mailbox::{ACKS_FILE, MAIL_FILE, Mailbox},
};
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::{
    TO,
    folder::Folder,
    ids,
    killed::{self, Victim},
    sender::{self, FROM, Sender},
    take,
};

#[tokio::test]
async fn everything_is_there_again_after_a_restart() {
    let folder = Folder::new();
    let before = Sender::in_folder(folder.path()).await;
    before.send(TO, "one").await;
    before.send("bounce@a.example", "two").await;
    let taken = take(&before.mailbox);
    before.mailbox.ack(&taken[1].id).unwrap();
    let listed = before.mailbox.list();
    before.running.stop().await;

    let after = Sender::in_folder(folder.path()).await;

    assert!(after.mailbox.list() == listed);
    let open = [&taken[0], &taken[2], &taken[3]].map(|notification| notification.id.as_str());
    let again = take(&after.mailbox);
    assert_eq!(ids(&again), open);
    assert_eq!(again[0].record["body"], taken[0].record["body"]);
    after.send(TO, "three").await;
    assert_eq!(after.subjects(), ["one", "two", "three"]);
}

#[tokio::test]
async fn every_acknowledged_message_survives_kill_9() {
    let folder = Folder::new();
    let victim = Victim::spawn("restarts::victim", folder.path());
    let (acknowledged, mut heard) = mpsc::unbounded_channel();
    for writer in 0..4 {
        let ses = sender::client(&victim.endpoint);
        tokio::spawn(write(ses, writer, acknowledged.clone()));
    }
    drop(acknowledged);
    let mut subjects = Vec::new();
    while subjects.len() < 100 {
        subjects.push(heard.recv().await.unwrap());
    }

    victim.kill();

    while let Some(subject) = heard.recv().await {
        subjects.push(subject);
    }
    let kept = Sender::in_folder(folder.path()).await.subjects();
    for subject in subjects {
        assert_eq!(kept.iter().filter(|found| **found == subject).count(), 1, "{subject}");
    }
}

#[tokio::test]
async fn a_full_disk_refuses_a_message_and_harms_no_other() {
    let folder = Folder::new();
    let victim = Victim::spawn_on_full_disk("restarts::victim", folder.path());
    let ses = sender::client(&victim.endpoint);
    sender::send(&ses, TO, "one").await.unwrap();
    let long = sender::message("long", &"x".repeat(1_000_000), None);

    let request = sender::request(&ses, FROM, TO, "long").message(long);
    let refused = request.send().await.unwrap_err();

    assert_eq!(refused.code(), Some("InternalFailure"));
    sender::send(&ses, TO, "two").await.unwrap();
    victim.kill();
    let after = Sender::in_folder(folder.path()).await;
    assert_eq!(after.subjects(), ["one", "two"]);
}

#[tokio::test]
async fn an_acknowledgement_is_written_once_and_only_for_what_is_queued() {
    let folder = Folder::new();
    let sender = Sender::in_folder(folder.path()).await;
    sender.send(TO, "s").await;
    let taken = take(&sender.mailbox);

    for id in [&taken[0].id, &taken[0].id, "unknown"] {
        sender.mailbox.ack(id).unwrap();
    }

    let acks = fs::read_to_string(folder.path().join(ACKS_FILE)).unwrap();
    assert_eq!(acks.lines().count(), 1);
}

#[tokio::test]
#[ignore = "runs in a process of its own, to be killed by another test"]
async fn victim() {
    if let Some(folder) = killed::folder() {
        let sender = Sender::in_folder(&folder).await;
        killed::serve_until_killed(sender.running.endpoint()).await;
    }
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off_and_the_journal_goes_on() {
    for name in [MAIL_FILE, ACKS_FILE] {
        let folder = Folder::new();
        let before = Sender::in_folder(folder.path()).await;
        before.send(TO, "one").await;
        let taken = take(&before.mailbox);
        before.mailbox.ack(&taken[0].id).unwrap();
        before.running.stop().await;
        append(&folder.path().join(name), b"{\"id\":\"\xe2\x82");

        let after = Sender::in_folder(folder.path()).await;
        after.send(TO, "two").await;
        after.mailbox.ack(&taken[1].id).unwrap();
        after.running.stop().await;

        let last = Sender::in_folder(folder.path()).await;
        assert_eq!(last.subjects(), ["one", "two"], "{name}");
        assert_eq!(take(&last.mailbox).len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_damaged_line_is_refused_with_file_and_number() {
    let folder = Folder::new();
    let before = Sender::in_folder(folder.path()).await;
    before.send(TO, "one").await;
    before.running.stop().await;
    let path = folder.path().join(MAIL_FILE);
    append(&path, b"damaged\n");
    let good = fs::read(&path).unwrap();
    append(&path, &good);

    let refused = open(folder.path()).err().unwrap();

    assert!(matches!(refused, BackendError::JournalLine { line: 2, .. }));
    let line = refused.to_string();
    assert!(line.contains(&format!("line 2 of {}", path.display())), "{line}");
    assert_eq!(line.lines().count(), 1);
}

#[tokio::test]
async fn a_journal_that_cannot_be_opened_is_refused() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join(ACKS_FILE)).unwrap();

    let refused = open(folder.path()).err().unwrap();

    assert!(matches!(refused, BackendError::Journal { .. }));
    assert!(refused.to_string().contains(ACKS_FILE));
}

fn open(folder: &Path) -> Result<Mailbox, BackendError> {
    Mailbox::open(Some(folder), sender::settings(Arc::new(sender::start)))
}

fn append(path: &Path, bytes: &[u8]) {
    let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

async fn write(ses: aws_sdk_ses::Client, writer: u8, acknowledged: UnboundedSender<String>) {
    for index in 0.. {
        let subject = format!("{writer}-{index}");
        let sent = sender::send(&ses, TO, &subject).await;
        if sent.is_err() || acknowledged.send(subject).is_err() {
            break;
        }
    }
}
