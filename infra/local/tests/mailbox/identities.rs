//! Who may send, and how much.

use aws_sdk_ses::{
    error::ProvideErrorMetadata as _,
    types::{Destination, IdentityType, VerificationStatus},
};
use chrono::TimeDelta;

use crate::{
    TO,
    sender::{self, FROM, Sender},
};

#[tokio::test]
async fn an_identity_that_is_verified_may_send() {
    let sender = Sender::new().await;
    let verify = sender.ses.verify_email_identity();
    verify.email_address("me@new.example").send().await.unwrap();
    let verify = sender.ses.verify_domain_identity();
    let verified = verify.domain("whole.example").send().await.unwrap();
    assert!(!verified.verification_token().is_empty());

    for from in ["me@new.example", "Me@New.example", "anyone@whole.example"] {
        sender::request(&sender.ses, from, TO, "s").send().await.unwrap();
    }
    let request = sender::request(&sender.ses, "you@new.example", TO, "s");
    assert_eq!(sender.refusal(request).await, "MessageRejected");
}

#[tokio::test]
async fn identities_are_listed_with_their_status() {
    let sender = Sender::new().await;
    let verify = sender.ses.verify_email_identity();
    verify.email_address("me@new.example").send().await.unwrap();
    let verify = sender.ses.verify_email_identity();
    let refused = verify.email_address("nobody").send().await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidParameterValue"));

    let list = async |kind| {
        let list = sender.ses.list_identities().set_identity_type(kind);
        list.send().await.unwrap().identities
    };
    assert_eq!(list(None).await, ["csp.example", "me@new.example"]);
    assert_eq!(list(Some(IdentityType::Domain)).await, ["csp.example"]);
    assert_eq!(list(Some(IdentityType::EmailAddress)).await, ["me@new.example"]);

    let attributes = sender
        .ses
        .get_identity_verification_attributes()
        .identities("csp.example")
        .identities("unknown.example")
        .send()
        .await
        .unwrap()
        .verification_attributes;
    assert_eq!(attributes.len(), 1);
    assert_eq!(attributes["csp.example"].verification_status(), &VerificationStatus::Success);
}

#[tokio::test]
async fn the_quota_counts_the_recipients_of_a_day() {
    let sender = Sender::with(None, |settings| settings.max_per_second = Some(5)).await;
    sender.send(TO, "old").await;
    sender.advance(TimeDelta::hours(24));
    sender.send(TO, "new").await;
    let two = Destination::builder().to_addresses(TO).cc_addresses("b@a.example").build();
    let request = sender::request(&sender.ses, FROM, TO, "two").destination(two);
    request.send().await.unwrap();

    let quota = sender.ses.get_send_quota().send().await.unwrap();

    let known = [quota.max24_hour_send, quota.max_send_rate, quota.sent_last24_hours];
    assert_eq!(known.map(|figure| figure.to_string()), ["50000", "5", "3"]);
}
