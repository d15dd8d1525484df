//! Which verdicts have been delivered: a file that grows by a synced line for each.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncReadExt, AsyncWriteExt},
};

use super::event::ScanResultStatus;
use crate::backend::{BackendError, s3::ObjectCreated};

/// The file's name in the data folder.
const FILE: &str = "scans.jsonl";

#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    file: File,
    /// How much of the file is whole lines.
    length: u64,
    delivered: BTreeSet<Id>,
}

/// An object's bucket, key and `ETag`: other bytes under the same key are scanned again.
type Id = (String, String, String);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    bucket_name: String,
    object_key: String,
    e_tag: String,
    scan_result_status: ScanResultStatus,
    delivered_at: DateTime<Utc>,
}

impl Ledger {
    /// Reads the file, of which a line that a crash tore off at the end does not count.
    pub async fn open(data: &Path) -> Result<Self, BackendError> {
        let path = data.join(FILE);
        let (file, text) = read(&path)
            .await
            .map_err(|reason| BackendError::Journal { path: path.clone(), reason })?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut delivered = BTreeSet::new();
        for (index, line) in text[..whole].split_inclusive(|byte| *byte == b'\n').enumerate() {
            let line: Line = serde_json::from_slice(line).map_err(|reason| {
                BackendError::JournalLine { path: path.clone(), line: index + 1, reason }
            })?;
            delivered.insert((line.bucket_name, line.object_key, line.e_tag));
        }
        Ok(Self { path, file, length: whole as u64, delivered })
    }

    pub fn holds(&self, object: &ObjectCreated) -> bool {
        self.delivered.contains(&id(object))
    }

    pub async fn append(
        &mut self,
        object: &ObjectCreated,
        scan_result_status: ScanResultStatus,
        delivered_at: DateTime<Utc>,
    ) -> Result<(), BackendError> {
        let line = Line {
            bucket_name: object.bucket.clone(),
            object_key: object.key.clone(),
            e_tag: object.e_tag.clone(),
            scan_result_status,
            delivered_at,
        };
        self.write(&line)
            .await
            .map_err(|reason| BackendError::Journal { path: self.path.clone(), reason })?;
        self.delivered.insert(id(object));
        Ok(())
    }

    /// Writes after the last whole line, over whatever a failed attempt has left there.
    async fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut json = serde_json::to_vec(line)?;
        json.push(b'\n');
        self.file.set_len(self.length).await?;
        self.file.write_all(&json).await?;
        self.file.sync_data().await?;
        self.length += json.len() as u64;
        Ok(())
    }
}

async fn read(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut options = OpenOptions::new();
    let mut file = options.create(true).read(true).append(true).open(path).await?;
    if let Some(folder) = path.parent() {
        // The name of a new file is on disk only when its folder is.
        File::open(folder).await?.sync_all().await?;
    }
    let mut text = Vec::new();
    file.read_to_end(&mut text).await?;
    Ok((file, text))
}

fn id(object: &ObjectCreated) -> Id {
    (object.bucket.clone(), object.key.clone(), object.e_tag.clone())
}
