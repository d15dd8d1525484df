//! The samples are what the API document shows: each must be accepted as it stands.

#![allow(clippy::unwrap_used, reason = "a sample that does not parse should stop the test")]

use review::records::Referral;
use review::{Action, sample};
use serde::Deserialize;
use serde_json::{Value, json};

/// The record of a command, as JSON.
fn record(command: &review::Command) -> Value {
    serde_json::to_value(command).unwrap()["record"].clone()
}

#[test]
fn every_action_accepts_its_sample_and_gives_it_back() {
    for &action in Action::ALL {
        let body = sample::body(action);
        let command =
            action.read(body).unwrap_or_else(|error| panic!("{}: {error}", action.name()));
        assert_eq!(command.action(), action);
        let again = action.read(record(&command)).unwrap();
        assert_eq!(again, command, "{}", action.name());
    }
}

/// A sample shows what the record holds: nothing is renamed or dropped on the way.
#[test]
fn every_field_of_a_sample_is_kept() {
    for &action in Action::ALL {
        let body = sample::body(action);
        let kept = record(&action.read(body.clone()).unwrap());
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(kept.get(field), Some(value), "{} /{field}", action.name());
        }
    }
}

#[test]
fn every_action_refuses_a_field_it_does_not_know() {
    for &action in Action::ALL {
        let mut body = sample::body(action);
        body.as_object_mut().unwrap().insert("no_such_field".to_owned(), json!(1));
        assert!(action.read(body).is_err(), "{}", action.name());
    }
}

#[test]
fn the_referral_is_accepted_as_it_stands_on_any_fresh_system() {
    let referral = sample::referral().unwrap();
    assert_eq!(referral.csp, None);
    assert_eq!(referral.csp_notified_on, None);
}

#[test]
fn the_minimal_referral_holds_only_what_is_required() {
    let minimal = sample::minimal_referral();
    Referral::deserialize(minimal.clone()).unwrap();
    for field in minimal.as_object().unwrap().keys() {
        let mut without = minimal.clone();
        without.as_object_mut().unwrap().remove(field);
        assert!(Referral::deserialize(without).is_err(), "{field} is not required");
    }
}

/// Nobody can be mailed or looked up by accident: addresses end in `.example`, and a telephone
/// number is one that Ofcom keeps for drama.
#[test]
fn nobody_in_a_sample_can_be_reached() {
    for &action in Action::ALL {
        for word in sample::body(action).to_string().split(['"', ' ', '/']) {
            assert!(!word.contains('@') || word.ends_with(".example"), "{word}");
        }
    }
    assert!(sample::body(Action::Refer).to_string().contains("01632 960"));
}
