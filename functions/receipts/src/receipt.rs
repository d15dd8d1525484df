//! One receipt: noted in the outbox, then recorded in the case. Either may be repeated.

use cloud::store::{OutboxId, Receipt};
use cloud::telemetry::Metric;
use cloud::{Cloud, Fault};
use review::records::DeliveryOutcome;

use crate::notification::{NotSes, Notification};

/// Why a receipt could not be noted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotNoted {
    #[error(transparent)]
    NotSes(#[from] NotSes),
    #[error("{}", .0.chain())]
    Fault(#[from] Fault),
}

pub(crate) async fn take(cloud: &Cloud, body: &str) -> Result<(), NotNoted> {
    let Some(Notification { item, attempt, outcome: Some(outcome) }) = Notification::parse(body)?
    else {
        tracing::info!("a notification that concerns no mail's fate was left alone");
        return Ok(());
    };
    let Some(id) = item.as_deref().and_then(OutboxId::parse) else {
        tracing::warn!("a receipt names no outbox item; it was ignored");
        return Ok(());
    };
    let item = match cloud.store.receipt(&id, attempt.as_deref(), outcome).await? {
        Receipt::Unknown => {
            tracing::warn!(outbox = %id, "a receipt names an unknown outbox item; it was ignored");
            return Ok(());
        }
        Receipt::Settled(item) | Receipt::Noted(item) => item,
        Receipt::Duplicate(item) => {
            // Counted once per further attempt, by the receipt that says SES took it.
            if outcome == DeliveryOutcome::Sent {
                tracing::warn!(outbox = %id, "a mail was sent twice");
                Metric::DuplicateObserved.record(1);
            }
            item
        }
    };
    tracing::info!(outbox = %id, ?outcome, "a receipt was noted");
    if outcome != DeliveryOutcome::Sent {
        cloud.mail.record_delivery(&item, outcome).await?;
    }
    Ok(())
}
