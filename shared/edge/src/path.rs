//! Where a request goes, whichever gateway brought it.
//!
//! An HTTP API (payload 2.0) puts a named stage in front of the path, a REST API (payload 1.0)
//! does not, and `lambda_http` adds it to the URI of both; the routes know no stages.

use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

use crate::Request;

/// The segments of the path, without the stage and without decoding: no name in our routes
/// needs an escape, so one that has an escape is a name that does not exist.
#[must_use]
pub fn segments(request: &Request) -> Vec<&str> {
    let path = path(request);
    path.strip_prefix('/').unwrap_or(path).split('/').collect()
}

/// One parameter of the query, as sent; ours need no decoding.
#[must_use]
pub fn parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.uri().query().unwrap_or_default().split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then_some(value)
    })
}

fn path(request: &Request) -> &str {
    let raw = request.raw_http_path();
    let path = if raw.is_empty() { request.uri().path() } else { raw };
    match stage(request).and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage)) {
        Some(rest) if rest.starts_with('/') => rest,
        Some(_) | None => path,
    }
}

/// The stage that may stand in the path: only an HTTP API's, and only if it has a name.
fn stage(request: &Request) -> Option<&str> {
    let stage = match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.stage.as_deref()?,
        // A REST API's path has none; other gateways are not used.
        _ => return None,
    };
    (stage != "$default").then_some(stage)
}
