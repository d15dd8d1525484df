//! Transactions: the parts they are made of and the reasons they are cancelled for.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use super::Store;
use super::items::{Item, key_item};
use super::keys::Key;
use crate::fault::Fault;

/// The condition of an item that must be new.
pub(super) const NEW: &str = "attribute_not_exists(pk)";

const BUILDING: &str = "build a transaction";

/// A condition with the values it names.
#[derive(Clone, Debug, Default)]
pub(super) struct Condition {
    expression: String,
    names: HashMap<String, String>,
    values: Item,
}

impl Condition {
    pub(super) fn new(expression: impl Into<String>) -> Self {
        Self { expression: expression.into(), ..Self::default() }
    }

    pub(super) fn name(mut self, placeholder: &str, name: &str) -> Self {
        self.names.insert(placeholder.to_owned(), name.to_owned());
        self
    }

    pub(super) fn value(mut self, placeholder: impl Into<String>, value: AttributeValue) -> Self {
        self.values.insert(placeholder.into(), value);
        self
    }

    fn parts(self) -> (Option<String>, Option<HashMap<String, String>>, Option<Item>) {
        let expression = Some(self.expression).filter(|text| !text.is_empty());
        let names = Some(self.names).filter(|names| !names.is_empty());
        let values = Some(self.values).filter(|values| !values.is_empty());
        (expression, names, values)
    }
}

/// Puts an item under a condition; if it fails, the reason shows the item that was there.
pub(super) fn put(table: &str, item: Item, when: Condition) -> Result<TransactWriteItem, Fault> {
    let (expression, names, values) = when.parts();
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .set_condition_expression(expression)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .map_err(|error| Fault::give_up(BUILDING, error))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

pub(super) fn delete(table: &str, key: Key, when: Condition) -> Result<TransactWriteItem, Fault> {
    let (expression, names, values) = when.parts();
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key_item(key)))
        .set_condition_expression(expression)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .build()
        .map_err(|error| Fault::give_up(BUILDING, error))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

pub(super) fn check(table: &str, key: Key, when: Condition) -> Result<TransactWriteItem, Fault> {
    let (expression, names, values) = when.parts();
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(key_item(key)))
        .set_condition_expression(expression)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .build()
        .map_err(|error| Fault::give_up(BUILDING, error))?;
    Ok(TransactWriteItem::builder().condition_check(check).build())
}

pub(super) fn update(
    table: &str,
    key: Key,
    expression: &str,
    when: Condition,
) -> Result<TransactWriteItem, Fault> {
    let (condition, names, values) = when.parts();
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(key_item(key)))
        .update_expression(expression)
        .set_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .build()
        .map_err(|error| Fault::give_up(BUILDING, error))?;
    Ok(TransactWriteItem::builder().update(update).build())
}

/// Why a transaction was not carried out.
#[derive(Debug)]
pub(super) enum Refused {
    /// At least one part could not be; there is one reason for each part, in order.
    Cancelled(Vec<CancellationReason>),
    /// Anything else.
    Fault(Fault),
}

/// Why one part cancelled a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It did not.
    None,
    /// Its condition did not hold.
    Condition,
    /// Another request held the item, or the table was too busy: the same may work soon.
    Passing,
    /// It can never work: a malformed item, or one that grows too large.
    Never,
}

pub(super) fn reason(reason: &CancellationReason) -> Reason {
    match reason.code() {
        None | Some("None") => Reason::None,
        Some("ConditionalCheckFailed") => Reason::Condition,
        Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded") => {
            Reason::Passing
        }
        Some(_) => Reason::Never,
    }
}

/// The code of the first reason that can never pass, as a fault.
pub(super) fn never(doing: &'static str, reasons: &[CancellationReason]) -> Fault {
    let code = reasons
        .iter()
        .find(|each| reason(each) == Reason::Never)
        .and_then(CancellationReason::code)
        .unwrap_or("no reason given");
    Fault::give_up(doing, format!("the transaction was cancelled: {code}"))
}

impl Store {
    /// Carries out all of `writes` or none. The token is fresh: the SDK sends it again with each
    /// of its own retries, so a transaction that was carried out but not answered for is
    /// answered for then. Whether a repeated *call* is harmless lies in the conditions.
    pub(super) async fn transact(
        &self,
        doing: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), Refused> {
        let token = self.entropy.uuid().map_err(Refused::Fault)?;
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .client_request_token(token.to_string());
        match Box::pin(request.send()).await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    Err(Refused::Cancelled(cancelled.cancellation_reasons().to_vec()))
                }
                _ => Err(Refused::Fault(Fault::sdk(doing, error))),
            },
        }
    }
}
