//! Each thing has one name: the one in a path or a mail is the one in the records.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use review::Role;
use review::deadlines::Deadline;
use review::notices::Duty;
use review::process::State;
use serde::Serialize;

/// The names of these, each of which must also be what the records write.
fn names<T: Serialize + Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    let named = |it: &T| {
        assert_eq!(serde_json::to_value(it).unwrap(), name(*it));
        name(*it)
    };
    all.iter().map(named).collect()
}

#[test]
fn a_name_is_what_the_records_write() {
    names(Role::ALL, Role::name);
    names(State::ALL, State::name);
    names(Deadline::ALL, Deadline::name);
    names(Duty::ALL, Duty::name);
}

#[test]
fn what_has_a_name_is_found_by_it_and_by_nothing_else() {
    for role in Role::ALL.iter().filter(|role| **role != Role::System) {
        assert_eq!(Role::parse(role.name()), Some(*role));
    }
    assert_eq!(Role::parse("system"), None, "the system's role is no person's");
    for duty in Duty::ALL {
        assert_eq!(Duty::parse(duty.name()), Some(*duty));
    }
    for nobody in ["", "Coordinator", "dpo ", "nobody"] {
        assert_eq!(Role::parse(nobody), None, "{nobody}");
        assert_eq!(Duty::parse(nobody), None, "{nobody}");
    }
}
