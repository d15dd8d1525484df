//! The nightly second look at every case: is it due when it says it is, and does its mail move?
//! A sweep sees only what the indexes hold; this sees the rest. Whether histories are whole is
//! another function's to say, which can write to no history.

use chrono::TimeDelta;
use cloud::store::{CaseKey, Stored};
use cloud::telemetry::Metric;
use cloud::{Budget, Cloud, Fault};
use review::State;

use crate::stuck::Stuck;

/// What one case may take of the time left.
const CASE_TAKES: TimeDelta = TimeDelta::seconds(15);

/// What the night found.
#[derive(Debug, Default)]
struct Found {
    cases: u64,
    repaired: u64,
    unreadable: u64,
    failed: u64,
    stuck: Stuck,
}

pub(crate) async fn run(cloud: &Cloud, budget: &Budget) -> Result<(), Fault> {
    let mut found = Found::default();
    let mut position = None;
    let complete = loop {
        let scanned = cloud.store.cases(None, position).await?;
        for _ in 0..scanned.strange {
            tracing::error!("a case stands under a key that no case can have");
            found.unreadable += 1;
        }
        for key in &scanned.unreadable {
            if budget.allows(CASE_TAKES) {
                found.unreadable(cloud, key).await;
            }
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
    /// A case that cannot be read hides neither the others nor its own mail.
    async fn unreadable(&mut self, cloud: &Cloud, key: &CaseKey) {
        let reference = key.reference.as_str();
        tracing::error!(reference, "a case cannot be read");
        self.unreadable += 1;
        let outcome = self.stuck.look(cloud, key).await;
        self.note(key, outcome);
    }

    async fn look(&mut self, cloud: &Cloud, stored: &Stored) {
        self.cases += 1;
        let key =
            CaseKey { csp: stored.case.csp.clone(), reference: stored.case.reference.clone() };
        let outcome = self.case(cloud, stored, &key).await;
        self.note(&key, outcome);
    }

    fn note(&mut self, key: &CaseKey, outcome: Result<(), Fault>) {
        if let Err(fault) = outcome {
            let reference = key.reference.as_str();
            tracing::error!(reference, fault = fault.chain(), "a case could not be looked at");
            self.failed += 1;
        }
    }

    async fn case(&mut self, cloud: &Cloud, stored: &Stored, key: &CaseKey) -> Result<(), Fault> {
        let reference = key.reference.as_str();
        if stored.case.state == State::Disposed {
            finish_disposal(cloud, key).await?;
        }
        if let Some(was) = cloud.store.repair_next_due(stored).await? {
            tracing::error!(reference, ?was, "a case was not due when it said; repaired");
            self.repaired += 1;
        }
        self.stuck.look(cloud, key).await
    }

    fn report(&self, complete: bool) {
        Metric::NextDueRepaired.record(self.repaired);
        Metric::CasesUnreadable.record(self.unreadable);
        Metric::CasesFailed.record(self.failed);
        self.stuck.report();
        if complete {
            Metric::ReconcileCompleted.record(1);
        }
        tracing::info!(
            cases = self.cases,
            repaired = self.repaired,
            unreadable = self.unreadable,
            failed = self.failed,
            stuck = ?self.stuck,
            complete,
            "reconciled"
        );
    }
}

/// Where the erasure of the records was cut short it is finished here. The documents are deleted
/// only here: an upload that was under way at the disposal may arrive after it.
async fn finish_disposal(cloud: &Cloud, key: &CaseKey) -> Result<(), Fault> {
    cloud.store.finish_disposal(&key.csp, &key.reference).await?;
    let documents = cloud.files.destroy(&key.csp, &key.reference).await?;
    if documents > 0 {
        let reference = key.reference.as_str();
        tracing::info!(reference, documents, "the documents of a disposed case were deleted");
    }
    Ok(())
}
