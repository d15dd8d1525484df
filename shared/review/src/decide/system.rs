//! What the system records by itself.

use crate::act::Event;
use crate::case::Case;
use crate::notices::Notice;
use crate::records::{Delivery, DeliveryOutcome, Matches};

pub(super) fn record_delivery(record: &Delivery) -> Vec<Event> {
    let mut events = vec![Event::DeliveryRecorded(record.clone())];
    match record.outcome {
        // News of a bounce that itself bounces is not told again: it would never end.
        DeliveryOutcome::Bounced | DeliveryOutcome::Complained | DeliveryOutcome::Rejected
            if record.notice != Notice::MailBounced =>
        {
            events.push(Event::MailBounced(record.clone()));
        }
        DeliveryOutcome::Bounced
        | DeliveryOutcome::Complained
        | DeliveryOutcome::Rejected
        | DeliveryOutcome::Sent
        | DeliveryOutcome::Delivered
        | DeliveryOutcome::Delayed => {}
    }
    events
}

/// The matches, the first time they are found; that none were found counts once too.
pub(super) fn record_matches(case: &Case, record: &Matches) -> Vec<Event> {
    let others = record.cases.iter().filter(|other| **other != case.reference);
    let matches = Matches { cases: others.cloned().collect() };
    let fresh = matches.cases.iter().any(|other| !case.file.likely_duplicates.contains(other));
    match (fresh, case.file.matched) {
        (true, true | false) => {
            vec![Event::MatchesRecorded(matches.clone()), Event::DuplicateSuspected(matches)]
        }
        (false, false) => vec![Event::MatchesRecorded(matches)],
        (false, true) => vec![],
    }
}
