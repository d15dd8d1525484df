//! Items as DynamoDB holds them, and the few ways to read and write their attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::Key;
use crate::fault::Fault;

/// An item, or the key of one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// An attribute is missing or has another type than it should.
#[derive(Debug, thiserror::Error)]
#[error("the attribute {0} is missing or malformed")]
pub(crate) struct Malformed(pub(crate) &'static str);

const READING: &str = "read a stored item";

pub(crate) fn malformed(name: &'static str) -> Fault {
    Fault::give_up(READING, Malformed(name))
}

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

/// An instant as index keys hold it: UTC, whole seconds, always the same width, so that text
/// order is time order. Fractions are dropped.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::json("write a value as JSON", &error))
}

/// The key alone.
pub(crate) fn key_item(key: Key) -> Item {
    HashMap::from([("pk".to_owned(), s(key.pk)), ("sk".to_owned(), s(key.sk))])
}

/// An item of a key and attributes.
pub(crate) fn item<const N: usize>(key: Key, attributes: [(&str, AttributeValue); N]) -> Item {
    let mut item = key_item(key);
    item.extend(attributes.map(|(name, value)| (name.to_owned(), value)));
    item
}

pub(crate) fn maybe_text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

pub(crate) fn text<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, Fault> {
    maybe_text(item, name).ok_or_else(|| malformed(name))
}

pub(crate) fn number(item: &Item, name: &'static str) -> Result<u64, Fault> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| malformed(name))
}

/// A small number, if the item has it.
pub(crate) fn maybe_number(item: &Item, name: &'static str) -> Result<Option<u32>, Fault> {
    if !item.contains_key(name) {
        return Ok(None);
    }
    number(item, name)?.try_into().map(Some).map_err(|_| malformed(name))
}

pub(crate) fn maybe_instant(
    item: &Item,
    name: &'static str,
) -> Result<Option<DateTime<Utc>>, Fault> {
    maybe_text(item, name)
        .map(|text| text.parse::<DateTime<Utc>>().map_err(|_| malformed(name)))
        .transpose()
}

pub(crate) fn parsed<T: DeserializeOwned>(item: &Item, name: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text(item, name)?).map_err(|error| Fault::json(READING, &error))
}

/// The bytes DynamoDB counts for an item, to the few bytes by which its rules for numbers differ.
pub(crate) fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Bool(_) => 1,
        // Nothing here writes a value of another kind.
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_as_large_as_its_names_and_values() {
        let key = Key { pk: "CASE#é".to_owned(), sk: "CASE".to_owned() };
        let list = AttributeValue::Ss(vec!["one".to_owned(), "three".to_owned()]);
        let attributes = [("n", n(12_345)), ("list", list), ("so", AttributeValue::Bool(true))];
        assert_eq!(size(&item(key, attributes)), (2 + 7) + (2 + 4) + (1 + 5) + (4 + 8) + (2 + 1));
    }
}
