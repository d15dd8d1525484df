//! A message as it was accepted, and as each of its recipients got it.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An accepted message: a line of the journal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// SES's `MessageId`.
    pub id: String,
    /// The sender as written, display name and all.
    pub from: String,
    /// The bare address of everyone it went to, copies included.
    pub to: Vec<String>,
    /// Decoded.
    pub subject: String,
    /// Empty when there is only HTML.
    pub text: String,
    /// Nothing when there is only text.
    pub html: Option<String>,
    /// SES's message tags.
    pub tags: BTreeMap<String, String>,
    /// Which set's event destinations hear of it.
    pub configuration_set: Option<String>,
    /// When it was accepted.
    pub at: DateTime<Utc>,
    /// The message tag of that name.
    pub reference: Option<String>,
}

/// What one recipient got.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMail {
    /// The bare address.
    pub to: String,
    /// Decoded.
    pub subject: String,
    /// Empty when there is only HTML.
    pub text: String,
    /// Nothing when there is only text.
    pub html: Option<String>,
    /// When it was accepted.
    pub at: DateTime<Utc>,
    /// The message tag of that name.
    pub reference: Option<String>,
}

impl Mail {
    /// One entry for each recipient.
    pub(super) fn sent(&self) -> impl Iterator<Item = SentMail> {
        self.to.iter().map(|to| SentMail {
            to: to.clone(),
            subject: self.subject.clone(),
            text: self.text.clone(),
            html: self.html.clone(),
            at: self.at,
            reference: self.reference.clone(),
        })
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for SentMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SentMail([redacted])")
    }
}
