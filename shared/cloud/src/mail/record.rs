//! What the case's history says of a mail: that it was not sent after all, or what became of it.
//! Each is recorded once, under a key made of the item.

use review::Command;
use review::notices::Recipient;
use review::react::Effect;
use review::records::{Delivery, DeliveryOutcome, Suppression};

use super::Mail;
use crate::app::Failure;
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
        self.record(item, command, word(outcome)).await
    }

    pub(super) async fn record_suppression(
        &self,
        item: &OutboxItem,
        effect: &Effect,
    ) -> Result<(), Fault> {
        let person = item.id.person.clone().map(Recipient::Actor);
        let command = Command::RecordSuppression(Suppression {
            outbox: item.id.to_string(),
            notice: effect.notice,
            to: person.unwrap_or_else(|| effect.to.clone()),
        });
        self.record(item, command, "suppressed").await
    }

    async fn record(&self, item: &OutboxItem, command: Command, word: &str) -> Result<(), Fault> {
        let id = &item.id;
        let key = format!("{id}/{word}");
        match self.app.by_system(&id.csp, &id.reference, &command, Some(&key)).await {
            // A reused key: recorded before, at another time.
            Ok(_) | Err(Failure::KeyReused) => Ok(()),
            // A case whose records were destroyed takes no more of them.
            Err(Failure::Refused(refusal)) => {
                tracing::warn!(outbox = %id, word, %refusal, "the fate of a mail was not recorded");
                Ok(())
            }
            Err(failure) => Err(failure.into()),
        }
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
