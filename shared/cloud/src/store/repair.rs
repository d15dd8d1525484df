//! The nightly second look at the two indexes of what is owed. No sweep can find what an index
//! does not hold, so each place is computed again from the item itself.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;

use super::Store;
use super::items::{key_item, n};
use super::keys;
use super::load::{DuePlace, Misplaced, Stored};
use crate::fault::Fault;

impl Store {
    /// Sets a case's place in the index of what is due to the one the case itself gives, if it
    /// stands elsewhere. Gives how it was wrong, if it had to be moved. A case that was changed
    /// after it was read is left alone: that change wrote its place.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn repair_next_due(&self, stored: &Stored) -> Result<Option<Misplaced>, Fault> {
        let case = &stored.case;
        let right = DuePlace::of(case);
        let Some(mistake) = stored.place.mistake(&right) else {
            return Ok(None);
        };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.names.cases)
            .set_key(Some(key_item(keys::case(&case.csp, &case.reference))))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", n(stored.version));
        let values: Vec<_> = right.attributes().collect();
        update = match mistake {
            Misplaced::NeedsNone => update.update_expression("REMOVE next_due, due_shard"),
            Misplaced::Wrong | Misplaced::Missing => {
                update.update_expression("SET next_due = :next_due, due_shard = :due_shard")
            }
        };
        for (name, value) in values {
            update = update.expression_attribute_values(format!(":{name}"), value);
        }
        match Box::pin(update.send()).await {
            Ok(_) => Ok(Some(mistake)),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
                _ => Err(Fault::sdk("repair when a case is due", error)),
            },
        }
    }
}
