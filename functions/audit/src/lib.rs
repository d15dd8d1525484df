//! The second witness. Every hour it writes down how far each history has come, where those who
//! write histories cannot write; every night it holds the histories to what was written down. It
//! reads the tables and changes nothing in them.

mod anchor;
mod trigger;
mod verify;

use cloud::{Budget, Cloud};
use lambda_runtime::Error;
use serde_json::Value;

pub use trigger::Trigger;

/// Does the job that the payload names. `now` is the clock's; a payload cannot set it.
///
/// # Errors
/// A payload this function does not know, or a run that could not read or write what it must.
/// What a verification finds is logged and counted, and is no error of the run.
pub async fn handle(cloud: &Cloud, payload: &Value, budget: &Budget) -> Result<(), Error> {
    match Trigger::parse(payload)? {
        Trigger::Anchor => anchor::run(cloud, budget).await?,
        Trigger::Verify(scope) => verify::run(cloud, scope, budget).await?,
    }
    Ok(())
}
