//! What the system records by itself.

use review::act::{Action, EventKind};
use review::actor::Role::System;
use review::process::State;
use review::sample;
use review::values::Reference;
use serde_json::json;

use crate::world::World;
use crate::world::scene::{NOW, given};

fn reference(n: u8) -> Reference {
    Reference::from_random([n; 8])
}

#[test]
fn a_likely_duplicate_is_recorded_and_told_of_once() {
    let mut world = World::new(NOW);
    world.does_with(review::actor::Role::Referrer, Action::Refer, sample::body(Action::Refer));
    assert!(review::next_due(world.case()) == Some(world.now), "the check is still to be made");
    let mut found = |cases: &[Reference]| {
        world.does_with(System, Action::RecordMatches, json!({ "cases": cases }))
    };
    let new = [EventKind::MatchesRecorded, EventKind::DuplicateSuspected];
    assert_eq!(found(&[]), [EventKind::MatchesRecorded]);
    assert_eq!(found(&[]), []);
    assert_eq!(found(&[reference(1)]), new);
    assert_eq!(found(&[reference(1)]), []);
    assert_eq!(found(&[reference(7)]), [], "the case itself is no duplicate of itself");
    assert_eq!(found(&[reference(7), reference(1), reference(2)]), new);
    assert_eq!(found(&[reference(2), reference(1)]), []);
    assert_eq!(world.case().file.likely_duplicates, [reference(1), reference(2)]);
    assert!(review::next_due(world.case()) > Some(world.now));
}

#[test]
fn mail_that_came_back_is_told_of() {
    for (outcome, back) in [
        ("sent", false),
        ("delivered", false),
        ("delayed", false),
        ("bounced", true),
        ("complained", true),
        ("rejected", true),
    ] {
        let world = given(State::Evidence)
            .when(System, Action::RecordDelivery)
            .set("/outcome", outcome)
            .accepted();
        let last = world.history.last().unwrap().envelope.kind;
        let expected = if back { EventKind::MailBounced } else { EventKind::DeliveryRecorded };
        assert_eq!(last, expected, "{outcome}");
    }
}

/// Or it would never end.
#[test]
fn news_of_a_bounce_that_itself_comes_back_is_not_told_again() {
    for outcome in ["bounced", "complained", "rejected"] {
        let world = given(State::Evidence)
            .when(System, Action::RecordDelivery)
            .set("/notice", "mail-bounced")
            .set("/outcome", outcome)
            .accepted();
        assert_eq!(world.history.last().unwrap().envelope.kind, EventKind::DeliveryRecorded);
    }
}

#[test]
fn nothing_is_recorded_when_nothing_is_due() {
    given(State::NoReviewFinal).when(System, Action::Remind).nothing();
}

/// Reminders, receipts and reads leave the version that people hold as it is.
#[test]
fn what_the_system_does_moves_no_version() {
    let mut world = World::in_state(State::Scoping, NOW).later(60);
    let before = world.case().revision;
    world.sweep();
    let world =
        world.after(&[(System, Action::RecordDelivery), (System, Action::RecordSuppression)]);
    assert!(world.history.len() > 8);
    assert_eq!(world.case().revision, before);
}
