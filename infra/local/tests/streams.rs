//! The poller against the embedded DynamoDB, and against a stream with shards that split.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod scripted;
mod tables;

use std::collections::HashMap;

use aws_lambda_events::event::dynamodb::Event;
use aws_sdk_dynamodb::{
    Client,
    primitives::Blob,
    types::{AttributeValue, TransactWriteItem},
};
use aws_sdk_dynamodbstreams::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use local::backend::{
    Running, dynamodb,
    dynamodb::streams::{StartingPosition, StreamError, StreamPoller},
};
use serde_json::{Value, json};

use tables::{TABLE, text};

#[tokio::test]
async fn every_kind_of_change_comes_in_the_json_that_lambda_delivers() {
    let table = Table::new().await;
    let mut poller = table.poller(StartingPosition::TrimHorizon).await;
    table.put("one", text("first")).await;
    table.put("one", text("second")).await;
    table.delete("one").await;

    let batch = poller.next_batch().await.unwrap().unwrap();

    let first = json!({ "pk": { "S": "one" }, "value": { "S": "first" } });
    let second = json!({ "pk": { "S": "one" }, "value": { "S": "second" } });
    let expected = [
        ("INSERT", Value::Null, first.clone()),
        ("MODIFY", first, second.clone()),
        ("REMOVE", second, Value::Null),
    ];
    let records = batch["Records"].as_array().unwrap();
    assert_eq!(records.len(), expected.len());
    for (record, (name, old, new)) in records.iter().zip(expected) {
        assert_eq!(record["eventName"], name);
        assert_eq!(record["eventVersion"], "1.1");
        assert_eq!(record["eventSource"], "aws:dynamodb");
        assert_eq!(record["eventSourceARN"], table.stream);
        assert!(!record["awsRegion"].as_str().unwrap().is_empty());
        let change = &record["dynamodb"];
        assert_eq!(change["Keys"], json!({ "pk": { "S": "one" } }));
        assert_eq!(change["OldImage"], old);
        assert_eq!(change["NewImage"], new);
        assert_eq!(change["StreamViewType"], "NEW_AND_OLD_IMAGES");
        assert!(change["ApproximateCreationDateTime"].is_u64());
        assert!(change["SizeBytes"].is_u64());
        assert!(!change["SequenceNumber"].as_str().unwrap().is_empty());
    }
    let absent = |index: usize, image| records[index]["dynamodb"].get(image).is_none();
    assert!(absent(0, "OldImage") && absent(2, "NewImage"));
    let ids: Vec<_> = records.iter().map(|record| &record["eventID"]).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
}

#[tokio::test]
async fn a_batch_is_what_the_runtime_parses() {
    let table = Table::new().await;
    table.put("one", text("first")).await;
    let mut poller = table.poller(StartingPosition::TrimHorizon).await;

    let batch = poller.next_batch().await.unwrap().unwrap();

    let event: Event = serde_json::from_value(batch).unwrap();
    let record = &event.records[0];
    assert_eq!(record.event_name, "INSERT");
    assert_eq!(record.event_source_arn.as_deref(), Some(table.stream.as_str()));
    assert!(record.change.approximate_creation_date_time.timestamp() > 0);
    assert!(record.change.keys.inner().contains_key("pk"));
    assert!(record.change.new_image.inner().contains_key("value"));
    assert!(record.change.old_image.is_empty());
}

