//! `cargo run -- demo`: it ends well, and its last line is for programs.

use std::path::Path;

use serde_json::Value;

use crate::{folder::Folder, program::command};

#[test]
fn its_last_line_is_its_figures() {
    let folder = Folder::new();
    let data = folder.path().to_str().unwrap();

    let told = command(Path::new(env!("CARGO_TARGET_TMPDIR")), &["demo", "--data", data]).output();

    let told = told.unwrap();
    let stderr = String::from_utf8(told.stderr).unwrap();
    assert_eq!((told.status.code(), stderr.as_str()), (Some(0), ""));
    let lines = String::from_utf8(told.stdout).unwrap();
    let figures: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    let figure = |name: &str| figures[name].as_u64().unwrap();
    let mails = lines.lines().filter(|line| line.contains(" mail to ")).count();
    assert_eq!(figure("mails"), u64::try_from(mails).unwrap());
    assert!(figure("events") > 40, "{figures}");
    assert_eq!(figure("days"), 350, "from 4 January to 20 December");
    assert_eq!(figures.as_object().unwrap().len(), 3);
    assert!(lines.contains("conclude → CONCLUDED"), "{lines}");
}
