//! Where a list goes on. The cursor is the last key in base64; it is checked when it comes
//! back, so that it opens no list but the one it was given for.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use review::values::Reference;
use serde::{Deserialize, Serialize};

use super::items::{self, Item, s};
use crate::fault::Fault;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Asks for what follows; `None` at the end.
    pub next: Option<String>,
}

/// Why a list was not given.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The cursor was not made for this list.
    #[error("Ask for the list from its beginning: this cursor does not belong to it.")]
    Cursor,
    /// The table.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The longest cursor that is looked at; a real one is under 400 characters.
const LONGEST: usize = 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    pk: String,
    sk: String,
}

/// The cursor for what follows `last`.
pub(super) fn encode(last: &Item) -> Result<String, Fault> {
    let position = Position {
        pk: items::text(last, "pk")?.to_owned(),
        sk: items::text(last, "sk")?.to_owned(),
    };
    Ok(URL_SAFE_NO_PAD.encode(items::json(&position)?))
}

/// The key a cursor stands for, if it is one of the listing `pk`.
pub(super) fn decode(cursor: &str, pk: &str) -> Result<Item, ListError> {
    let position = read(cursor, pk)?;
    let reference = Reference::parse(&position.sk).map_err(|_| ListError::Cursor)?;
    Ok(key(pk, reference.as_str()))
}

/// The key a cursor stands for, if it is one of those of `pk` that begin so.
pub(super) fn decode_within(cursor: &str, pk: &str, prefix: &str) -> Result<Item, ListError> {
    let position = read(cursor, pk)?;
    if position.sk.starts_with(prefix) { Ok(key(pk, &position.sk)) } else { Err(ListError::Cursor) }
}

fn read(cursor: &str, pk: &str) -> Result<Position, ListError> {
    Some(cursor)
        .filter(|text| text.len() <= LONGEST)
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .and_then(|bytes| serde_json::from_slice::<Position>(&bytes).ok())
        .filter(|position| position.pk == pk)
        .ok_or(ListError::Cursor)
}

fn key(pk: &str, sk: &str) -> Item {
    [("pk", s(pk)), ("sk", s(sk))]
        .map(|(name, value): (&str, AttributeValue)| (name.to_owned(), value))
        .into()
}
