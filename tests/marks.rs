//! Words that stand nowhere else, put into every text of a record, so that it can be seen where
//! that text goes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use review::act::Action;
use serde_json::Value;

/// What a mark is made of. The same field of the same act always has the same mark, so that two
/// referrals of one death still name the same person.
#[derive(Debug, Default)]
pub struct Marks {
    seed: String,
    /// What stands around the mark: characters that may need escaping on their way.
    around: String,
    minted: Mutex<BTreeMap<(&'static str, String), String>>,
}

impl Marks {
    pub fn new(seed: impl Into<String>, around: impl Into<String>) -> Self {
        Self { seed: seed.into(), around: around.into(), minted: Mutex::default() }
    }

    /// Every mark that was put somewhere.
    pub fn minted(&self) -> Vec<String> {
        self.minted.lock().unwrap().values().cloned().collect()
    }

    /// Fills every field of the record that takes any text.
    pub fn fill(&self, action: Action, record: &mut Value) {
        let accepted = |record: &Value| action.read(record.clone()).is_ok();
        for pointer in texts(record) {
            let mark = self.mark(action.name(), &pointer);
            let text = record.pointer(&pointer).and_then(Value::as_str).unwrap().to_owned();
            let fitting = self.forms(&mark).into_iter().find(|form| {
                *record.pointer_mut(&pointer).unwrap() = form.clone().into();
                accepted(record)
            });
            if fitting.is_none() {
                *record.pointer_mut(&pointer).unwrap() = text.into();
                self.minted.lock().unwrap().remove(&(action.name(), pointer));
            }
        }
    }

    /// The name of a file with a mark in it.
    pub fn file_name(&self) -> String {
        format!("{} {}.pdf", self.around, self.mark("begin-upload", "/name"))
    }

    fn mark(&self, action: &'static str, pointer: &str) -> String {
        let mut minted = self.minted.lock().unwrap();
        let number = minted.len();
        let mark = || format!("zq{}n{number}x", self.seed);
        minted.entry((action, pointer.to_owned())).or_insert_with(mark).clone()
    }

    /// The mark as prose, as a few words and as an address: a field takes the first that fits.
    /// None of them is an id, a date or a choice.
    fn forms(&self, mark: &str) -> [String; 3] {
        let around = &self.around;
        [
            format!(
                "Words {around} {mark} {around} and enough of them for reasons that must be long."
            ),
            format!("{mark} {around}").trim_end().to_owned() + " Z",
            format!("{mark}@canary.example"),
        ]
    }
}

/// The pointers of every string in a record.
pub fn texts(record: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(record, "", &mut |pointer, value| {
        if value.is_string() {
            found.push(pointer.to_owned());
        }
    });
    found
}

/// Calls `visit` with every value of a record and its pointer, the record itself first.
#[allow(clippy::needless_pass_by_value, reason = "each step makes its own pointer")]
pub fn walk(value: &Value, pointer: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(pointer, value);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                walk(field, &format!("{pointer}/{name}"), visit);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{at}"), visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
