//! What becomes of a message, as SES publishes it for a configuration set: one JSON document for
//! each event, with the fields of SES's "event publishing" format.

use std::{collections::BTreeMap, iter};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Mail, Settings, address::Address, settings::ACCOUNT};

/// One thing that becomes of a message, and of which recipients.
pub(super) enum Event<'a> {
    Send,
    Delivery(Vec<&'a str>),
    /// A permanent one: the address does not exist.
    Bounce(Vec<&'a str>),
    /// The message was delivered and then marked as spam.
    Complaint(Vec<&'a str>),
}

enum Fate {
    Delivered,
    Bounced,
    Complained,
}

impl Fate {
    /// The local parts of SES's mailbox simulator decide, in any domain.
    fn of(address: &str) -> Self {
        let local = address.split('@').next().unwrap_or_default();
        match local.split('+').next() {
            Some("bounce") => Self::Bounced,
            Some("complaint") => Self::Complained,
            Some(_) | None => Self::Delivered,
        }
    }
}

impl<'a> Event<'a> {
    /// Everything that becomes of the message, in order.
    pub(super) fn all(mail: &'a Mail) -> Vec<Self> {
        let (mut delivered, mut bounced, mut complained) = (Vec::new(), Vec::new(), Vec::new());
        for address in mail.to.iter().map(String::as_str) {
            match Fate::of(address) {
                Fate::Delivered => delivered.push(address),
                Fate::Bounced => bounced.push(address),
                Fate::Complained => {
                    delivered.push(address);
                    complained.push(address);
                }
            }
        }
        let outcomes =
            [Self::Delivery(delivered), Self::Bounce(bounced), Self::Complaint(complained)];
        let of_anyone = |event: &Self| !event.recipients().is_empty();
        iter::once(Self::Send).chain(outcomes.into_iter().filter(of_anyone)).collect()
    }

    fn recipients(&self) -> &[&'a str] {
        match self {
            Self::Send => &[],
            Self::Delivery(recipients) | Self::Bounce(recipients) | Self::Complaint(recipients) => {
                recipients
            }
        }
    }

    /// SES's `eventType`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Send => "Send",
            Self::Delivery(_) => "Delivery",
            Self::Bounce(_) => "Bounce",
            Self::Complaint(_) => "Complaint",
        }
    }

    /// The document that is published.
    pub(super) fn document(&self, mail: &Mail, settings: &Settings) -> Value {
        let name = self.name();
        json!({
            "eventType": name,
            "mail": message(mail, settings),
            name.to_lowercase(): self.details(mail),
        })
    }

    fn details(&self, mail: &Mail) -> Value {
        let at = timestamp(mail.at);
        // Feedback on a message is the same feedback after a restart.
        let name = format!("{}/{}", mail.id, self.name());
        let feedback = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string();
        match self {
            Self::Send => json!({}),
            Self::Delivery(recipients) => json!({
                "timestamp": at,
                "processingTimeMillis": 1,
                "recipients": recipients,
                "smtpResponse": "250 2.6.0 Message received",
                "reportingMTA": "localhost",
            }),
            Self::Bounce(recipients) => json!({
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": recipients.iter().map(|address| json!({
                    "emailAddress": address,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                })).collect::<Vec<_>>(),
                "timestamp": at,
                "feedbackId": feedback,
                "reportingMTA": "dsn; localhost",
            }),
            Self::Complaint(recipients) => json!({
                "complainedRecipients": recipients.iter().map(|address| json!({
                    "emailAddress": address,
                })).collect::<Vec<_>>(),
                "timestamp": at,
                "feedbackId": feedback,
                "complaintFeedbackType": "abuse",
                "arrivalDate": at,
            }),
        }
    }
}

/// What every event says about the message it is about.
fn message(mail: &Mail, settings: &Settings) -> Value {
    let sender = Address::parse(&mail.from).ok();
    let domain = sender.as_ref().map(|sender| sender.domain.clone());
    let source = sender.map_or_else(|| mail.from.clone(), |sender| sender.to_string());
    json!({
        "timestamp": timestamp(mail.at),
        "messageId": mail.id,
        "source": source,
        "sourceArn": format!("arn:aws:ses:{}:{ACCOUNT}:identity/{source}", settings.region),
        "sendingAccountId": ACCOUNT,
        "destination": mail.to,
        "headersTruncated": false,
        "headers": [
            { "name": "From", "value": mail.from },
            { "name": "To", "value": mail.to.join(", ") },
            { "name": "Subject", "value": mail.subject },
            { "name": "MIME-Version", "value": "1.0" },
        ],
        "commonHeaders": {
            "from": [mail.from],
            "to": mail.to,
            "messageId": mail.id,
            "subject": mail.subject,
        },
        "tags": tags(mail, domain),
    })
}

/// The message's tags and SES's own; each has a list of values.
fn tags(mail: &Mail, domain: Option<String>) -> BTreeMap<String, [String; 1]> {
    let own = [
        ("ses:configuration-set", mail.configuration_set.clone()),
        ("ses:from-domain", domain),
        ("ses:source-ip", Some("127.0.0.1".to_owned())),
        ("ses:caller-identity", Some("local".to_owned())),
    ];
    let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    mail.tags.clone().into_iter().chain(own).map(|(name, value)| (name, [value])).collect()
}

/// An instant as SES and SNS write it.
pub(super) fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
