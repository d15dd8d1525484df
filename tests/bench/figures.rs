//! What was measured of one function.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::Outcome;

/// What was asked of AWS, by operation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub requests: u32,
    /// In bytes.
    pub sent: usize,
    pub received: usize,
}

#[derive(Default)]
pub struct Asked {
    /// Before the first event was asked for.
    pub at_start: BTreeMap<String, Tally>,
    pub in_first: BTreeMap<String, Tally>,
}

/// One process, from its start to its end.
pub struct Run {
    /// From the start.
    pub first_poll: Duration,
    pub first_answer: Duration,
    /// What it took of a core until it had answered and asked again. It depends less than the
    /// others on what else the machine does.
    pub first_cpu: Duration,
    /// Each request after the first, from when it was given.
    pub warm: Vec<Duration>,
    /// For each of these.
    pub cpu: Duration,
    /// In bytes.
    pub peak: u64,
    pub asked: Asked,
}

pub struct Figures {
    /// Of the bootstrap, in bytes.
    pub size: u64,
    pub zipped: usize,
    pub asked: Asked,
    pub free: Vec<Run>,
    /// Under the quota.
    pub held: Vec<Run>,
}

impl Figures {
    pub fn of(bootstrap: &Path) -> Outcome<Self> {
        let bytes = std::fs::read(bootstrap).map_err(|error| {
            format!("{}: {error}; run cargo lambda build --release", bootstrap.display())
        })?;
        let mut zip = DeflateEncoder::new(Vec::new(), Compression::default());
        zip.write_all(&bytes)?;
        Ok(Self {
            size: u64::try_from(bytes.len())?,
            zipped: zip.finish()?.len(),
            asked: Asked::default(),
            free: Vec::new(),
            held: Vec::new(),
        })
    }
}

/// The value that a part of all do not exceed; 50 gives the median.
pub fn percentile<T: Copy + Default + Ord>(values: impl Iterator<Item = T>, percent: usize) -> T {
    let mut sorted: Vec<_> = values.collect();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or_default()
}
