//! Why the local system cannot start or go on: one line, saying what to do.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::backend::BackendError;
use crate::backend::dynamodb::streams::StreamError;

/// What can go wrong here.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each field is what its sentence says it is")]
pub enum LocalError {
    /// A backend cannot start.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The port to serve on is taken.
    #[error(
        "127.0.0.1:{port} cannot be listened on ({reason}): stop the program that holds it, or choose another with --port"
    )]
    Port { port: u16, reason: io::Error },
    /// A file of the data folder cannot be used.
    #[error("the file {} cannot be used ({reason}): make it readable and writable by you, or move it away", path.display())]
    File { path: PathBuf, reason: String },
    /// Another process uses the data folder.
    #[error("the data folder {} is in use by another copy of this program: stop that one, or choose another folder with --data", path.display())]
    InUse { path: PathBuf },
    /// There is nothing to verify.
    #[error("the data folder {} holds no cases: choose with --data the folder that was served", path.display())]
    Nothing { path: PathBuf },
    /// The histories cannot be read.
    #[error("the histories cannot be verified: {0}")]
    Unverified(String),
    /// The clock would go back.
    #[error("the clock stands at {}, and it cannot go back: choose a later time, or another data folder", at(.now))]
    Backwards { now: DateTime<Utc> },
    /// The tables or the directory cannot be set up.
    #[error("the tables cannot be set up: {0}")]
    Tables(#[from] cloud::Fault),
    /// The emulator named in place of the embedded services does not serve.
    #[error("the AWS emulator cannot be used ({0}): start it, or leave --aws-endpoint out")]
    Emulator(String),
    /// The stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The settings made here are not accepted; a defect of this program.
    #[error("the local settings are not accepted: {0}")]
    Settings(String),
    /// A stop could not be asked for.
    #[error("signals cannot be caught ({reason})")]
    Signals { reason: io::Error },
    /// A trigger could not do its work.
    #[error("a trigger failed: {0}")]
    Trigger(String),
    /// A sample case could not be brought to where it should stand; a defect of this program.
    #[error("a sample case could not be made: {0}")]
    SampleCase(String),
    /// A step of the demonstration went otherwise than it should.
    #[error("the demonstration stopped: {0}")]
    Demo(String),
}

fn at(instant: &DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl LocalError {
    /// An error about a file of the data folder.
    #[allow(clippy::needless_pass_by_value, reason = "callers give the error away")]
    pub fn file(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::File { path: path.into(), reason: reason.to_string() }
    }
}
