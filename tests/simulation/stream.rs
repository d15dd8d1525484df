//! What lies between the functions: the table's stream with its two readers and the queue of
//! receipts. Each delivers late, twice or out of order, and gives up on what always fails.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::CASES;
use super::chance::Chance;
use super::tables::Tables;

/// How often an event source mapping tries a record again.
const RETRIES: u32 = 3;
/// Records in a batch.
const BATCH: usize = 10;

/// Who reads the stream, by the filter of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// New cases, for `deadlines`.
    NewCases,
    /// New outbox items, for `notices`.
    Doorbell,
}

/// A record that waits, and how often it was tried.
type Waiting = VecDeque<(Value, u32)>;

/// The stream of the cases table from now on.
#[derive(Debug)]
pub struct Stream {
    iterator: String,
    new_cases: Waiting,
    doorbell: Waiting,
}

impl Stream {
    pub fn of(tables: &Tables) -> Self {
        let table = tables.ask("DescribeTable", &json!({ "TableName": CASES }));
        let arn = table["Table"]["LatestStreamArn"].clone();
        let stream = tables.ask("DescribeStream", &json!({ "StreamArn": arn }));
        let shards = stream["StreamDescription"]["Shards"].as_array().unwrap();
        let shard = shards.last().unwrap()["ShardId"].clone();
        let asked = json!({ "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "LATEST" });
        let iterator = tables.ask("GetShardIterator", &asked)["ShardIterator"].take();
        let iterator = iterator.as_str().unwrap().to_owned();
        Self { iterator, new_cases: Waiting::new(), doorbell: Waiting::new() }
    }

    /// Takes in what was written.
    pub fn flow(&mut self, tables: &Tables) {
        loop {
            let asked = json!({ "ShardIterator": self.iterator, "Limit": 1000 });
            let mut page = tables.ask("GetRecords", &asked);
            let records: Vec<Value> = page["Records"].as_array_mut().unwrap().drain(..).collect();
            if let Some(next) = page["NextShardIterator"].as_str() {
                next.clone_into(&mut self.iterator);
            }
            if records.is_empty() {
                return;
            }
            for record in records.into_iter().filter(|record| record["eventName"] == "INSERT") {
                let sk = record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap();
                if sk == "CASE" {
                    self.new_cases.push_back((record, 0));
                } else if sk.starts_with("OUTBOX#") {
                    self.doorbell.push_back((record, 0));
                }
            }
        }
    }

    pub fn is_dry(&self) -> bool {
        self.new_cases.is_empty() && self.doorbell.is_empty()
    }

    /// Everything that waits is lost, as after the 24 hours for which a stream keeps it.
    pub fn expires(&mut self) {
        self.new_cases.clear();
        self.doorbell.clear();
    }

    /// The next batch for a reader, in an order of chance.
    pub fn batch(&mut self, reader: Reader, chance: &Chance) -> Vec<(Value, u32)> {
        let waiting = self.waiting(reader);
        let count = waiting.len().min(BATCH);
        let mut batch: Vec<_> = waiting.drain(..count).collect();
        if chance.once_in(0.2) {
            chance.shuffle(&mut batch);
        }
        batch
    }

    /// Brings records again that were not taken, unless they were tried too often.
    pub fn again(&mut self, reader: Reader, records: impl IntoIterator<Item = (Value, u32)>) {
        let waiting = self.waiting(reader);
        for (record, tries) in records {
            if tries < RETRIES {
                waiting.push_back((record, tries + 1));
            }
        }
    }

    fn waiting(&mut self, reader: Reader) -> &mut Waiting {
        match reader {
            Reader::NewCases => &mut self.new_cases,
            Reader::Doorbell => &mut self.doorbell,
        }
    }
}

/// The event that a function gets for these records.
pub fn event(batch: &[(Value, u32)]) -> Value {
    let records: Vec<_> = batch.iter().map(|(record, _)| record).collect();
    json!({ "Records": records })
}
