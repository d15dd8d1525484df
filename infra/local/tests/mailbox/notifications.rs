//! What a function hears of a message, and how often.

use std::collections::BTreeMap;

use aws_lambda_events::event::{sns::SnsMessage, sqs::SqsEvent};
use aws_sdk_ses::types::Destination;
use chrono::TimeDelta;
use local::backend::mailbox::sqs_event;
use serde_json::{Value, json};

use crate::{
    TO, event_types, ids,
    sender::{self, FROM, SET, Sender},
    ses_event, take,
};

#[tokio::test]
async fn a_delivery_comes_as_the_events_that_a_function_gets() {
    let sender = Sender::new().await;
    let id = sender.send(TO, "s").await;

    let batch = take(&sender.mailbox);

    let event: SqsEvent = serde_json::from_value(sqs_event(&batch)).unwrap();
    assert_eq!(event.records.len(), 2);
    for (record, taken) in event.records.iter().zip(&batch) {
        assert_eq!(record.message_id.as_ref(), Some(&taken.id));
        assert_eq!(record.event_source.as_deref(), Some("aws:sqs"));
        assert_eq!(record.aws_region.as_deref(), Some("eu-west-2"));
        assert_eq!(
            record.event_source_arn.as_deref(),
            Some("arn:aws:sqs:eu-west-2:000000000000:mail-events")
        );
        assert_eq!(record.attributes["ApproximateReceiveCount"], "1");
        assert_eq!(record.attributes["SentTimestamp"], "1769850000000");
        let envelope: Value = serde_json::from_str(record.body.as_deref().unwrap()).unwrap();
        assert_eq!(envelope["Type"], "Notification");
        assert_eq!(envelope["TopicArn"], "arn:aws:sns:eu-west-2:000000000000:mail-events");
        assert_eq!(envelope["Timestamp"], "2026-01-31T09:00:00.000Z");
        let sns: SnsMessage = serde_json::from_value(envelope).unwrap();
        assert_eq!(sns.subject.as_deref(), Some("Amazon SES Email Event Notification"));
    }
    assert_eq!(event_types(&batch), ["Send", "Delivery"]);
    let event = ses_event(&batch[1]);
    assert_eq!(event["delivery"]["recipients"], json!([TO]));
    assert_eq!(event["delivery"]["timestamp"], "2026-01-31T09:00:00.000Z");
    let mail = &event["mail"];
    assert_eq!(mail["messageId"], id);
    assert_eq!(mail["timestamp"], "2026-01-31T09:00:00.000Z");
    assert_eq!(mail["source"], FROM);
    assert_eq!(mail["destination"], json!([TO]));
    assert_eq!(mail["tags"]["obx"], json!(["outbox-1"]));
    assert_eq!(mail["tags"]["aid"], json!(["attempt-1"]));
    assert_eq!(mail["tags"]["ses:configuration-set"], json!([SET]));
}

#[tokio::test]
async fn the_recipient_decides_between_delivery_bounce_and_complaint() {
    for (to, types) in [
        ("bounce@simulator.amazonses.com", vec!["Send", "Bounce"]),
        ("bounce+7@a.example", vec!["Send", "Bounce"]),
        ("bouncer@a.example", vec!["Send", "Delivery"]),
        ("complaint@simulator.amazonses.com", vec!["Send", "Delivery", "Complaint"]),
        ("complaint@a.example", vec!["Send", "Delivery", "Complaint"]),
    ] {
        let sender = Sender::new().await;
        sender.send(to, "s").await;
        assert_eq!(event_types(&take(&sender.mailbox)), types, "{to}");
    }
}

#[tokio::test]
async fn a_bounce_is_permanent_and_names_only_those_who_bounced() {
    let sender = Sender::new().await;
    let both = Destination::builder()
        .to_addresses("bounce@a.example")
        .to_addresses("complaint@a.example")
        .build();
    let request = sender::request(&sender.ses, FROM, TO, "s").destination(both);
    request.send().await.unwrap();

    let batch = take(&sender.mailbox);

    let events: BTreeMap<_, _> =
        event_types(&batch).into_iter().zip(batch.iter().map(ses_event)).collect();
    assert_eq!(events["Delivery"]["delivery"]["recipients"], json!(["complaint@a.example"]));
    let bounce = &events["Bounce"]["bounce"];
    assert_eq!(bounce["bounceType"], "Permanent");
    assert_eq!(bounce["bouncedRecipients"].as_array().unwrap().len(), 1);
    assert_eq!(bounce["bouncedRecipients"][0]["emailAddress"], "bounce@a.example");
    let complaint = &events["Complaint"]["complaint"];
    assert_eq!(
        complaint["complainedRecipients"],
        json!([{ "emailAddress": "complaint@a.example" }])
    );
}

#[tokio::test]
async fn without_a_configuration_set_nothing_is_published() {
    let sender = Sender::new().await;
    let request = sender.ses.send_email().source(FROM);
    let request = request.destination(Destination::builder().to_addresses(TO).build());
    request.message(sender::message("s", "t", None)).send().await.unwrap();

    assert_eq!(sender.mailbox.list().len(), 1);
    assert!(take(&sender.mailbox).is_empty());
}

#[tokio::test]
async fn a_notification_comes_again_until_it_is_acknowledged() {
    let sender = Sender::new().await;
    sender.send(TO, "s").await;
    let first = take(&sender.mailbox);

    sender.advance(TimeDelta::seconds(1));
    let second = take(&sender.mailbox);

    assert_eq!(ids(&first), ids(&second));
    assert_eq!(second[0].record["attributes"]["ApproximateReceiveCount"], "2");
    assert_eq!(second[0].record["body"], first[0].record["body"]);
    sender.mailbox.ack(&first[0].id).unwrap();
    sender.mailbox.ack(&first[0].id).unwrap();
    sender.mailbox.ack("unknown").unwrap();
    assert_eq!(ids(&take(&sender.mailbox)), [first[1].id.as_str()]);
}

#[tokio::test]
async fn one_that_always_fails_does_not_keep_the_others_waiting() {
    let sender = Sender::new().await;
    sender.send(TO, "one").await;
    sender.send(TO, "two").await;

    let [first, second, again] = [3, 1, 1].map(|max| sender.mailbox.take_notifications(max));

    assert_eq!(first.len(), 3);
    assert!(!ids(&first).contains(&second[0].id.as_str()));
    assert_eq!(ids(&again), [first[0].id.as_str()]);
}
