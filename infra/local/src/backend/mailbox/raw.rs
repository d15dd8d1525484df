//! A message that comes as MIME, headers and all, by `SendRawEmail`.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mail_parser::{Address as Header, Message, MessageParser, PartType};

use super::{
    address::Address,
    answer::Refusal,
    draft::{self, Draft},
    query::Query,
};

impl Draft {
    /// What `SendRawEmail` asks for. Its parameters win over the message's headers.
    pub(super) fn raw(query: &Query) -> Result<Self, Refusal> {
        let encoded = query.get("RawMessage.Data").ok_or(Refusal::MissingMember("rawMessage"))?;
        let bytes = STANDARD.decode(encoded).map_err(|_| unreadable())?;
        draft::within_limit(bytes.len())?;
        let message = MessageParser::default().parse(&bytes).ok_or_else(unreadable)?;
        let from = query
            .get("Source")
            .map(str::to_owned)
            .or_else(|| first_address(message.from()))
            .ok_or_else(|| {
                Refusal::InvalidParameterValue("Missing required header 'From'.".to_owned())
            })?;
        let named = query.list("Destinations");
        let in_headers = addresses(&message);
        let recipients = if named.is_empty() {
            draft::recipients(in_headers.iter().map(String::as_str))?
        } else {
            draft::recipients(named.into_iter())?
        };
        let mut tags = header_tags(&message);
        tags.extend(query.tags());
        Ok(Self {
            sender: Address::parse(&from)?,
            from,
            recipients,
            subject: message.subject().unwrap_or_default().to_owned(),
            text: text(&message).unwrap_or_default(),
            html: html(&message),
            tags: draft::tags(tags)?,
            configuration_set: query
                .get("ConfigurationSetName")
                .or_else(|| header(&message, "X-SES-CONFIGURATION-SET"))
                .map(str::to_owned),
        })
    }
}

fn unreadable() -> Refusal {
    Refusal::InvalidParameterValue("The raw message is not a message.".to_owned())
}

fn header<'a>(message: &'a Message, name: &'static str) -> Option<&'a str> {
    message.header_raw(name).map(str::trim)
}

fn header_tags(message: &Message) -> BTreeMap<String, String> {
    header(message, "X-SES-MESSAGE-TAGS")
        .unwrap_or_default()
        .split(',')
        .filter_map(|tag| tag.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

fn first_address(field: Option<&Header>) -> Option<String> {
    field?.first()?.address().map(str::to_owned)
}

fn addresses(message: &Message) -> Vec<String> {
    [message.to(), message.cc(), message.bcc()]
        .into_iter()
        .flatten()
        .flat_map(Header::iter)
        .filter_map(|found| found.address().map(str::to_owned))
        .collect()
}

fn text(message: &Message) -> Option<String> {
    message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        _ => None,
    })
}

fn html(message: &Message) -> Option<String> {
    message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    })
}
