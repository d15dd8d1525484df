//! Mail that does not move: outside the index, where no sweep sees it; owed and not taken up; in
//! doubt long after its doubt should have been settled; or waiting for a person.

use chrono::TimeDelta;
use cloud::mail::DOUBT_WINDOW;
use cloud::store::{CaseKey, OutboxItem, OutboxStatus};
use cloud::telemetry::Metric;
use cloud::{Cloud, Fault};

/// How long a mail that is due may wait to be claimed; four sweeps have seen it by then.
const CLAIMED_WITHIN: TimeDelta = TimeDelta::hours(1);

/// How long after its window a send in doubt may stay so: two sweeps.
const SETTLED_WITHIN: TimeDelta = TimeDelta::minutes(30);

/// How many mails do not move, by the reason.
#[derive(Debug, Default)]
pub(crate) struct Stuck {
    repaired: u64,
    waiting: u64,
    in_doubt: u64,
    human: u64,
}

impl Stuck {
    /// Looks at every mail of a case.
    pub(crate) async fn look(&mut self, cloud: &Cloud, case: &CaseKey) -> Result<(), Fault> {
        for item in &cloud.store.outbox_of(case).await? {
            self.mail(cloud, item).await?;
        }
        Ok(())
    }

    async fn mail(&mut self, cloud: &Cloud, item: &OutboxItem) -> Result<(), Fault> {
        let now = cloud.clock.now();
        // A send of unknown age is given its whole window: its receipt may be on the way.
        let since = if item.status == OutboxStatus::Sending { now + DOUBT_WINDOW } else { now };
        if cloud.store.repair_outbox(item, since).await? {
            tracing::error!(outbox = %item.id, "a mail stood where no sweep sees it; repaired");
            self.repaired += 1;
        }
        let late = |within| item.not_before.is_some_and(|due| due + within < now);
        match item.status {
            OutboxStatus::Pending if late(CLAIMED_WITHIN) => {
                tracing::error!(outbox = %item.id, "a mail is owed and nobody sends it");
                self.waiting += 1;
            }
            OutboxStatus::Sending if late(SETTLED_WITHIN) => {
                tracing::error!(outbox = %item.id, "a send in doubt is not settled");
                self.in_doubt += 1;
            }
            OutboxStatus::Human => {
                tracing::warn!(outbox = %item.id, "a mail waits for a person");
                self.human += 1;
            }
            OutboxStatus::Pending
            | OutboxStatus::Sending
            | OutboxStatus::Sent
            | OutboxStatus::Fanned
            | OutboxStatus::Suppressed
            | OutboxStatus::Failed => (),
        }
        Ok(())
    }

    pub(crate) fn report(&self) {
        Metric::OutboxRepaired.record(self.repaired);
        Metric::OutboxStuck.record(self.waiting);
        Metric::DoubtUnsettled.record(self.in_doubt);
        Metric::OutboxHuman.record(self.human);
    }
}
