//! How every answer looks: JSON, kept by no cache, opened by no other page.

use std::future::{Future, ready};
use std::pin::Pin;

use cloud::telemetry::{self, Metric};
use lambda_http::http::StatusCode;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LINK, LOCATION, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::request::RequestContext;
use lambda_http::{Body, IntoResponse, RequestExt};
use serde_json::Value;
use tracing::Instrument as _;

use crate::{Kind, Problem, Request, Response};

/// An answer as Lambda takes it: as it is, for every body here is text or nothing. `lambda_http`
/// would read it through the tables of every encoding that the Web knows.
pub struct Answer(pub Response);

impl IntoResponse for Answer {
    fn into_response(self) -> Pin<Box<dyn Future<Output = Response> + Send>> {
        Box::pin(ready(self.0))
    }
}

/// A JSON answer.
#[must_use]
pub fn json(status: StatusCode, body: &Value) -> Response {
    text(status, "application/json", body.to_string())
}

/// An answer whose text exists already.
#[must_use]
pub fn text(status: StatusCode, content_type: &'static str, body: impl Into<String>) -> Response {
    let mut response = Response::new(Body::Text(body.into()));
    *response.status_mut() = status;
    secure(response.headers_mut());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// The answer to a deletion: done, and nothing to show.
#[must_use]
pub fn nothing() -> Response {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    secure(response.headers_mut());
    response
}

/// Adds where the thing made can be found.
///
/// # Errors
/// A fault if the address cannot stand in a header.
pub fn located(response: Response, address: &str) -> Result<Response, Problem> {
    with(response, LOCATION, address)
}

/// Adds the version of what is shown.
///
/// # Errors
/// A fault if the tag cannot stand in a header.
pub fn tagged(response: Response, etag: &str) -> Result<Response, Problem> {
    with(response, ETAG, etag)
}

/// Adds where the next page is.
///
/// # Errors
/// A fault if the address cannot stand in a header.
pub fn followed(response: Response, next: &str) -> Result<Response, Problem> {
    with(response, LINK, &format!("<{next}>; rel=\"next\""))
}

fn with(mut response: Response, name: HeaderName, value: &str) -> Result<Response, Problem> {
    let value = HeaderValue::from_str(value).map_err(|error| Problem::fault(error.to_string()))?;
    response.headers_mut().insert(name, value);
    Ok(response)
}

/// What came of a request: the route it took, and its answer.
pub type Answered = (&'static str, Result<Response, Problem>);

/// How the routes of one case begin.
const OF_A_CASE: &str = "/cases/{reference}";

/// Gives the answer, and one log line about it: which route, which status, which problem. The
/// route is the pattern, never the address asked for. This line and all before it carry the id
/// that API Gateway gave the request, and the ids of who asked and of the case, once known: it is
/// the trace of who looked at what.
pub async fn answer(request: &Request, work: impl Future<Output = Answered>) -> Response {
    let gateway = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV1(context)) => context.request_id.as_deref(),
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.as_deref(),
        Some(_) | None => None,
    };
    let told = async {
        let (route, outcome) = work.await;
        told(route, outcome)
    };
    told.instrument(telemetry::correlated(gateway)).await
}

fn told(route: &'static str, outcome: Result<Response, Problem>) -> Response {
    match outcome {
        Ok(response) => {
            tracing::info!(route, status = response.status().as_u16(), "answered");
            response
        }
        Err(problem) => {
            let status = problem.kind().status().as_u16();
            let kind = problem.kind().uri();
            let refused = matches!(problem.kind(), Kind::NotFound | Kind::Forbidden);
            if refused && route.contains(OF_A_CASE) {
                Metric::CaseRefused.record(1);
            }
            if let Some(cause) = problem.cause() {
                tracing::error!(route, status, kind, cause, "failed");
            } else {
                tracing::info!(route, status, kind, "refused");
            }
            problem.into_response()
        }
    }
}

/// Headers that every answer has, errors too.
pub(crate) fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
