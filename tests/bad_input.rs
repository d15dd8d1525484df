//! Everything that can be wrong with a body, made from a right one. Each is refused in the form
//! that every refusal has, names the field where a field is meant, repeats nothing that was sent
//! and writes nothing.

use chrono::NaiveDate;
use review::act::Action;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::casefile::Casefile;
use crate::client::{Answer, Client, Sent, With};
use crate::marks::{Marks, texts, walk};
use crate::people::{ADMINISTRATOR, Person, REFERRER};
use crate::world::World;

/// Stands in every wrong value, so that it shows if a value is repeated.
const ECHO: &str = "Zqwrong";
const MEBIBYTE: usize = 1024 * 1024;

/// A wrong body and the refusal it deserves.
pub struct Wrong {
    what: String,
    sent: Sent,
    status: u16,
    /// The field that the refusal must name; the record itself is "".
    pointer: Option<String>,
}

/// Tries an act in every wrong way, by someone who may take it, in a state that allows it.
pub async fn try_everything_wrong(
    case: &Casefile<'_>,
    who: Person,
    action: Action,
    record: &Value,
) {
    let before = case.events().await;
    let tag = case.tag(who, action, record).await;
    for wrong in everything_wrong(record, |record| action.read(record).is_ok()) {
        let what = format!("{}: {}", action.name(), wrong.what);
        let answer = case.sends(who, action, tag.as_deref(), wrong.sent.clone()).await;
        assert_refused(&wrong, &what, answer);
    }
    assert_eq!(case.events().await, before, "{} wrote something", action.name());
}

/// The same for a referral, which has a door of its own.
pub async fn try_every_wrong_referral(world: &World, form: &Value) {
    let before = cases(world).await;
    for wrong in everything_wrong(form, |form| Action::Refer.read(form).is_ok()) {
        let answer = refers(world, wrong.sent.clone()).await;
        assert_refused(&wrong, &format!("refer: {}", wrong.what), answer);
    }
    assert_eq!(cases(world).await, before, "a wrong referral opened a case");
}

/// Tries any other route in every wrong way.
pub async fn try_everything_wrong_at(
    client: &Client,
    who: Person,
    path: &str,
    body: &Value,
    accepted: impl Fn(Value) -> bool,
) {
    for wrong in everything_wrong(body, accepted) {
        let answer = client.post_with(who, path, With::default(), wrong.sent.clone()).await;
        assert_refused(&wrong, &format!("{path}: {}", wrong.what), answer);
    }
}

/// A few refusals of different kinds, each of a body full of marks.
pub async fn try_a_few_things_wrong(
    case: &Casefile<'_>,
    who: Person,
    action: Action,
    record: &Value,
) {
    let tag = case.tag(who, action, record).await;
    let tag = tag.as_deref();
    let sends = |who, tag, sent| case.sends(who, action, tag, sent);
    sends(ADMINISTRATOR, tag, Sent::json(record)).await.refused(404);
    sends(REFERRER, tag, Sent::json(&with_more(record))).await;
    sends(who, tag, Sent::json(&with_more(record))).await.refused(422);
    sends(who, tag, Sent::json(&json!([record]))).await.refused(422);
    sends(who, tag, cut(record)).await.refused(400);
    if tag.is_some() {
        sends(who, None, Sent::json(record)).await.refused(428);
        sends(who, Some("\"r9999\""), Sent::json(record)).await.refused(412);
    }
    for pointer in texts(record) {
        let mut long = record.clone();
        let text = long.pointer(&pointer).and_then(Value::as_str).unwrap().repeat(500);
        *long.pointer_mut(&pointer).unwrap() = text.into();
        sends(who, tag, Sent::json(&long)).await;
    }
}

/// The same for a referral.
pub async fn try_a_few_wrong_referrals(world: &World, form: &Value) {
    for sent in [Sent::json(&with_more(form)), Sent::json(&json!([form])), cut(form)] {
        let answer = refers(world, sent).await;
        assert!((400..500).contains(&answer.status), "{}", answer.text);
    }
}

async fn refers(world: &World, sent: Sent) -> Answer {
    let key = Uuid::new_v4().to_string();
    let with = With { key: Some(&key), ..With::default() };
    world.client.post_with(REFERRER, "/referrals", with, sent).await
}

async fn cases(world: &World) -> usize {
    let mine = world.client.get(REFERRER, "/cases").await.ok();
    mine["cases"].as_array().unwrap().len()
}

#[track_caller]
fn assert_refused(wrong: &Wrong, what: &str, answer: Answer) {
    assert_eq!(answer.status, wrong.status, "{what}: {}", answer.text);
    let answer = answer.refused(wrong.status);
    if let Some(pointer) = &wrong.pointer {
        assert!(answer.pointers().contains(pointer), "{what}: {pointer}: {}", answer.text);
    }
    let echoed = answer.text.to_lowercase().contains(&ECHO.to_lowercase());
    assert!(!echoed, "{what}: {}", answer.text);
}

