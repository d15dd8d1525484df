//! What the system records by itself.

use super::{Ask, happened};
use crate::act::{Command, Event};
use crate::case::Case;
use crate::due::due;
use crate::records::DeliveryOutcome;
use crate::refusal::Refusal;

pub(super) fn decide(case: &Case, ask: &Ask<'_>) -> Option<Result<Vec<Event>, Refusal>> {
    match ask.command {
        Command::Remind(_) => Some(Ok(due(case, ask.now))),
        Command::RecordDelivery(record) => {
            let mut events = vec![Event::DeliveryRecorded(record.clone())];
            match record.outcome {
                DeliveryOutcome::Bounced
                | DeliveryOutcome::Complained
                | DeliveryOutcome::Rejected => {
                    events.push(Event::MailBounced(record.clone()));
                }
                DeliveryOutcome::Sent | DeliveryOutcome::Delivered | DeliveryOutcome::Delayed => {}
            }
            Some(Ok(events))
        }
        Command::RecordSuppression(record) => happened(Event::NoticeSuppressed(record.clone())),
        _ => None,
    }
}
