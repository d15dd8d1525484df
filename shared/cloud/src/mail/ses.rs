//! One request to SES, and what its answer proves.

use aws_sdk_ses::config::http::HttpResponse;
use aws_sdk_ses::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_ses::operation::send_email::SendEmailError;
use aws_sdk_ses::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag};
use letters::Letter;

use crate::config::Mailing;
use crate::store::OutboxId;

/// The tag that names the outbox item; it comes back in every receipt.
pub const ITEM_TAG: &str = "obx";

/// The tag that names the attempt.
pub const ATTEMPT_TAG: &str = "aid";

/// The tag that names the case.
const REFERENCE_TAG: &str = "reference";

/// What SES's answer proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It took the mail.
    Taken,
    /// It did not take the mail, and may later: its rate, or sending is paused.
    NotNow,
    /// It will never take this mail.
    Never,
    /// Nothing. Even an answer that says "no" proves nothing unless SES documents it: services
    /// have answered so during an outage and carried the request out.
    Nothing,
}

/// The request for one attempt.
pub(super) fn request(
    client: &aws_sdk_ses::Client,
    mailing: &Mailing,
    id: &OutboxId,
    attempt_id: &str,
    address: &str,
    letter: &Letter,
) -> Result<SendEmailFluentBuilder, BuildError> {
    let body = Body::builder().text(content(&letter.text)?).html(content(&letter.html)?).build();
    let message = Message::builder().subject(content(&letter.subject)?).body(body).build();
    Ok(client
        .send_email()
        .source(&mailing.sender)
        .destination(Destination::builder().to_addresses(address).build())
        .message(message)
        .tags(tag(ITEM_TAG, &id.to_string())?)
        .tags(tag(ATTEMPT_TAG, attempt_id)?)
        .tags(tag(REFERENCE_TAG, id.reference.as_str())?)
        .set_configuration_set_name(mailing.configuration_set.clone()))
}

fn content(text: &str) -> Result<Content, BuildError> {
    Content::builder().charset("UTF-8").data(text).build()
}

fn tag(name: &str, value: &str) -> Result<MessageTag, BuildError> {
    MessageTag::builder().name(name).value(value).build()
}

/// What an error proves.
pub(super) fn read(error: &SdkError<SendEmailError, HttpResponse>) -> Answer {
    match error {
        SdkError::ServiceError(answer) => match answer.err() {
            SendEmailError::MessageRejected(_) => Answer::Never,
            SendEmailError::AccountSendingPausedException(_)
            | SendEmailError::ConfigurationSetDoesNotExistException(_)
            | SendEmailError::ConfigurationSetSendingPausedException(_)
            | SendEmailError::MailFromDomainNotVerifiedException(_) => Answer::NotNow,
            other => match other.code() {
                Some("Throttling" | "ThrottlingException") => Answer::NotNow,
                Some(_) | None => Answer::Nothing,
            },
        },
        // The request was never made.
        SdkError::ConstructionFailure(_) => Answer::NotNow,
        _ => Answer::Nothing,
    }
}
