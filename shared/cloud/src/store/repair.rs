//! The nightly second look at the index of what is due. No sweep can find a case that the index
//! does not hold, so the instant is computed again from the case itself.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use chrono::SubsecRound as _;
use review::next_due;

use super::Store;
use super::items::{key_item, n, s, stamp};
use super::keys;
use super::load::Stored;
use crate::fault::Fault;

impl Store {
    /// Sets a case's place in the index of what is due to the instant the case itself gives, if
    /// it stands elsewhere. Gives whether it had to be moved. A case that was changed after it
    /// was read is left alone: that change wrote its place.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn repair_next_due(&self, stored: &Stored) -> Result<bool, Fault> {
        let case = &stored.case;
        let due = next_due(case).map(|at| at.trunc_subsecs(0));
        if due == stored.next_due {
            return Ok(false);
        }
        let update = self
            .client
            .update_item()
            .table_name(&self.names.cases)
            .set_key(Some(key_item(keys::case(&case.csp, &case.reference))))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", n(stored.version));
        let update = match due {
            Some(at) => update
                .update_expression("SET next_due = :due, due_shard = :shard")
                .expression_attribute_values(":due", s(stamp(at)))
                .expression_attribute_values(":shard", s(keys::shard(&case.csp, &case.reference))),
            None => update.update_expression("REMOVE next_due, due_shard"),
        };
        match Box::pin(update.send()).await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(Fault::sdk("repair when a case is due", error)),
            },
        }
    }
}
