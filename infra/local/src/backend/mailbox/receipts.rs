//! SES's notifications about a message, wrapped as SNS wraps them for a queue. They follow from
//! the message alone, ids included, so that a restart finds the same ones again.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    Mail, Settings,
    event::{self, Event},
};

/// A message for the queue.
pub(super) struct Notification {
    /// SQS's `messageId`.
    pub(super) id: String,
    /// SQS's `body`: SNS's envelope as text.
    pub(super) body: String,
    pub(super) sent: DateTime<Utc>,
}

/// The notifications about a message; none without a configuration set, as nobody asked for them.
pub(super) fn of(mail: &Mail, settings: &Settings) -> Vec<Notification> {
    if mail.configuration_set.is_none() {
        return Vec::new();
    }
    Event::all(mail)
        .iter()
        .map(|event| Notification {
            id: id(mail, event, "sqs"),
            body: envelope(mail, event, settings),
            sent: mail.at,
        })
        .collect()
}

fn envelope(mail: &Mail, event: &Event, settings: &Settings) -> String {
    let sns = format!("https://sns.{}.amazonaws.com", settings.region);
    let topic = &settings.topic_arn;
    json!({
        "Type": "Notification",
        "MessageId": id(mail, event, "sns"),
        "TopicArn": topic,
        "Subject": "Amazon SES Email Event Notification",
        "Message": event.document(mail, settings).to_string(),
        "Timestamp": event::timestamp(mail.at),
        "SignatureVersion": "1",
        "Signature": "",
        "SigningCertURL": format!("{sns}/SimpleNotificationService-local.pem"),
        "UnsubscribeURL": format!("{sns}/?Action=Unsubscribe&SubscriptionArn={topic}:local"),
    })
    .to_string()
}

/// What the service calls its message about this event.
fn id(mail: &Mail, event: &Event, service: &str) -> String {
    let name = format!("{service}/{}/{}", mail.id, event.name());
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}
