//! The stand-in for the malware scanner: which files get which verdict, and that every file gets
//! one, whatever happens in between.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "s3/bucket.rs"]
mod bucket;
mod emulator;
mod folder;

use std::{fs, path::Path, sync::Arc};

use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use local::backend::{
    BackendError,
    scanner::{Clock, Scanner, Source},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use bucket::{Bucket, NAME};
use emulator::Emulator;
use folder::Folder;

fn clock() -> Clock {
    let now: DateTime<Utc> = "2026-01-31T09:00:00.5Z".parse().unwrap();
    Arc::new(move || now)
}

async fn scanner(bucket: &Bucket) -> Scanner {
    let objects = bucket.s3.objects().clone();
    Scanner::open(bucket.folder(), objects, NAME, clock()).await.unwrap()
}

/// The test file of the EICAR, in halves, lest it be found in this one.
fn eicar() -> String {
    let halves = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];
    halves.concat()
}

/// What the scanner says of an object of these bytes.
async fn verdict(bytes: &[u8]) -> Value {
    let bucket = Bucket::new().await;
    bucket.put("a/file", bytes).await;
    let event = scanner(&bucket).await.scan_next().await.unwrap();
    event["detail"]["scanResultDetails"]["scanResultStatus"].clone()
}

/// The key of an event.
fn key(event: &Value) -> &str {
    event["detail"]["s3ObjectDetails"]["objectKey"].as_str().unwrap()
}

/// The header of an entry of a ZIP, from its signature to its method of compression.
fn zip_entry(signature: &[u8], version: &[u8], flags: u16) -> Vec<u8> {
    let entry = [signature, version, &flags.to_le_bytes(), b"\x08\x00", &[0; 20]];
    entry.concat()
}

/// A compound file whose directory has a stream of this name.
fn compound_file(stream: &str) -> Vec<u8> {
    let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    file.resize(512 + 2 * 128, 0);
    file.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    file.resize(2048, 0);
    file
}

#[tokio::test]
async fn the_event_is_the_one_that_guardduty_sends() {
    let bucket = Bucket::new().await;
    bucket.put("a/file", eicar().as_bytes()).await;
    let mut event = scanner(&bucket).await.scan_next().await.unwrap();
    let id = event["id"].take();
    assert_eq!(id.as_str().unwrap().len(), 36);
    let expected = json!({
        "version": "0",
        "id": null,
        "detail-type": "GuardDuty Malware Protection Object Scan Result",
        "source": "aws.guardduty",
        "account": "000000000000",
        "time": "2026-01-31T09:00:00Z",
        "region": "eu-west-2",
        "resources": ["arn:aws:guardduty:eu-west-2:000000000000:malware-protection-plan/local"],
        "detail": {
            "schemaVersion": "1.0",
            "scanStatus": "COMPLETED",
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {
                "bucketName": NAME,
                "objectKey": "a/file",
                "eTag": "44d88612fea8a8f36de82e1278abb02f",
                "versionId": null,
                "s3Throttled": false,
            },
            "scanResultDetails": {
                "scanResultStatus": "THREATS_FOUND",
                "statusReasons": null,
                "threats": [{ "name": "EICAR-Test-File (not a virus)" }],
            },
        },
    });
    assert_eq!(event, expected);
}

#[tokio::test]
async fn the_test_file_is_malware_wherever_it_stands() {
    let test_string = eicar();
    for text in [
        test_string.clone(),
        format!("{test_string}{}", " ".repeat(60)),
        format!("{test_string}\r\n"),
        format!("a letter with {test_string} in it"),
        format!("%PDF-1.7 trailer << /Encrypt 1 0 R >> {test_string}"),
    ] {
        assert_eq!(verdict(text.as_bytes()).await, "THREATS_FOUND");
    }
}

#[tokio::test]
async fn a_file_with_a_password_is_unsupported() {
    let local = zip_entry(b"PK\x03\x04", b"\x14\x00", 1);
    let mut central = zip_entry(b"PK\x03\x04", b"\x14\x00", 0);
    central.extend(zip_entry(b"PK\x01\x02\x3f\x03", b"\x33\x00", 0x801));
    for file in [
        local,
        central,
        b"%PDF-1.4\n1 0 obj\ntrailer\n<< /Size 8 /Encrypt 7 0 R /Root 1 0 R >>\n%%EOF".to_vec(),
        b"%PDF-1.7\n9 0 obj\n<</Type/XRef/Encrypt\n8 0 R/W[1 2 1]>>stream".to_vec(),
        b"%PDF-1.4\ntrailer\n<</Encrypt<</Filter/Standard>>>>".to_vec(),
        compound_file("EncryptedPackage"),
    ] {
        assert_eq!(verdict(&file).await, "UNSUPPORTED", "{}", file.escape_ascii());
    }
}

