//! AWS's Query protocol on the way out: an XML document with a result or with an error code.

use http::StatusCode;
use uuid::Uuid;

use super::address::Malformed;

const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";

/// Why SES does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("Request is missing Authentication Token")]
    MissingAuthenticationToken,
    #[error("Request must contain an Action or Operation parameter")]
    MissingAction,
    #[error("Could not find operation {name} for version {version}")]
    InvalidAction { name: String, version: String },
    #[error(
        "1 validation error detected: Value null at '{0}' failed to satisfy constraint: Member must not be null"
    )]
    MissingMember(&'static str),
    #[error("{0}")]
    Address(#[from] Malformed),
    #[error("{0}")]
    InvalidParameterValue(String),
    #[error("Message length is more than 10485760 bytes long.")]
    TooLong,
    #[error(
        "Email address is not verified. The following identities failed the check in region {region}: {sender}"
    )]
    NotVerified { sender: String, region: String },
    #[error("Configuration set <{0}> does not exist.")]
    ConfigurationSetDoesNotExist(String),
    #[error("Maximum sending rate exceeded.")]
    Throttling,
    #[error("We encountered an internal error. Please try again.")]
    InternalFailure,
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MissingAuthenticationToken",
            Self::MissingAction => "MissingAction",
            Self::InvalidAction { .. } => "InvalidAction",
            Self::MissingMember(_) => "ValidationError",
            Self::Address(_) | Self::InvalidParameterValue(_) | Self::TooLong => {
                "InvalidParameterValue"
            }
            Self::NotVerified { .. } => "MessageRejected",
            Self::ConfigurationSetDoesNotExist(_) => "ConfigurationSetDoesNotExist",
            Self::Throttling => "Throttling",
            Self::InternalFailure => "InternalFailure",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::MissingAuthenticationToken => StatusCode::FORBIDDEN,
            Self::InternalFailure => StatusCode::INTERNAL_SERVER_ERROR,
            Self::MissingAction
            | Self::InvalidAction { .. }
            | Self::MissingMember(_)
            | Self::Address(_)
            | Self::InvalidParameterValue(_)
            | Self::TooLong
            | Self::NotVerified { .. }
            | Self::ConfigurationSetDoesNotExist(_)
            | Self::Throttling => StatusCode::BAD_REQUEST,
        }
    }

    /// Whose fault it is.
    fn kind(&self) -> &'static str {
        if self.status().is_server_error() { "Receiver" } else { "Sender" }
    }

    /// What the error's own structure holds beside code and message.
    fn members(&self) -> String {
        if let Self::ConfigurationSetDoesNotExist(name) = self {
            element("ConfigurationSetName", name)
        } else {
            String::new()
        }
    }
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) request_id: String,
    pub(super) xml: String,
}

impl Answer {
    /// The action's result, whose members are XML already.
    pub(super) fn result(action: &str, members: &str) -> Self {
        let request_id = Uuid::new_v4().to_string();
        Self {
            status: StatusCode::OK,
            xml: format!(
                "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{members}</{action}Result>\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
                 </{action}Response>"
            ),
            request_id,
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let request_id = Uuid::new_v4().to_string();
        let kind = refusal.kind();
        let code = refusal.code();
        let message = element("Message", &refusal.to_string());
        let members = refusal.members();
        Self {
            status: refusal.status(),
            xml: format!(
                "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{code}</Code>\
                 {message}{members}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
            ),
            request_id,
        }
    }
}

/// An element with text in it, whatever the text is.
pub(super) fn element(name: &str, text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            // XML has no way to write these.
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    format!("<{name}>{escaped}</{name}>")
}