#[tokio::test]
async fn every_type_of_attribute_keeps_its_value() {
    let table = Table::new().await;
    let mut poller = table.poller(StartingPosition::Latest).await;
    let value = AttributeValue::M(HashMap::from([
        ("s".to_owned(), text("\u{201c}text\u{201d}\n")),
        ("n".to_owned(), AttributeValue::N("12345678901234567890.5".to_owned())),
        ("bool".to_owned(), AttributeValue::Bool(true)),
        ("null".to_owned(), AttributeValue::Null(true)),
        ("b".to_owned(), AttributeValue::B(Blob::new([0, 1, 255]))),
        ("ss".to_owned(), AttributeValue::Ss(vec!["a".to_owned()])),
        ("ns".to_owned(), AttributeValue::Ns(vec!["1".to_owned()])),
        ("bs".to_owned(), AttributeValue::Bs(vec![Blob::new([2])])),
        ("l".to_owned(), AttributeValue::L(vec![text("in"), AttributeValue::L(vec![])])),
    ]));
    table.put("one", value).await;

    let batch = poller.next_batch().await.unwrap().unwrap();

    assert_eq!(
        batch["Records"][0]["dynamodb"]["NewImage"]["value"],
        json!({ "M": {
            "s": { "S": "\u{201c}text\u{201d}\n" },
            "n": { "N": "12345678901234567890.5" },
            "bool": { "BOOL": true },
            "null": { "NULL": true },
            "b": { "B": "AAH/" },
            "ss": { "SS": ["a"] },
            "ns": { "NS": ["1"] },
            "bs": { "BS": ["Ag=="] },
            "l": { "L": [{ "S": "in" }, { "L": [] }] },
        }})
    );
}

#[tokio::test]
async fn latest_leaves_out_what_trim_horizon_takes_in() {
    let table = Table::new().await;
    table.put("before", text("x")).await;
    let mut latest = table.poller(StartingPosition::Latest).await;
    let mut all = table.poller(StartingPosition::TrimHorizon).await;
    table.put("after", text("x")).await;

    assert_eq!(keys(&mut latest).await, [["after"]]);
    assert_eq!(keys(&mut all).await, [["before", "after"]]);
}

#[tokio::test]
async fn a_batch_holds_a_hundred_records_and_the_next_goes_on_from_there() {
    let table = Table::new().await;
    let mut poller = table.poller(StartingPosition::Latest).await;
    let written: Vec<_> = (0..250).map(|index| index.to_string()).collect();
    for key in &written {
        table.put(key, text("x")).await;
    }

    let batches = keys(&mut poller).await;

    let sizes: Vec<_> = batches.iter().map(Vec::len).collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(batches.concat(), written);
    table.put("later", text("x")).await;
    assert_eq!(keys(&mut poller).await, [["later"]]);
}

#[tokio::test]
async fn a_transaction_comes_whole_and_a_refused_one_not_at_all() {
    let table = Table::new().await;
    let mut poller = table.poller(StartingPosition::Latest).await;

    table.put_all_new(&["one", "two"]).await.unwrap();
    table.put_all_new(&["three", "two"]).await.unwrap_err();

    assert_eq!(keys(&mut poller).await, [["one", "two"]]);
}

#[tokio::test]
async fn a_stream_that_does_not_exist_is_refused_by_name() {
    let table = Table::new().await;
    let missing = table.stream.replace(TABLE, "nowhere");
    let client = streams(table.running.endpoint());

    let refused = StreamPoller::start(client, &missing, StartingPosition::Latest).await;

    let error = refused.unwrap_err();
    assert!(matches!(error, StreamError::Unreadable { .. }));
    assert!(error.to_string().contains(&missing));
}

#[tokio::test]
async fn every_shard_is_read_and_a_parent_before_its_children() {
    let stream = scripted::Stream::default();
    stream.open("left", None);
    stream.open("right", None);
    for (shard, record) in [("left", "l1"), ("right", "r1"), ("left", "l2")] {
        stream.write(shard, record);
    }
    let mut poller = poll(&stream, StartingPosition::TrimHorizon).await;
    assert_eq!(sorted_ids(&mut poller).await, ["l1", "l2", "r1"]);

    stream.write("left", "l3");
    stream.close("left");
    stream.open("child", Some("left"));
    stream.open("grandchild", Some("child"));
    stream.write("grandchild", "g1");
    stream.write("child", "c1");
    stream.close("child");
    stream.write("right", "r2");

    let ids = ids(&mut poller).await;

    let family: Vec<_> = ids.iter().filter(|id| *id != "r2").collect();
    assert_eq!(family, ["l3", "c1", "g1"]);
    assert_eq!(ids.len(), 4);
    stream.write("grandchild", "g2");
    assert_eq!(sorted_ids(&mut poller).await, ["g2"]);
}

