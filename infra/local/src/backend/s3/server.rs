//! What stands between the wire and `s3s`: a browser's questions are answered, what was begun is
//! carried through, and what was sent is read.

use http::{Method, Request};
use hyper::body::Incoming;
use s3s::{HttpError, HttpResponse, service::S3Service};
use tower::ServiceExt;

use super::{cors, drain::Shared};

/// Answers one request.
pub(super) async fn answer(
    service: S3Service,
    request: Request<Incoming>,
) -> Result<HttpResponse, HttpError> {
    if let Some(response) = cors::preflight(&request) {
        return Ok(response);
    }
    let origin = cors::loopback(request.headers());
    let sends = request.method() != Method::GET && request.method() != Method::HEAD;
    let (head, body) = request.into_parts();
    let body = Shared::new(body);
    let request = Request::from_parts(head, body.clone());
    // An operation that has begun is carried through, also when its sender hangs up: half of a
    // completion is worth nothing.
    let answered = tokio::spawn(service.oneshot(request)).await;
    if sends {
        body.drain().await;
    }
    let mut response = answered.map_err(|panic| HttpError::new(Box::new(panic)))??;
    if let Some(origin) = origin {
        cors::allow(response.headers_mut(), &origin);
    }
    Ok(response)
}
