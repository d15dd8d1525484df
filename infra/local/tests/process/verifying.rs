//! `cargo run -- verify`: what it says of a folder left well alone, of one that somebody wrote to,
//! and when it will not look.

use std::{fs, path::Path, process::Command};

use crate::{
    MORNING,
    folder::Folder,
    kept::Kept,
    program::{Program, command, refusal},
    refer,
};

fn verify(data: &Path) -> Command {
    let arguments = ["verify", "--data", data.to_str().unwrap()];
    command(Path::new(env!("CARGO_TARGET_TMPDIR")), &arguments)
}

/// The lines of a verification and its exit code.
fn verified(data: &Path) -> (Vec<String>, Option<i32>) {
    let output = verify(data).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let lines = String::from_utf8(output.stdout).unwrap();
    (lines.lines().map(str::to_owned).collect(), output.status.code())
}

/// A folder in which a case went its way for some months.
async fn served() -> (Folder, String) {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
    let client = program.client();
    let reference = refer(&client, "one").await;
    for now in ["2027-01-04T10:10:00Z", "2027-03-01T12:00:00Z"] {
        client.clock(now.parse().unwrap()).await.unwrap().ok().unwrap();
    }
    program.stop();
    (folder, reference)
}

#[tokio::test]
async fn a_folder_left_well_alone_verifies() {
    let (folder, _) = served().await;

    let (lines, code) = verified(folder.path());

    assert_eq!(code, Some(0), "{lines:?}");
    let [summary] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(summary.starts_with("cases 1, events "), "{summary}");
    assert!(summary.ends_with(", findings 0"), "{summary}");
    let figures: Vec<u32> = summary.split([' ', ',']).filter_map(|it| it.parse().ok()).collect();
    assert!(figures[1] > 3 && figures[2] > 1, "events and anchors: {summary}");
    assert_eq!(verified(folder.path()), (lines, Some(0)), "and changes nothing");
}

#[tokio::test]
async fn a_folder_that_somebody_wrote_to_does_not() {
    let (folder, reference) = served().await;
    let kept = Kept::open(folder.path()).await;
    kept.delete_event(&reference, 2).await;
    kept.close().await;
    fs::remove_file(folder.path().join("s3/anchors/anchors/0000000001.json")).unwrap();

    let (lines, code) = verified(folder.path());

    assert_eq!(code, Some(1));
    let csp = review::sample::CSP;
    let (broken, rest) = lines.split_first().unwrap();
    assert_eq!(
        broken,
        &format!(
            "chain-broken: {csp} {reference}, event 2: an event is missing, or one stands where none should"
        )
    );
    assert_eq!(rest[0], "anchor-broken: anchor 1: it is missing, and later ones are there");
    assert!(rest[1].ends_with(", findings 2"), "{rest:?}");
}

#[tokio::test]
async fn it_does_not_look_at_a_folder_in_use_or_at_none() {
    let folder = Folder::new();
    let line = refusal(verify(folder.path()));
    assert!(
        line.ends_with("holds no cases: choose with --data the folder that was served"),
        "{line}"
    );
    assert!(!folder.path().exists(), "and makes none");

    let program = Program::serve(folder.path());
    let line = refusal(verify(folder.path()));
    assert!(line.contains("is in use by another copy of this program"), "{line}");
    program.stop();
}
