//! Ctrl-C, and what the next run finds.

use std::io::Write as _;
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    COORDINATOR, LETTER, MORNING,
    folder::Folder,
    program::{Ended, Program},
    refer, upload,
};

/// What there is to see of a case: itself, its history and its mails.
async fn seen(program: &Program, reference: &str) -> Vec<Value> {
    let client = program.client();
    let mails = client.mails().await.unwrap();
    let mut seen = Vec::new();
    for path in [format!("/cases/{reference}"), format!("/cases/{reference}/history")] {
        seen.push(client.get(COORDINATOR, &path).await.unwrap().ok().unwrap());
    }
    seen.push(mails.into());
    seen
}

#[tokio::test]
async fn what_was_there_is_there_again() {
    for signal in ["INT", "TERM"] {
        let folder = Folder::new();
        let program = Program::serve_with(folder.path(), &["--clock", MORNING]);
        let reference = refer(&program.client(), "one").await;
        let document = upload(&program.client(), &reference).await;
        let before = seen(&program, &reference).await;
        assert!(!before[2].as_array().unwrap().is_empty());
        program.signal(signal);
        let Ended { status, stderr } = program.wait();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{signal}");

        let program = Program::serve(folder.path());

        assert_eq!(seen(&program, &reference).await, before, "{signal}");
        let client = program.client();
        let id = document["document"].as_str().unwrap();
        let read = format!("/cases/{reference}/documents/{id}/read");
        let link = client.post(COORDINATOR, &read, &json!({})).await.unwrap().ok().unwrap();
        let file = reqwest::get(link["url"].as_str().unwrap()).await.unwrap();
        assert_eq!(file.bytes().await.unwrap(), LETTER);
        program.stop();
    }
}

/// Browsers open connections on which they say nothing, and people stop a program while someone
/// else still sends: neither may keep it from ending.
#[tokio::test]
async fn nobody_can_hold_it_up() {
    let folder = Folder::new();
    let program = Program::serve(folder.path());
    let address = program.base.strip_prefix("http://").unwrap();
    let silent = TcpStream::connect(address).unwrap();
    let mut slow = TcpStream::connect(address).unwrap();
    slow.write_all(b"POST /referrals HTTP/1.1\r\nHost: local\r\nContent-Length: 9\r\n\r\n{")
        .unwrap();
    let health = program.client().send(Method::GET, "/health", &[], None).await.unwrap();
    assert_eq!(health.status, 200, "both connections were taken before this one");

    program.stop();

    drop((silent, slow));
}