#[tokio::test]
async fn latest_misses_nothing_that_a_later_split_holds() {
    let stream = scripted::Stream::default();
    stream.open("parent", None);
    stream.write("parent", "old");
    let mut poller = poll(&stream, StartingPosition::Latest).await;
    stream.write("parent", "new");
    stream.close("parent");
    stream.open("child", Some("parent"));
    stream.write("child", "newer");

    assert_eq!(ids(&mut poller).await, ["new", "newer"]);
}

#[tokio::test]
async fn a_failure_loses_nothing() {
    let stream = scripted::Stream::default();
    stream.open("parent", None);
    stream.write("parent", "one");
    stream.write("parent", "two");
    stream.close("parent");
    stream.open("child", Some("parent"));
    stream.write("child", "three");
    let mut poller = poll(&stream, StartingPosition::TrimHorizon).await;
    let mut seen = Vec::new();

    loop {
        stream.fail(true);
        poller.next_batch().await.unwrap_err();
        stream.fail(false);
        match poller.next_batch().await.unwrap() {
            Some(batch) => seen.extend(event_ids(&batch)),
            None => break,
        }
    }

    assert_eq!(seen, ["one", "two", "three"]);
}

/// A table in memory with a stream.
struct Table {
    running: Running,
    client: Client,
    stream: String,
}

impl Table {
    async fn new() -> Self {
        let running = dynamodb::start(None, 0).await.unwrap();
        let client = tables::client(running.endpoint());
        let created = tables::create(&client).await.table_description.unwrap();
        Self { running, client, stream: created.latest_stream_arn.unwrap() }
    }

    async fn poller(&self, position: StartingPosition) -> StreamPoller {
        let client = streams(self.running.endpoint());
        StreamPoller::start(client, &self.stream, position).await.unwrap()
    }

    async fn put(&self, key: &str, value: AttributeValue) {
        let put = self.client.put_item().table_name(TABLE);
        put.item("pk", text(key)).item("value", value).send().await.unwrap();
    }

    async fn delete(&self, key: &str) {
        let delete = self.client.delete_item().table_name(TABLE);
        delete.key("pk", text(key)).send().await.unwrap();
    }

    async fn put_all_new(&self, keys: &[&str]) -> Result<(), aws_sdk_dynamodb::Error> {
        let puts = keys.iter().map(|key| {
            let put = aws_sdk_dynamodb::types::Put::builder()
                .table_name(TABLE)
                .item("pk", text(*key))
                .condition_expression("attribute_not_exists(pk)");
            TransactWriteItem::builder().put(put.build().unwrap()).build()
        });
        let transaction = self.client.transact_write_items();
        transaction.set_transact_items(Some(puts.collect())).send().await?;
        Ok(())
    }
}

fn streams(endpoint: &str) -> aws_sdk_dynamodbstreams::Client {
    aws_sdk_dynamodbstreams::Client::from_conf(
        aws_sdk_dynamodbstreams::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new("eu-west-2"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .build(),
    )
}

async fn poll(stream: &scripted::Stream, position: StartingPosition) -> StreamPoller {
    let client = streams(&stream.serve().await);
    StreamPoller::start(client, "arn:scripted", position).await.unwrap()
}

/// The keys of all batches until nothing is new.
async fn keys(poller: &mut StreamPoller) -> Vec<Vec<String>> {
    let mut batches = Vec::new();
    while let Some(batch) = poller.next_batch().await.unwrap() {
        let records = batch["Records"].as_array().unwrap();
        let key =
            |record: &Value| record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap().to_owned();
        batches.push(records.iter().map(key).collect());
    }
    batches
}

/// The event ids of all batches until nothing is new.
async fn ids(poller: &mut StreamPoller) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(batch) = poller.next_batch().await.unwrap() {
        ids.extend(event_ids(&batch));
    }
    ids
}

async fn sorted_ids(poller: &mut StreamPoller) -> Vec<String> {
    let mut ids = ids(poller).await;
    ids.sort();
    ids
}

fn event_ids(batch: &Value) -> Vec<String> {
    let records = batch["Records"].as_array().unwrap();
    let id = |record: &Value| record["eventID"].as_str().unwrap().to_owned();
    records.iter().map(id).collect()
}
