//! Cross-origin requests: a page served by this machine uploads straight to S3, so S3 has to let
//! it. The rule is the one that the bucket has in production, with loopback for the site's address.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
        ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
};
use s3s::{HttpResponse, S3Error, S3ErrorCode};
use url::{Host, Url};

const EXPOSED: &str = "etag, x-amz-checksum-sha256";
const METHODS: &str = "GET, HEAD, PUT";
const MAX_AGE_SECONDS: &str = "3000";

/// The answer to a browser that asks whether it may send a request, if this is such a question.
pub(super) fn preflight<B>(request: &Request<B>) -> Option<HttpResponse> {
    let asked = request.headers().get(ACCESS_CONTROL_REQUEST_METHOD)?;
    if request.method() != Method::OPTIONS {
        return None;
    }
    let allowed = METHODS.split(", ").any(|method| asked == method);
    let Some(origin) = allowed.then(|| loopback(request.headers())).flatten() else {
        return Some(refusal());
    };
    let mut response = HttpResponse::new(s3s::Body::empty());
    let headers = response.headers_mut();
    allow(headers, &origin);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_SECONDS));
    if let Some(names) = request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    Some(response)
}

/// The origin of the request, if it is a page of this machine.
pub(super) fn loopback(headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let url = Url::parse(origin.to_str().ok()?).ok()?;
    let ours = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (ours && url.scheme() == "http").then(|| origin.clone())
}

/// Lets a page of this origin read the answer.
pub(super) fn allow(headers: &mut HeaderMap, origin: &HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    vary_by(headers, &[ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD]);
}

fn vary_by(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.append(VARY, HeaderValue::from(name.clone()));
    }
}

fn refusal() -> HttpResponse {
    let Ok(code) = "AccessForbidden".parse::<S3ErrorCode>();
    let mut error = S3Error::with_message(
        code,
        "CORSResponse: This CORS request is not allowed. The evaluation of Origin, request method \
         / Access-Control-Request-Method or Access-Control-Request-Headers is not whitelisted by \
         the resource's CORS spec.",
    );
    error.set_status_code(StatusCode::FORBIDDEN);
    error.to_http_response().unwrap_or_else(|_| {
        let mut response = HttpResponse::new(s3s::Body::empty());
        *response.status_mut() = StatusCode::FORBIDDEN;
        response
    })
}
