//! The verdict of GuardDuty Malware Protection on an object of the bucket, as EventBridge brings
//! it. An event is a claim about one of our documents or it is nothing to us.

use chrono::{DateTime, Utc};
use cloud::app::Failure;
use cloud::files::key;
use cloud::telemetry::correlated;
use cloud::{Cloud, Fault};
use review::records::{Scan, Verdict};
use review::values::{CspId, DocumentId, Reference};
use review::{Command, Refusal};
use serde::Deserialize;
use serde_json::Value;
use tracing::Instrument as _;

const DETAIL_TYPE: &str = "GuardDuty Malware Protection Object Scan Result";
const DOING: &str = "record a scan result";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Event {
    id: String,
    detail_type: String,
    time: DateTime<Utc>,
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    s3_object_details: Object,
    scan_result_details: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    #[serde(rename = "bucketName")]
    bucket: String,
    #[serde(rename = "objectKey")]
    key: String,
    version_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    scan_result_status: Status,
}

/// GuardDuty's own words for its five results.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    NoThreatsFound,
    ThreatsFound,
    Unsupported,
    AccessDenied,
    Failed,
}

impl Status {
    const fn verdict(self) -> Verdict {
        match self {
            Self::NoThreatsFound => Verdict::NoThreatsFound,
            Self::ThreatsFound => Verdict::ThreatsFound,
            Self::Unsupported => Verdict::Unsupported,
            Self::AccessDenied => Verdict::AccessDenied,
            Self::Failed => Verdict::Failed,
        }
    }
}

/// Records what a scan result says. What is about no document of ours is logged and passed over;
/// so is a result that was recorded before.
///
/// # Errors
/// [`Fault::Retry`] for a result that arrives before its upload was recorded complete, and for
/// what failed outside; [`Fault::GiveUp`] for an event that cannot be read.
pub async fn scanned(cloud: &Cloud, payload: &Value) -> Result<(), Fault> {
    let event =
        Event::deserialize(payload).map_err(|error| Fault::json("read a scan result", &error))?;
    let span = correlated(Some(&event.id));
    record(cloud, event).instrument(span).await
}

async fn record(cloud: &Cloud, event: Event) -> Result<(), Fault> {
    let Some(subject) = subject(cloud, &event).await? else {
        tracing::warn!(event = event.id, "a scan result about no document of ours");
        return Ok(());
    };
    let (csp, reference, document) = subject;
    let command = Command::RecordScan(Scan {
        document,
        verdict: event.detail.scan_result_details.scan_result_status.verdict(),
        version_id: version(event.detail.s3_object_details.version_id),
        scanned_at: event.time,
    });
    match cloud.app.by_system(&csp, &reference, &command, Some(&event.id)).await {
        Ok(_) | Err(Failure::KeyReused) => Ok(()),
        Err(Failure::Refused(refusal @ Refusal::Unmet(_))) => Err(Fault::retry(DOING, refusal)),
        Err(Failure::Refused(refusal)) => {
            tracing::warn!(reference = reference.as_str(), %refusal, "a scan result was refused");
            Ok(())
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The document that the event is about: one of this bucket, kept under exactly this key.
async fn subject(
    cloud: &Cloud,
    event: &Event,
) -> Result<Option<(CspId, Reference, DocumentId)>, Fault> {
    let object = &event.detail.s3_object_details;
    let ours = cloud.config.documents.as_ref().is_some_and(|ours| ours.bucket == object.bucket);
    let Some((csp, reference, document)) = key::read(&object.key).filter(|_| ours) else {
        return Ok(None);
    };
    let stored = cloud.store.load(&csp, &reference).await?;
    let kept = stored
        .and_then(|stored| {
            stored.case.file.documents.get(&document).map(|held| held.key == object.key)
        })
        .unwrap_or(false);
    Ok((kept && event.detail_type == DETAIL_TYPE).then_some((csp, reference, document)))
}

/// A bucket without versions has a version called "null", or none.
fn version(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.is_empty() && id != "null")
}
