//! Reads the chain of a case and finds the first place where it was tampered with.

use review::case::Case;
use review::values::{CspId, Reference};

use super::Store;
use super::history::RawEvent;
use super::items::{self, Item, maybe_text};
use super::keys;
use super::load;
use super::walk::{Anchored, ChainFault, ChainReport, Link, Walk};
use crate::fault::Fault;

/// How many events are read at a time; DynamoDB gives fewer where they exceed 1 MB.
const AT_ONCE: u16 = 1000;

/// Sorts before every key of ours, so that nothing else can stand in the partition unseen.
const BEFORE_ALL: &str = " ";

/// How many attributes an event has.
const OF_EVENT: usize = 6;

/// How many attributes a record has.
const OF_PAYLOAD: usize = 4;

impl Store {
    /// Walks the chain of a case from its first event to the head in its case item. A case
    /// without any trace is whole, with no events.
    ///
    /// # Errors
    /// A [`Fault`] of the tables; what is wrong with the history is in the report.
    pub async fn verify(&self, csp: &CspId, reference: &Reference) -> Result<ChainReport, Fault> {
        self.verify_anchored(csp, reference, &[]).await
    }

    /// The same, and every event that was `anchored`, in the order of their numbers, must be
    /// among those of the chain.
    ///
    /// # Errors
    /// A [`Fault`] of the tables; what is wrong with the history is in the report.
    pub async fn verify_anchored(
        &self,
        csp: &CspId,
        reference: &Reference,
        anchored: &[Anchored],
    ) -> Result<ChainReport, Fault> {
        let mut walk = Walk::new(csp, reference, anchored);
        let mut after = BEFORE_ALL.to_owned();
        loop {
            let (raw, goes_on) = self.raw_history(csp, reference, &after, AT_ONCE).await?;
            for event in &raw {
                if let Err(fault) = link(event, walk.events() + 1).and_then(|link| walk.step(&link))
                {
                    return Ok(walk.report(Some((walk.events() + 1, fault))));
                }
            }
            match raw.last() {
                Some(last) if goes_on => after.clone_from(&last.sk),
                Some(_) | None => break,
            }
        }
        let fault = self.end(&walk, csp, reference).await?;
        Ok(walk.report(fault))
    }

    /// Compares the end of the chain with the case item.
    async fn end(
        &self,
        walk: &Walk<'_>,
        csp: &CspId,
        reference: &Reference,
    ) -> Result<Option<(u64, ChainFault)>, Fault> {
        let events = walk.events();
        let item = self.get(&self.names.cases, keys::case(csp, reference)).await?;
        let fault = match (&item, events) {
            (None, 0) => walk.end().err(),
            (None, _) => Some(ChainFault::NoCase),
            (Some(_), 0) => Some(ChainFault::NoEvents),
            (Some(item), _) => walk.end().and_then(|()| head(walk, item)).err(),
        };
        if let (None, Some(item)) = (fault, &item) {
            let Ok(case) = items::parsed::<Case>(item, "body") else {
                return Ok(Some((events, ChainFault::Case)));
            };
            return Ok(walk.unexplained(&case).map(|seq| (seq, ChainFault::Record)));
        }
        Ok(fault.map(|fault| (events, fault)))
    }
}

/// Holds the case item to the chain.
fn head(walk: &Walk<'_>, item: &Item) -> Result<(), ChainFault> {
    if items::number(item, "version").ok() != Some(walk.events()) {
        return Err(ChainFault::Version);
    }
    if load::digest(item, "head").ok() != Some(walk.head()) {
        return Err(ChainFault::Head);
    }
    Ok(())
}

/// An event and its record as they are stored, of which nothing may be missing or added.
fn link(raw: &RawEvent, seq: u64) -> Result<Link, ChainFault> {
    if raw.sk != keys::event_sk(seq) {
        return Err(ChainFault::Gap);
    }
    let exactly = |item: &Item, attributes| {
        if item.len() == attributes { Ok(()) } else { Err(ChainFault::Unreadable) }
    };
    let text = |item, name| maybe_text(item, name).ok_or(ChainFault::Unreadable);
    let digest = |item, name| load::digest(item, name).map_err(|_| ChainFault::Unreadable);
    exactly(&raw.event, OF_EVENT)?;
    let record = match &raw.payload {
        None => None,
        Some(item) => {
            exactly(item, OF_PAYLOAD)?;
            Some((text(item, "body")?.to_owned(), digest(item, "salt")?))
        }
    };
    Ok(Link {
        envelope: text(&raw.event, "envelope")?.to_owned(),
        commit: digest(&raw.event, "commit")?,
        prev: digest(&raw.event, "prev")?,
        hash: digest(&raw.event, "hash")?,
        record,
    })
}