/// Every wrong body; `accepted` tells which of them would be right after all.
fn everything_wrong(record: &Value, accepted: impl Fn(Value) -> bool) -> Vec<Wrong> {
    let mut all = unreadable(record);
    all.extend(other_shapes(record));
    walk(record, "", &mut |pointer, value| {
        // One item of a list stands for all.
        let first_of_its_list = pointer.split('/').all(|part| part.parse() != Ok(1_u8));
        if pointer.is_empty() || !first_of_its_list {
            return;
        }
        for (what, instead) in wrong_values(value) {
            let mut changed = record.clone();
            *changed.pointer_mut(pointer).unwrap() = instead;
            all.push(Wrong {
                what: format!("{what} at {pointer}"),
                sent: Sent::json(&changed),
                status: 422,
                pointer: Some(pointer.to_owned()),
            });
        }
    });
    for name in record.as_object().unwrap().keys() {
        let mut without = record.clone();
        without.as_object_mut().unwrap().remove(name);
        if !accepted(without.clone()) {
            all.push(Wrong {
                what: format!("without {name}"),
                sent: Sent::json(&without),
                status: 422,
                pointer: Some(format!("/{name}")),
            });
        }
    }
    all
}

/// Bodies from which no record can be read at all.
fn unreadable(record: &Value) -> Vec<Wrong> {
    let wrong =
        |what: &str, status, sent| Wrong { what: what.to_owned(), sent, status, pointer: None };
    let mut large = with_more(record);
    large["more"] = ECHO.repeat(MEBIBYTE / ECHO.len() + 1).into();
    let deep = format!("{{\"more\":{}\"{ECHO}\"{}}}", "[".repeat(100), "]".repeat(100));
    let plain = Sent { media_type: "text/plain", ..Sent::json(record) };
    let latin = Sent { bytes: b"{\"more\":\"Zqwrong \xe9\"}".to_vec(), ..Sent::text("") };
    vec![
        wrong("cut off", 400, cut(record)),
        wrong("not JSON", 400, Sent::text(ECHO)),
        wrong("a name twice", 400, Sent::text(format!("{{\"{ECHO}\":1,\"{ECHO}\":2}}"))),
        wrong("too deep", 400, Sent::text(deep)),
        wrong("not UTF-8", 400, latin),
        wrong("more than a mebibyte", 413, Sent::json(&large)),
        wrong("said to be text", 415, plain),
    ]
}

/// JSON that is not the object that belongs here.
fn other_shapes(record: &Value) -> Vec<Wrong> {
    let shapes = [
        ("an array", json!([record])),
        ("text", json!(ECHO)),
        ("a number", json!(7)),
        ("null", Value::Null),
        ("one field too many", with_more(record)),
    ];
    let wrong = |(what, body): (&str, Value)| Wrong {
        what: what.to_owned(),
        sent: Sent::json(&body),
        status: 422,
        pointer: Some(String::new()),
    };
    shapes.into_iter().map(wrong).collect()
}

/// Values that cannot stand where this one does.
fn wrong_values(value: &Value) -> Vec<(&'static str, Value)> {
    let object = || json!({ ECHO: ECHO, "and": ECHO });
    match value {
        Value::String(text) => {
            let mut wrong = vec![
                ("an object", object()),
                ("a number", json!(7)),
                ("control characters", json!(format!("{ECHO}\u{7}{ECHO}"))),
                ("characters that turn text round", json!(format!("{ECHO}\u{202e}{ECHO}"))),
                ("a zero-width space", json!(format!("{ECHO}\u{200b}{ECHO}"))),
                ("nothing", json!("")),
                ("too much", json!(ECHO.repeat(1000))),
            ];
            if let Some(date) = text.get(..10).filter(|date| date.parse::<NaiveDate>().is_ok()) {
                let impossible = text.replacen(date, "2027-02-30", 1);
                wrong.push(("a day that does not exist", json!(impossible)));
            }
            wrong
        }
        Value::Number(_) => vec![
            ("text", json!(ECHO)),
            ("a fraction", json!(0.5)),
            ("less than nothing", json!(-1)),
        ],
        Value::Bool(_) => vec![("text", json!(ECHO)), ("a number", json!(1))],
        Value::Array(_) => vec![("an object", object()), ("text", json!(ECHO))],
        Value::Object(_) => vec![("text", json!(ECHO)), ("an array", json!([ECHO]))],
        Value::Null => vec![],
    }
}

fn with_more(record: &Value) -> Value {
    let mut more = record.clone();
    more[ECHO] = json!(ECHO);
    more
}

/// The record with its end missing.
fn cut(record: &Value) -> Sent {
    let mut text = record.to_string();
    text.pop();
    Sent::text(format!("{text} {ECHO}"))
}

/// The marks of a test, if it is played with any, are nowhere in what people were told.
pub fn assert_nowhere(marks: &Marks, places: &[(&str, &str)]) {
    for (place, text) in places {
        let text = text.to_lowercase();
        for mark in marks.minted() {
            assert!(!text.contains(&mark), "{mark} stands in {place}");
        }
    }
}
