//! One chain, walked from its first event to its last, without a table: the same steps check a
//! history that was just read, an export of years ago, and the million events of the benchmark.

use chrono::{DateTime, Utc};
use review::event::Envelope;
use review::values::{CspId, Reference};
use review::{Case, EventKind, State};

use super::chain::{self, Digest, Place};

/// What is wrong at one place of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChainFault {
    /// An event is missing, or one stands where none should.
    Gap,
    /// An attribute is missing, malformed or none of ours.
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
    /// Another event than the one that was anchored.
    Anchor,
    /// The history ends before an event that was anchored.
    Truncated,
    /// There are events and no case.
    NoCase,
    /// There is a case and no event of it.
    NoEvents,
    /// The case cannot be read.
    Case,
    /// The case's version is not the number of its events.
    Version,
    /// The case's head is not the hash of its last event.
    Head,
}

impl ChainFault {
    /// The fault in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Gap => "an event is missing, or one stands where none should",
            Self::Unreadable => "an attribute is missing, malformed or none of ours",
            Self::Link => "the event does not follow the one before it",
            Self::Hash => "the hash is not that of the event",
            Self::Envelope => "the envelope speaks of another case or place",
            Self::Commitment => "the record is not the one committed to",
            Self::Record => "the record is gone, and no disposal explains it",
            Self::Anchor => "the event is not the one that was anchored",
            Self::Truncated => "the history ends before an event that was anchored",
            Self::NoCase => "there are events and no case",
            Self::NoEvents => "there is a case and no event of it",
            Self::Case => "the case cannot be read",
            Self::Version => "the case's version is not the number of its events",
            Self::Head => "the case's head is not the hash of its last event",
        }
    }
}

/// What an anchor says of a case: that its event of this number had this hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchored {
    /// The number of the event.
    pub seq: u64,
    /// Its hash.
    pub head: Digest,
}

/// What a walk along a chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// Events found in order.
    pub events: u64,
    /// How many of them have no record any more.
    pub erased: u64,
    /// The first event that no anchor covers, and when it happened.
    pub unanchored: Option<(u64, DateTime<Utc>)>,
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

/// An event as it is stored: one link of the chain.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Its envelope, as JSON.
    pub envelope: String,
    /// The commitment to its record.
    pub commit: Digest,
    /// The hash of the event before.
    pub prev: Digest,
    /// Its own hash.
    pub hash: Digest,
    /// The record as JSON and its salt; `None` once they were erased.
    pub record: Option<(String, Digest)>,
}

impl Link {
    /// Seals an event: commits to its record and binds it to the one before.
    #[must_use]
    pub fn seal(
        (csp, reference, seq): (&CspId, &Reference, u64),
        prev: Digest,
        envelope: String,
        (record, salt): (String, Digest),
    ) -> Self {
        let commit = chain::commit(&salt, &record);
        let hash = chain::link(Place { prev, csp, reference, seq }, &envelope, &commit);
        Self { envelope, commit, prev, hash, record: Some((record, salt)) }
    }
}

/// A walk under way. After a fault it stands where it was; nothing after a broken link means
/// anything.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    csp: &'a CspId,
    reference: &'a Reference,
    anchored: &'a [Anchored],
    events: u64,
    head: Digest,
    disposed_at: Option<u64>,
    erased: Vec<u64>,
    unanchored: Option<(u64, DateTime<Utc>)>,
}

impl<'a> Walk<'a> {
    /// Stands before the first event of a case. What was `anchored` of it comes in the order of
    /// its numbers.
    #[must_use]
    pub const fn new(csp: &'a CspId, reference: &'a Reference, anchored: &'a [Anchored]) -> Self {
        Self {
            csp,
            reference,
            anchored,
            events: 0,
            head: Digest::START,
            disposed_at: None,
            erased: Vec::new(),
            unanchored: None,
        }
    }

    /// How many events it has passed.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The hash of the last of them.
    #[must_use]
    pub const fn head(&self) -> Digest {
        self.head
    }

    /// Passes the next event.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn step(&mut self, link: &Link) -> Result<(), ChainFault> {
        let seq = self.events + 1;
        let covered = !self.anchored.is_empty();
        if link.prev != self.head {
            return Err(ChainFault::Link);
        }
        let place = Place { prev: link.prev, csp: self.csp, reference: self.reference, seq };
        if chain::link(place, &link.envelope, &link.commit) != link.hash {
            return Err(ChainFault::Hash);
        }
        self.anchor(seq, link)?;
        let envelope: Envelope =
            serde_json::from_str(&link.envelope).map_err(|_| ChainFault::Unreadable)?;
        if (&envelope.csp, &envelope.reference, envelope.seq) != (self.csp, self.reference, seq) {
            return Err(ChainFault::Envelope);
        }
        match &link.record {
            None => self.erased.push(seq),
            Some((record, salt)) if chain::commit(salt, record) != link.commit => {
                return Err(ChainFault::Commitment);
            }
            Some(_) => (),
        }
        if envelope.kind == EventKind::Disposed {
            self.disposed_at = Some(seq);
        }
        if !covered && self.unanchored.is_none() {
            self.unanchored = Some((seq, envelope.at));
        }
        self.events = seq;
        self.head = link.hash;
        Ok(())
    }

    /// Passes what was anchored of this event.
    fn anchor(&mut self, seq: u64, link: &Link) -> Result<(), ChainFault> {
        while let Some((first, rest)) = self.anchored.split_first() {
            match first.seq {
                at if at > seq => break,
                at if at == seq && first.head == link.hash => self.anchored = rest,
                // Numbers begin at 1 and come in order: an anchor that none of ours wrote.
                _ => return Err(ChainFault::Anchor),
            }
        }
        Ok(())
    }

    /// Whether everything that was anchored has been passed.
    ///
    /// # Errors
    /// [`ChainFault::Truncated`].
    pub const fn end(&self) -> Result<(), ChainFault> {
        if self.anchored.is_empty() { Ok(()) } else { Err(ChainFault::Truncated) }
    }

    /// The first event whose record is gone without a disposal after it.
    pub(super) fn unexplained(&self, case: &Case) -> Option<u64> {
        let disposed_at = self.disposed_at.filter(|_| case.state == State::Disposed);
        self.erased.iter().copied().find(|seq| disposed_at.is_none_or(|at| *seq >= at))
    }

    pub(super) fn report(&self, fault: Option<(u64, ChainFault)>) -> ChainReport {
        let erased = u64::try_from(self.erased.len()).unwrap_or(u64::MAX);
        ChainReport { events: self.events, erased, unanchored: self.unanchored, fault }
    }
}
