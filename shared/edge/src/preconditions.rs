//! Which version someone saw (`ETag`, `If-Match`) and which request this is (`Idempotency-Key`).

use cloud::app::CommandKey;
use lambda_http::http::HeaderMap;
use lambda_http::http::header::{HeaderName, IF_MATCH};
use review::Guard;
use review::values::ActorId;

use crate::{Kind, Problem};

/// No case and no item ever has this revision, so it is always stale.
const NEVER: u64 = u64::MAX;

/// The `ETag` of a case.
#[must_use]
pub fn case_tag(revision: u64) -> String {
    format!("\"r{revision}\"")
}

/// The `ETag` of one IMR or action.
#[must_use]
pub fn item_tag(revision: u64) -> String {
    format!("\"i{revision}\"")
}

/// The `ETag` of someone's entry in the directory.
#[must_use]
pub fn entry_tag(version: u64) -> String {
    format!("\"d{version}\"")
}

/// The version that `If-Match` names, for a change of someone's entry; as [`if_match`].
///
/// # Errors
/// 400 if it is not one strong tag.
pub fn if_match_entry(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    numbered(headers, 'd')
}

/// The revision that `If-Match` names, for an act of this guard.
///
/// A tag that is well formed but none of ours is a revision that does not exist, so that it is
/// refused as stale, in its turn, after the questions of access.
///
/// # Errors
/// 400 if it is not one strong tag.
pub fn if_match(headers: &HeaderMap, guard: Guard) -> Result<Option<u64>, Problem> {
    numbered(
        headers,
        match guard {
            Guard::Case | Guard::Adds => 'r',
            Guard::Item => 'i',
        },
    )
}

fn numbered(headers: &HeaderMap, prefix: char) -> Result<Option<u64>, Problem> {
    let Some(value) = single(headers, &IF_MATCH)? else { return Ok(None) };
    let wrong = || {
        Problem::new(
            Kind::Header,
            "Send If-Match with the one ETag you read, such as \"r4\"; weak tags, lists and * are not accepted.",
        )
    };
    let tag = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|tag| !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_graphic() && b != b'"'))
        .ok_or_else(wrong)?;
    let revision = tag
        .strip_prefix(prefix)
        .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok());
    Ok(Some(revision.unwrap_or(NEVER)))
}

/// The idempotency key, within the actor and the route's pattern.
///
/// # Errors
/// 400 if it cannot be one.
pub fn command_key(
    headers: &HeaderMap,
    actor: &ActorId,
    route: &str,
) -> Result<Option<CommandKey>, Problem> {
    single(headers, &HeaderName::from_static("idempotency-key"))?
        .map(|key| CommandKey::parse(actor, route, key))
        .transpose()
        .map_err(|invalid| Problem::new(Kind::Header, invalid.0))
}

/// The value of a header that may be sent once at most.
///
/// # Errors
/// 400 if it is sent twice or is not text.
pub fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(|text| Some(text.trim())).map_err(|_| unclear(name))
        }
        (Some(_), Some(_)) => Err(unclear(name)),
    }
}

fn unclear(name: &HeaderName) -> Problem {
    Problem::new(Kind::Header, format!("Send {name} once, in visible ASCII characters."))
}
