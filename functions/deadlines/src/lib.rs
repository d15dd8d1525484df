//! Time. Every fifteen minutes everything that has fallen due is done, however late; every night
//! each case is looked at again, in case something was never going to fall due. A new case is
//! compared with the others as soon as it is there.

mod backlog;
mod catch_up;
mod duplicates;
mod new_cases;
mod reconcile;
mod stuck;
mod sweep;
mod trigger;

use cloud::trigger::BatchResponse;
use cloud::{Budget, Cloud};
use lambda_runtime::Error;
use serde_json::Value;

pub use trigger::Trigger;

/// Does the job that the payload names. `now` is the clock's; a payload cannot set it.
///
/// # Errors
/// A payload this function does not know, or a run in which nothing could be done. One case that
/// fails is logged, counted and found again.
pub async fn handle(
    cloud: &Cloud,
    payload: &Value,
    budget: &Budget,
) -> Result<BatchResponse, Error> {
    match Trigger::parse(payload)? {
        Trigger::Sweep => sweep::run(cloud, budget).await?,
        Trigger::Reconcile => reconcile::run(cloud, budget).await?,
        Trigger::NewCases(records) => return Ok(new_cases::answer(cloud, records).await),
    }
    Ok(BatchResponse::default())
}
