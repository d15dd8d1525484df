//! The values as JSON Schema, for the API document: what serde accepts, said beforehand.
//! Compiled only to write that document.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    ActorId, Age, AgencyId, CommandId, CspId, DocumentId, Email, Hash, ItemId, Line, PartialDate,
    Prose, Reference,
};
use crate::clock::ClockKey;

macro_rules! described {
    ($(impl<$(const $n:ident: usize)?> $type:ty as $name:expr => $schema:expr;)*) => {$(
        impl$(<const $n: usize>)? JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

macro_rules! slugs {
    ($($type:ident),*) => {
        described! {$(
            impl<> $type as Cow::Borrowed(stringify!($type)) => json_schema!({
                "type": "string",
                "maxLength": 64,
                "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"
            });
        )*}
    };
}

slugs!(ActorId, AgencyId, CommandId, CspId, DocumentId, ItemId);

described! {
    impl<const MAX: usize> Line<MAX> as Cow::Owned(format!("Line{MAX}")) => json_schema!({
        "type": "string", "minLength": 1, "maxLength": MAX,
        "description": "One line, without control or direction characters."
    });
    impl<const MAX: usize> Prose<MAX> as Cow::Owned(format!("Prose{MAX}")) => json_schema!({
        "type": "string", "minLength": 1, "maxLength": MAX,
        "description": "Text, without control or direction characters; line breaks are kept."
    });
    impl<> Email as Cow::Borrowed("Email") => json_schema!({
        "type": "string", "format": "email", "maxLength": 254
    });
    impl<> PartialDate as Cow::Borrowed("PartialDate") => json_schema!({
        "type": "string",
        "pattern": "^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        "description": "YYYY-MM-DD, or YYYY-MM or YYYY when only part is known."
    });
    impl<> Age as Cow::Borrowed("Age") => json_schema!({
        "type": "integer", "minimum": 0, "maximum": 130
    });
    impl<> Reference as Cow::Borrowed("Reference") => json_schema!({
        "type": "string",
        "pattern": "^DHR-[34679CDFGHJKMNPQRTX]{4}-[34679CDFGHJKMNPQRTX]{4}$",
        "description": "The last character is a check character."
    });
    impl<> Hash as Cow::Borrowed("Hash") => json_schema!({
        "type": "string",
        "pattern": "^[A-Za-z0-9+/]{43}=-[1-9][0-9]{0,4}$",
        "description": "Base64 of the SHA-256 over the SHA-256 digests of the file's 8 MiB parts, a hyphen and the number of parts."
    });
    impl<> ClockKey as Cow::Borrowed("ClockKey") => json_schema!({
        "type": "string",
        "description": "The deadline, and after a slash the item it runs for: \"decision\", \"imr-return/an-agency\"."
    });
}
