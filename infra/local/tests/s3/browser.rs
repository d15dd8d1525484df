//! Requests from a page: those of this machine are let through, and may read what they need.

use reqwest::{Method, Response, StatusCode};

use crate::bucket::{Bucket, NAME};

async fn preflight(bucket: &Bucket, origin: &str, method: &str) -> Response {
    let url = format!("{}/{NAME}/a/imr.pdf", bucket.s3.endpoint());
    let request = reqwest::Client::new().request(Method::OPTIONS, url);
    let request = request.header("origin", origin);
    let request = request.header("access-control-request-method", method);
    let request = request.header("access-control-request-headers", "x-amz-checksum-sha256");
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_page_of_this_machine_may_upload() {
    let bucket = Bucket::new().await;
    for origin in ["http://127.0.0.1:3000", "http://localhost:5173", "http://localhost"] {
        let answer = preflight(&bucket, origin, "PUT").await;
        assert_eq!(answer.status(), StatusCode::OK);
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], origin);
        assert_eq!(headers["access-control-allow-headers"], "x-amz-checksum-sha256");
        assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("PUT"));
    }
}

#[tokio::test]
async fn other_pages_and_other_methods_may_not() {
    let bucket = Bucket::new().await;
    for (origin, method) in [
        ("https://example.org", "PUT"),
        ("http://localhost.example.org", "PUT"),
        ("https://127.0.0.1:3000", "PUT"),
        ("null", "PUT"),
        ("http://127.0.0.1:3000", "DELETE"),
    ] {
        let answer = preflight(&bucket, origin, method).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin} {method}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
        assert!(answer.text().await.unwrap().contains("<Code>AccessForbidden</Code>"));
    }
}

#[tokio::test]
async fn a_page_of_this_machine_may_read_the_answer_even_to_a_refusal() {
    let bucket = Bucket::new().await;
    let url = format!("{}/{NAME}/a/imr.pdf", bucket.s3.endpoint());
    for (origin, allowed) in [("http://127.0.0.1:3000", true), ("https://example.org", false)] {
        let request = reqwest::Client::new().put(&url).header("origin", origin);
        let answer = request.body("bytes").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        let headers = answer.headers();
        assert_eq!(headers.contains_key("access-control-allow-origin"), allowed);
        let exposed = headers.get("access-control-expose-headers");
        assert_eq!(exposed.is_some_and(|names| names == "etag, x-amz-checksum-sha256"), allowed);
    }
}
