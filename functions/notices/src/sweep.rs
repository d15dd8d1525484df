//! Everything owed, the longest overdue first: the guarantee behind the doorbell.

use cloud::telemetry::Metric;
use cloud::{Budget, Cloud, Fault};

pub(crate) async fn run(cloud: &Cloud, budget: &Budget) -> Result<(), Fault> {
    let owed = cloud.mail.owed(cloud.clock.now()).await?;
    let count = owed.len();
    let run = cloud.mail.deliver_all(owed.into_iter().map(|due| due.id), budget).await;
    let failed = u64::try_from(run.failed.len()).unwrap_or(u64::MAX);
    Metric::MailsFailed.record(failed);
    tracing::info!(
        owed = count,
        sent = run.sent,
        suppressed = run.suppressed,
        human = run.human,
        failed,
        stopped = run.stopped,
        "swept the outbox"
    );
    Ok(())
}
