//! The queue between SES's notifications and the function that receives them. It lives in memory:
//! what is not acknowledged on disk is put in again when the mailbox is opened.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Settings, receipts::Notification, settings::ACCOUNT};

/// A line of the journal of what need not be delivered again.
#[derive(Serialize, Deserialize)]
pub(super) struct Ack {
    pub(super) notification: String,
}

impl Ack {
    pub(super) fn of(id: &str) -> Self {
        Self { notification: id.to_owned() }
    }
}

/// One delivery of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedNotification {
    /// What [`super::Mailbox::ack`] takes: the record's `messageId`, which a function's partial
    /// batch response also calls it by.
    pub id: String,
    /// A record of an SQS event.
    pub record: Value,
}

/// The event that Lambda gives a function for these records of its queue.
#[must_use]
pub fn sqs_event(batch: &[QueuedNotification]) -> Value {
    let records: Vec<_> = batch.iter().map(|delivery| &delivery.record).collect();
    json!({ "Records": records })
}

/// What waits to be delivered.
#[derive(Default)]
pub(super) struct Queue(VecDeque<Waiting>);

struct Waiting {
    notification: Notification,
    receives: u32,
    first_receive: Option<DateTime<Utc>>,
}

impl Queue {
    pub(super) fn publish(&mut self, notifications: impl IntoIterator<Item = Notification>) {
        self.0.extend(notifications.into_iter().map(|notification| Waiting {
            notification,
            receives: 0,
            first_receive: None,
        }));
    }

    /// Delivers from the front and puts back at the end, so that one that always fails does not
    /// keep the others waiting.
    pub(super) fn take(
        &mut self,
        max: usize,
        now: DateTime<Utc>,
        settings: &Settings,
    ) -> Vec<QueuedNotification> {
        let count = max.min(self.0.len());
        let batch =
            self.0.iter_mut().take(count).map(|waiting| waiting.deliver(now, settings)).collect();
        self.0.rotate_left(count);
        batch
    }

    pub(super) fn holds(&self, id: &str) -> bool {
        self.0.iter().any(|waiting| waiting.notification.id == id)
    }

    pub(super) fn forget(&mut self, id: &str) {
        self.0.retain(|waiting| waiting.notification.id != id);
    }
}

impl Waiting {
    fn deliver(&mut self, now: DateTime<Utc>, settings: &Settings) -> QueuedNotification {
        self.receives += 1;
        let first = *self.first_receive.get_or_insert(now);
        let Notification { id, body, sent } = &self.notification;
        let record = json!({
            "messageId": id,
            "receiptHandle": format!("{id}#{}", self.receives),
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": self.receives.to_string(),
                "SentTimestamp": sent.timestamp_millis().to_string(),
                "SenderId": ACCOUNT,
                "ApproximateFirstReceiveTimestamp": first.timestamp_millis().to_string(),
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": settings.queue_arn,
            "awsRegion": settings.region,
        });
        QueuedNotification { id: id.clone(), record }
    }
}
