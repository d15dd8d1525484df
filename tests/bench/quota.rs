//! What a function of 128 MB gets once it has started: 7 % of a core, by the kernel's own quota.
//! Lambda gives a function a vCPU for each 1769 MB, and starts it at full speed; its quota is of
//! 20 milliseconds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// In microseconds, of each [`PERIOD`].
const QUOTA: u32 = 1_400;
const PERIOD: u32 = 20_000;

/// A control group with this quota, removed with the value that stands for it.
pub struct Quota {
    group: PathBuf,
}

impl Quota {
    /// The group, where the machine lets one be made.
    pub fn find() -> Option<Self> {
        let name = format!("dhr-bench-{}", std::process::id());
        let versions: [(&str, &[(&str, String)]); 2] = [
            ("/sys/fs/cgroup", &[("cpu.max", format!("{QUOTA} {PERIOD}"))]),
            (
                "/sys/fs/cgroup/cpu",
                &[
                    ("cpu.cfs_period_us", PERIOD.to_string()),
                    ("cpu.cfs_quota_us", QUOTA.to_string()),
                ],
            ),
        ];
        versions.iter().find_map(|(root, files)| {
            let quota = Self { group: Path::new(root).join(&name) };
            fs::create_dir(&quota.group).ok()?;
            let set = |(file, value): &(&str, String)| {
                let file = quota.group.join(file);
                file.exists() && fs::write(file, value).is_ok()
            };
            files.iter().all(set).then_some(quota)
        })
    }

    /// From now on a process gets no more.
    pub fn hold(&self, process: u32) -> Outcome<()> {
        Ok(fs::write(self.group.join("cgroup.procs"), process.to_string())?)
    }

    /// In words.
    pub fn words(&self) -> String {
        let share = f64::from(QUOTA) / f64::from(PERIOD);
        format!("{share} core ({QUOTA} of each {PERIOD} microseconds, by {})", self.group.display())
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        fs::remove_dir(&self.group).ok();
    }
}
