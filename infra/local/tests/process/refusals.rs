//! What stands in the way is said in one line, before anything is served or printed.

use std::{
    fs::{self, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use reqwest::Method;

use crate::{
    MORNING,
    folder::Folder,
    program::{Program, command, refusal},
    refer,
};

fn on(data: &Path) -> Command {
    let arguments = ["--port", "0", "--data", data.to_str().unwrap()];
    command(Path::new(env!("CARGO_TARGET_TMPDIR")), &arguments)
}

/// A data folder with a case in it, left well alone.
async fn used() -> Folder {
    let folder = Folder::new();
    let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
    refer(&program.client(), "one").await;
    program.client().mails().await.unwrap();
    program.stop();
    folder
}

#[test]
fn a_port_that_is_taken() {
    let folder = Folder::new();
    let holder = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = holder.local_addr().unwrap().port();
    let data = folder.path().to_str().unwrap();
    let here = Path::new(env!("CARGO_TARGET_TMPDIR"));

    let line = refusal(command(here, &["--port", &port.to_string(), "--data", data]));

    assert!(line.starts_with(&format!("127.0.0.1:{port} cannot be listened on")), "{line}");
    assert!(line.ends_with("choose another with --port"), "{line}");
    assert!(!folder.path().exists(), "and nothing was made");
}

#[test]
fn a_data_folder_that_cannot_be_made() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for data in [file.clone(), file.join("within"), PathBuf::from("/proc/within")] {
        let line = refusal(on(&data));
        let start = format!("the data folder {} cannot be used", data.display());
        assert!(line.starts_with(&start), "{line}");
        assert!(line.ends_with("choose a folder that you may write to"), "{line}");
    }
}

#[tokio::test]
async fn a_data_folder_that_another_copy_uses() {
    let folder = Folder::new();
    let first = Program::serve(folder.path());

    let line = refusal(on(folder.path()));

    assert!(line.contains(folder.path().to_str().unwrap()), "{line}");
    assert!(line.contains("is in use by another copy of this program"), "{line}");
    let health = first.client().send(Method::GET, "/health", &[], None).await.unwrap();
    assert_eq!(health.status, 200, "the first goes on");
    first.stop();
}

#[tokio::test]
async fn a_damaged_file() {
    for name in [
        "clock.json",
        "dynamodb.sqlite",
        "mail.jsonl",
        "mail-acks.jsonl",
        "scans.jsonl",
        "token-key.der",
    ] {
        let folder = used().await;
        let file = folder.path().join(name);
        assert!(file.exists(), "{name}");
        fs::write(&file, "damaged\ndamaged\n").unwrap();

        let line = refusal(on(folder.path()));

        assert!(line.contains(file.to_str().unwrap()), "{line}");
        assert!(line.contains("move it away") || line.contains("move the file away"), "{line}");
        fs::remove_file(&file).unwrap();
        if name != "dynamodb.sqlite" {
            Program::serve(folder.path()).stop();
        }
    }
}

/// What is damaged in its middle would otherwise show only when a request comes to it.
#[tokio::test]
async fn a_database_whose_pages_are_damaged() {
    let folder = used().await;
    let path = folder.path().join("dynamodb.sqlite");
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    let middle = file.metadata().unwrap().len() / 2;
    file.seek(SeekFrom::Start(middle - middle % 4096)).unwrap();
    file.write_all(&[0xa5; 3 * 4096]).unwrap();
    drop(file);

    let line = refusal(on(folder.path()));

    assert!(line.starts_with(&format!("the database {} cannot be used", path.display())), "{line}");
}

#[test]
fn an_emulator_that_is_not_there() {
    let folder = Folder::new();
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    drop(silent);
    let mut command = on(folder.path());
    command.args(["--aws-endpoint", &endpoint]);

    let line = refusal(command);

    assert!(line.starts_with("the AWS emulator cannot be used"), "{line}");
    assert!(line.ends_with("start it, or leave --aws-endpoint out"), "{line}");
}
