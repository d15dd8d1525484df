//! What SES would refuse, in the words in which it would.

use aws_sdk_ses::{
    error::ProvideErrorMetadata as _, operation::send_email::SendEmailError, types::Destination,
};
use chrono::TimeDelta;

use crate::{
    TO,
    sender::{self, FROM, Sender},
};

#[tokio::test]
async fn a_sender_that_is_not_verified_is_rejected() {
    let sender = Sender::new().await;
    let request = sender::request(&sender.ses, "someone@elsewhere.example", TO, "s");

    let error = request.send().await.unwrap_err().into_service_error();

    assert!(error.is_message_rejected());
    assert_eq!(
        error.message(),
        Some(
            "Email address is not verified. The following identities failed the check in region \
             EU-WEST-2: someone@elsewhere.example"
        )
    );
    assert!(sender.mailbox.list().is_empty());
}

#[tokio::test]
async fn a_verified_domain_covers_its_subdomains_but_not_its_lookalikes() {
    let sender = Sender::new().await;
    for from in ["a@sub.csp.example", "a@CSP.example"] {
        sender::request(&sender.ses, from, TO, "s").send().await.unwrap();
    }
    for from in ["a@othercsp.example", "a@example"] {
        let request = sender::request(&sender.ses, from, TO, "s");
        assert_eq!(sender.refusal(request).await, "MessageRejected");
    }
}

#[tokio::test]
async fn a_malformed_address_is_an_invalid_parameter() {
    let sender = Sender::new().await;
    for (address, reason) in [
        ("nobody", "Missing final '@domain'"),
        ("@a.example", "Missing local name"),
        ("a@", "Missing domain"),
        ("a b@a.example", "Local address contains control or whitespace"),
        ("é@a.example", "Local address contains illegal character"),
        ("a..b@a.example", "Local address contains dot-dot"),
        ("a@b c.example", "Domain contains control or whitespace"),
        ("a@b_c.example", "Domain contains illegal character"),
        ("a@b..example", "Domain contains dot-dot"),
        ("a@.example", "Domain starts with dot"),
        ("a@example.", "Domain ends with dot"),
        ("Name <a@a.example", "Illegal address"),
    ] {
        let error = sender::send(&sender.ses, address, "s").await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterValue"), "{address}");
        assert_eq!(error.message(), Some(reason), "{address}");
    }
    let request = sender::request(&sender.ses, "nobody", TO, "s");
    assert_eq!(sender.refusal(request).await, "InvalidParameterValue");
}

#[tokio::test]
async fn an_unknown_configuration_set_is_refused_by_name() {
    let sender = Sender::new().await;
    let request = sender::request(&sender.ses, FROM, TO, "s").configuration_set_name("nowhere");

    let error = request.send().await.unwrap_err().into_service_error();

    let SendEmailError::ConfigurationSetDoesNotExistException(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.configuration_set_name(), Some("nowhere"));
}

#[tokio::test]
async fn nobody_and_more_than_fifty_recipients_are_refused() {
    let sender = Sender::new().await;
    for count in [0, 51] {
        let addresses = (0..count).map(|index| format!("{index}@a.example")).collect();
        let destination = Destination::builder().set_to_addresses(Some(addresses)).build();
        let request = sender::request(&sender.ses, FROM, TO, "s").destination(destination);
        assert_eq!(sender.refusal(request).await, "InvalidParameterValue", "{count}");
    }
}

#[tokio::test]
async fn a_tag_that_ses_cannot_carry_is_refused() {
    let sender = Sender::new().await;
    for tag in [
        sender::tag("reference", "DHR/1"),
        sender::tag("a b", "1"),
        sender::tag("obx", ""),
        sender::tag("obx", &"x".repeat(257)),
    ] {
        let request = sender::request(&sender.ses, FROM, TO, "s").tags(tag);
        assert_eq!(sender.refusal(request).await, "InvalidParameterValue");
    }
}

#[tokio::test]
async fn ten_megabytes_are_taken_and_one_byte_more_is_not() {
    let sender = Sender::new().await;
    let limit = 10 * 1024 * 1024;
    let request = |text: String| {
        let message = sender::message("s", &text, None);
        sender::request(&sender.ses, FROM, TO, "s").message(message)
    };

    // Every byte of this is three on the wire.
    request("+".repeat(limit - 1)).send().await.unwrap();

    let refusal = sender.refusal(request("x".repeat(limit))).await;
    assert_eq!(refusal, "InvalidParameterValue");
    let raw = format!("From: {FROM}\r\nTo: {TO}\r\n\r\n{}", "x".repeat(limit));
    let refused = sender.try_raw(&raw).await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidParameterValue"));
    assert_eq!(sender.mailbox.list().len(), 1);
}

#[tokio::test]
async fn more_in_one_second_than_the_rate_allows_is_throttled() {
    let sender = Sender::with(None, |settings| settings.max_per_second = Some(2)).await;
    sender.send(TO, "one").await;
    sender.send(TO, "two").await;

    let error = sender::send(&sender.ses, TO, "three").await.unwrap_err();

    assert_eq!(error.code(), Some("Throttling"));
    assert_eq!(error.message(), Some("Maximum sending rate exceeded."));
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    sender.advance(TimeDelta::seconds(1));
    sender.send(TO, "three").await;
    assert_eq!(sender.subjects(), ["one", "two", "three"]);
}

#[tokio::test]
async fn what_ses_does_not_know_is_an_invalid_action() {
    let sender = Sender::new().await;
    for (body, code) in [
        ("Action=Unknown&Version=2010-12-01", "InvalidAction"),
        ("Action=SendEmail&Version=2019-09-27", "InvalidAction"),
        ("Version=2010-12-01", "MissingAction"),
        ("Action=SendEmail&Version=2010-12-01", "ValidationError"),
    ] {
        let (status, xml) = post(&sender, body, true).await;
        assert_eq!(status, 400, "{body}");
        assert!(xml.contains(&format!("<Code>{code}</Code>")), "{xml}");
        assert!(xml.contains("<Type>Sender</Type>"), "{xml}");
    }
}

#[tokio::test]
async fn a_name_from_the_request_cannot_break_the_answer() {
    let sender = Sender::new().await;

    let (_, xml) = post(&sender, "Action=%3C%2FMessage%3E%26%00", true).await;

    assert!(xml.contains("Could not find operation &lt;/Message&gt;&amp;\u{fffd} for"), "{xml}");
}

#[tokio::test]
async fn an_unsigned_request_is_refused_so_that_no_page_in_a_browser_can_send() {
    let sender = Sender::new().await;

    let (status, xml) = post(&sender, "Action=GetSendQuota", false).await;

    assert_eq!(status, 403);
    assert!(xml.contains("<Code>MissingAuthenticationToken</Code>"), "{xml}");
}

async fn post(sender: &Sender, body: &'static str, signed: bool) -> (u16, String) {
    let mut request = reqwest::Client::new().post(sender.running.endpoint()).body(body);
    if signed {
        request = request.header("authorization", "AWS4-HMAC-SHA256 Credential=test");
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
