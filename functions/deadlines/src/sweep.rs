//! Everything due up to now, with no earliest instant: what an outage left behind is found by
//! the first sweep after it. A case that cannot be handled does not keep the others waiting.

use chrono::{DateTime, TimeDelta, Utc};
use cloud::store::{CaseDue, SHARDS};
use cloud::telemetry::Metric;
use cloud::{Budget, Cloud, Fault};

use crate::backlog;
use crate::catch_up::catch_up;

/// Of what is due, at most this many cases are taken in one run and shard, the oldest first.
const AT_ONCE: usize = 10_000;

/// What one case may take of the time left.
const CASE_TAKES: TimeDelta = TimeDelta::seconds(15);

/// What a sweep came to.
#[derive(Debug, Default)]
struct Swept {
    done: u64,
    failed: u64,
    /// No time was left for the rest.
    cut_short: bool,
    /// Why shards could not be read.
    unread: Vec<Fault>,
}

pub(crate) async fn run(cloud: &Cloud, budget: &Budget) -> Result<(), Fault> {
    let now = cloud.clock.now();
    let mut swept = Swept::default();
    let due = swept.due(cloud, now).await;
    Metric::OldestOverdueSeconds.record(due.first().map_or(0, |case| seconds(now - case.since)));
    for case in &due {
        if !budget.allows(CASE_TAKES) {
            swept.cut_short = true;
            break;
        }
        swept.case(cloud, case).await;
    }
    backlog::report(cloud, now).await;
    swept.report(due.len())
}

impl Swept {
    /// What is due in every shard, the oldest first.
    async fn due(&mut self, cloud: &Cloud, now: DateTime<Utc>) -> Vec<CaseDue> {
        let mut due = Vec::new();
        for shard in 0..SHARDS {
            match cloud.store.due(now, shard, AT_ONCE).await {
                Ok(found) => due.extend(found),
                Err(fault) => {
                    tracing::error!(shard, fault = fault.chain(), "a shard could not be read");
                    self.unread.push(fault);
                }
            }
        }
        due.sort_by_key(|case| case.since);
        due
    }

    async fn case(&mut self, cloud: &Cloud, case: &CaseDue) {
        match catch_up(cloud, &case.key).await {
            Ok(()) => self.done += 1,
            Err(fault) => {
                let reference = case.key.reference.as_str();
                tracing::error!(reference, fault = fault.chain(), "a case could not be swept");
                self.failed += 1;
            }
        }
    }

    /// A sweep that reached every case is complete although some failed, were it all of them:
    /// these are counted by themselves, and are no reason to doubt the sweep.
    fn report(mut self, due: usize) -> Result<(), Fault> {
        let Self { done, failed, cut_short, .. } = self;
        let incomplete = cut_short || !self.unread.is_empty();
        tracing::info!(due, done, failed, incomplete, "swept the deadlines");
        Metric::CasesFailed.record(failed);
        if !incomplete {
            Metric::SweepCompleted.record(1);
        }
        match self.unread.pop() {
            Some(fault) if self.unread.len() + 1 == usize::from(SHARDS) => Err(fault),
            Some(_) | None => Ok(()),
        }
    }
}

pub(crate) fn seconds(length: TimeDelta) -> u64 {
    u64::try_from(length.num_seconds()).unwrap_or_default()
}
