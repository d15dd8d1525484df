//! Many items, one after another: each is settled or fails by itself.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::{Mail, Outcome};
use crate::budget::Budget;
use crate::fault::Fault;
use crate::store::{OutboxDue, OutboxId, SHARDS};
use crate::telemetry::Metric;

/// After so many sends in a row that SES did not take, the run leaves the rest alone: SES is
/// down or full, and what is not claimed needs no hour to come out of doubt.
const GIVE_SES_A_REST: u32 = 5;

/// Of what is owed, at most this many are looked at in one run and shard, the oldest first.
const AT_ONCE: usize = 10_000;

/// What a run did.
#[derive(Debug, Default)]
pub struct Run {
    /// Mails that SES took.
    pub sent: u64,
    /// Mails that were no longer true.
    pub suppressed: u64,
    /// Mails that wait for a person.
    pub human: u64,
    /// Items that failed, and why; the next sweep finds them again.
    pub failed: Vec<(OutboxId, Fault)>,
    /// Whether it stopped before the end: no time was left, or SES takes nothing.
    pub stopped: bool,
    not_taken: u32,
}

impl Mail {
    /// Everything owed now, the longest overdue first. A shard that cannot be read does not hide
    /// the others.
    ///
    /// # Errors
    /// The [`Fault`] of a shard where no shard could be read.
    pub async fn owed(&self, now: DateTime<Utc>) -> Result<Vec<OutboxDue>, Fault> {
        let mut owed = Vec::new();
        let mut read = false;
        let mut faults = Vec::new();
        for shard in 0..SHARDS {
            match self.store.outbox_due(now, shard, AT_ONCE).await {
                Ok(found) => {
                    read = true;
                    owed.extend(found);
                }
                Err(fault) => faults.push(fault),
            }
        }
        for fault in &faults {
            tracing::error!(fault = fault.chain(), "a part of the outbox could not be read");
        }
        match faults.pop() {
            Some(fault) if !read => Err(fault),
            Some(_) | None => {
                owed.sort_by_key(|due| due.since);
                Ok(owed)
            }
        }
    }

    /// Delivers these and what comes of them, in order.
    pub async fn deliver_all(
        &self,
        ids: impl IntoIterator<Item = OutboxId>,
        budget: &Budget,
    ) -> Run {
        let mut run = Run::default();
        let mut waiting: VecDeque<_> = ids.into_iter().collect();
        while let Some(id) = waiting.pop_front() {
            if run.stopped {
                break;
            }
            match Box::pin(self.deliver(&id, budget)).await {
                Ok(Outcome::Next(ids)) => {
                    ids.into_iter().rev().for_each(|id| waiting.push_front(id));
                }
                Ok(outcome) => run.note(&id, &outcome),
                Err(fault) => {
                    tracing::error!(outbox = %id, fault = fault.chain(), "a mail could not be handled");
                    run.failed.push((id, fault));
                }
            }
        }
        run
    }
}

impl Run {
    fn note(&mut self, id: &OutboxId, outcome: &Outcome) {
        match outcome {
            Outcome::Nothing | Outcome::Next(_) | Outcome::Refused => (),
            Outcome::Sent => {
                tracing::info!(outbox = %id, "a mail was sent");
                self.sent += 1;
                self.not_taken = 0;
            }
            Outcome::Suppressed => {
                tracing::info!(outbox = %id, "a mail was no longer true");
                self.suppressed += 1;
            }
            Outcome::Human => {
                Metric::OutboxHuman.record(1);
                self.human += 1;
            }
            Outcome::NotNow | Outcome::InDoubt => {
                self.not_taken += 1;
                self.stopped = self.not_taken >= GIVE_SES_A_REST;
            }
            Outcome::NoTime => self.stopped = true,
        }
    }
}