#[tokio::test]
async fn an_unsupported_file_is_skipped_for_its_password() {
    let bucket = Bucket::new().await;
    bucket.put("a/file", &compound_file("EncryptedPackage")).await;
    let event = scanner(&bucket).await.scan_next().await.unwrap();
    assert_eq!(event["detail"]["scanStatus"], "SKIPPED");
    let details = &event["detail"]["scanResultDetails"];
    assert_eq!(details["statusReasons"], json!(["PASSWORD_PROTECTED"]));
    assert_eq!(details["threats"], Value::Null);
}

#[tokio::test]
async fn any_other_file_is_clean() {
    let mut zip = zip_entry(b"PK\x03\x04", b"\x14\x00", 8);
    zip.extend(zip_entry(b"PK\x01\x02\x3f\x03", b"\x14\x00", 8));
    for file in [
        b"a letter".to_vec(),
        b"".to_vec(),
        zip,
        b"%PDF-1.7\ntrailer\n<< /Size 8 /Root 1 0 R >>\n%%EOF".to_vec(),
        compound_file("WordDocument"),
        eicar().into_bytes().split_off(1),
    ] {
        assert_eq!(verdict(&file).await, "NO_THREATS_FOUND", "{}", file.escape_ascii());
    }
}

/// The verdict on an object whose file was replaced behind the server's back.
async fn verdict_on(replace: impl Fn(&Path)) -> (Value, Value) {
    let bucket = Bucket::new().await;
    bucket.put("a/file", b"bytes").await;
    let file = bucket.folder().join("s3").join(NAME).join("a/file");
    fs::remove_file(&file).unwrap();
    replace(&file);
    let mut event = scanner(&bucket).await.scan_next().await.unwrap();
    let details = event["detail"]["scanResultDetails"]["scanResultStatus"].take();
    (event["detail"]["scanStatus"].take(), details)
}

#[tokio::test]
async fn an_object_that_cannot_be_opened_is_denied() {
    let denied = (json!("SKIPPED"), json!("ACCESS_DENIED"));
    assert_eq!(verdict_on(|_| ()).await, denied);
}

#[tokio::test]
async fn an_object_that_cannot_be_read_to_its_end_is_a_failure() {
    let failed = (json!("FAILED"), json!("FAILED"));
    assert_eq!(verdict_on(|file| fs::create_dir(file).unwrap()).await, failed);
}

#[tokio::test]
async fn an_upload_is_scanned_once_it_is_complete() {
    let bucket = Bucket::new().await;
    let mut scanner = scanner(&bucket).await;
    let begin = bucket.client.create_multipart_upload().bucket(NAME);
    let begin = begin.key("a/file").checksum_algorithm(ChecksumAlgorithm::Sha256);
    let id = begin.send().await.unwrap().upload_id.unwrap();
    let checksum = STANDARD.encode(Sha256::digest(eicar()));
    let part = bucket.client.upload_part().bucket(NAME).key("a/file").upload_id(&id);
    let part = part.part_number(1).checksum_sha256(&checksum);
    let kept = part.body(eicar().into_bytes().into()).send().await.unwrap();
    assert_eq!(scanner.scan_next().await, None);
    let part = CompletedPart::builder().part_number(1).checksum_sha256(&checksum);
    let part = part.set_e_tag(kept.e_tag).build();
    let complete = bucket.client.complete_multipart_upload().bucket(NAME).key("a/file");
    let parts = CompletedMultipartUpload::builder().parts(part).build();
    let complete = complete.upload_id(id).multipart_upload(parts);
    let e_tag = complete.send().await.unwrap().e_tag.unwrap();
    let event = scanner.scan_next().await.unwrap();
    let details = &event["detail"]["s3ObjectDetails"];
    assert_eq!(details["eTag"], e_tag.trim_matches('"'));
    assert_eq!(event["detail"]["scanResultDetails"]["scanResultStatus"], "THREATS_FOUND");
}

