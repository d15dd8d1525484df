//! A stream whose shards split when a test says so, which the embedded server's never do.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, http::HeaderMap, response::IntoResponse, routing::post};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub struct Stream(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    shards: Vec<Shard>,
    failing: bool,
}

struct Shard {
    id: String,
    parent: Option<String>,
    records: Vec<String>,
    closed: bool,
}

impl Stream {
    /// Serves the stream on loopback and says where.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().route("/", post(answer)).with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        endpoint
    }

    pub fn open(&self, id: &str, parent: Option<&str>) {
        self.0.lock().unwrap().shards.push(Shard {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            records: Vec::new(),
            closed: false,
        });
    }

    pub fn write(&self, id: &str, record: &str) {
        self.shard(id, |shard| shard.records.push(record.to_owned()));
    }

    pub fn close(&self, id: &str) {
        self.shard(id, |shard| shard.closed = true);
    }

    pub fn fail(&self, failing: bool) {
        self.0.lock().unwrap().failing = failing;
    }

    fn shard<T>(&self, id: &str, then: impl FnOnce(&mut Shard) -> T) -> T {
        let mut script = self.0.lock().unwrap();
        then(script.shards.iter_mut().find(|shard| shard.id == id).unwrap())
    }

    /// One shard a page, so that the pages are followed too.
    fn describe(&self, after: Option<&str>) -> Value {
        let script = self.0.lock().unwrap();
        let place = |id| script.shards.iter().position(|shard| shard.id == id).unwrap() + 1;
        let at = after.map_or(0, place);
        let shards: Vec<_> = script.shards.iter().skip(at).take(1).collect();
        let more = at + 1 < script.shards.len();
        json!({ "StreamDescription": {
            "Shards": shards.iter().map(|shard| json!({
                "ShardId": shard.id, "ParentShardId": shard.parent,
            })).collect::<Vec<_>>(),
            "LastEvaluatedShardId": more.then(|| shards[0].id.clone()),
        }})
    }

    fn iterator(&self, id: &str, kind: &str) -> Value {
        let end = self.shard(id, |shard| shard.records.len());
        let at = if kind == "LATEST" { end } else { 0 };
        json!({ "ShardIterator": format!("{id}:{at}") })
    }

    /// One record at a time.
    fn records(&self, iterator: &str) -> Value {
        let (id, at) = iterator.split_once(':').unwrap();
        let at: usize = at.parse().unwrap();
        self.shard(id, |shard| {
            let records: Vec<_> = shard.records.iter().skip(at).take(1).collect();
            let next = at + records.len();
            let ended = shard.closed && next == shard.records.len();
            json!({
                "Records": records.iter().map(|id| json!({
                    "eventID": id, "eventName": "INSERT", "awsRegion": "eu-west-2",
                    "dynamodb": { "SizeBytes": 1, "Keys": {} },
                })).collect::<Vec<_>>(),
                "NextShardIterator": (!ended).then(|| format!("{}:{next}", shard.id)),
            })
        })
    }
}

async fn answer(
    State(stream): State<Stream>,
    headers: HeaderMap,
    body: String,
) -> impl IntoResponse {
    if stream.0.lock().unwrap().failing {
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({})));
    }
    let request: Value = serde_json::from_str(&body).unwrap();
    let text = |name: &str| request[name].as_str();
    let answer = match headers["x-amz-target"].to_str().unwrap().split_once('.').unwrap().1 {
        "DescribeStream" => stream.describe(text("ExclusiveStartShardId")),
        "GetShardIterator" => {
            stream.iterator(text("ShardId").unwrap(), text("ShardIteratorType").unwrap())
        }
        "GetRecords" => stream.records(text("ShardIterator").unwrap()),
        other => panic!("{other} is not expected"),
    };
    (StatusCode::OK, Json(answer))
}
