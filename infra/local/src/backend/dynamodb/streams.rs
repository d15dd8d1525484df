//! What Lambda's event source mapping does for a table's stream, in this process: read every
//! shard and hand over batches in the very JSON that a function gets from AWS.
//!
//! A batch that was handed over is not handed over again; who needs it twice keeps it.

mod lambda_json;

use std::collections::{BTreeSet, VecDeque};

use aws_sdk_dynamodbstreams::{
    Client,
    error::DisplayErrorContext,
    types::{Shard, ShardIteratorType},
};
use serde_json::{Value, json};

/// The most records in a batch, as in an event source mapping's default `BatchSize`.
const BATCH_SIZE: i32 = 100;

/// Where the reading of a stream begins, by the name it has in an event source mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartingPosition {
    /// Only what is written after [`StreamPoller::start`] returns.
    Latest,
    /// Everything that the stream still holds.
    TrimHorizon,
}

/// A stream that cannot be read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each field is what its sentence says it is")]
pub enum StreamError {
    /// The server refused, failed, or could not be reached.
    #[error("the stream {stream} cannot be read: {reason}")]
    Unreadable { stream: String, reason: String },
    /// The server answered with something that Lambda would never hand to a function.
    #[error("the stream {stream} cannot be read: the answer has no {missing}")]
    Incomplete { stream: String, missing: &'static str },
}

/// Reads one table's stream, shard by shard, a parent to its end before its children.
#[derive(Debug)]
pub struct StreamPoller {
    client: Client,
    stream: String,
    /// Read in turn from the front, so that no shard starves another.
    open: VecDeque<OpenShard>,
    ended: BTreeSet<String>,
    /// A shard has ended since the shards were last listed: it usually has children.
    stale: bool,
}

#[derive(Debug)]
struct OpenShard {
    id: String,
    parent: Option<String>,
    iterator: String,
}

impl StreamPoller {
    /// Takes up position in every shard of the stream, which is what `DescribeTable` calls
    /// `LatestStreamArn`.
    ///
    /// # Errors
    ///
    /// The stream does not exist or cannot be read.
    pub async fn start(
        client: Client,
        stream_arn: impl Into<String>,
        position: StartingPosition,
    ) -> Result<Self, StreamError> {
        let mut poller = Self {
            client,
            stream: stream_arn.into(),
            open: VecDeque::new(),
            ended: BTreeSet::new(),
            stale: false,
        };
        poller.discover(position).await?;
        Ok(poller)
    }

    /// The next records of one shard, at most 100, as the event that Lambda gives a function;
    /// `None` when no shard has anything new.
    ///
    /// # Errors
    ///
    /// The stream cannot be read; the position is kept, so asking again loses nothing.
    pub async fn next_batch(&mut self) -> Result<Option<Value>, StreamError> {
        let mut unread = self.open.len();
        loop {
            if self.stale {
                self.discover(StartingPosition::TrimHorizon).await?;
                self.stale = false;
                unread = self.open.len();
            }
            if unread == 0 {
                return Ok(None);
            }
            unread -= 1;
            let records = self.read_front().await?;
            if !records.is_empty() {
                return Ok(Some(json!({ "Records": records })));
            }
        }
    }

    /// The records at the front shard's position; the shard then goes to the back, or out when
    /// it has ended.
    async fn read_front(&mut self) -> Result<Vec<Value>, StreamError> {
        let Some(shard) = self.open.front() else {
            return Ok(Vec::new());
        };
        if self.open.iter().any(|other| Some(&other.id) == shard.parent.as_ref()) {
            self.open.rotate_left(1);
            return Ok(Vec::new());
        }
        let answer = self
            .client
            .get_records()
            .shard_iterator(&shard.iterator)
            .limit(BATCH_SIZE)
            .send()
            .await
            .map_err(|error| self.unreadable(error))?;
        let records = answer
            .records()
            .iter()
            .map(|record| lambda_json::record(record, &self.stream))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| self.incomplete("attribute value that this SDK knows"))?;
        if let Some(mut shard) = self.open.pop_front() {
            if let Some(iterator) = answer.next_shard_iterator {
                shard.iterator = iterator;
                self.open.push_back(shard);
            } else {
                self.ended.insert(shard.id);
                self.stale = true;
            }
        }
        Ok(records)
    }

    /// Takes up position in the shards that are not yet known.
    async fn discover(&mut self, position: StartingPosition) -> Result<(), StreamError> {
        for shard in self.list_shards().await? {
            let id = shard.shard_id.ok_or_else(|| self.incomplete("ShardId"))?;
            if self.ended.contains(&id) || self.open.iter().any(|known| known.id == id) {
                continue;
            }
            let iterator = self.iterator(&id, position).await?;
            self.open.push_back(OpenShard { id, parent: shard.parent_shard_id, iterator });
        }
        Ok(())
    }

    async fn list_shards(&self) -> Result<Vec<Shard>, StreamError> {
        let mut shards = Vec::new();
        let mut after = None;
        loop {
            let page = self
                .client
                .describe_stream()
                .stream_arn(&self.stream)
                .set_exclusive_start_shard_id(after)
                .send()
                .await
                .map_err(|error| self.unreadable(error))?
                .stream_description
                .ok_or_else(|| self.incomplete("StreamDescription"))?;
            shards.extend(page.shards.unwrap_or_default());
            after = page.last_evaluated_shard_id;
            if after.is_none() {
                return Ok(shards);
            }
        }
    }

    async fn iterator(
        &self,
        shard: &str,
        position: StartingPosition,
    ) -> Result<String, StreamError> {
        let kind = match position {
            StartingPosition::Latest => ShardIteratorType::Latest,
            StartingPosition::TrimHorizon => ShardIteratorType::TrimHorizon,
        };
        self.client
            .get_shard_iterator()
            .stream_arn(&self.stream)
            .shard_id(shard)
            .shard_iterator_type(kind)
            .send()
            .await
            .map_err(|error| self.unreadable(error))?
            .shard_iterator
            .ok_or_else(|| self.incomplete("ShardIterator"))
    }

    fn unreadable(&self, error: impl std::error::Error) -> StreamError {
        StreamError::Unreadable {
            stream: self.stream.clone(),
            reason: DisplayErrorContext(error).to_string(),
        }
    }

    fn incomplete(&self, missing: &'static str) -> StreamError {
        StreamError::Incomplete { stream: self.stream.clone(), missing }
    }
}
