//! Reads a record out of JSON and says of what does not fit where it stands and what belongs
//! there.
//!
//! serde's own messages repeat the offending value ("invalid type: string \"Jane\""), which
//! here may be a name. So this deserializer has an error type of its own, in which each kind of
//! mismatch is a case and only the sentences of the domain's values pass through as written.

use std::fmt;

use review::refusal::FieldError;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::Json;
use super::json::Json::{Bool, List, Null, Number, Object, Text};
use crate::Problem;

/// One value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Field<'de> {
    json: &'de Json,
}

/// What does not fit, and where: the path is built on the way out, innermost first.
#[derive(Debug)]
pub(super) struct Mismatch {
    path: Vec<String>,
    sentence: String,
}

impl Mismatch {
    fn says(sentence: impl Into<String>) -> Self {
        Self { path: Vec::new(), sentence: sentence.into() }
    }

    fn below(mut self, segment: impl Into<String>) -> Self {
        self.path.push(segment.into());
        self
    }

    /// RFC 6901.
    fn pointer(&self) -> String {
        let escaped = |segment: &String| segment.replace('~', "~0").replace('/', "~1");
        self.path.iter().rev().flat_map(|segment| ["/".to_owned(), escaped(segment)]).collect()
    }
}

impl From<Mismatch> for Problem {
    fn from(mismatch: Mismatch) -> Self {
        let pointer = mismatch.pointer();
        Self::fields(vec![FieldError { pointer, sentence: mismatch.sentence }])
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Mismatch {}

impl Error for Mismatch {
    /// Only the domain's values make these, and their sentences never repeat the value.
    fn custom<T: fmt::Display>(sentence: T) -> Self {
        Self::says(sentence.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::says("This is another kind of value than belongs here.")
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::says("This value is too small or too large.")
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::says("This list is too short or too long.")
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::says(format!("Choose one of: {}.", expected.join(", ")))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::says(match expected {
            [] => "Remove the fields: this record has none.".to_owned(),
            names => {
                format!("Remove what does not belong here. The fields are: {}.", names.join(", "))
            }
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::says("Fill this in; it is required.").below(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::says("Give this once.").below(field)
    }
}

impl<'de> Field<'de> {
    pub(super) const fn root(json: &'de Json) -> Self {
        Self { json }
    }

    fn text(self) -> Result<&'de str, Mismatch> {
        match self.json {
            Text(text) => Ok(text),
            Null | Bool(_) | Number(_) | List(_) | Object(_) => {
                Err(Mismatch::says("Give text here."))
            }
        }
    }

    fn integer<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let whole = || Mismatch::says("Give a whole number here.");
        match self.json {
            Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => Err(whole()),
            },
            Null | Bool(_) | Text(_) | List(_) | Object(_) => Err(whole()),
        }
    }
}

/// Civil dates and times, which chrono reads; its own messages say little to a person, and it
/// is more lenient than the forms that the API document states.
#[derive(Clone, Copy)]
enum Moment {
    Date,
    Time,
    Instant,
}

impl Moment {
    /// Which of them a visitor is for, by what it says it expects.
    fn read_by(visitor: &dyn Expected) -> Option<Self> {
        match visitor.to_string().as_str() {
            "a formatted date string" => Some(Self::Date),
            "a formatted time string" => Some(Self::Time),
            "an RFC 3339 formatted date and time string" => Some(Self::Instant),
            _ => None,
        }
    }

    fn well_formed(self, text: &str) -> bool {
        let like = |form: &str, text: &str| {
            form.len() == text.len()
                && form
                    .bytes()
                    .zip(text.bytes())
                    .all(|(f, t)| if f == b'0' { t.is_ascii_digit() } else { f == t })
        };
        match self {
            Self::Date => like("0000-00-00", text),
            Self::Time => like("00:00:00", text) || like("00:00", text),
            Self::Instant => text.get(..10).is_some_and(|date| like("0000-00-00", date)),
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Date => "Enter a date that exists, as YYYY-MM-DD.",
            Self::Time => "Enter a time that exists, as HH:MM:SS.",
            Self::Instant => {
                "Enter a date and time that exist, with the zone, as 2027-01-31T09:00:00Z."
            }
        }
    }
}

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.json {
            Null => visitor.visit_unit(),
            Bool(value) => visitor.visit_bool(*value),
            Number(_) => self.integer(visitor),
            Text(text) => visitor.visit_borrowed_str(text),
            List(_) => self.deserialize_seq(visitor),
            Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.json {
            Bool(value) => visitor.visit_bool(*value),
            Null | Number(_) | Text(_) | List(_) | Object(_) => {
                Err(Mismatch::says("Answer true or false."))
            }
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.integer(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.integer(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.integer(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.integer(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let text = self.text()?;
        match Moment::read_by(&visitor) {
            None => visitor.visit_borrowed_str(text),
            Some(moment) if moment.well_formed(text) => visitor
                .visit_borrowed_str(text)
                .map_err(|_: Mismatch| Mismatch::says(moment.sentence())),
            Some(moment) => Err(Mismatch::says(moment.sentence())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.json {
            Null => visitor.visit_none(),
            Bool(_) | Number(_) | Text(_) | List(_) | Object(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.json {
            List(list) => visitor.visit_seq(Items { rest: list.iter(), at: 0 }),
            Null | Bool(_) | Number(_) | Text(_) | Object(_) => {
                Err(Mismatch::says("Give a list here."))
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.json {
            Object(members) => visitor.visit_map(Members { rest: members.iter(), value: None }),
            Null | Bool(_) | Number(_) | Text(_) | List(_) => {
                Err(Mismatch::says("Give an object with named fields here."))
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.json {
            Text(name) => visitor.visit_enum(Choice { name, content: None }),
            Object(members) => match members.as_slice() {
                [(name, content)] => visitor.visit_enum(Choice { name, content: Some(content) }),
                [] | [_, _, ..] => Err(Mismatch::unknown_variant("", variants)),
            },
            Null | Bool(_) | Number(_) | List(_) => Err(Mismatch::unknown_variant("", variants)),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Items<'de> {
    rest: std::slice::Iter<'de, Json>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mismatch> {
        let Some(json) = self.rest.next() else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        seed.deserialize(Field { json }).map(Some).map_err(|wrong| wrong.below(at.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Members<'de> {
    rest: std::slice::Iter<'de, (String, Json)>,
    value: Option<&'de (String, Json)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mismatch> {
        let Some(member) = self.rest.next() else { return Ok(None) };
        self.value = Some(member);
        let name: StrDeserializer<'de, Mismatch> = member.0.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let (name, json) = self.value.take().ok_or_else(|| Mismatch::says("Give a value here."))?;
        seed.deserialize(Field { json }).map_err(|wrong| wrong.below(name))
    }
}

/// A value of an enum: a word, or an object of the word and what it holds.
struct Choice<'de> {
    name: &'de str,
    content: Option<&'de Json>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Mismatch> {
        let name: StrDeserializer<'de, Mismatch> = self.name.into_deserializer();
        seed.deserialize(name).map(|variant| (variant, self))
    }
}

impl<'de> Choice<'de> {
    fn content(&self) -> Result<Field<'de>, Mismatch> {
        self.content.map(Field::root).ok_or_else(|| {
            Mismatch::says("This answer holds a value: write it as an object with the answer's name and the value.")
        })
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Mismatch::says("This answer holds no value: write it as text.")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self.content()?).map_err(|wrong| wrong.below(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.content()?.deserialize_seq(visitor).map_err(|wrong| wrong.below(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.content()?.deserialize_map(visitor).map_err(|wrong| wrong.below(self.name))
    }
}
