//! Reads what happened to a case. The envelope comes from the table of events, the record from
//! beside the case, where disposal may have erased it.

use std::collections::BTreeMap;

use review::Event;
use review::event::Envelope;
use review::values::{CspId, Reference};

use super::Store;
use super::chain::Digest;
use super::items::{self, Item};
use super::read::Asked;
use super::{keys, load};
use crate::fault::Fault;

/// One event of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Who, when, what, from where to where.
    pub envelope: Envelope,
    /// The record; `None` once it was erased.
    pub event: Option<Event>,
    /// The commitment to the record.
    pub commit: Digest,
    /// The hash of the event before.
    pub prev: Digest,
    /// The hash of this one.
    pub hash: Digest,
}

/// A part of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// The events, oldest first.
    pub entries: Vec<HistoryEntry>,
    /// The number after which the history goes on; `None` at its end.
    pub next: Option<u64>,
}

/// An event as it is stored, and the item of its record.
pub(super) struct RawEvent {
    pub(super) sk: String,
    pub(super) event: Item,
    pub(super) payload: Option<Item>,
}

impl Store {
    /// Up to `limit` (at least 1) events after number `after_seq`; 0 begins at the first.
    ///
    /// # Errors
    /// A [`Fault`] of the tables or of an event that cannot be read.
    pub async fn history(
        &self,
        csp: &CspId,
        reference: &Reference,
        after_seq: u64,
        limit: u16,
    ) -> Result<HistoryPage, Fault> {
        let (raw, goes_on) =
            self.raw_history(csp, reference, &keys::event_sk(after_seq), limit).await?;
        let entries = raw.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        let last = entries.last().map(|entry| entry.envelope.seq);
        Ok(HistoryPage { entries, next: last.filter(|_| goes_on) })
    }

    /// Events after the sort key `after`, and whether there are more.
    pub(super) async fn raw_history(
        &self,
        csp: &CspId,
        reference: &Reference,
        after: &str,
        limit: u16,
    ) -> Result<(Vec<RawEvent>, bool), Fault> {
        let pk = keys::case_pk(csp, reference);
        let events = Asked::new(
            &self.names.events,
            "pk = :pk AND sk > :after",
            [(":pk", pk.clone()), (":after", after.to_owned())],
        );
        let (found, next) = self.piece(&events, None, Some(i32::from(limit))).await?;
        let mut raw = Vec::with_capacity(found.len());
        for event in found {
            let sk = items::text(&event, "sk")?.to_owned();
            raw.push(RawEvent { sk, event, payload: None });
        }
        // What stands among them and is no event has no record, and makes no range to ask for.
        let ours = |event: &&RawEvent| event.sk.starts_with(keys::EVENT);
        if let (Some(first), Some(last)) = (raw.iter().find(ours), raw.iter().rev().find(ours)) {
            let mut payloads = self.payloads(pk, &first.sk, &last.sk).await?;
            for each in &mut raw {
                each.payload = payloads.remove(&keys::payload_of(&each.sk));
            }
        }
        Ok((raw, next.is_some()))
    }

    async fn payloads(
        &self,
        pk: String,
        first: &str,
        last: &str,
    ) -> Result<BTreeMap<String, Item>, Fault> {
        let asked = Asked::new(
            &self.names.cases,
            "pk = :pk AND sk BETWEEN :first AND :last",
            [(":pk", pk), (":first", keys::payload_of(first)), (":last", keys::payload_of(last))],
        );
        let found = self.all(&asked).await?.into_iter();
        found.map(|item| Ok((items::text(&item, "sk")?.to_owned(), item))).collect()
    }
}

fn entry(raw: &RawEvent) -> Result<HistoryEntry, Fault> {
    Ok(HistoryEntry {
        envelope: items::parsed(&raw.event, "envelope")?,
        event: raw.payload.as_ref().map(|item| items::parsed(item, "body")).transpose()?,
        commit: load::digest(&raw.event, "commit")?,
        prev: load::digest(&raw.event, "prev")?,
        hash: load::digest(&raw.event, "hash")?,
    })
}
