//! The nightly second look at every case: is it due when it says it is, is its history whole,
//! does its mail wait for anyone? A sweep sees only what the index holds; this sees the rest.

use chrono::TimeDelta;
use cloud::store::{CaseKey, OutboxStatus, Stored};
use cloud::telemetry::Metric;
use cloud::{Budget, Cloud, Fault};

/// What one case may take of the time left.
const CASE_TAKES: TimeDelta = TimeDelta::seconds(15);

/// What the night found.
#[derive(Debug, Default)]
struct Found {
    cases: u64,
    repaired: u64,
    broken: u64,
    human: u64,
    failed: u64,
}

pub(crate) async fn run(cloud: &Cloud, budget: &Budget) -> Result<(), Fault> {
    let mut found = Found::default();
    let mut position = None;
    let complete = loop {
        let scanned = cloud.store.cases(None, position).await?;
        for key in &scanned.unreadable {
            let reference = key.reference.as_str();
            tracing::error!(reference, "a case cannot be read");
            found.failed += 1;
        }
        for stored in &scanned.cases {
            if budget.allows(CASE_TAKES) {
                found.look(cloud, stored).await;
            }
        }
        match scanned.next {
            _ if !budget.allows(CASE_TAKES) => break false,
            None => break true,
            next => position = next,
        }
    };
    found.report(complete);
    Ok(())
}

impl Found {
    async fn look(&mut self, cloud: &Cloud, stored: &Stored) {
        self.cases += 1;
        if let Err(fault) = self.case(cloud, stored).await {
            let reference = stored.case.reference.as_str();
            tracing::error!(reference, fault = fault.chain(), "a case could not be looked at");
            self.failed += 1;
        }
    }

    async fn case(&mut self, cloud: &Cloud, stored: &Stored) -> Result<(), Fault> {
        let (csp, reference) = (&stored.case.csp, &stored.case.reference);
        // Where a disposal was cut short, its erasure is finished here.
        cloud.store.finish_disposal(csp, reference).await?;
        if cloud.store.repair_next_due(stored).await? {
            tracing::error!(
                reference = reference.as_str(),
                "a case was not due when it said; repaired"
            );
            self.repaired += 1;
        }
        let mut report = cloud.store.verify(csp, reference).await?;
        if !report.is_whole() {
            // An event may have been added while the history was read.
            report = cloud.store.verify(csp, reference).await?;
        }
        if let Some((seq, fault)) = report.fault {
            tracing::error!(reference = reference.as_str(), seq, ?fault, "a history is broken");
            self.broken += 1;
        }
        let key = CaseKey { csp: csp.clone(), reference: reference.clone() };
        let outbox = cloud.store.outbox_of(&key).await?;
        for item in outbox.iter().filter(|item| item.status == OutboxStatus::Human) {
            tracing::warn!(outbox = %item.id, "a mail waits for a person");
            self.human += 1;
        }
        Ok(())
    }

    fn report(&self, complete: bool) {
        Metric::NextDueRepaired.record(self.repaired);
        Metric::ChainBroken.record(self.broken);
        Metric::OutboxHuman.record(self.human);
        Metric::CasesFailed.record(self.failed);
        if complete {
            Metric::ReconcileCompleted.record(1);
        }
        tracing::info!(
            cases = self.cases,
            repaired = self.repaired,
            broken = self.broken,
            human = self.human,
            failed = self.failed,
            complete,
            "reconciled"
        );
    }
}
