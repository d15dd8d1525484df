//! Puts an item back where the sweep finds it. An item that is owed and stands outside the index
//! would wait for ever, and nobody would know.

use chrono::{DateTime, Utc};

use super::change::Change;
use super::{OWED, OutboxItem};
use crate::fault::Fault;
use crate::store::items::{n, s, stamp};
use crate::store::{Store, keys};

impl Store {
    /// Makes an item's place in the index what its status asks for: from `since` on where it is
    /// owed and does not say since when, and nowhere where it is settled. Gives whether it had to
    /// be moved; an item that another worker changed meanwhile is left alone.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn repair_outbox(
        &self,
        item: &OutboxItem,
        since: DateTime<Utc>,
    ) -> Result<bool, Fault> {
        if item.status.is_owed() == item.indexed {
            return Ok(false);
        }
        let change = Change::of(&item.id).to(item.status);
        let change = if item.status.is_owed() {
            change
                .set("outbox_shard", s(keys::shard(&item.id.csp, &item.id.reference)))
                .set("not_before", s(stamp(item.not_before.unwrap_or(since))))
        } else {
            change.remove(OWED)
        };
        let unchanged = change
            .when("#status = :was AND #attempt = :before")
            .value("was", s(item.status.name()))
            .value("before", n(item.attempt));
        Ok(self.change(unchanged).await?.held())
    }
}
