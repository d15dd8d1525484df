//! A function as a process of its own, ended with the value that stands for it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Outcome;

pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a bootstrap with these settings and no others. What it says goes into a file, as
    /// it would go to Lambda.
    pub fn start<'a>(
        bootstrap: &Path,
        settings: impl Iterator<Item = &'a (String, String)>,
    ) -> Outcome<Self> {
        let log = std::env::temp_dir().join(format!("dhr-bench-{}.log", std::process::id()));
        let file = File::create(&log)?;
        let child = Command::new(bootstrap)
            .env_clear()
            .envs(settings.map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()?;
        Ok(Self { child, log })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// For how long its threads have run so far.
    pub fn cpu(&self) -> Outcome<Duration> {
        let mut nanoseconds = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.id()))? {
            let figures = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            let ran = figures.split(' ').next().unwrap_or_default();
            nanoseconds += ran.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The most memory it has had at once, in bytes: its peak resident set, with those pages of
    /// the bootstrap that it has touched.
    pub fn peak(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("no VmHWM")?;
        Ok(kib.parse::<u64>()? * 1024)
    }

    /// What it has said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        std::fs::remove_file(&self.log).ok();
    }
}
