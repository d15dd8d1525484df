//! The hourly anchor. Its number and hash go into the log as well: a copy that is kept elsewhere
//! is a witness of the witness.

use cloud::audit::Taken;
use cloud::telemetry::Metric;
use cloud::{Budget, Cloud, Fault};

pub(crate) async fn run(cloud: &Cloud, budget: &Budget) -> Result<(), Fault> {
    match cloud.audit.anchor(budget).await? {
        Taken::Anchor { number, hash, cases } => {
            tracing::info!(anchor = number, %hash, cases, "anchored");
        }
        Taken::Unchanged => tracing::info!("nothing has changed since the last anchor"),
        Taken::Beaten { number } => {
            tracing::info!(anchor = number, "another run has taken this anchor");
        }
    }
    Metric::AnchorCompleted.record(1);
    Ok(())
}
