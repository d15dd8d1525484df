//! Walks the chain of a case and finds the first place where it was tampered with.

use review::case::Case;
use review::event::Envelope;
use review::values::{CspId, Reference};
use review::{EventKind, State};

use super::Store;
use super::chain::{self, Digest, Place};
use super::history::RawEvent;
use super::items::{self, maybe_text};
use super::keys;
use super::load;
use crate::fault::Fault;

/// How many events are read at a time.
const AT_ONCE: u16 = 100;

/// What is wrong at one place of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// An event is missing, or one stands where none should.
    Gap,
    /// An attribute is missing or malformed.
    Unreadable,
    /// The event does not follow the one before it.
    Link,
    /// The hash is not that of the event.
    Hash,
    /// The envelope speaks of another case or place.
    Envelope,
    /// The record is not the one committed to.
    Commitment,
    /// The record is gone, and no disposal explains it.
    Record,
    /// There are events and no case, or the case cannot be read.
    Case,
    /// The case's version is not the number of its events.
    Version,
    /// The case's head is not the hash of its last event.
    Head,
}

/// What a walk along the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// Events found in order.
    pub events: u64,
    /// How many of them have no record any more.
    pub erased: u64,
    /// The first fault: the number of the event, and what is wrong.
    pub fault: Option<(u64, ChainFault)>,
}

impl ChainReport {
    /// Whether the history is as it was written.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.fault.is_none()
    }
}

struct Walk<'a> {
    csp: &'a CspId,
    reference: &'a Reference,
    events: u64,
    head: Digest,
    disposed_at: Option<u64>,
    erased: Vec<u64>,
}

impl Store {
    /// Walks the chain of a case from its first event to the head in its case item. A case
    /// without any trace is whole, with no events.
    ///
    /// # Errors
    /// A [`Fault`] of the tables; what is wrong with the history is in the report.
    pub async fn verify(&self, csp: &CspId, reference: &Reference) -> Result<ChainReport, Fault> {
        let mut walk = Walk {
            csp,
            reference,
            events: 0,
            head: Digest::START,
            disposed_at: None,
            erased: Vec::new(),
        };
        let mut after = keys::event_sk(0);
        loop {
            let (raw, goes_on) = self.raw_history(csp, reference, &after, AT_ONCE).await?;
            for event in &raw {
                if let Err(fault) = walk.step(event) {
                    return Ok(walk.report(Some((walk.events + 1, fault))));
                }
            }
            match raw.last() {
                Some(last) if goes_on => after.clone_from(&last.sk),
                Some(_) | None => break,
            }
        }
        let fault = self.end(&walk).await?;
        Ok(walk.report(fault))
    }

    /// Compares the end of the chain with the case item.
    async fn end(&self, walk: &Walk<'_>) -> Result<Option<(u64, ChainFault)>, Fault> {
        let item = self.get(&self.names.cases, keys::case(walk.csp, walk.reference)).await?;
        let Some(item) = item else {
            return Ok((walk.events > 0).then_some((walk.events, ChainFault::Case)));
        };
        if items::number(&item, "version").ok() != Some(walk.events) {
            return Ok(Some((walk.events, ChainFault::Version)));
        }
        if load::digest(&item, "head").ok() != Some(walk.head) {
            return Ok(Some((walk.events, ChainFault::Head)));
        }
        let Ok(case) = items::parsed::<Case>(&item, "body") else {
            return Ok(Some((walk.events, ChainFault::Case)));
        };
        Ok(walk.unexplained(&case).map(|seq| (seq, ChainFault::Record)))
    }
}

impl Walk<'_> {
    fn step(&mut self, raw: &RawEvent) -> Result<(), ChainFault> {
        let seq = self.events + 1;
        if raw.sk != keys::event_sk(seq) {
            return Err(ChainFault::Gap);
        }
        let text = |name| maybe_text(&raw.event, name).ok_or(ChainFault::Unreadable);
        let digest = |name| Digest::parse(text(name)?).ok_or(ChainFault::Unreadable);
        let (envelope, commit) = (text("envelope")?, digest("commit")?);
        let (prev, hash) = (digest("prev")?, digest("hash")?);
        if prev != self.head {
            return Err(ChainFault::Link);
        }
        let place = Place { prev, csp: self.csp, reference: self.reference, seq };
        if chain::link(place, envelope, &commit) != hash {
            return Err(ChainFault::Hash);
        }
        let read: Envelope = serde_json::from_str(envelope).map_err(|_| ChainFault::Unreadable)?;
        if (&read.csp, &read.reference, read.seq) != (self.csp, self.reference, seq) {
            return Err(ChainFault::Envelope);
        }
        match &raw.payload {
            None => self.erased.push(seq),
            Some(item) => {
                let body = maybe_text(item, "body").ok_or(ChainFault::Unreadable)?;
                let salt = load::digest(item, "salt").map_err(|_| ChainFault::Unreadable)?;
                if chain::commit(&salt, body) != commit {
                    return Err(ChainFault::Commitment);
                }
            }
        }
        if read.kind == EventKind::Disposed {
            self.disposed_at = Some(seq);
        }
        self.events = seq;
        self.head = hash;
        Ok(())
    }

    /// The first event whose record is gone without a disposal after it.
    fn unexplained(&self, case: &Case) -> Option<u64> {
        let disposed_at = self.disposed_at.filter(|_| case.state == State::Disposed);
        self.erased.iter().copied().find(|seq| disposed_at.is_none_or(|at| *seq >= at))
    }

    fn report(&self, fault: Option<(u64, ChainFault)>) -> ChainReport {
        let erased = u64::try_from(self.erased.len()).unwrap_or(u64::MAX);
        ChainReport { events: self.events, erased, fault }
    }
}
