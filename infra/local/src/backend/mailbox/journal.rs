//! A file of JSON lines that only grows. A line is on disk, not just on its way there, before
//! [`Journal::append`] returns, so what was acknowledged survives `kill -9` and a power cut.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::backend::BackendError;

/// The journal; without a file it keeps nothing.
pub(super) struct Journal {
    file: Option<Lines>,
}

struct Lines {
    path: PathBuf,
    file: File,
    /// Where the last whole line ends.
    length: u64,
    /// A line failed half-way and could not be cut off again.
    torn: bool,
}

impl Journal {
    /// Opens or creates the file and reads what is in it. A last line without its end was never
    /// acknowledged (the process died while writing it) and is cut off.
    pub(super) fn open<T: DeserializeOwned>(
        path: Option<PathBuf>,
    ) -> Result<(Self, Vec<T>), BackendError> {
        let Some(path) = path else {
            return Ok((Self { file: None }, Vec::new()));
        };
        let (mut file, bytes) =
            read(&path).map_err(|reason| BackendError::Journal { path: path.clone(), reason })?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let records = bytes[..whole]
            .split_inclusive(|byte| *byte == b'\n')
            .enumerate()
            .map(|(index, line)| {
                serde_json::from_slice(line).map_err(|reason| BackendError::JournalLine {
                    path: path.clone(),
                    line: index + 1,
                    reason,
                })
            })
            .collect::<Result<_, _>>()?;
        if whole < bytes.len() {
            tracing::warn!(
                file = %path.display(),
                bytes = bytes.len() - whole,
                "cut off a last line that was not written to its end"
            );
            cut(&mut file, whole as u64)
                .map_err(|reason| BackendError::Journal { path: path.clone(), reason })?;
        }
        let lines = Lines { path, file, length: whole as u64, torn: false };
        Ok((Self { file: Some(lines) }, records))
    }

    /// Writes one record. After an error the file is as it was before.
    pub(super) fn append(&mut self, record: &impl Serialize) -> Result<(), BackendError> {
        let Some(lines) = &mut self.file else {
            return Ok(());
        };
        lines
            .append(record)
            .map_err(|reason| BackendError::Journal { path: lines.path.clone(), reason })
    }
}

impl Lines {
    fn append(&mut self, record: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        if self.torn {
            cut(&mut self.file, self.length)?;
            self.torn = false;
        }
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += line.len() as u64,
            Err(_) => self.torn = cut(&mut self.file, self.length).is_err(),
        }
        written
    }
}

fn read(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    if let Some(folder) = path.parent() {
        // The name of a new file is on disk only when its folder is.
        File::open(folder)?.sync_all()?;
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok((file, bytes))
}

fn cut(file: &mut File, length: u64) -> io::Result<()> {
    file.set_len(length)?;
    file.sync_data()
}
