//! Documents: uploads in parts straight to S3, the malware scanner's verdicts, and links to read
//! that last a minute. Bytes never pass through here; who may do what with which document is the
//! domain's to say, and it is asked before S3 is.

mod parts;
mod reading;
mod routes;
mod scan;
mod trigger;
mod uploads;

use edge::respond::Answer;
use edge::{Gate, Request, Response, respond};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Error, LambdaEvent, Service, service_fn};
use serde_json::Value;

pub use scan::scanned;
pub use trigger::Trigger;

/// Answers a request.
pub async fn handle(gate: &Gate, request: Request) -> Response {
    respond::answer(&request, Box::pin(routes::answer(gate, &request))).await
}

/// Answers an invocation: a request through API Gateway, or a scan result from EventBridge.
///
/// # Errors
/// A payload that is neither, or a scan result that cannot be recorded yet; the invocation then
/// counts as failed and is repeated.
pub async fn invoke(gate: &Gate, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    match Trigger::of(&payload) {
        Trigger::ScanResult => {
            scanned(&gate.cloud, &payload).await?;
            Ok(Value::Null)
        }
        Trigger::Request => {
            let payload: LambdaRequest = serde_json::from_value(payload)?;
            let answer =
                |request| async move { Ok::<_, Error>(Answer(handle(gate, request).await)) };
            let response =
                Adapter::from(service_fn(answer)).call(LambdaEvent { payload, context }).await?;
            Ok(serde_json::to_value(response)?)
        }
    }
}
