//! The steps of one item: claimed, then settled one way.

use chrono::{DateTime, Utc};

use super::change::{Change, Changed};
use super::{Claimed, Lease, OWED, OutboxItem, OutboxStatus, read};
use crate::fault::Fault;
use crate::store::Store;
use crate::store::items::{Item, maybe_text, n, s, stamp};

impl Store {
    /// `PENDING` and due → `SENDING` under a new attempt, whose id must never be used again.
    /// `None` if the condition did not hold. A claim that was made but whose answer was lost is
    /// recognised by its attempt when the SDK repeats the request.
    ///
    /// # Errors
    /// A [`Fault`] of the table; whether the item was claimed is then not known, and the sweep
    /// finds it again either way.
    pub async fn claim(
        &self,
        item: &OutboxItem,
        attempt_id: &str,
        now: DateTime<Utc>,
        lease: Lease,
    ) -> Result<Option<Claimed>, Fault> {
        let change = Change::of(&item.id)
            .to(OutboxStatus::Sending)
            .set("attempt_id", s(attempt_id))
            .set("lease_until", s(stamp(lease.until)))
            .set("not_before", s(stamp(lease.doubt_ends)))
            .add("attempt", n(1))
            .when("#status = :pending AND #not_before <= :now")
            .value("pending", s(OutboxStatus::Pending.name()))
            .value("now", s(stamp(now)));
        let ours = |item: &Item| maybe_text(item, "attempt_id") == Some(attempt_id);
        let claimed = match self.change(change).await? {
            Changed::To(item) => Some(item),
            Changed::Not(item) => item.filter(ours),
        };
        claimed
            .as_ref()
            .map(read)
            .transpose()
            .map(|item| item.as_ref().and_then(OutboxItem::in_flight))
    }

    /// `SENDING` under this attempt → `SENT`: the mail service took it.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn settle_sent(&self, claimed: &Claimed) -> Result<bool, Fault> {
        self.close_claim(claimed, OutboxStatus::Sent).await
    }

    /// `SENDING` under this attempt → `FAILED`: the mail service will never take it.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn failed(&self, claimed: &Claimed) -> Result<bool, Fault> {
        self.close_claim(claimed, OutboxStatus::Failed).await
    }

    /// `SENDING` under this attempt → `PENDING`, to be tried from `not_before` on.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn back_off(
        &self,
        claimed: &Claimed,
        not_before: DateTime<Utc>,
    ) -> Result<bool, Fault> {
        let change = Change::of(&claimed.item.id)
            .to(OutboxStatus::Pending)
            .set("not_before", s(stamp(not_before)))
            .remove(&["lease_until"])
            .under(claimed);
        Ok(self.change(change).await?.held())
    }

    /// → `HUMAN`: a person must look. From `SENDING` under the attempt that was read, else from
    /// `PENDING`.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn to_human(&self, item: &OutboxItem) -> Result<bool, Fault> {
        match item.in_flight() {
            Some(claimed) => self.close_claim(&claimed, OutboxStatus::Human).await,
            None => self.close_pending(item, OutboxStatus::Human).await,
        }
    }

    /// `PENDING` → `SUPPRESSED`: it is no longer true.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn suppress(&self, item: &OutboxItem) -> Result<bool, Fault> {
        self.close_pending(item, OutboxStatus::Suppressed).await
    }

    async fn close_claim(&self, claimed: &Claimed, to: OutboxStatus) -> Result<bool, Fault> {
        let change = Change::of(&claimed.item.id).to(to).remove(OWED).under(claimed);
        Ok(self.change(change).await?.held())
    }

    async fn close_pending(&self, item: &OutboxItem, to: OutboxStatus) -> Result<bool, Fault> {
        let change = Change::of(&item.id)
            .to(to)
            .remove(OWED)
            .when("#status = :pending")
            .value("pending", s(OutboxStatus::Pending.name()));
        Ok(self.change(change).await?.held())
    }
}
