//! The mailbox as a sender, a restart, a browser and a fault find it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod faults;
#[path = "../folder/mod.rs"]
mod folder;
mod identities;
#[path = "../killed/mod.rs"]
mod killed;
mod notifications;
mod page;
mod refusals;
mod restarts;
mod sender;
mod sending;

use local::backend::mailbox::{Mailbox, QueuedNotification};
use serde_json::Value;

const TO: &str = "chair@csp.example";

fn take(mailbox: &Mailbox) -> Vec<QueuedNotification> {
    mailbox.take_notifications(usize::MAX)
}

fn ids(batch: &[QueuedNotification]) -> Vec<&str> {
    batch.iter().map(|notification| notification.id.as_str()).collect()
}

/// The event that SES published.
fn ses_event(notification: &QueuedNotification) -> Value {
    let envelope: Value =
        serde_json::from_str(notification.record["body"].as_str().unwrap()).unwrap();
    serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap()
}

fn event_types(batch: &[QueuedNotification]) -> Vec<String> {
    let name = |event: Value| event["eventType"].as_str().unwrap().to_owned();
    batch.iter().map(ses_event).map(name).collect()
}
