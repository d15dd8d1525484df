//! The outbox, sent. The table's stream rings when something new is owed; every fifteen minutes
//! the sweep sends whatever is owed, rung for or not. No other function may send mail.

mod doorbell;
mod sweep;
mod trigger;

use cloud::trigger::BatchResponse;
use cloud::{Budget, Cloud};
use lambda_runtime::Error;
use serde_json::Value;

pub use trigger::Trigger;

/// Sends what the payload rings for, or everything owed.
///
/// # Errors
/// A payload this function does not know, or an outbox that cannot be read at all. An item that
/// fails is logged and found again by the next sweep.
pub async fn handle(
    cloud: &Cloud,
    payload: &Value,
    budget: &Budget,
) -> Result<BatchResponse, Error> {
    match Trigger::parse(payload)? {
        Trigger::Doorbell(records) => Ok(doorbell::answer(cloud, records, budget).await),
        Trigger::Sweep => {
            sweep::run(cloud, budget).await?;
            Ok(BatchResponse::default())
        }
    }
}
