//! The addresses of documents.

use edge::{Gate, Problem, Request, Response, path};
use lambda_http::http::Method;

use crate::{reading, uploads};

enum Route<'a> {
    Begin(&'a str),
    Show(&'a str, &'a str),
    Part(&'a str, &'a str),
    Complete(&'a str, &'a str),
    Abandon(&'a str, &'a str),
    Read(&'a str, &'a str),
}

impl<'a> Route<'a> {
    fn of(segments: &[&'a str]) -> Option<Self> {
        Some(match segments {
            ["cases", reference, "documents"] => Self::Begin(reference),
            ["cases", reference, "documents", id] => Self::Show(reference, id),
            ["cases", reference, "documents", id, "parts"] => Self::Part(reference, id),
            ["cases", reference, "documents", id, "complete"] => Self::Complete(reference, id),
            ["cases", reference, "documents", id, "abandon"] => Self::Abandon(reference, id),
            ["cases", reference, "documents", id, "read"] => Self::Read(reference, id),
            _ => return None,
        })
    }

    const fn pattern(&self) -> &'static str {
        match self {
            Self::Begin(_) => "POST /cases/{reference}/documents",
            Self::Show(..) => "GET /cases/{reference}/documents/{document}",
            Self::Part(..) => "POST /cases/{reference}/documents/{document}/parts",
            Self::Complete(..) => "POST /cases/{reference}/documents/{document}/complete",
            Self::Abandon(..) => "POST /cases/{reference}/documents/{document}/abandon",
            Self::Read(..) => "POST /cases/{reference}/documents/{document}/read",
        }
    }

    const fn method(&self) -> (Method, &'static str) {
        match self {
            Self::Show(..) => (Method::GET, "GET"),
            Self::Begin(_)
            | Self::Part(..)
            | Self::Complete(..)
            | Self::Abandon(..)
            | Self::Read(..) => (Method::POST, "POST"),
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
    let outcome = match route {
        Route::Begin(reference) => uploads::begin(gate, request, reference).await,
        Route::Show(reference, id) => reading::show(gate, request, reference, id).await,
        Route::Part(reference, id) => uploads::part(gate, request, reference, id).await,
        Route::Complete(reference, id) => uploads::complete(gate, request, reference, id).await,
        Route::Abandon(reference, id) => uploads::abandon(gate, request, reference, id).await,
        Route::Read(reference, id) => reading::read(gate, request, reference, id).await,
    };
    (route.pattern(), outcome)
}
