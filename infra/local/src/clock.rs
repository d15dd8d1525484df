//! The clock of the local system: it runs like any other, can be moved forward, and keeps its
//! place between runs.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::LocalError;

/// The file's name in the data folder.
pub const FILE: &str = "clock.json";

/// Tells the machine's time.
pub type Wall = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A moment of this clock and the wall clock's at the same instant.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    shown: DateTime<Utc>,
    wall: DateTime<Utc>,
}

/// The clock. Clones are the same clock.
#[derive(Clone)]
pub struct LocalClock {
    wall: Wall,
    set: Arc<Mutex<Set>>,
    file: PathBuf,
    moved: Arc<Notify>,
}

impl LocalClock {
    /// Takes the clock up where the data folder left it, or at the machine's time, and moves it
    /// to `start` if that is named.
    ///
    /// # Errors
    /// `start` is earlier than the clock, or its file cannot be read or written.
    pub fn open(data: &Path, wall: Wall, start: Option<DateTime<Utc>>) -> Result<Self, LocalError> {
        let file = data.join(FILE);
        let kept: Option<Set> = match fs::read(&file) {
            Ok(bytes) => Some(
                serde_json::from_slice(&bytes).map_err(|reason| LocalError::file(&file, reason))?,
            ),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(LocalError::file(&file, error)),
        };
        let now = wall();
        let shown = kept.map(|set| set.shown + (now - set.wall));
        let set = match (shown, start) {
            (Some(shown), Some(start)) if start < shown => {
                return Err(LocalError::Backwards { now: shown });
            }
            (shown, start) => Set { shown: start.or(shown).unwrap_or(now), wall: now },
        };
        let clock =
            Self { wall, set: Arc::new(Mutex::new(set)), file, moved: Arc::new(Notify::new()) };
        clock.keep(set)?;
        Ok(clock)
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let set = *self.lock();
        set.shown + ((self.wall)() - set.wall)
    }

    /// Moves it forward; it runs on from there.
    ///
    /// # Errors
    /// `to` is earlier than what it shows, or the file cannot be written.
    pub fn set(&self, to: DateTime<Utc>) -> Result<(), LocalError> {
        let now = self.now();
        if to < now {
            return Err(LocalError::Backwards { now });
        }
        self.stand_at(to)
    }

    /// Moves it forward to `to`, unless it has run past that by itself.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn reach(&self, to: DateTime<Utc>) -> Result<(), LocalError> {
        self.stand_at(to.max(self.now()))
    }

    fn stand_at(&self, shown: DateTime<Utc>) -> Result<(), LocalError> {
        let set = Set { shown, wall: (self.wall)() };
        self.keep(set)?;
        *self.lock() = set;
        self.moved.notify_waiters();
        Ok(())
    }

    /// Returns once it was moved.
    pub async fn moved(&self) {
        self.moved.notified().await;
    }

    /// The same as the functions take it.
    #[must_use]
    pub fn domain(&self) -> cloud::Clock {
        let clock = self.clone();
        cloud::Clock::new(Arc::new(move || clock.now()))
    }

    fn keep(&self, set: Set) -> Result<(), LocalError> {
        let beside = self.file.with_extension("json.new");
        let written = serde_json::to_vec(&set).map_err(std::io::Error::from).and_then(|bytes| {
            let mut file = fs::File::create(&beside)?;
            file.write_all(&bytes)?;
            file.sync_data()?;
            fs::rename(&beside, &self.file)
        });
        written.map_err(|reason| LocalError::file(&self.file, reason))
    }

    fn lock(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
