//! The directory: who belongs to a partnership, in which roles, for which agency, and where its
//! duties can be reached. The only function that may write it. Who may change what about whom is
//! a table of the domain ([`review::administration`]); each change is written together with the
//! record that says who made it.

mod agencies;
mod change;
mod duties;
mod first;
mod history;
mod people;
mod routes;

use edge::respond::Answer;
use edge::{Gate, Request, Response, respond};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Error, LambdaEvent, Service, service_fn};
use serde_json::Value;

pub use first::{NotAppointed, appoint};

/// Answers a request.
pub async fn handle(gate: &Gate, request: Request) -> Response {
    respond::answer(&request, Box::pin(routes::answer(gate, &request))).await
}

/// Answers an invocation: a request through API Gateway, or an operator's who appoints the first
/// administrator. A gateway wraps whatever it is sent, so no request can look like the latter.
///
/// # Errors
/// A payload that is neither, or an appointment that is refused, in a sentence.
pub async fn invoke(gate: &Gate, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    if let Some(wanted) = payload.get(first::KEY) {
        return Ok(appoint(&gate.cloud, wanted).await?);
    }
    let payload: LambdaRequest = serde_json::from_value(payload)?;
    let answer = |request| async move { Ok::<_, Error>(Answer(handle(gate, request).await)) };
    let response = Adapter::from(service_fn(answer)).call(LambdaEvent { payload, context }).await?;
    Ok(serde_json::to_value(response)?)
}
