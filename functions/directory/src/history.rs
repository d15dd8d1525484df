//! What administrators did, the latest first.

use edge::{Gate, Problem, Request, Response, path, respond};
use lambda_http::http::StatusCode;
use review::administration::Deed;
use serde_json::json;

use crate::change;

/// `GET /directory/history`.
pub(crate) async fn show(gate: &Gate, request: &Request) -> Result<Response, Problem> {
    let actor = change::entitled(gate, request, Deed::SeeHistory).await?;
    let limit = change::page_size(request)?;
    let cursor = path::parameter(request, "cursor");
    let page = gate.cloud.store.changes(&actor.csp, cursor, limit).await?;
    let body = json!({ "changes": page.items, "next": page.next });
    let response = respond::json(StatusCode::OK, &body);
    match page.next {
        None => Ok(response),
        Some(cursor) => respond::followed(
            response,
            &format!("/directory/history?limit={limit}&cursor={cursor}"),
        ),
    }
}
