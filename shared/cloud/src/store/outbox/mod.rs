//! The outbox in the table: what is owed to whom, and the conditional updates that let many
//! workers share it. Each update says whether its condition held; if it did not, another worker
//! was there first and the caller leaves the item alone. When to do which is the mail module's
//! protocol; here is only what may follow what:
//!
//! ```text
//! PENDING ─claim─► SENDING ─settle_sent─► SENT
//!    │  ▲               ├─back_off─► PENDING
//!    │  └───────────────┘
//!    ├─suppress─► SUPPRESSED    ├─failed───► FAILED
//!    ├─fan_out──► FANNED        └─to_human─► HUMAN
//!    └─to_human─► HUMAN
//! PENDING, SENDING, HUMAN ─receipt─► SENT
//! ```

mod change;
mod fan_out;
mod id;
mod receipt;
mod repair;
mod settle;

use chrono::{DateTime, Utc};
use review::event::Envelope;
use review::react::Effect;
use review::values::ActorId;

pub use id::OutboxId;
pub use receipt::Receipt;

use super::items::{self, Item, n, s, stamp};
use super::keys::{self, CaseKey};
use super::{Index, Store};
use crate::fault::Fault;

/// The attributes that put an item into the index of what is owed.
const OWED: &[&str] = &["outbox_shard", "not_before"];

/// Where an outbox item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutboxStatus {
    /// Owed.
    Pending,
    /// Claimed by a worker that sends it, or in doubt.
    Sending,
    /// Handed to the mail service.
    Sent,
    /// Given to a person: it could not be settled.
    Human,
    /// Replaced by one item per person.
    Fanned,
    /// Not sent, because it was no longer true.
    Suppressed,
    /// Refused by the mail service for good.
    Failed,
}

impl OutboxStatus {
    const ALL: &'static [Self] = &[
        Self::Pending,
        Self::Sending,
        Self::Sent,
        Self::Human,
        Self::Fanned,
        Self::Suppressed,
        Self::Failed,
    ];

    /// Whether something is still to be done about it, so that it must stand in the index.
    #[must_use]
    pub const fn is_owed(self) -> bool {
        match self {
            Self::Pending | Self::Sending => true,
            Self::Sent | Self::Human | Self::Fanned | Self::Suppressed | Self::Failed => false,
        }
    }

    /// The status as the table holds it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Sending => "SENDING",
            Self::Sent => "SENT",
            Self::Human => "HUMAN",
            Self::Fanned => "FANNED",
            Self::Suppressed => "SUPPRESSED",
            Self::Failed => "FAILED",
        }
    }
}

/// An e-mail owed, as it was last read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    /// Its id, which names the case, the event and, once fanned out, the person. The address is
    /// looked up when the mail is sent, so that none is kept here.
    pub id: OutboxId,
    /// What it says and to whom; `None` where this version of the program does not know it, so
    /// that a person must look.
    pub effect: Option<Effect>,
    /// The first item of the event that says the same, where several lists of people are told it:
    /// whoever is on more than one gets one mail, which belongs to that first item.
    pub letter: Option<u32>,
    /// Where it stands.
    pub status: OutboxStatus,
    /// How often it was claimed.
    pub attempt: u64,
    /// The claim in force or the last one.
    pub attempt_id: Option<String>,
    /// Until when the claiming worker may be sending.
    pub lease_until: Option<DateTime<Utc>>,
    /// When it is next to be looked at; `None` once nothing is owed, or where the item makes no
    /// sense of it.
    pub not_before: Option<DateTime<Utc>>,
    /// Whether it stands in the index of what is owed, where the sweep finds it.
    pub indexed: bool,
}

/// An outbox item in `SENDING` under a known attempt: only who names that attempt settles it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The item.
    pub item: OutboxItem,
    /// The attempt.
    pub attempt_id: String,
}

/// How long a claim counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Until then the worker may be sending; longer than it can live.
    pub until: DateTime<Utc>,
    /// From then on an unsettled send is decided without waiting longer for its receipt.
    pub doubt_ends: DateTime<Utc>,
}

/// What the sweep finds owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxDue {
    /// The item.
    pub id: OutboxId,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl OutboxItem {
    /// The id of the mail to one person that this item becomes, alone or with others that say the
    /// same.
    #[must_use]
    pub fn to_person(&self, person: ActorId) -> OutboxId {
        let n = self.letter.unwrap_or(self.id.n);
        OutboxId { n, person: Some(person), ..self.id.clone() }
    }

    /// The claim in force, for the sweep that finds the item in doubt.
    #[must_use]
    pub fn in_flight(&self) -> Option<Claimed> {
        let attempt_id =
            self.attempt_id.clone().filter(|_| self.status == OutboxStatus::Sending)?;
        Some(Claimed { item: self.clone(), attempt_id })
    }
}

