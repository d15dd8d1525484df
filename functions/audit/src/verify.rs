//! The nightly verification, told to whoever operates the system: one line for each finding,
//! which the documentation explains, and a figure for each kind.

use cloud::audit::{Finding, Scope, Verified};
use cloud::telemetry::Metric;
use cloud::{Budget, Cloud, Fault};

pub(crate) async fn run(cloud: &Cloud, scope: Scope, budget: &Budget) -> Result<(), Fault> {
    let verified = cloud.audit.verify(scope, budget).await?;
    let Verified { cases, events, anchors, last_anchor, findings, complete } = verified;
    for finding in &findings {
        tracing::error!(finding = finding.name(), "{finding}");
    }
    for metric in Finding::METRICS {
        let counted = findings.iter().filter(|finding| finding.metric() == *metric).count();
        metric.record(u64::try_from(counted).unwrap_or(u64::MAX));
    }
    if complete {
        Metric::VerifyCompleted.record(1);
    }
    let (last, hash) = last_anchor.unzip();
    let hash = hash.map(|hash| hash.to_string());
    let findings = findings.len();
    tracing::info!(cases, events, anchors, last, hash, findings, complete, "verified");
    Ok(())
}
