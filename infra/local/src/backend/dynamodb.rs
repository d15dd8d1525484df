//! DynamoDB, embedded: `dynoxide` keeps the tables in one SQLite file of the data folder, so a
//! laptop has what it had yesterday and needs neither Java nor a container.
//!
//! Every acknowledged write survives `kill -9` and a power cut: the file is in WAL mode with
//! SQLite's default `synchronous = FULL`, which syncs the log before a commit returns.

pub mod streams;

use std::{
    fs,
    path::{Path, PathBuf},
};

use dynoxide::Database;
use rusqlite::Connection;
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    BackendError,
    running::{self, Running},
};

/// The file's name in the data folder.
pub const FILE: &str = "dynamodb.sqlite";

/// Serves the tables of the data folder on `port` of 127.0.0.1, or on any free one for 0. Without
/// a folder the tables are in memory and go with the process.
///
/// # Errors
///
/// The folder cannot be made, the file is damaged or cannot be written, or the port is taken.
pub async fn start(data: Option<&Path>, port: u16) -> Result<Running, BackendError> {
    let database = match data {
        Some(folder) => open(folder)?,
        None => Database::memory().map_err(|error| BackendError::Database {
            path: PathBuf::from(":memory:"),
            reason: error.to_string(),
        })?,
    };
    let (listener, endpoint) = running::listen(port).await?;
    Ok(Running::spawn(endpoint, |stop| serve(listener, database, stop)))
}

async fn serve(listener: TcpListener, database: Database, stop: oneshot::Receiver<()>) {
    let stopped = async move {
        // Told to, or dropped by whoever would have told.
        stop.await.ok();
    };
    if let Err(reason) = dynoxide::server::serve_with_shutdown(listener, database, stopped).await {
        tracing::error!(reason, "the embedded DynamoDB stopped serving");
    }
}

fn open(folder: &Path) -> Result<Database, BackendError> {
    fs::create_dir_all(folder)
        .map_err(|reason| BackendError::Folder { path: folder.to_owned(), reason })?;
    let path = folder.join(FILE);
    let unusable = |reason: String| BackendError::Database { path: path.clone(), reason };
    check(&path).map_err(unusable)?;
    let name = path.to_str().ok_or_else(|| unusable("its name is not UTF-8".to_owned()))?;
    Database::new(name).map_err(|error| unusable(error.to_string()))
}

/// Reads every page once. Without this, damage in the middle of the file would show only as a
/// 500 from whichever request first reaches it.
fn check(path: &Path) -> Result<(), String> {
    let verdict: String = Connection::open(path)
        .and_then(|file| file.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)))
        .map_err(|error| error.to_string())?;
    if verdict == "ok" { Ok(()) } else { Err("its pages are damaged".to_owned()) }
}
