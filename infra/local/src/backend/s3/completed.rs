//! What S3 remembers of an object that was uploaded in parts, and `s3s-fs` does not: its composite
//! `ETag` and checksum.

use std::{io, path::PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::durable;
use crate::backend::BackendError;

/// The record of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Completed {
    pub bucket: String,
    pub key: String,
    pub e_tag: String,
    /// Absent when the upload was made without checksums.
    pub checksum_sha256: Option<String>,
    /// The MD5 of the whole file, which `s3s-fs` takes for the `ETag`. The record is about those
    /// bytes: when others have come under the same key, it no longer counts.
    pub file_md5: String,
}

/// The records of all objects, one file each.
#[derive(Debug)]
pub(super) struct CompletedUploads {
    folder: PathBuf,
}

impl CompletedUploads {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub async fn write(&self, record: &Completed) -> io::Result<()> {
        durable::write(&self.path(&record.bucket, &record.key), record).await
    }

    /// The record of the object, if the bytes it is about are still the object's.
    pub async fn read(
        &self,
        bucket: &str,
        key: &str,
        file_md5: Option<&str>,
    ) -> Result<Option<Completed>, BackendError> {
        let record: Option<Completed> = durable::read(&self.path(bucket, key)).await?;
        Ok(record.filter(|record| file_md5 == Some(record.file_md5.as_str())))
    }

    pub async fn remove(&self, bucket: &str, key: &str) -> io::Result<()> {
        durable::remove(&self.path(bucket, key)).await
    }

    /// A key may be longer than a file's name, and a bucket's name holds no slash.
    fn path(&self, bucket: &str, key: &str) -> PathBuf {
        let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{bucket}/{key}").as_bytes());
        self.folder.join(format!("{name}.json"))
    }
}
