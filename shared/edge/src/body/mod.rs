//! Reads a body in steps, each with its own answer: size (413), media type (415), text and
//! JSON (400), then the record with its fields (422 with pointers). What was sent may be
//! personal, so no step ever repeats it.

mod fields;
mod json;

use lambda_http::http::header::CONTENT_TYPE;
use review::{Action, Command};
use serde::Deserialize;

pub use json::Json;

use crate::{Kind, Problem, Request};

/// The largest body, in bytes: the longest referral is a third of it.
pub const LIMIT: usize = 128 * 1024;

/// The JSON of a body that must be there.
///
/// # Errors
/// 413, 415 or 400, in that order.
pub fn read(request: &Request) -> Result<Json, Problem> {
    let bytes: &[u8] = request.body();
    if bytes.len() > LIMIT {
        return Err(Problem::new(
            Kind::TooLarge,
            format!(
                "Shorten this to {} KiB or less. Files go through the documents routes.",
                LIMIT / 1024
            ),
        ));
    }
    if !is_json(request) {
        return Err(Problem::new(
            Kind::MediaType,
            "Send the body as JSON, with Content-Type: application/json.",
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Problem::new(Kind::Syntax, "Send the body in UTF-8."))?;
    json::parse(text).map_err(|sentence| Problem::new(Kind::Syntax, sentence))
}

/// The JSON of a body that may be left out where the record has no fields.
///
/// # Errors
/// As [`read`].
pub fn read_optional(request: &Request) -> Result<Json, Problem> {
    if request.body().is_empty() { Ok(Json::Object(Vec::new())) } else { read(request) }
}

/// The record in a body.
///
/// # Errors
/// 422 with the pointer of the first field that cannot be so.
pub fn record<'de, T: Deserialize<'de>>(json: &'de Json) -> Result<T, Problem> {
    T::deserialize(fields::Field::root(json)).map_err(Problem::from)
}

/// The command an action's body makes.
///
/// # Errors
/// 422 with the pointer of the first field that cannot be so.
pub fn command(action: Action, json: &Json) -> Result<Command, Problem> {
    action.read(fields::Field::root(json)).map_err(Problem::from)
}

/// Whether the client says that it sends JSON; parameters such as a charset do not matter.
fn is_json(request: &Request) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
