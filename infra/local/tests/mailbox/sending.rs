//! What is accepted is what was written.

use aws_sdk_ses::{
    primitives::Blob,
    types::{Destination, RawMessage},
};
use serde_json::json;

use crate::{
    TO, event_types,
    sender::{self, Sender},
    ses_event, take,
};

#[tokio::test]
async fn a_sent_message_is_listed_whole_for_each_recipient() {
    let sender = Sender::new().await;
    let destination = Destination::builder()
        .to_addresses("First Person <one@a.example>")
        .to_addresses("two@a.example")
        .cc_addresses("three@a.example")
        .bcc_addresses("four@a.example")
        .build();
    let request = sender::request(&sender.ses, "CSP <casework@csp.example>", TO, "Subject £1 + 1");

    request.destination(destination).send().await.unwrap();

    let entry = |to| {
        json!({
            "to": to, "subject": "Subject £1 + 1", "text": "Plain & simple",
            "html": "<p>Rich</p>", "at": "2026-01-31T09:00:00Z", "reference": "DHR-7F3K",
        })
    };
    assert_eq!(
        serde_json::to_value(sender.mailbox.list()).unwrap(),
        json!(["one", "two", "three", "four"].map(|name| entry(format!("{name}@a.example"))))
    );
}

#[tokio::test]
async fn messages_are_listed_in_the_order_sent_and_have_ids_of_their_own() {
    let sender = Sender::new().await;
    let mut ids = Vec::new();
    for subject in ["a", "b", "c"] {
        ids.push(sender.send(TO, subject).await);
    }

    assert_eq!(sender.subjects(), ["a", "b", "c"]);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn a_raw_message_is_read_as_a_mail_program_reads_it() {
    let sender = Sender::new().await;

    sender.send_raw(RAW).await;

    let sent = sender.mailbox.list();
    let to: Vec<_> = sent.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["one@a.example", "two@a.example", "hidden@a.example"]);
    assert_eq!(sent[0].subject, "Référence");
    assert_eq!(sent[0].text.trim_end(), "Dates: 1 = 1, café");
    assert_eq!(sent[0].html.as_deref().map(str::trim_end), Some("<p>café</p>"));
    assert_eq!(sent[0].reference.as_deref(), Some("DHR-7F3K"));
    assert_eq!(event_types(&take(&sender.mailbox)), ["Send", "Delivery"]);
}

#[tokio::test]
async fn parameters_of_a_raw_message_win_over_its_headers() {
    let sender = Sender::new().await;
    let message = RawMessage::builder().data(Blob::new(RAW)).build().unwrap();
    let request = sender.ses.send_raw_email().raw_message(message);

    let request = request.source("other@csp.example").destinations("only@a.example");
    request.tags(sender::tag("reference", "DHR-OTHER")).send().await.unwrap();

    let sent = sender.mailbox.list();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, "only@a.example");
    assert_eq!(sent[0].reference.as_deref(), Some("DHR-OTHER"));
    let event = ses_event(&take(&sender.mailbox)[0]);
    assert_eq!(event["mail"]["source"], "other@csp.example");
}

const RAW: &str = "From: CSP <casework@csp.example>\r\n\
    To: First <one@a.example>, two@a.example\r\n\
    Bcc: hidden@a.example\r\n\
    Subject: =?utf-8?Q?R=C3=A9f=C3=A9rence?=\r\n\
    X-SES-CONFIGURATION-SET: mail-events\r\n\
    X-SES-MESSAGE-TAGS: obx=outbox-1, reference=DHR-7F3K\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=\"b\"\r\n\
    \r\n\
    --b\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\
    \r\n\
    Dates: 1 =3D 1, caf=C3=A9\r\n\
    --b\r\n\
    Content-Type: text/html; charset=utf-8\r\n\
    Content-Transfer-Encoding: base64\r\n\
    \r\n\
    PHA+Y2Fmw6k8L3A+\r\n\
    --b--\r\n";
