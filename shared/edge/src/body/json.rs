//! JSON as a tree that remembers the order and refuses what readers disagree about: a name
//! twice in one object, and nesting deeper than any record has.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_json::error::Category;

/// Deeper than any record, and shallow enough for any stack.
const DEEPEST: usize = 32;
const TWICE: &str = "name twice";
const TOO_DEEP: &str = "too deep";

/// A JSON value.
#[derive(Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order sent; each name once.
    Object(Vec<(String, Json)>),
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Reads text as JSON.
///
/// # Errors
/// A sentence that says where it stops being JSON, without showing it.
pub(super) fn parse(text: &str) -> Result<Json, String> {
    let mut from = serde_json::Deserializer::from_str(text);
    Tree { depth: 0 }
        .deserialize(&mut from)
        .and_then(|json| from.end().map(|()| json))
        .map_err(|error| sentence(&error))
}

fn sentence(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof if error.column() == 0 => "Send a JSON object; the body is empty.".to_owned(),
        Category::Eof => format!("The JSON ends too early, at {place}."),
        Category::Data if error.to_string().starts_with(TWICE) => {
            format!("A name stands twice in one object; look at {place}.")
        }
        Category::Data if error.to_string().starts_with(TOO_DEEP) => {
            format!("The JSON is nested too deeply; look at {place}.")
        }
        Category::Data | Category::Syntax | Category::Io => {
            format!("This is not JSON; look at {place}.")
        }
    }
}

#[derive(Clone, Copy)]
struct Tree {
    depth: usize,
}

impl Tree {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth < DEEPEST {
            Ok(Self { depth: self.depth + 1 })
        } else {
            Err(E::custom(TOO_DEEP))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(value) = from.next_element_seed(inside)? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(name) = from.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(TWICE));
            }
            members.push((name, from.next_value_seed(inside)?));
        }
        Ok(Json::Object(members))
    }
}
