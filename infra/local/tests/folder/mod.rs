//! A data folder of a test's own, gone when the test is.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let name = format!("local-{}", uuid::Uuid::new_v4());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It may never have been made.
        fs::remove_dir_all(&self.0).ok();
    }
}
