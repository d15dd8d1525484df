//! Which room of the file an event changes.

use super::{documents, evidence, intake, outcome};
use crate::act::Event;
use crate::case::File;
use crate::event::Envelope;

pub(super) fn apply(file: &mut File, event: &Event, envelope: &Envelope) {
    if super::only_history(event) {
        return;
    }
    let changed = intake::apply(file, event, envelope)
        || evidence::apply(file, event, envelope)
        || outcome::apply(file, event, envelope)
        || documents::apply(file, event, envelope);
    debug_assert!(
        changed || clocks_only(event),
        "an event that changes nothing: {:?}",
        event.kind()
    );
}

/// Events whose whole effect is on a clock.
const fn clocks_only(event: &Event) -> bool {
    matches!(event, Event::Reminded(_) | Event::RemindersOvertaken(_) | Event::DeadlinePassed(_))
}
