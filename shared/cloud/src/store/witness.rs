//! What an anchor and a verification must know of all cases: where each chain ends, and which
//! chains there are. Both tables are asked, since what was taken out of one may stand in the
//! other.

use std::collections::BTreeSet;

use super::Store;
use super::chain::Digest;
use super::items::{self, Item, maybe_text, s};
use super::keys::{CASE, CaseKey};
use super::load;
use super::queries::ScanPosition;
use super::walk::Anchored;
use crate::fault::Fault;

/// Where the chain of one case ends, as its case item says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The case.
    pub key: CaseKey,
    /// Its last event; `None` where the item does not say it.
    pub last: Option<Anchored>,
}

/// The ends of some of all chains.
#[derive(Clone, Debug)]
pub struct Heads {
    /// One for each case.
    pub heads: Vec<Head>,
    /// Partitions that no case of ours can have, by the digest of their key.
    pub strange: BTreeSet<Digest>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<ScanPosition>,
}

/// Some of all partitions of the table of events.
#[derive(Clone, Debug)]
pub struct Partitions {
    /// The cases that they are of.
    pub cases: BTreeSet<CaseKey>,
    /// Partitions that no case of ours can have, by the digest of their key.
    pub strange: BTreeSet<Digest>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<ScanPosition>,
}

impl CaseKey {
    /// By what an anchor names the case: the SHA-256 of its partition key, which shows neither
    /// partnership nor reference.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.pk().as_bytes())
    }
}

impl Store {
    /// The ends of some of all chains, as they are now. It reads the whole table of cases.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn heads(&self, from: Option<ScanPosition>) -> Result<Heads, Fault> {
        let request = self
            .client
            .scan()
            .table_name(&self.names.cases)
            .filter_expression("sk = :case")
            .projection_expression("pk, version, head")
            .expression_attribute_values(":case", s(CASE))
            .consistent_read(true)
            .set_exclusive_start_key(from.map(|position| position.0));
        let output = Box::pin(request.send())
            .await
            .map_err(|error| Fault::sdk("scan the heads of the cases", error))?;
        let mut heads = Heads {
            heads: Vec::new(),
            strange: BTreeSet::new(),
            next: output.last_evaluated_key.map(ScanPosition),
        };
        for item in output.items.unwrap_or_default() {
            match case_of(&item) {
                Ok(key) => heads.heads.push(Head { key, last: last(&item) }),
                Err(strange) => _ = heads.strange.insert(strange),
            }
        }
        Ok(heads)
    }

    /// The cases of which some of the events are, as they are now. It reads the whole table of
    /// events.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn partitions(&self, from: Option<ScanPosition>) -> Result<Partitions, Fault> {
        let request = self
            .client
            .scan()
            .table_name(&self.names.events)
            .projection_expression("pk")
            .consistent_read(true)
            .set_exclusive_start_key(from.map(|position| position.0));
        let output =
            Box::pin(request.send()).await.map_err(|error| Fault::sdk("scan the events", error))?;
        let mut partitions = Partitions {
            cases: BTreeSet::new(),
            strange: BTreeSet::new(),
            next: output.last_evaluated_key.map(ScanPosition),
        };
        for item in output.items.unwrap_or_default() {
            match case_of(&item) {
                Ok(key) => _ = partitions.cases.insert(key),
                Err(strange) => _ = partitions.strange.insert(strange),
            }
        }
        Ok(partitions)
    }
}

/// The case of an item, or the digest of a partition key that is none of ours.
fn case_of(item: &Item) -> Result<CaseKey, Digest> {
    let pk = maybe_text(item, "pk").unwrap_or_default();
    CaseKey::parse(pk).ok_or_else(|| Digest::of(pk.as_bytes()))
}

fn last(item: &Item) -> Option<Anchored> {
    let seq = items::number(item, "version").ok()?;
    Some(Anchored { seq, head: load::digest(item, "head").ok()? })
}
