//! Mail as its recipients see it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use review::dates::london_date;
use serde_json::Value;

/// One mail to one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mail {
    /// The person or duty, by the name in the address.
    pub to: String,
    /// The subject without its marking and reference.
    pub topic: String,
    pub at: DateTime<Utc>,
    pub reference: String,
    /// Subject, text and page together.
    pub everything: String,
}

impl Mail {
    pub fn read(sent: &Value) -> Self {
        let text = |name: &str| sent[name].as_str().unwrap_or_default().to_owned();
        let (subject, reference) = (text("subject"), text("reference"));
        let topic = subject
            .strip_prefix("OFFICIAL-SENSITIVE: ")
            .and_then(|rest| rest.strip_suffix(&format!(" ({reference})")))
            .unwrap_or_else(|| panic!("not a subject: {subject:?}"))
            .to_owned();
        let to = text("to").strip_suffix("@sample-csp.example").unwrap().to_owned();
        let everything = [subject, text("text"), text("html")].join("\n");
        Self { to, topic, at: text("at").parse().unwrap(), reference, everything }
    }

    /// The London date it was sent on.
    pub fn day(&self) -> NaiveDate {
        london_date(self.at)
    }
}

/// Who was told what, in order of names.
pub fn told(mails: &[Mail]) -> Vec<(String, String)> {
    let mut told: Vec<_> = mails.iter().map(|mail| (mail.to.clone(), mail.topic.clone())).collect();
    told.sort();
    told
}

/// Asserts that exactly these were told exactly this, each once.
#[track_caller]
pub fn assert_told(mails: &[Mail], expected: &[(&[&str], &str)]) {
    let each = |(people, topic): &(&[&str], &str)| {
        people.iter().map(|to| ((*to).to_owned(), (*topic).to_owned())).collect::<Vec<_>>()
    };
    let mut expected: Vec<_> = expected.iter().flat_map(each).collect();
    expected.sort();
    assert_eq!(told(mails), expected);
}

/// Asserts that no mail was sent twice: the same words to the same person on the same day.
#[track_caller]
pub fn assert_no_mail_twice(mails: &[Mail]) {
    let mut seen = BTreeSet::new();
    for mail in mails {
        let once = seen.insert((&mail.to, &mail.reference, &mail.topic, mail.day()));
        assert!(once, "sent twice to {}: {}", mail.to, mail.topic);
    }
}
