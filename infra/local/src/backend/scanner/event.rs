//! The event that GuardDuty sends to the default bus of EventBridge after each scan.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::backend::s3::ObjectCreated;

const ACCOUNT: &str = "000000000000";
const REGION: &str = "eu-west-2";
const PLAN: &str = "arn:aws:guardduty:eu-west-2:000000000000:malware-protection-plan/local";
const EICAR: &str = "EICAR-Test-File (not a virus)";

/// What a scan came to, in the words of GuardDuty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ScanResultStatus {
    /// It was read to its end.
    NoThreatsFound,
    /// It is malware.
    ThreatsFound,
    /// It cannot be looked into: it asks for a password.
    Unsupported,
    /// It cannot be opened.
    AccessDenied,
    /// It cannot be read to its end.
    Failed,
}

impl ScanResultStatus {
    fn scan_status(self) -> &'static str {
        match self {
            Self::NoThreatsFound | Self::ThreatsFound => "COMPLETED",
            Self::Unsupported | Self::AccessDenied => "SKIPPED",
            Self::Failed => "FAILED",
        }
    }

    fn threats(self) -> Option<Value> {
        match self {
            Self::ThreatsFound => Some(json!([{ "name": EICAR }])),
            Self::NoThreatsFound | Self::Unsupported | Self::AccessDenied | Self::Failed => None,
        }
    }

    /// The only thing that is unsupported here is a password.
    fn status_reasons(self) -> Option<Value> {
        match self {
            Self::Unsupported => Some(json!(["PASSWORD_PROTECTED"])),
            Self::NoThreatsFound | Self::ThreatsFound | Self::AccessDenied | Self::Failed => None,
        }
    }
}

/// The event for one object. Delivered again, it has the same id, as EventBridge does it.
pub(super) fn scan_result(
    object: &ObjectCreated,
    status: ScanResultStatus,
    now: DateTime<Utc>,
) -> Value {
    let ObjectCreated { bucket, key, e_tag, .. } = object;
    let name = format!("{bucket}/{key}#{e_tag}");
    json!({
        "version": "0",
        "id": Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string(),
        "detail-type": "GuardDuty Malware Protection Object Scan Result",
        "source": "aws.guardduty",
        "account": ACCOUNT,
        "time": now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "region": REGION,
        "resources": [PLAN],
        "detail": {
            "schemaVersion": "1.0",
            "scanStatus": status.scan_status(),
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {
                "bucketName": bucket,
                "objectKey": key,
                "eTag": e_tag,
                "versionId": null,
                "s3Throttled": false,
            },
            "scanResultDetails": {
                "scanResultStatus": status,
                "statusReasons": status.status_reasons(),
                "threats": status.threats(),
            },
        },
    })
}