impl Store {
    /// What is owed in one shard (0 to [`super::SHARDS`] - 1) up to `now`, the longest overdue
    /// first, at most `limit`. An item in `SENDING` is among it once its doubt window has ended.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn outbox_due(
        &self,
        now: DateTime<Utc>,
        shard: u8,
        limit: usize,
    ) -> Result<Vec<OutboxDue>, Fault> {
        let found = self.owed(Index::OUTBOX, now, shard, limit, OutboxId::from_key).await?;
        Ok(found.into_iter().map(|(id, since)| OutboxDue { id, since }).collect())
    }

    /// One outbox item as it is now (a consistent read).
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn get_outbox(&self, id: &OutboxId) -> Result<Option<OutboxItem>, Fault> {
        self.get(&self.names.cases, id.key()).await?.as_ref().map(read).transpose()
    }

    /// Every outbox item of the event that caused this one.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn outbox_beside(&self, id: &OutboxId) -> Result<Vec<OutboxItem>, Fault> {
        let (pk, prefix) = (keys::case_pk(&id.csp, &id.reference), keys::outbox_of_event(id.seq));
        self.query_prefix(pk, &prefix).await?.iter().map(read).collect()
    }

    /// Every outbox item of a case, in the order of its history.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn outbox_of(&self, case: &CaseKey) -> Result<Vec<OutboxItem>, Fault> {
        let found = self.query_prefix(case.pk(), keys::OUTBOX).await?;
        found.iter().map(read).collect()
    }
}

/// The new items of an event, one for each effect.
pub(super) fn of_event(envelope: &Envelope, effects: &[Effect]) -> Result<Vec<Item>, Fault> {
    let of = |n| OutboxId {
        csp: envelope.csp.clone(),
        reference: envelope.reference.clone(),
        seq: envelope.seq,
        n,
        person: None,
    };
    let new = |(n, effect)| pending(&of(n), effect, letter(effects, effect), envelope.at);
    (0..).zip(effects).map(new).collect()
}

/// The first effect that says the same as this one, if it is not the only one that does.
fn letter(effects: &[Effect], effect: &Effect) -> Option<u32> {
    let mut same = (0..).zip(effects).filter(|(_, other)| other.says_the_same(effect));
    let (first, _) = same.next()?;
    same.next().map(|_| first)
}

/// A new item, owed from `since` on.
fn pending(
    id: &OutboxId,
    effect: &Effect,
    letter: Option<u32>,
    since: DateTime<Utc>,
) -> Result<Item, Fault> {
    let mut item = items::item(
        id.key(),
        [
            ("id", s(id.to_string())),
            ("effect", s(items::json(effect)?)),
            ("status", s(OutboxStatus::Pending.name())),
            ("attempt", n(0)),
            ("outbox_shard", s(keys::shard(&id.csp, &id.reference))),
            ("not_before", s(stamp(since))),
        ],
    );
    item.extend(letter.map(|first| ("letter".to_owned(), n(first))));
    Ok(item)
}

fn read(item: &Item) -> Result<OutboxItem, Fault> {
    let status = items::text(item, "status")?;
    let id = OutboxId::from_key(items::text(item, "pk")?, items::text(item, "sk")?)
        .ok_or_else(|| items::malformed("sk"))?;
    let shard = keys::shard(&id.csp, &id.reference);
    let not_before = items::maybe_instant(item, "not_before").unwrap_or_default();
    Ok(OutboxItem {
        indexed: not_before.is_some()
            && items::maybe_text(item, "outbox_shard") == Some(shard.as_str()),
        id,
        effect: serde_json::from_str(items::text(item, "effect")?).ok(),
        letter: items::maybe_number(item, "letter")?,
        status: OutboxStatus::ALL
            .iter()
            .copied()
            .find(|known| known.name() == status)
            .ok_or_else(|| items::malformed("status"))?,
        attempt: items::number(item, "attempt")?,
        attempt_id: items::maybe_text(item, "attempt_id").map(str::to_owned),
        lease_until: items::maybe_instant(item, "lease_until")?,
        not_before,
    })
}
