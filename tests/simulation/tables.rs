//! DynamoDB in this process: the engine of the embedded server without the server. A run begins
//! with a copy of tables that were set up once.

use std::path::{Path, PathBuf};

use dynoxide::actions::{
    describe_table, get_item, get_records, get_shard_iterator, put_item, query, scan,
    transact_write_items, update_item,
};
use dynoxide::errors::DynoxideError;
use dynoxide::{Database, actions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The tables of one run; clones are the same ones.
#[derive(Clone)]
pub struct Tables(Database);

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tables")
    }
}

/// What an operation answers: an HTTP status and a JSON document.
pub type Answer = (u16, String);

impl Tables {
    /// No tables yet.
    pub fn new() -> Self {
        Self(Database::memory().unwrap())
    }

    /// A copy of tables that were kept.
    pub fn copy_of(kept: &Path) -> Self {
        let tables = Self::new();
        tables.0.restore_from(kept.to_str().unwrap()).unwrap();
        tables
    }

    /// Keeps the tables as they are.
    pub fn keep(&self, at: PathBuf) -> PathBuf {
        self.0.vacuum_into(at.to_str().unwrap()).unwrap();
        at
    }

    /// Carries out an operation of the API.
    pub fn answer(&self, operation: &str, body: &str) -> Answer {
        let db = &self.0;
        match operation {
            "GetItem" => run(body, |asked: get_item::GetItemRequest| db.get_item(asked)),
            "PutItem" => run(body, |asked: put_item::PutItemRequest| db.put_item(asked)),
            "UpdateItem" => {
                run(body, |asked: update_item::UpdateItemRequest| db.update_item(asked))
            }
            "Query" => run(body, |asked: query::QueryRequest| db.query(asked)),
            "Scan" => run(body, |asked: scan::ScanRequest| db.scan(asked)),
            "TransactWriteItems" => {
                run(body, |asked: transact_write_items::TransactWriteItemsRequest| {
                    db.transact_write_items(asked)
                })
            }
            "CreateTable" => {
                run(body, |asked: actions::create_table::CreateTableRequest| db.create_table(asked))
            }
            "DescribeTable" => {
                run(body, |asked: describe_table::DescribeTableRequest| db.describe_table(asked))
            }
            "DescribeStream" => {
                run(body, |asked: actions::describe_stream::DescribeStreamRequest| {
                    db.describe_stream(asked)
                })
            }
            "GetShardIterator" => {
                run(body, |asked: get_shard_iterator::GetShardIteratorRequest| {
                    db.get_shard_iterator(asked)
                })
            }
            "GetRecords" => {
                run(body, |asked: get_records::GetRecordsRequest| db.get_records(asked))
            }
            other => panic!("the functions are not known to call {other}"),
        }
    }

    /// The same for the simulator's own look at the tables, which no fault reaches.
    pub fn ask(&self, operation: &str, asked: &Value) -> Value {
        let (status, answer) = self.answer(operation, &asked.to_string());
        assert_eq!(status, 200, "{operation}: {answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// Every item of a table.
    pub fn all(&self, table: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut from = Value::Null;
        loop {
            let mut asked = json!({ "TableName": table });
            if !from.is_null() {
                asked["ExclusiveStartKey"] = from;
            }
            let mut page = self.ask("Scan", &asked);
            items.append(page["Items"].as_array_mut().unwrap());
            from = page["LastEvaluatedKey"].take();
            if from.is_null() {
                return items;
            }
        }
    }

    /// One item.
    pub fn item(&self, table: &str, pk: &str, sk: &str) -> Option<Value> {
        let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let asked = json!({ "TableName": table, "Key": key, "ConsistentRead": true });
        Some(self.ask("GetItem", &asked)["Item"].take()).filter(|item| !item.is_null())
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    body: &str,
    act: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Answer {
    let asked = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    match act(asked) {
        Ok(answer) => (200, serde_json::to_string(&answer).unwrap()),
        Err(error) => (error.status_code(), error.to_json()),
    }
}
