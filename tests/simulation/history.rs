//! The stored histories, read past every function.

use std::collections::BTreeMap;

use review::event::{Envelope, Recorded};
use review::evolve::evolve;
use review::{Case, Event};
use serde_json::Value;

use super::world::World;
use super::{CASES, EVENTS};

/// Everything that the tables hold of the cases.
pub struct Kept {
    /// By the partition of the case.
    pub histories: BTreeMap<String, Vec<Recorded>>,
    /// Outbox items by partition.
    pub outbox: BTreeMap<String, Vec<Value>>,
    /// Case items by partition.
    pub cases: BTreeMap<String, Value>,
}

impl Kept {
    pub fn of(world: &World) -> Self {
        let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap().to_owned();
        let (mut outbox, mut cases): (BTreeMap<String, Vec<Value>>, BTreeMap<_, _>) =
            Default::default();
        let mut records: BTreeMap<(String, String), Event> = BTreeMap::new();
        for item in world.tables.all(CASES) {
            let (pk, sk) = (text(&item, "pk"), text(&item, "sk"));
            if let Some(seq) = sk.strip_prefix("PAYLOAD#") {
                let event = serde_json::from_str(&text(&item, "body")).unwrap();
                records.insert((pk, seq.to_owned()), event);
            } else if sk.starts_with("OUTBOX#") {
                outbox.entry(pk).or_default().push(item);
            } else if sk == "CASE" {
                cases.insert(pk, item);
            }
        }
        let mut histories: BTreeMap<String, Vec<Recorded>> = BTreeMap::new();
        for item in world.tables.all(EVENTS) {
            let (pk, sk) = (text(&item, "pk"), text(&item, "sk"));
            let seq = sk.strip_prefix("EVENT#").unwrap().to_owned();
            let envelope: Envelope = serde_json::from_str(&text(&item, "envelope")).unwrap();
            let body = records.remove(&(pk.clone(), seq));
            histories.entry(pk).or_default().push(Recorded { envelope, body });
        }
        for history in histories.values_mut() {
            history.sort_by_key(|recorded| recorded.envelope.seq);
        }
        Self { histories, outbox, cases }
    }
}

/// Folds events, giving the case after each.
pub fn fold(history: &[Recorded]) -> Vec<Case> {
    let mut case = None;
    history
        .iter()
        .map(|recorded| {
            case = evolve(case.take(), recorded);
            case.clone().unwrap()
        })
        .collect()
}

impl World {
    /// How often a document's reading stands in the history.
    pub fn reads(&self, reference: &str, document: &str) -> u64 {
        let kept = Kept::of(self);
        let history = &kept.histories[&format!("CASE#{}#{reference}", self.csp)];
        let about = |recorded: &&Recorded| matches!(&recorded.body, Some(Event::DocumentRead(read)) if read.document.as_str() == document);
        u64::try_from(history.iter().filter(about).count()).unwrap()
    }
}
