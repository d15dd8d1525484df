//! Reading: one item, or every item of a query to its end. DynamoDB answers in pieces of at
//! most 1 MB; nothing here stops at the first piece.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::Store;
use super::items::{self, Item, key_item, s, stamp};
use super::keys::Key;
use crate::fault::Fault;

const QUERYING: &str = "query the store";

/// One of the two sparse indexes of what is owed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    pub(super) name: &'static str,
    pub(super) shard: &'static str,
    pub(super) since: &'static str,
}

impl Index {
    pub(crate) const DUE: Self = Self { name: "due", shard: "due_shard", since: "next_due" };
    pub(crate) const OUTBOX: Self =
        Self { name: "outbox", shard: "outbox_shard", since: "not_before" };
}

/// A query: the condition on the key, with the values it names.
#[derive(Clone, Debug)]
pub(super) struct Asked<'a> {
    pub(super) table: &'a str,
    pub(super) condition: &'static str,
    pub(super) values: HashMap<String, AttributeValue>,
    /// Whether the last sort key comes first.
    backwards: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn new<const N: usize>(
        table: &'a str,
        condition: &'static str,
        values: [(&str, String); N],
    ) -> Self {
        let values = values.map(|(name, value)| (name.to_owned(), s(value)));
        Self { table, condition, values: values.into(), backwards: false }
    }

    /// The same from the end.
    pub(super) fn backwards(self) -> Self {
        Self { backwards: true, ..self }
    }
}

/// One piece of an answer and where the next begins.
pub(super) type Piece = (Vec<Item>, Option<Item>);

impl Store {
    /// One item, as it is now.
    pub(super) async fn get(&self, table: &str, key: Key) -> Result<Option<Item>, Fault> {
        let request = self
            .client
            .get_item()
            .table_name(table)
            .set_key(Some(key_item(key)))
            .consistent_read(true);
        Box::pin(request.send())
            .await
            .map(|output| output.item)
            .map_err(|error| Fault::sdk("read an item", error))
    }

    /// Opens the connection, so that the first request need not wait for it.
    ///
    /// # Errors
    /// A [`Fault`] if the table does not answer.
    pub async fn warm_up(&self) -> Result<(), Fault> {
        let nothing = Key { pk: "WARM-UP".to_owned(), sk: "WARM-UP".to_owned() };
        self.get(&self.names.cases, nothing).await.map(|_| ())
    }

    /// One piece of a query of a table, as it is now, of at most `limit` items.
    pub(super) async fn piece(
        &self,
        asked: &Asked<'_>,
        from: Option<Item>,
        limit: Option<i32>,
    ) -> Result<Piece, Fault> {
        let request = self
            .client
            .query()
            .table_name(asked.table)
            .key_condition_expression(asked.condition)
            .set_expression_attribute_values(Some(asked.values.clone()))
            .consistent_read(true)
            .scan_index_forward(!asked.backwards)
            .set_exclusive_start_key(from)
            .set_limit(limit);
        let output = Box::pin(request.send()).await.map_err(|error| Fault::sdk(QUERYING, error))?;
        Ok((output.items.unwrap_or_default(), output.last_evaluated_key))
    }

    /// Everything a query finds.
    pub(super) async fn all(&self, asked: &Asked<'_>) -> Result<Vec<Item>, Fault> {
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let (mut items, next) = self.piece(asked, from, None).await?;
            found.append(&mut items);
            match next {
                Some(next) => from = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// Everything of a partition of `cases` whose sort key begins so.
    pub(super) async fn query_prefix(&self, pk: String, prefix: &str) -> Result<Vec<Item>, Fault> {
        self.all(&Asked::new(
            &self.names.cases,
            "pk = :pk AND begins_with(sk, :prefix)",
            [(":pk", pk), (":prefix", prefix.to_owned())],
        ))
        .await
    }

    /// What is owed in one shard of an index up to `now`, the oldest first, at most `limit`: the
    /// what `read` makes of the keys, and since when. An index lags behind its table, so whoever
    /// acts on this checks again. An entry that cannot be read is logged and left out: it must not
    /// keep the others of its shard waiting.
    pub(super) async fn owed<T>(
        &self,
        index: Index,
        now: DateTime<Utc>,
        shard: u8,
        limit: usize,
        read: impl Fn(&str, &str) -> Option<T>,
    ) -> Result<Vec<(T, DateTime<Utc>)>, Fault> {
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let output = self
                .client
                .query()
                .table_name(&self.names.cases)
                .index_name(index.name)
                .key_condition_expression("#shard = :shard AND #since <= :now")
                .expression_attribute_names("#shard", index.shard)
                .expression_attribute_names("#since", index.since)
                .expression_attribute_values(":shard", s(shard.to_string()))
                .expression_attribute_values(":now", s(stamp(now)))
                .set_exclusive_start_key(from)
                .set_limit(i32::try_from(limit.saturating_sub(found.len())).ok())
                .send()
                .await
                .map_err(|error| Fault::sdk(QUERYING, error))?;
            for item in output.items.unwrap_or_default() {
                let text = |name| items::maybe_text(&item, name).unwrap_or_default();
                let since = items::maybe_instant(&item, index.since).ok().flatten();
                if let Some(entry) = read(text("pk"), text("sk")).zip(since) {
                    found.push(entry);
                } else {
                    let (pk, sk) = (text("pk"), text("sk"));
                    tracing::error!(index = index.name, pk, sk, "an entry cannot be read");
                }
            }
            match output.last_evaluated_key {
                Some(next) if found.len() < limit => from = Some(next),
                Some(_) | None => return Ok(found),
            }
        }
    }
}
