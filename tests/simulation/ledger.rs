//! What people were told, to be held against what is there in the end.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use review::values::ActorId;
use serde_json::Value;

use super::people::Told;

/// Events that an answer promised: case, place in its history, kind.
pub type Promise = (String, u64, String);

/// Everything that was asked for, and how it was answered.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Events that someone was told of.
    pub promised: RefCell<BTreeSet<Promise>>,
    /// Cases that someone was told of.
    pub opened: RefCell<BTreeSet<String>>,
    /// Unique words, and whether they were accepted, refused, or neither was said.
    pub words: RefCell<BTreeMap<String, Option<bool>>>,
    /// Who could be reached by mail from when on.
    pub memberships: RefCell<Vec<(DateTime<Utc>, ActorId, bool)>>,
    /// Acts that were accepted, by name, so that a run can say what it was made of.
    pub acts: RefCell<BTreeMap<&'static str, u64>>,
    /// Links to read that were given out.
    pub links: Cell<u64>,
}

impl Ledger {
    /// Notes an answer to an act.
    pub fn told(&self, act: &'static str, reference: &str, told: Option<&Told>) {
        let Some(told) = told.filter(|told| told.status < 300) else { return };
        *self.acts.borrow_mut().entry(act).or_default() += 1;
        let events = told.body["events"].as_array().into_iter().flatten();
        let promise = |event: &Value| {
            let kind = event["kind"].as_str().unwrap().to_owned();
            (reference.to_owned(), event["seq"].as_u64().unwrap(), kind)
        };
        self.promised.borrow_mut().extend(events.map(promise));
    }

    /// Notes what became of unique words.
    pub fn said(&self, words: String, told: Option<&Told>) {
        let accepted = told.map(|told| told.status < 300);
        self.words.borrow_mut().insert(words, accepted);
    }
}
