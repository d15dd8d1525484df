//! Takes an anchor: of every case that stands otherwise than the anchors say.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::anchor::whole_up_to;
use super::bucket::AT_ONCE;
use super::{Anchor, AnchoredCase, Audit};
use crate::budget::Budget;
use crate::fault::Fault;
use crate::store::{Anchored, Digest};

/// What one request may take of the time left.
const STEP_TAKES: TimeDelta = TimeDelta::seconds(15);

const TAKING: &str = "take an anchor";

/// What came of taking an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was written.
    Anchor {
        /// Its number.
        number: u64,
        /// Its hash: whoever keeps it elsewhere can tell later whether the anchor is the same.
        hash: Digest,
        /// How many cases it names.
        cases: usize,
    },
    /// No case has changed since the last one, so there is nothing new to say.
    Unchanged,
    /// Another run has just taken the one of this number.
    Beaten {
        /// The number.
        number: u64,
    },
}

/// What the anchors say already.
struct Known {
    last: u64,
    hash: Digest,
    cases: BTreeMap<Digest, Anchored>,
}

impl Audit {
    /// Takes the next anchor, if there is something to say. It judges nothing: a case that is
    /// gone or shorter than it was is for the verification to find.
    ///
    /// # Errors
    /// A [`Fault`] of the tables or the bucket, or that no time was left; nothing was written
    /// then, and the next hour's anchor says it all.
    pub async fn anchor(&self, budget: &Budget) -> Result<Taken, Fault> {
        let known = self.known(budget).await?;
        let number = known.last + 1;
        let whole = whole_up_to(number) == number;
        let (mut cases, mut changed) = (Vec::new(), false);
        let mut position = None;
        loop {
            in_time(budget)?;
            let part = self.store.heads(position).await?;
            for head in part.heads {
                let Some(last) = head.last else {
                    let reference = head.key.reference.as_str();
                    tracing::error!(reference, "a case does not say where its history ends");
                    continue;
                };
                let case = head.key.digest();
                let new = known.cases.get(&case) != Some(&last);
                changed |= new;
                if new || whole {
                    cases.push(AnchoredCase { case, seq: last.seq, head: last.head });
                }
            }
            match part.next {
                None => break,
                next => position = next,
            }
        }
        if !changed {
            return Ok(Taken::Unchanged);
        }
        let anchor = Anchor::seal(number, self.clock.now(), known.hash, cases);
        Ok(if self.bucket.write(&anchor).await? {
            Taken::Anchor { number, hash: anchor.hash, cases: anchor.cases.len() }
        } else {
            Taken::Beaten { number }
        })
    }

    /// What the anchors say since the last that named all cases. Where one of them cannot be
    /// read, nothing is known, and the next names all cases again.
    async fn known(&self, budget: &Budget) -> Result<Known, Fault> {
        let numbers = self.bucket.numbers().await?;
        let last = numbers.last().copied().unwrap_or_default();
        let mut known = Known { last, hash: Digest::START, cases: BTreeMap::new() };
        let since: Vec<_> = (whole_up_to(last)..=last).collect();
        let mut readable = true;
        for some in since.chunks(AT_ONCE) {
            in_time(budget)?;
            for (number, found) in self.bucket.read(some).await? {
                known.hash = Digest::START;
                match found {
                    Ok(anchor) => {
                        known.hash = anchor.hash;
                        let said = anchor.cases.iter().map(|case| (case.case, case.anchored()));
                        known.cases.extend(said);
                    }
                    Err(fault) => {
                        tracing::error!(anchor = number, ?fault, "an anchor cannot be read");
                        readable = false;
                    }
                }
            }
        }
        if !readable {
            known.cases.clear();
        }
        Ok(known)
    }
}

fn in_time(budget: &Budget) -> Result<(), Fault> {
    if budget.allows(STEP_TAKES) { Ok(()) } else { Err(Fault::retry(TAKING, "no time was left")) }
}
