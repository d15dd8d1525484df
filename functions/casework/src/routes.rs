//! The addresses of the API. A short match instead of a router: it is all there is to see, and
//! nothing to load at a cold start.

use edge::{Gate, Problem, Request, Response, path, respond};
use lambda_http::http::{Method, StatusCode};
use review::Action;
use serde_json::json;

use crate::{actions, cases, history};

/// The API document, written by a test from the domain's own types.
const OPENAPI: &str = include_str!("../../../docs/openapi.json");

enum Route<'a> {
    Health,
    OpenApi,
    Cases,
    Case(&'a str),
    History(&'a str),
    Action { reference: &'a str, action: Action },
}

impl<'a> Route<'a> {
    fn of(segments: &[&'a str]) -> Option<Self> {
        Some(match segments {
            ["health"] => Self::Health,
            ["openapi.json"] => Self::OpenApi,
            ["cases"] => Self::Cases,
            ["cases", reference] => Self::Case(reference),
            ["cases", reference, "history"] => Self::History(reference),
            ["cases", reference, "actions", action] => {
                Self::Action { reference, action: actions::named(action)? }
            }
            _ => return None,
        })
    }

    /// How the log names it: the pattern, so that no reference and no typing error is logged.
    const fn pattern(&self) -> &'static str {
        match self {
            Self::Health => "GET /health",
            Self::OpenApi => "GET /openapi.json",
            Self::Cases => "GET /cases",
            Self::Case(_) => "GET /cases/{reference}",
            Self::History(_) => "GET /cases/{reference}/history",
            Self::Action { .. } => "POST /cases/{reference}/actions/{action}",
        }
    }

    const fn method(&self) -> (Method, &'static str) {
        match self {
            Self::Health | Self::OpenApi | Self::Cases | Self::Case(_) | Self::History(_) => {
                (Method::GET, "GET")
            }
            Self::Action { .. } => (Method::POST, "POST"),
        }
    }
}

/// The route taken, for the log, and the answer.
pub(crate) async fn answer(
    gate: &Gate,
    request: &Request,
) -> (&'static str, Result<Response, Problem>) {
    let segments = path::segments(request);
    let Some(route) = Route::of(&segments) else { return ("no route", Err(Problem::no_route())) };
    let (method, name) = route.method();
    if request.method() != method {
        return (route.pattern(), Err(Problem::method(name)));
    }
    let outcome = match &route {
        Route::Health => Ok(respond::json(StatusCode::OK, &json!({ "status": "ok" }))),
        Route::OpenApi => Ok(respond::text(StatusCode::OK, "application/json", OPENAPI)),
        Route::Cases => cases::list(gate, request).await,
        Route::Case(reference) => cases::show(gate, request, reference).await,
        Route::History(reference) => history::show(gate, request, reference).await,
        Route::Action { reference, action } => {
            actions::act(gate, request, reference, *action).await
        }
    };
    (route.pattern(), outcome)
}
