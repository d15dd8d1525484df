//! Documents: the links that are signed, and an upload that is finished once however often it is
//! asked for. S3 here is scripted; the whole way of a document is played against a real server
//! elsewhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod outside;

use std::sync::{Arc, Mutex};

use cloud::files::{Completed, Files, UploadError};
use outside::http::{self, Answer, Request};

const DIGEST: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// Documents over an S3 that answers so, and what it was asked.
async fn files(
    answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
) -> (Files, Arc<Mutex<Vec<Request>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let endpoint = http::serve(move |request| {
        let say = answer(&request);
        seen.lock().unwrap().push(request);
        async { say }
    })
    .await;
    let sdk = outside::sdk("http://127.0.0.1:1", &endpoint).await;
    let config = aws_sdk_s3::config::Builder::from(&sdk).build();
    let bucket = Some("documents".to_owned());
    (Files::new(aws_sdk_s3::Client::from_conf(config), bucket), asked)
}

fn xml(body: &str) -> Answer {
    Answer::Say(200, vec![("content-type", "application/xml".to_owned())], body.to_owned())
}

fn no_such_upload() -> Answer {
    let body = "<Error><Code>NoSuchUpload</Code><Message>Gone.</Message></Error>";
    Answer::Say(404, vec![], body.to_owned())
}

fn parts(count: u32) -> Answer {
    let part = |n| {
        format!(
            "<Part><PartNumber>{n}</PartNumber><Size>8388608</Size><ETag>\"e{n}\"</ETag>\
             <ChecksumSHA256>{DIGEST}</ChecksumSHA256></Part>"
        )
    };
    let parts = (1..=count).map(part).collect::<Vec<_>>().concat();
    xml(&format!("<ListPartsResult><IsTruncated>false</IsTruncated>{parts}</ListPartsResult>"))
}

fn head() -> Answer {
    Answer::Say(
        200,
        vec![
            ("content-length", "16777216".to_owned()),
            ("x-amz-checksum-sha256", format!("{DIGEST}-2")),
            ("x-amz-checksum-type", "COMPOSITE".to_owned()),
            ("x-amz-version-id", "v7".to_owned()),
        ],
        String::new(),
    )
}

fn whole() -> Completed {
    Completed {
        hash: review::values::Hash::parse(&format!("{DIGEST}-2")).unwrap(),
        size: 16_777_216,
        version_id: Some("v7".to_owned()),
    }
}

