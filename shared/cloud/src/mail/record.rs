//! What the case's history says of a mail: that it was not sent after all, or what became of it.
//! Each is recorded once, under a key made of the item.

use review::Command;
use review::notices::Recipient;
use review::react::Effect;
use review::records::{Delivery, DeliveryOutcome, Suppression};

use super::Mail;
use crate::app::{Done, Failure};
use crate::fault::Fault;
use crate::store::OutboxItem;

impl Mail {
    /// Records what SES reports of a mail, once for each outcome.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn record_delivery(
        &self,
        item: &OutboxItem,
        outcome: DeliveryOutcome,
    ) -> Result<(), Fault> {
        let Some(effect) = &item.effect else {
            tracing::warn!(outbox = %item.id, ?outcome, "a receipt of an unknown notice was not recorded");
            return Ok(());
        };
        let command = Command::RecordDelivery(Delivery {
            outbox: item.id.to_string(),
            notice: effect.notice,
            outcome,
            at: self.clock.now(),
        });
        let (id, key) = (&item.id, key(item, word(outcome)));
        let done = self.app.by_system(&id.csp, &id.reference, &command, Some(&key)).await;
        recorded(&key, done)
    }

    /// Records that a mail is not sent, by the case as it was at this version. `false` if the
    /// case has moved on: by what happened since, the mail may be true again.
    pub(super) async fn record_suppression(
        &self,
        item: &OutboxItem,
        effect: &Effect,
        version: u64,
    ) -> Result<bool, Fault> {
        let person = item.id.person.clone().map(Recipient::Actor);
        let command = Command::RecordSuppression(Suppression {
            outbox: item.id.to_string(),
            notice: effect.notice,
            to: person.unwrap_or_else(|| effect.to.clone()),
        });
        let (id, key) = (&item.id, key(item, "suppressed"));
        match self.app.by_system_at(&id.csp, &id.reference, &command, &key, version).await {
            Err(Failure::Conflict) => Ok(false),
            done => recorded(&key, done).map(|()| true),
        }
    }
}

/// By what the record of an item's fate is recognised when it is given again.
fn key(item: &OutboxItem, word: &str) -> String {
    format!("{}/{word}", item.id)
}

fn recorded(key: &str, done: Result<Done, Failure>) -> Result<(), Fault> {
    match done {
        // A reused key: recorded before, at another time.
        Ok(_) | Err(Failure::KeyReused) => Ok(()),
        // A case whose records were destroyed takes no more of them.
        Err(Failure::Refused(refusal)) => {
            tracing::warn!(key, %refusal, "the fate of a mail was not recorded");
            Ok(())
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The outcome as the key spells it.
const fn word(outcome: DeliveryOutcome) -> &'static str {
    match outcome {
        DeliveryOutcome::Sent => "sent",
        DeliveryOutcome::Delivered => "delivered",
        DeliveryOutcome::Bounced => "bounced",
        DeliveryOutcome::Complained => "complained",
        DeliveryOutcome::Rejected => "rejected",
        DeliveryOutcome::Delayed => "delayed",
    }
}
