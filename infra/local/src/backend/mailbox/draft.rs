//! A message as a sender asks for it, read and checked but not yet accepted.

use std::collections::BTreeMap;

use super::{address::Address, answer::Refusal, query::Query};

/// SES version 1 takes at most this much.
const MAX_BYTES: usize = 10 * 1024 * 1024;
const MAX_RECIPIENTS: usize = 50;
const MAX_TAG: usize = 256;

/// The message.
pub(super) struct Draft {
    /// As written.
    pub(super) from: String,
    /// Its address, which has to be verified.
    pub(super) sender: Address,
    pub(super) recipients: Vec<Address>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) configuration_set: Option<String>,
}

impl Draft {
    /// What `SendEmail` asks for.
    pub(super) fn simple(query: &Query) -> Result<Self, Refusal> {
        let from = query.get("Source").ok_or(Refusal::MissingMember("source"))?;
        let subject =
            query.get("Message.Subject.Data").ok_or(Refusal::MissingMember("message.subject"))?;
        let text = query.get("Message.Body.Text.Data");
        let html = query.get("Message.Body.Html.Data");
        if text.is_none() && html.is_none() {
            return Err(Refusal::MissingMember("message.body"));
        }
        let lengths = [Some(subject), text, html].map(|part| part.map_or(0, str::len));
        within_limit(lengths.iter().sum())?;
        let written = ["ToAddresses", "CcAddresses", "BccAddresses"]
            .iter()
            .flat_map(|field| query.list(&format!("Destination.{field}")));
        Ok(Self {
            from: from.to_owned(),
            sender: Address::parse(from)?,
            recipients: recipients(written)?,
            subject: subject.to_owned(),
            text: text.unwrap_or_default().to_owned(),
            html: html.map(str::to_owned),
            tags: tags(query.tags())?,
            configuration_set: query.get("ConfigurationSetName").map(str::to_owned),
        })
    }
}

/// Refuses a message of more bytes than SES takes.
pub(super) fn within_limit(bytes: usize) -> Result<(), Refusal> {
    if bytes > MAX_BYTES { Err(Refusal::TooLong) } else { Ok(()) }
}

/// The addresses of a destination.
pub(super) fn recipients<'a>(
    written: impl Iterator<Item = &'a str>,
) -> Result<Vec<Address>, Refusal> {
    let addresses = written.map(Address::parse).collect::<Result<Vec<_>, _>>()?;
    if addresses.is_empty() {
        return Err(Refusal::InvalidParameterValue("Missing required header 'To'.".to_owned()));
    }
    if addresses.len() > MAX_RECIPIENTS {
        return Err(Refusal::InvalidParameterValue(format!(
            "Recipient count exceeds {MAX_RECIPIENTS}."
        )));
    }
    Ok(addresses)
}

/// Message tags, if they are written as SES wants them.
pub(super) fn tags(found: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    let fits = |word: &String| {
        (1..=MAX_TAG).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    if found.iter().all(|(name, value)| fits(name) && fits(value)) {
        Ok(found)
    } else {
        Err(Refusal::InvalidParameterValue(format!(
            "A message tag may hold only ASCII letters, digits, '_' and '-', at most {MAX_TAG} of them."
        )))
    }
}
