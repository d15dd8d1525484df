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
    /// It did not reach everything: no time was left, or a shard could not be read.
    incomplete: bool,
    last_fault: Option<Fault>,
}

pub(crate) async fn run(cloud: &Cloud, budget: &Budget) -> Result<(), Fault> {
    let now = cloud.clock.now();
    let mut swept = Swept::default();
    let due = swept.due(cloud, now).await;
    Metric::OldestOverdueSeconds.record(due.first().map_or(0, |case| seconds(now - case.since)));
    for case in &due {
        if !budget.allows(CASE_TAKES) {
            swept.incomplete = true;
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
                    self.incomplete = true;
                    self.last_fault = Some(fault);
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
                self.last_fault = Some(fault);
            }
        }
    }

    fn report(self, due: usize) -> Result<(), Fault> {
        let Self { done, failed, incomplete, last_fault } = self;
        tracing::info!(due, done, failed, incomplete, "swept the deadlines");
        Metric::CasesFailed.record(failed);
        match last_fault {
            Some(fault) if done == 0 => Err(fault),
            Some(_) | None => {
                if !incomplete {
                    Metric::SweepCompleted.record(1);
                }
                Ok(())
            }
        }
    }
}

pub(crate) fn seconds(length: TimeDelta) -> u64 {
    u64::try_from(length.num_seconds()).unwrap_or_default()
}
