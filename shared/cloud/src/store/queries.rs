//! Finds cases: on a list, due, likely the same death, or simply all of them.

use chrono::{DateTime, Utc};
use review::values::{CspId, Reference};

use super::Store;
use super::cursor::{self, ListError, Page};
use super::items::{self, Item, s};
use super::keys::{self, CASE, CaseKey};
use super::load::{self, Stored};
use super::read::{Asked, Index};
use crate::fault::Fault;

/// A case that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDue {
    /// Which.
    pub key: CaseKey,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Some of all cases.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The cases that could be read.
    pub cases: Vec<Stored>,
    /// Those that could not.
    pub unreadable: Vec<CaseKey>,
    /// How many stand under a key that no case can have.
    pub strange: u64,
    /// Where the next part begins; `None` at the end.
    pub next: Option<ScanPosition>,
}

/// Where a scan goes on.
#[derive(Clone, Debug)]
pub struct ScanPosition(pub(super) Item);

impl Store {
    /// The cases listed for an audience (see [`review::sight::audience_keys`]), by reference, at
    /// most `limit` (at least 1). Whoever shows them looks at each again, since nothing ever
    /// leaves a list.
    ///
    /// # Errors
    /// [`ListError`] for a cursor that is not of this list, or a fault of the table.
    pub async fn list(
        &self,
        csp: &CspId,
        audience: &str,
        cursor: Option<&str>,
        limit: u16,
    ) -> Result<Page<Reference>, ListError> {
        let pk = keys::listing_pk(csp, audience);
        let from = cursor.map(|cursor| cursor::decode(cursor, &pk)).transpose()?;
        let asked = Asked::new(&self.names.cases, "pk = :pk", [(":pk", pk)]);
        let (found, last) = self.piece(&asked, from, Some(i32::from(limit))).await?;
        let references = found.iter().map(|item| load::reference(item, "sk"));
        Ok(Page {
            items: references.collect::<Result<_, _>>()?,
            next: last.as_ref().map(cursor::encode).transpose()?,
        })
    }

    /// The cases of one shard (0 to [`super::SHARDS`] - 1) that are due by `now`, the longest
    /// overdue first, at most `limit` (at least 1). There is no earliest instant: what was
    /// missed once is found by every later sweep.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn due(
        &self,
        now: DateTime<Utc>,
        shard: u8,
        limit: usize,
    ) -> Result<Vec<CaseDue>, Fault> {
        let found = self.owed(Index::DUE, now, shard, limit, |pk, _| CaseKey::parse(pk)).await?;
        Ok(found.into_iter().map(|(key, since)| CaseDue { key, since }).collect())
    }

    /// Every case of a partnership with this match key.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn matches(&self, csp: &CspId, key: &str) -> Result<Vec<Reference>, Fault> {
        let asked = Asked::new(&self.names.cases, "pk = :pk", [(":pk", keys::match_pk(csp, key))]);
        self.all(&asked).await?.iter().map(|item| load::reference(item, "sk")).collect()
    }

    /// Some of all cases, ended and disposed ones too, of one partnership or of all. One that
    /// cannot be read is named, so that it does not hide the others. For the nightly run: it
    /// reads the whole table.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn cases(
        &self,
        csp: Option<&CspId>,
        from: Option<ScanPosition>,
    ) -> Result<Scanned, Fault> {
        let prefix = csp.map_or_else(|| "CASE#".to_owned(), |csp| format!("CASE#{csp}#"));
        let output = self
            .client
            .scan()
            .table_name(&self.names.cases)
            .filter_expression("sk = :case AND begins_with(pk, :prefix)")
            .expression_attribute_values(":case", s(CASE))
            .expression_attribute_values(":prefix", s(prefix))
            .consistent_read(true)
            .set_exclusive_start_key(from.map(|position| position.0))
            .send()
            .await
            .map_err(|error| Fault::sdk("scan the cases", error))?;
        let mut scanned = Scanned {
            cases: Vec::new(),
            unreadable: Vec::new(),
            strange: 0,
            next: output.last_evaluated_key.map(ScanPosition),
        };
        for item in output.items.unwrap_or_default() {
            if let Ok(stored) = load::stored(&item) {
                scanned.cases.push(stored);
            } else {
                match CaseKey::parse(items::text(&item, "pk")?) {
                    Some(key) => scanned.unreadable.push(key),
                    None => scanned.strange += 1,
                }
            }
        }
        Ok(scanned)
    }
}
