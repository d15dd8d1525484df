//! What became of each mail, as SES reports it: it settles sends in doubt, and a mail that came
//! back is recorded in its case, so that the coordinator hears of it.

mod notification;
mod receipt;
mod trigger;

use cloud::Cloud;
use cloud::telemetry::correlated;
use cloud::trigger::BatchResponse;
use lambda_runtime::Error;
use serde_json::Value;
use tracing::Instrument as _;

pub use trigger::Trigger;

/// Notes every receipt of the batch by itself; those that fail are brought again, and end in the
/// dead-letter queue if they never succeed.
///
/// # Errors
/// A payload that is not a batch of the queue.
pub async fn handle(cloud: &Cloud, payload: &Value) -> Result<BatchResponse, Error> {
    let Trigger::Receipts(messages) = Trigger::parse(payload)?;
    let mut response = BatchResponse::default();
    for message in messages {
        if let Err(error) =
            receipt::take(cloud, &message.body).instrument(correlated(Some(&message.id))).await
        {
            tracing::error!(message = message.id, %error, "a receipt could not be noted");
            response.again(message.id);
        }
    }
    Ok(response)
}