/// The query parameters of a URL.
fn query(url: &str) -> std::collections::BTreeMap<String, String> {
    form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn a_part_can_be_sent_only_with_its_length_and_its_digest() {
    let (files, asked) = files(|_| Answer::Drop).await;

    let part = files.sign_part("a/key", "upload", 3, DIGEST, 1234).await.unwrap();

    let query = query(&part.url);
    assert_eq!(query["X-Amz-SignedHeaders"], "content-length;host;x-amz-checksum-sha256");
    assert_eq!(query["X-Amz-Expires"], "900");
    assert_eq!((query["partNumber"].as_str(), query["uploadId"].as_str()), ("3", "upload"));
    let mut headers = part.headers.clone();
    headers.sort();
    assert_eq!(
        headers,
        [
            ("content-length".to_owned(), "1234".to_owned()),
            ("x-amz-checksum-sha256".to_owned(), DIGEST.to_owned()),
        ]
    );
    assert_eq!(part.expires_in, 900);
    assert!(!format!("{part:?}").contains("X-Amz-Signature"));
    assert!(asked.lock().unwrap().is_empty(), "signing asks nobody");
}

#[tokio::test]
async fn a_document_is_read_for_a_minute_as_an_attachment() {
    let (files, _) = files(|_| Answer::Drop).await;

    let url = files.sign_read("a/key", Some("v7"), "Berichté.pdf").await.unwrap();

    let query = query(&url);
    assert_eq!(query["X-Amz-Expires"], "60");
    assert_eq!(query["versionId"], "v7");
    assert_eq!(query["X-Amz-SignedHeaders"], "host");
    assert_eq!(
        query["response-content-disposition"],
        "attachment; filename=\"Bericht_.pdf\"; filename*=UTF-8''Bericht%C3%A9.pdf"
    );
    assert!(!files.sign_read("a/key", None, "a").await.unwrap().contains("versionId"));
}

#[tokio::test]
async fn a_completion_lists_every_part_with_its_digest() {
    let (files, asked) = files(|request| match request.method.as_str() {
        "GET" => parts(2),
        _ => Answer::Say(
            200,
            vec![("x-amz-version-id", "v7".to_owned())],
            format!(
                "<CompleteMultipartUploadResult><ChecksumSHA256>{DIGEST}-2</ChecksumSHA256>\
                 </CompleteMultipartUploadResult>"
            ),
        ),
    })
    .await;

    assert_eq!(files.complete("a/key", "upload").await.unwrap(), whole());

    let body = String::from_utf8(asked.lock().unwrap().last().unwrap().body.clone()).unwrap();
    assert_eq!(body.matches(DIGEST).count(), 2);
    assert_eq!(body.matches("<PartNumber>").count(), 2);
}

#[tokio::test]
async fn a_completion_that_was_carried_out_before_gives_the_same_answer() {
    let (gone, _) = files(|request| match request.method.as_str() {
        "HEAD" => head(),
        _ => no_such_upload(),
    })
    .await;
    assert_eq!(gone.complete("a/key", "upload").await.unwrap(), whole());

    let (raced, _) = files(|request| match request.method.as_str() {
        "HEAD" => head(),
        "GET" => parts(2),
        _ => no_such_upload(),
    })
    .await;
    assert_eq!(raced.complete("a/key", "upload").await.unwrap(), whole());
}

#[tokio::test]
async fn an_upload_that_never_was_is_gone_and_one_without_parts_is_empty() {
    let (gone, _) = files(|request| match request.method.as_str() {
        "HEAD" => Answer::Say(404, vec![], String::new()),
        _ => no_such_upload(),
    })
    .await;
    assert!(matches!(gone.complete("a/key", "upload").await, Err(UploadError::Gone)));
    assert!(matches!(gone.parts("a/key", "upload").await, Err(UploadError::Gone)));
    gone.abort("a/key", "upload").await.unwrap();

    let (empty, _) = files(|_| parts(0)).await;
    assert!(matches!(empty.complete("a/key", "upload").await, Err(UploadError::Empty)));
}

#[tokio::test]
async fn a_function_without_a_bucket_says_so() {
    let sdk = outside::sdk("http://127.0.0.1:1", "http://127.0.0.1:1").await;
    let files = Files::new(aws_sdk_s3::Client::new(&sdk), None);

    let fault = files.begin("a/key", "application/pdf").await.unwrap_err();

    assert!(!fault.is_retryable());
    assert!(fault.chain().contains("DOCUMENTS_BUCKET"), "{}", fault.chain());
}

#[tokio::test]
async fn every_document_of_a_case_is_deleted_and_no_other() {
    let (csp, reference) = (outside::csp(), review::values::Reference::from_random([7; 8]));
    let of_case = format!("{csp}/{reference}/");
    let listed = of_case.clone();
    let (files, asked) = files(move |request| {
        if request.method == "DELETE" {
            return Answer::Say(204, vec![], String::new());
        }
        let query = query(&request.path);
        assert_eq!(query["prefix"], listed);
        let (name, rest) = match query.get("continuation-token").map(String::as_str) {
            None => ("one", "true</IsTruncated><NextContinuationToken>1</NextContinuationToken>"),
            Some(_) => ("two", "false</IsTruncated>"),
        };
        xml(&format!(
            "<ListBucketResult><Contents><Key>{listed}_/{name}</Key></Contents>\
             <IsTruncated>{rest}</ListBucketResult>"
        ))
    })
    .await;

    assert_eq!(files.destroy(&csp, &reference).await.unwrap(), 2);

    let asked = asked.lock().unwrap();
    let deleted: Vec<_> = asked
        .iter()
        .filter(|request| request.method == "DELETE")
        .map(|request| request.path.split('?').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        deleted,
        [format!("/documents/{of_case}_/one"), format!("/documents/{of_case}_/two")]
    );
}
