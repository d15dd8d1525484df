//! Uploads that are open: one folder each, with a file for every part and one record that says
//! which files count. A part counts once the record names its file, so that a crash between the
//! two leaves the part as it was before.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::{Path, PathBuf},
};

use s3s::dto::{CreateMultipartUploadInput, PutObjectInput};
use serde::{Deserialize, Serialize};
use tokio::fs;
use uuid::Uuid;

use super::{checksums::Digests, durable, make_folder, unusable};
use crate::backend::BackendError;

const RECORD: &str = "upload.json";

/// One upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Upload {
    pub bucket: String,
    pub key: String,
    /// Whether it was begun with `x-amz-checksum-algorithm: SHA256`.
    pub sha256: bool,
    pub attributes: Attributes,
    pub parts: BTreeMap<i32, Part>,
    /// The parts that become the object, once a completion has been accepted: from then on it is
    /// carried through, if need be at a second request or by the next process.
    pub completing: Option<Vec<i32>>,
}

/// What the creator said of the object to be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Attributes {
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub content_type: Option<String>,
    pub metadata: Option<BTreeMap<String, String>>,
}

/// One part that has arrived whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Part {
    pub file: String,
    pub size: u64,
    pub e_tag: String,
    pub checksum_sha256: String,
}

impl Attributes {
    pub fn of(input: &CreateMultipartUploadInput) -> Self {
        Self {
            cache_control: input.cache_control.clone(),
            content_disposition: input.content_disposition.clone(),
            content_encoding: input.content_encoding.clone(),
            content_language: input.content_language.clone(),
            content_type: input.content_type.clone(),
            metadata: input.metadata.clone().map(|map| map.into_iter().collect()),
        }
    }

    pub fn apply(self, input: &mut PutObjectInput) {
        input.cache_control = self.cache_control;
        input.content_disposition = self.content_disposition;
        input.content_encoding = self.content_encoding;
        input.content_language = self.content_language;
        input.content_type = self.content_type;
        input.metadata = self.metadata.map(|map| map.into_iter().collect());
    }
}

impl Part {
    pub fn new(file: String, digests: Digests) -> Self {
        Self {
            file,
            size: digests.size,
            e_tag: digests.e_tag,
            checksum_sha256: digests.checksum_sha256,
        }
    }
}

/// The open uploads by id, as they are on disk.
#[derive(Debug)]
pub(super) struct Uploads {
    folder: PathBuf,
    open: HashMap<String, Upload>,
}

impl Uploads {
    /// Reads the records and removes the files that none of them names.
    pub async fn load(folder: PathBuf) -> Result<Self, BackendError> {
        make_folder(&folder).await?;
        let mut open = HashMap::new();
        for id in names(&folder).await? {
            let path = folder.join(&id);
            if let Some(upload) = durable::read::<Upload>(&path.join(RECORD)).await? {
                sweep(&path, &upload).await?;
                open.insert(id, upload);
            } else {
                let removed = fs::remove_dir_all(&path).await;
                removed.map_err(|reason| unusable(&path, reason))?;
            }
        }
        Ok(Self { folder, open })
    }

    pub async fn create(&mut self, upload: Upload) -> io::Result<String> {
        let id = Uuid::new_v4().to_string();
        let folder = self.folder.join(&id);
        fs::create_dir(&folder).await?;
        durable::write(&folder.join(RECORD), &upload).await?;
        durable::sync_folder_of(&folder).await?;
        self.open.insert(id.clone(), upload);
        Ok(id)
    }

    /// The upload of this id, if it is for this object.
    pub fn find(&self, id: &str, bucket: &str, key: &str) -> Option<&Upload> {
        self.open.get(id).filter(|upload| upload.bucket == bucket && upload.key == key)
    }

    /// The uploads whose completion was accepted and not carried through.
    pub fn completing(&self) -> Vec<String> {
        let completing =
            |(id, upload): (&String, &Upload)| upload.completing.is_some().then(|| id.clone());
        self.open.iter().filter_map(completing).collect()
    }

    pub fn get(&self, id: &str) -> Option<&Upload> {
        self.open.get(id)
    }

    /// A name that no part's file has had.
    pub fn new_file(number: i32) -> String {
        format!("{number}-{}.part", Uuid::new_v4())
    }

    pub fn path(&self, id: &str, file: &str) -> PathBuf {
        self.folder.join(id).join(file)
    }

    /// Lets the part count, instead of the one that had its number.
    pub async fn keep_part(&mut self, id: &str, number: i32, part: Part) -> io::Result<()> {
        let replaced = self.open.get(id).and_then(|upload| upload.parts.get(&number));
        let replaced = replaced.map(|part| self.path(id, &part.file));
        self.change(id, |upload| {
            upload.parts.insert(number, part);
        })
        .await?;
        match replaced {
            Some(path) => durable::remove(&path).await,
            None => Ok(()),
        }
    }

    /// Accepts a completion.
    pub async fn set_completing(&mut self, id: &str, parts: Vec<i32>) -> io::Result<()> {
        self.change(id, |upload| upload.completing = Some(parts)).await
    }

    /// Forgets the upload and its parts. Without its record the rest of the folder is rubbish, and
    /// if a part that is just arriving keeps it from going now, it goes at the next start.
    pub async fn remove(&mut self, id: &str) -> io::Result<()> {
        let folder = self.folder.join(id);
        durable::remove(&folder.join(RECORD)).await?;
        self.open.remove(id);
        if let Err(error) = fs::remove_dir_all(&folder).await {
            tracing::warn!(upload_id = id, %error, "the parts of a closed upload are left behind");
        }
        Ok(())
    }

    async fn change(&mut self, id: &str, change: impl FnOnce(&mut Upload)) -> io::Result<()> {
        let Some(upload) = self.open.get(id) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let mut changed = upload.clone();
        change(&mut changed);
        durable::write(&self.path(id, RECORD), &changed).await?;
        self.open.insert(id.to_owned(), changed);
        Ok(())
    }
}

/// Removes what a crash left: parts that did not arrive whole, or that were replaced.
async fn sweep(folder: &Path, upload: &Upload) -> Result<(), BackendError> {
    for name in names(folder).await? {
        if name != RECORD && !upload.parts.values().any(|part| part.file == name) {
            durable::remove(&folder.join(&name))
                .await
                .map_err(|reason| unusable(folder, reason))?;
        }
    }
    Ok(())
}

/// The names in a folder; only ours are there, and they are UTF-8.
async fn names(folder: &Path) -> Result<Vec<String>, BackendError> {
    let failed = |reason| unusable(folder, reason);
    let mut names = Vec::new();
    let mut entries = fs::read_dir(folder).await.map_err(failed)?;
    while let Some(entry) = entries.next_entry().await.map_err(failed)? {
        names.extend(entry.file_name().into_string().ok());
    }
    Ok(names)
}
