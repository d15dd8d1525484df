//! The malware scanner, stood in for: what GuardDuty Malware Protection does in production for
//! each new object of the bucket, down to the EventBridge event with its verdict. It knows three
//! things: the EICAR test file is malware, a password keeps it out, and the rest is clean.

mod event;
mod inspect;
mod ledger;
mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde_json::Value;

use self::{event::ScanResultStatus, inspect::Finding, ledger::Ledger};
use super::{BackendError, s3::ObjectCreated};

pub use self::source::Source;

/// Tells the time that events carry.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Scans the objects of one bucket, each until its verdict has been delivered.
pub struct Scanner {
    objects: Source,
    bucket: String,
    clock: Clock,
    ledger: Ledger,
    /// By key, what was handed out and is not marked as delivered.
    offered: BTreeMap<String, (ObjectCreated, ScanResultStatus)>,
    /// The keys handed out since the last time there was nothing more.
    round: BTreeSet<String>,
}

impl Scanner {
    /// Reads in the data folder which verdicts were delivered.
    ///
    /// # Errors
    ///
    /// The ledger cannot be read or written, or one of its lines is damaged.
    pub async fn open(
        data: &Path,
        objects: impl Into<Source>,
        bucket: impl Into<String>,
        clock: Clock,
    ) -> Result<Self, BackendError> {
        Ok(Self {
            objects: objects.into(),
            bucket: bucket.into(),
            clock,
            ledger: Ledger::open(data).await?,
            offered: BTreeMap::new(),
            round: BTreeSet::new(),
        })
    }

    /// Scans the next object whose verdict was not delivered and answers the event. After each such
    /// object was handed out once it answers `None`, and begins again with those that were still
    /// not marked as delivered: an object that its consumer chokes on holds up no other. Where the
    /// objects cannot be listed there is none for now.
    pub async fn scan_next(&mut self) -> Option<Value> {
        let completed = self.objects.completed(&self.bucket).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the objects to scan could not be listed");
            Vec::new()
        });
        let next = completed
            .into_iter()
            .find(|object| !self.round.contains(&object.key) && !self.ledger.holds(object));
        let Some(object) = next else {
            self.round.clear();
            return None;
        };
        let status = self.scan(&object).await;
        let event = event::scan_result(&object, status, (self.clock)());
        self.round.insert(object.key.clone());
        self.offered.insert(object.key.clone(), (object, status));
        Some(event)
    }

    /// Notes that the verdict last answered for this key reached its consumer. A key that is not
    /// waiting for that changes nothing.
    ///
    /// # Errors
    ///
    /// The ledger cannot be written; the verdict will be delivered again.
    pub async fn mark_delivered(&mut self, key: &str) -> Result<(), BackendError> {
        let Some((object, status)) = self.offered.get(key) else {
            return Ok(());
        };
        self.ledger.append(object, *status, (self.clock)()).await?;
        self.offered.remove(key);
        Ok(())
    }

    async fn scan(&self, object: &ObjectCreated) -> ScanResultStatus {
        let Ok(file) = self.objects.open(object).await else {
            return ScanResultStatus::AccessDenied;
        };
        match inspect::inspect(file).await {
            Ok(Finding::Nothing) => ScanResultStatus::NoThreatsFound,
            Ok(Finding::Eicar) => ScanResultStatus::ThreatsFound,
            Ok(Finding::Password) => ScanResultStatus::Unsupported,
            Err(error) => {
                tracing::warn!(e_tag = object.e_tag, %error, "an object could not be scanned");
                ScanResultStatus::Failed
            }
        }
    }
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner")
            .field("bucket", &self.bucket)
            .field("offered", &self.offered.len())
            .finish_non_exhaustive()
    }
}
