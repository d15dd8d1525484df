//! Reads one case, or one remembered command, as it is now.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use review::values::{CspId, Reference};
use review::{Case, next_due};

use super::Store;
use super::chain::Digest;
use super::items::{self, Item, maybe_text, s, stamp};
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
    /// Where it stands in the index of what is due.
    pub place: DuePlace,
}

/// A case's place in the index of what is due, as its item says it: raw, because a place that
/// makes no sense is as wrong as another one, and to be found and repaired like it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuePlace {
    at: Option<String>,
    shard: Option<String>,
}

impl DuePlace {
    /// The place that a case itself gives.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        next_due(case).map_or_else(Self::default, |due| Self {
            at: Some(stamp(due)),
            shard: Some(keys::shard(&case.csp, &case.reference)),
        })
    }

    /// When it is due, to the second; `None` while it does not stand in the index.
    #[must_use]
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.shard.as_ref().and(self.at.as_ref()).and_then(|at| at.parse().ok())
    }

    /// How this place differs from the `right` one.
    #[must_use]
    pub fn mistake(&self, right: &Self) -> Option<Misplaced> {
        if self == right {
            None
        } else if *right == Self::default() {
            Some(Misplaced::NeedsNone)
        } else if self.at.is_none() || self.shard.is_none() {
            Some(Misplaced::Missing)
        } else {
            Some(Misplaced::Wrong)
        }
    }

    fn read(item: &Item) -> Self {
        let text = |name| maybe_text(item, name).map(str::to_owned);
        Self { at: text("next_due"), shard: text("due_shard") }
    }

    /// The attributes that put an item there; none that keep it out.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, AttributeValue)> {
        let named = [("next_due", &self.at), ("due_shard", &self.shard)];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), s(value.clone()?))))
    }
}

/// How a case's place in the index of what is due was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// It stood at another instant or in another part.
    Wrong,
    /// It did not stand there.
    Missing,
    /// It owes nothing, and stood there.
    NeedsNone,
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
    Ok(Stored { case, version, head, place: DuePlace::read(item) })
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
