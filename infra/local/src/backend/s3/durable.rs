//! Small files that are whole or absent after a crash, never half written.

use std::{io, path::Path};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};

use crate::backend::BackendError;

/// Writes a record beside its place, syncs it and moves it there.
pub(super) async fn write<T: Serialize>(path: &Path, record: &T) -> io::Result<()> {
    let json = serde_json::to_vec_pretty(record)?;
    let beside = path.with_extension("tmp");
    let mut file = File::create(&beside).await?;
    file.write_all(&json).await?;
    file.sync_all().await?;
    fs::rename(&beside, path).await?;
    sync_folder_of(path).await
}

/// Reads a record back, or nothing where there is none.
pub(super) async fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, BackendError> {
    let json = match fs::read(path).await {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(reason) => {
            return Err(BackendError::Journal { path: path.to_owned(), reason });
        }
    };
    serde_json::from_slice(&json)
        .map(Some)
        .map_err(|reason| BackendError::Record { path: path.to_owned(), reason })
}

/// Removes a file, which may be gone already.
pub(super) async fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes a rename or a removal in the folder of `path` last.
pub(super) async fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder).await?.sync_all().await,
        None => Ok(()),
    }
}
