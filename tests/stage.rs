//! How the journeys are played, and what was seen of them together: which acts of the process,
//! which states, which mails and refusals.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use review::act::{Action, EventKind};
use review::process::State;
use serde::Deserialize as _;
use serde_json::Value;

use crate::mail::Mail;
use crate::marks::Marks;

/// What is done with each record before it is sent.
#[derive(Debug, Default)]
pub enum Manner {
    /// It is sent as it is.
    #[default]
    Plain,
    /// The first time an act is taken, it is tried wrongly in every way first.
    Wary,
    /// Every text of it is filled with words that can be found again, and the first time an act
    /// is taken, it is refused a few times first.
    Marked(Marks),
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub actions: BTreeSet<Action>,
    pub states: BTreeSet<State>,
    pub mails: Vec<Mail>,
    pub problems: Vec<String>,
    /// Every record of every history, as JSON.
    pub records: String,
}

/// A stage; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Stage(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    manner: Manner,
    seen: Mutex<Seen>,
    tried: Mutex<BTreeSet<Action>>,
}

impl Stage {
    pub fn new(manner: Manner) -> Self {
        Self(Arc::new(Inner { manner, ..Inner::default() }))
    }

    pub fn manner(&self) -> &Manner {
        &self.0.manner
    }

    /// Whether this is the first time that the act is about to be taken.
    pub fn first_time(&self, action: Action) -> bool {
        self.0.tried.lock().unwrap().insert(action)
    }

    /// The acts that were about to be taken so far.
    pub fn tried(&self) -> BTreeSet<Action> {
        self.0.tried.lock().unwrap().clone()
    }

    /// Notes what a history shows.
    pub fn saw(&self, history: &[Value]) {
        let mut seen = self.0.seen.lock().unwrap();
        for event in history {
            let kind = EventKind::deserialize(&event["kind"]).unwrap();
            seen.actions.extend(kind.caused_by());
            seen.states.insert(State::deserialize(&event["to"]).unwrap());
            seen.records.push_str(&event["record"].to_string());
        }
    }

    /// Notes what people were told.
    pub fn heard(&self, problems: Vec<String>, mails: Vec<Mail>) {
        let mut seen = self.0.seen.lock().unwrap();
        seen.problems.extend(problems);
        seen.mails.extend(mails);
    }

    /// Everything seen so far.
    pub fn seen(&self) -> Seen {
        std::mem::take(&mut self.0.seen.lock().unwrap())
    }
}
