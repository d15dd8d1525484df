//! The JSON API of a case: what one may see of it, its history, and every act of the process
//! except the referral and the uploads, which have functions of their own.

mod actions;
mod cases;
mod history;
#[cfg(feature = "schema")]
pub mod openapi;
mod routes;
pub mod view;

use edge::{Gate, Request, Response, respond};

/// Answers a request.
pub async fn handle(gate: &Gate, request: Request) -> Response {
    respond::answer(&request, Box::pin(routes::answer(gate, &request))).await
}
