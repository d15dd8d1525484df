//! What the mail service reports afterwards. A receipt proves that a mail went out, so it
//! settles what was in doubt; receipts of two attempts at one item prove that it went out twice.

use aws_sdk_dynamodb::types::AttributeValue;
use review::records::DeliveryOutcome;

use super::change::{Change, Changed};
use super::{OWED, OutboxId, OutboxItem, OutboxStatus, read};
use crate::fault::Fault;
use crate::store::Store;
use crate::store::items::{self, s};

/// What a receipt changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// There is no such item: not ours, or forged.
    Unknown,
    /// It settled the item as sent.
    Settled(OutboxItem),
    /// The item was settled already.
    Noted(OutboxItem),
    /// Receipts of more than one attempt: the mail went out twice.
    Duplicate(OutboxItem),
}

impl Store {
    /// Notes a receipt: an item in `SENDING`, `PENDING` or `HUMAN` that was claimed becomes `SENT`.
    /// Of one that never was claimed no mail can have gone out, so that the receipt is of another
    /// item of this id, as after a restore. Repeating a receipt changes nothing more.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn receipt(
        &self,
        id: &OutboxId,
        attempt_id: Option<&str>,
        outcome: DeliveryOutcome,
    ) -> Result<Receipt, Fault> {
        let outcome = items::json(&outcome)?;
        let note = |change: Change| {
            let change = change.set("outcome", s(outcome.trim_matches('"')));
            match attempt_id {
                Some(attempt) => change.add("seen", AttributeValue::Ss(vec![attempt.to_owned()])),
                None => change,
            }
        };
        let settle = note(Change::of(id).to(OutboxStatus::Sent))
            .remove(OWED)
            .when("#status IN (:sending, :pending, :human) AND attribute_exists(#attempt_id)")
            .value("sending", s(OutboxStatus::Sending.name()))
            .value("pending", s(OutboxStatus::Pending.name()))
            .value("human", s(OutboxStatus::Human.name()));
        let (settled, item) = match self.change(settle).await? {
            Changed::To(item) => (true, item),
            Changed::Not(None) => return Ok(Receipt::Unknown),
            Changed::Not(Some(_)) => match self.change(note(Change::of(id))).await? {
                Changed::To(item) => (false, item),
                Changed::Not(_) => return Ok(Receipt::Unknown),
            },
        };
        let attempts = item.get("seen").and_then(|seen| seen.as_ss().ok()).map_or(0, Vec::len);
        let item = read(&item)?;
        Ok(match (attempts > 1, settled) {
            (true, _) => Receipt::Duplicate(item),
            (false, true) => Receipt::Settled(item),
            (false, false) => Receipt::Noted(item),
        })
    }
}
