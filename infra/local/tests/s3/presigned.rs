//! Presigned URLs, as a browser or `curl` uses them: what they bind, and what breaks them.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use reqwest::{Method, Response, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    MIB, Upload,
    bucket::{Bucket, NAME},
    bytes, sha256,
};

const CHECKSUM: &str = "x-amz-checksum-sha256";

fn for_an_hour() -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_hours(1)).unwrap()
}

/// The URL for a part of these bytes and no others.
async fn part_url(upload: &Upload<'_>, bytes: &[u8], config: PresigningConfig) -> PresignedRequest {
    let part = upload.client.upload_part();
    let part = part.bucket(NAME).key(&upload.key).upload_id(&upload.id);
    let part = part.part_number(1).checksum_sha256(sha256(bytes));
    part.presigned(config).await.unwrap()
}

async fn put(url: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let request = reqwest::Client::new().request(Method::PUT, url);
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(body.to_vec()).send().await.unwrap()
}

/// The status of an answer, and S3's code if it is a refusal.
async fn outcome(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let body = response.text().await.unwrap();
    let code = body.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    (status, code.unwrap_or_default().to_owned())
}

fn forbidden(code: &str) -> (StatusCode, String) {
    (StatusCode::FORBIDDEN, code.to_owned())
}

#[tokio::test]
async fn a_part_is_sent_with_the_url_and_the_one_signed_header() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/ümlaut + imr.pdf").await;
    let presigned = part_url(&upload, b"bytes", for_an_hour()).await;
    let headers: Vec<_> = presigned.headers().collect();
    let checksum = sha256(b"bytes");
    assert_eq!(presigned.method(), "PUT");
    assert_eq!(headers, [(CHECKSUM, checksum.as_str())]);
    assert!(presigned.uri().contains("X-Amz-SignedHeaders=host%3Bx-amz-checksum-sha256"));
    let response = put(presigned.uri(), &headers, b"bytes").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CHECKSUM], checksum);
    assert!(response.headers().contains_key("etag"));
    assert_eq!(upload.numbers().await, [1]);
}

#[tokio::test]
async fn the_url_is_good_for_the_bytes_it_was_given_out_for() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let presigned = part_url(&upload, b"bytes", for_an_hour()).await;
    let (url, checksum, other) = (presigned.uri(), sha256(b"bytes"), sha256(b"other"));
    let mismatch = forbidden("SignatureDoesNotMatch");
    assert_eq!(outcome(put(url, &[], b"bytes").await).await, mismatch);
    assert_eq!(outcome(put(url, &[(CHECKSUM, &other)], b"other").await).await, mismatch);
    let bad_digest = (StatusCode::BAD_REQUEST, "BadDigest".to_owned());
    assert_eq!(outcome(put(url, &[(CHECKSUM, &checksum)], b"other").await).await, bad_digest);
    let unsigned = [(CHECKSUM, checksum.as_str()), ("x-amz-meta-owner", "me")];
    assert_eq!(outcome(put(url, &unsigned, b"bytes").await).await, forbidden("AccessDenied"));
    assert!(upload.numbers().await.is_empty());
    // A content type is not signed, so a browser may add one.
    let plain = [(CHECKSUM, checksum.as_str()), ("content-type", "application/pdf")];
    assert_eq!(put(url, &plain, b"bytes").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_length_that_is_signed_is_the_length_that_must_come() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = bucket.client.upload_part().bucket(NAME).key("a/imr.pdf").part_number(1);
    let part = part.upload_id(&upload.id).checksum_sha256(sha256(b"bytes")).content_length(5);
    let presigned = part.presigned(for_an_hour()).await.unwrap();
    let checksum = sha256(b"bytes");
    let headers: Vec<_> = presigned.headers().collect();
    assert_eq!(headers, [("content-length", "5"), (CHECKSUM, checksum.as_str())]);
    // Every client sends the length by itself, a browser even insists on it.
    let checksum = [(CHECKSUM, checksum.as_str())];
    let refused = outcome(put(presigned.uri(), &checksum, b"longer").await).await;
    assert_eq!(refused, forbidden("SignatureDoesNotMatch"));
    assert_eq!(put(presigned.uri(), &checksum, b"bytes").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_url_that_was_changed_or_has_expired_is_refused() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let presigned = part_url(&upload, b"bytes", for_an_hour()).await;
    let checksum = sha256(b"bytes");
    let headers = [(CHECKSUM, checksum.as_str())];
    let other_part = presigned.uri().replace("partNumber=1", "partNumber=2");
    let refused = outcome(put(&other_part, &headers, b"bytes").await).await;
    assert_eq!(refused, forbidden("SignatureDoesNotMatch"));
    let config = PresigningConfig::builder().start_time(SystemTime::UNIX_EPOCH);
    let config = config.expires_in(Duration::from_hours(1)).build().unwrap();
    let expired = part_url(&upload, b"bytes", config).await;
    let refused = outcome(put(expired.uri(), &headers, b"bytes").await).await;
    assert_eq!(refused, forbidden("AccessDenied"));
    assert!(upload.numbers().await.is_empty());
}

#[tokio::test]
async fn a_refused_body_is_read_so_that_its_sender_reads_the_refusal() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let presigned = part_url(&upload, b"bytes", for_an_hour()).await;
    let host = bucket.s3.endpoint().trim_start_matches("http://");
    let path = presigned.uri().split_once(host).unwrap().1;
    // Longer than what the sockets hold, and sent by one who only writes until all is written.
    let body = bytes(1, 32 * MIB);
    let length = body.len();
    let head = format!("PUT {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n");
    let mut socket = TcpStream::connect(host).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&body).await.unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 403");
}

#[tokio::test]
async fn a_download_has_the_name_that_its_url_gives_it() {
    let bucket = Bucket::new().await;
    bucket.put("a/imr.pdf", b"bytes").await;
    let name = "attachment; filename=\"imr.pdf\"";
    let get = bucket.client.get_object().bucket(NAME).key("a/imr.pdf");
    let get = get.response_content_disposition(name).response_content_type("application/pdf");
    let presigned = get.presigned(for_an_hour()).await.unwrap();
    assert_eq!(presigned.headers().count(), 0);
    let response = reqwest::get(presigned.uri()).await.unwrap();
    assert_eq!(response.headers()["content-disposition"], name);
    assert_eq!(response.headers()["content-type"], "application/pdf");
    assert_eq!(response.bytes().await.unwrap().as_ref(), b"bytes");
    let bare = presigned.uri().split('?').next().unwrap();
    let refused = outcome(reqwest::get(bare).await.unwrap()).await;
    assert_eq!(refused, forbidden("AccessDenied"));
}
