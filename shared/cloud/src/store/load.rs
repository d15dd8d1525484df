//! Reads one case, or one remembered command, as it is now.

use chrono::{DateTime, Utc};
use review::Case;
use review::values::{CspId, Reference};

use super::Store;
use super::chain::Digest;
use super::items::{self, Item};
use super::keys;
use crate::fault::Fault;

/// A case with what its next change is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The case.
    pub case: Case,
    /// How many events it has; the condition of the next append.
    pub version: u64,
    /// The hash of its last event.
    pub head: Digest,
    /// When it stands in the index of what is due, to the second; `None` while it does not.
    pub next_due: Option<DateTime<Utc>>,
}

/// What was answered to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReply {
    /// Of what was asked.
    pub fingerprint: Digest,
    /// The answer.
    pub reply: serde_json::Value,
    /// The case it was about.
    pub reference: Reference,
}

impl Store {
    /// A case.
    ///
    /// # Errors
    /// A [`Fault`] of the table or of a case that cannot be read.
    pub async fn load(&self, csp: &CspId, reference: &Reference) -> Result<Option<Stored>, Fault> {
        let item = self.get(&self.names.cases, keys::case(csp, reference)).await?;
        item.as_ref().map(stored).transpose()
    }

    /// What was answered to the command of this hash, if it was carried out.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn reply_to(&self, command: &Digest) -> Result<Option<StoredReply>, Fault> {
        let item = self.get(&self.names.cases, keys::command(&command.to_string())).await?;
        item.as_ref().map(stored_reply).transpose()
    }
}

pub(super) fn stored(item: &Item) -> Result<Stored, Fault> {
    let case: Case = items::parsed(item, "body")?;
    let version = items::number(item, "version")?;
    if case.seq != version {
        return Err(items::malformed("version"));
    }
    let head = digest(item, "head")?;
    Ok(Stored { case, version, head, next_due: items::maybe_instant(item, "next_due")? })
}

pub(super) fn stored_reply(item: &Item) -> Result<StoredReply, Fault> {
    Ok(StoredReply {
        fingerprint: digest(item, "fingerprint")?,
        reply: items::parsed(item, "reply")?,
        reference: reference(item, "reference")?,
    })
}

pub(super) fn digest(item: &Item, name: &'static str) -> Result<Digest, Fault> {
    Digest::parse(items::text(item, name)?).ok_or_else(|| items::malformed(name))
}

pub(super) fn reference(item: &Item, name: &'static str) -> Result<Reference, Fault> {
    Reference::parse(items::text(item, name)?).map_err(|_| items::malformed(name))
}
