//! No mail can name anyone: whatever people type, none of it reaches an effect.

use review::act::Action;
use review::actor::Role;
use review::process::State;
use review::react;
use review::sample;
use serde_json::Value;

use crate::all_effects;
use crate::world::World;
use crate::world::scene::NOW;

/// Found nowhere else; not the form of an id or a date, so only text can hold it.
const CANARY: &str = "Canary Zyx";

/// Puts the canary into every field of a body that takes text.
fn filled(action: Action, body: &Value) -> (Value, usize) {
    let mut places = Vec::new();
    leaves(body, String::new(), &mut places);
    let (mut filled, mut count) = (body.clone(), 0);
    for pointer in places {
        for canary in [CANARY, "canary.zyx@agency.example"] {
            let mut tried = filled.clone();
            *tried.pointer_mut(&pointer).unwrap() = canary.into();
            if action.read(tried.clone()).is_ok() {
                filled = tried;
                count += 1;
                break;
            }
        }
    }
    (filled, count)
}

fn leaves(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, field)| leaves(field, format!("{pointer}/{name}"), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(n, item)| leaves(item, format!("{pointer}/{n}"), found));
        }
        Value::String(_) => found.push(pointer),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A review in which everybody wrote the canary wherever they could.
fn review_of_canaries() -> World {
    let (mut form, filled_in) = filled(Action::Refer, &sample::body(Action::Refer));
    assert!(filled_in >= 25, "the form has {filled_in} text fields");
    form["immediate_risk"] = serde_json::json!({ "known": true });
    let mut world = World::new(NOW);
    world.refers(form);
    for (role, action) in [
        (Role::Referrer, Action::AddInformation),
        (Role::Coordinator, Action::GrantAccess),
        (Role::Coordinator, Action::RecordFamilyContact),
    ]
    .iter()
    .chain(crate::world::SPINE)
    {
        if *action == Action::SubmitImr {
            world.sweep();
        }
        let (body, _) = filled(*action, &world.body(*action));
        world.does_with(*role, *action, body);
    }
    assert_eq!(world.state(), State::Concluded);
    world = world.later(4000);
    world.sweep();
    world
}

#[test]
fn no_effect_holds_what_anyone_typed() {
    let world = review_of_canaries();
    let typed = serde_json::to_string(world.case()).unwrap();
    assert!(typed.matches(CANARY).count() > 50);
    let all = all_effects(&world);
    assert!(all.len() > 60, "only {} effects", all.len());
    for (_, effect) in all {
        let json = serde_json::to_string(&effect).unwrap();
        assert!(!json.to_lowercase().contains("canary"), "{json}");
        for date in ["1992", "2026-11-02"] {
            assert!(!json.contains(date), "{json} holds a date of birth or death");
        }
    }
}

#[test]
fn no_envelope_holds_what_anyone_typed() {
    for recorded in &review_of_canaries().history {
        let json = serde_json::to_string(&recorded.envelope).unwrap();
        assert!(!json.to_lowercase().contains("canary"), "{json}");
    }
}

/// An effect is ids, codes and dates: whatever event causes it, its fields are these.
#[test]
fn an_effect_has_no_field_for_text() {
    let world = review_of_canaries();
    let fields = ["notice", "to", "due_on", "clock", "step", "item"];
    for recorded in &world.history {
        for effect in react(world.case(), recorded) {
            let json = serde_json::to_value(&effect).unwrap();
            assert!(json.as_object().unwrap().keys().all(|name| fields.contains(&name.as_str())));
            assert!(effect.item.is_none_or(|item| review::values::ActorId::parse(&item).is_ok()));
        }
    }
}
