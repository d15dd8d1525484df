//! What can stop a backend from starting or from keeping what it is given, each as one line that
//! names the file or port and says what to do: it is read by someone who typed `cargo run`.

use std::{io, path::PathBuf};

/// A backend that cannot start, or cannot keep what it is given.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each field is what its sentence says it is")]
pub enum BackendError {
    /// The port is taken or forbidden.
    #[error(
        "127.0.0.1:{port} cannot be listened on ({reason}): stop the program that holds it, or choose another port"
    )]
    Port { port: u16, reason: io::Error },

    /// The folder of a backend's files is missing and cannot be made.
    #[error("the data folder {} cannot be used ({reason}): choose a folder that you may write to", path.display())]
    Folder { path: PathBuf, reason: io::Error },

    /// The database file is damaged, not a database, or not ours to write.
    #[error("the database {} cannot be used ({reason}): make it readable and writable by you, or move it away to begin with an empty one", path.display())]
    Database { path: PathBuf, reason: String },

    /// A journal cannot be read or written.
    #[error("the file {} cannot be read or written ({reason}): make it and its folder writable by you", path.display())]
    Journal { path: PathBuf, reason: io::Error },

    /// A line of a journal, other than one torn off at the end, is not what was written there.
    #[error("line {line} of {} is damaged ({reason}): put back the line as it was, or move the file away to begin with an empty one", path.display())]
    JournalLine { path: PathBuf, line: usize, reason: serde_json::Error },

    /// A record of the embedded S3 is not what was written there.
    #[error("the record {} is damaged ({reason}): put it back as it was, or move it away to go on without it", path.display())]
    Record { path: PathBuf, reason: serde_json::Error },

    /// A bucket's name that S3 would not take either.
    #[error(
        "{name:?} is no name for a bucket: use 3 to 63 lower-case letters, digits, hyphens and dots"
    )]
    Bucket { name: String },
}
