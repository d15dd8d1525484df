//! One conditional update of one outbox item.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::{Claimed, OutboxId, OutboxStatus};
use crate::fault::Fault;
use crate::store::Store;
use crate::store::items::{Item, key_item, s};
use crate::store::keys::Key;

/// An update in the making.
pub(super) struct Change {
    key: Key,
    set: Vec<String>,
    add: Vec<String>,
    remove: Vec<&'static str>,
    condition: &'static str,
    values: Vec<(String, AttributeValue)>,
}

/// What became of it.
pub(super) enum Changed {
    /// The condition held; the item as it is now.
    To(Item),
    /// It did not; the item as it stayed, if there is one.
    Not(Option<Item>),
}

impl Changed {
    pub(super) const fn held(&self) -> bool {
        matches!(self, Self::To(_))
    }
}

impl Change {
    /// A change of an item that must exist.
    pub(super) fn of(id: &OutboxId) -> Self {
        Self {
            key: id.key(),
            set: Vec::new(),
            add: Vec::new(),
            remove: Vec::new(),
            condition: "attribute_exists(pk)",
            values: Vec::new(),
        }
    }

    /// Sets the status.
    pub(super) fn to(self, status: OutboxStatus) -> Self {
        self.set("status", s(status.name()))
    }

    pub(super) fn set(mut self, name: &str, value: AttributeValue) -> Self {
        self.set.push(format!("#{name} = :{name}"));
        self.value(name, value)
    }

    pub(super) fn add(mut self, name: &str, value: AttributeValue) -> Self {
        self.add.push(format!("#{name} :{name}"));
        self.value(name, value)
    }

    pub(super) fn remove(mut self, names: &[&'static str]) -> Self {
        self.remove.extend(names);
        self
    }

    /// The condition; names are written `#name`, values `:name`.
    pub(super) fn when(mut self, condition: &'static str) -> Self {
        self.condition = condition;
        self
    }

    /// A value that the condition names.
    pub(super) fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.push((format!(":{name}"), value));
        self
    }

    /// Only while the item is in `SENDING` under this attempt.
    pub(super) fn under(self, claimed: &Claimed) -> Self {
        self.when("#status = :sending AND #attempt_id = :under")
            .value("sending", s(OutboxStatus::Sending.name()))
            .value("under", s(&*claimed.attempt_id))
    }

    fn expression(&self) -> String {
        let mut clauses = vec![format!("SET {}", self.set.join(", "))];
        if !self.add.is_empty() {
            clauses.push(format!("ADD {}", self.add.join(", ")));
        }
        if !self.remove.is_empty() {
            let names: Vec<_> = self.remove.iter().map(|name| format!("#{name}")).collect();
            clauses.push(format!("REMOVE {}", names.join(", ")));
        }
        clauses.join(" ")
    }
}

/// The names in `expression` that begin with `#`.
fn placeholders(expression: &str) -> impl Iterator<Item = (String, String)> {
    expression
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '#'))
        .filter_map(|word| word.strip_prefix('#').map(|name| (word.to_owned(), name.to_owned())))
}

impl Store {
    pub(super) async fn change(&self, change: Change) -> Result<Changed, Fault> {
        let expression = change.expression();
        let names = placeholders(&expression).chain(placeholders(change.condition)).collect();
        let request = self
            .client
            .update_item()
            .table_name(&self.names.cases)
            .set_key(Some(key_item(change.key)))
            .update_expression(&expression)
            .condition_expression(change.condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(change.values.into_iter().collect()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match Box::pin(request.send()).await {
            Ok(output) => Ok(Changed::To(output.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Changed::Not(failed.item.clone()))
                }
                _ => Err(Fault::sdk("update an outbox item", error)),
            },
        }
    }
}