#[tokio::test]
async fn a_verdict_that_was_not_delivered_comes_again_and_holds_up_no_other() {
    let bucket = Bucket::new().await;
    bucket.put("a", b"choked on").await;
    bucket.put("b", b"handled").await;
    let mut scanner = scanner(&bucket).await;
    let first = scanner.scan_next().await.unwrap();
    let second = scanner.scan_next().await.unwrap();
    assert_eq!((key(&first), key(&second)), ("a", "b"));
    scanner.mark_delivered("b").await.unwrap();
    assert_eq!(scanner.scan_next().await, None);
    assert_eq!(scanner.scan_next().await, Some(first));
    scanner.mark_delivered("a").await.unwrap();
    assert_eq!(scanner.scan_next().await, None);
    assert_eq!(scanner.scan_next().await, None);
}

#[tokio::test]
async fn what_was_delivered_and_what_was_not_outlives_a_restart() {
    let bucket = Bucket::new().await;
    bucket.put("a", b"delivered").await;
    bucket.put("b", b"not delivered").await;
    let mut before = scanner(&bucket).await;
    while let Some(event) = before.scan_next().await {
        if key(&event) == "a" {
            before.mark_delivered("a").await.unwrap();
        }
    }
    let bucket = Bucket::open(bucket.stop().await).await;
    let mut after = scanner(&bucket).await;
    assert_eq!(key(&after.scan_next().await.unwrap()), "b");
    assert_eq!(after.scan_next().await, None);
}

#[tokio::test]
async fn other_bytes_under_the_same_key_are_scanned_too() {
    let bucket = Bucket::new().await;
    let mut scanner = scanner(&bucket).await;
    for bytes in ["first", "second"] {
        bucket.put("a", bytes.as_bytes()).await;
        assert!(scanner.scan_next().await.is_some(), "{bytes}");
        scanner.mark_delivered("a").await.unwrap();
        assert_eq!(scanner.scan_next().await, None);
    }
}

#[tokio::test]
async fn objects_of_other_buckets_are_let_alone() {
    let bucket = Bucket::new().await;
    bucket.s3.ensure_bucket("another").await.unwrap();
    let put = bucket.client.put_object().bucket("another").key("a");
    put.body(b"bytes".to_vec().into()).send().await.unwrap();
    assert_eq!(scanner(&bucket).await.scan_next().await, None);
}

#[tokio::test]
async fn objects_of_an_emulator_are_found_and_read_through_its_api() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let emulator = Emulator::serve([("a/b", "a letter".to_owned()), ("c", eicar())]).await;
    let source = Source::Emulated(bucket::client(&emulator.endpoint, "test"));
    let mut scanner = Scanner::open(folder.path(), source, NAME, clock()).await.unwrap();

    for (expected, status) in [("a/b", "NO_THREATS_FOUND"), ("c", "THREATS_FOUND")] {
        let event = scanner.scan_next().await.unwrap();
        assert_eq!(key(&event), expected);
        assert_eq!(event["detail"]["s3ObjectDetails"]["eTag"], format!("e-{expected}"));
        assert_eq!(event["detail"]["scanResultDetails"]["scanResultStatus"], status);
        scanner.mark_delivered(expected).await.unwrap();
    }
    assert_eq!(scanner.scan_next().await, None);
    emulator.server.abort();
    assert_eq!(scanner.scan_next().await, None, "none is found for now");
}

#[tokio::test]
async fn a_line_torn_off_by_a_crash_is_written_anew() {
    let bucket = Bucket::new().await;
    bucket.put("a", b"bytes").await;
    bucket.put("b", b"bytes").await;
    let mut before = scanner(&bucket).await;
    while let Some(event) = before.scan_next().await {
        before.mark_delivered(key(&event)).await.unwrap();
    }
    let ledger = bucket.folder().join("scans.jsonl");
    let text = fs::read_to_string(&ledger).unwrap();
    assert_eq!(text.lines().count(), 2);
    fs::write(&ledger, &text[..text.len() - 10]).unwrap();
    let mut after = scanner(&bucket).await;
    assert_eq!(key(&after.scan_next().await.unwrap()), "b");
    after.mark_delivered("b").await.unwrap();
    assert_eq!(fs::read_to_string(&ledger).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_ledger_is_named_with_its_line() {
    let bucket = Bucket::new().await;
    fs::write(bucket.folder().join("scans.jsonl"), "not a line of ours\n").unwrap();
    let objects = bucket.s3.objects().clone();
    let opened = Scanner::open(bucket.folder(), objects, NAME, clock()).await;
    let error = opened.unwrap_err();
    assert!(matches!(error, BackendError::JournalLine { line: 1, .. }));
    assert!(error.to_string().contains("scans.jsonl"));
}
