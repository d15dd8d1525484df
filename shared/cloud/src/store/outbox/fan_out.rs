//! One item addressed to a list of people becomes one item for each of them, so that each mail is
//! claimed, retried and settled by itself. Lists that are told the same share the items of the
//! people who are on several, so that nobody is told twice.

use std::collections::BTreeSet;

use review::values::ActorId;

use super::{OutboxItem, OutboxStatus, pending};
use crate::fault::Fault;
use crate::store::Store;
use crate::store::items::{self, Item, s};
use crate::store::write::{self, Condition, NEW, Reason, Refused};

/// Children written in one transaction; with the parent this stays under DynamoDB's 100.
const AT_ONCE: usize = 90;

const DOING: &str = "fan an outbox item out";

impl Store {
    /// `PENDING` → `FANNED`, with a new item for each person. Repeating it, even after the
    /// directory changed, adds only people who have no item yet; one that was suppressed is
    /// owed again, because this list may entitle whom another did not. `false` if the parent was
    /// no longer `PENDING`. With nobody to send to, give the item to a person instead.
    ///
    /// # Errors
    /// A [`Fault`] of the table; the next call finishes what this one began.
    pub async fn fan_out(
        &self,
        parent: &OutboxItem,
        people: &BTreeSet<ActorId>,
    ) -> Result<bool, Fault> {
        let effect = parent.effect.as_ref().ok_or_else(|| items::malformed("effect"))?;
        let since = parent.not_before.ok_or_else(|| items::malformed("not_before"))?;
        let mut children = Vec::with_capacity(people.len());
        for person in people {
            let id = parent.to_person(person.clone());
            children.push(pending(&id, effect, parent.letter, since)?);
        }
        while children.len() > AT_ONCE {
            let later = children.split_off(AT_ONCE);
            if !self.add_children(parent, children, false).await? {
                return Ok(false);
            }
            children = later;
        }
        self.add_children(parent, children, true).await
    }

    /// Adds those of `children` that are not there yet, all or none, while the parent is
    /// `PENDING`; the last batch also closes the parent.
    async fn add_children(
        &self,
        parent: &OutboxItem,
        mut children: Vec<Item>,
        last: bool,
    ) -> Result<bool, Fault> {
        let table = &self.names.cases;
        let owed = Condition::new("#status = :pending")
            .name("#status", "status")
            .value(":pending", s(OutboxStatus::Pending.name()));
        let absent = Condition::new(format!("{NEW} OR #status = :suppressed"))
            .name("#status", "status")
            .value(":suppressed", s(OutboxStatus::Suppressed.name()));
        loop {
            let mut writes = vec![if last {
                write::update(
                    table,
                    parent.id.key(),
                    "SET #status = :fanned REMOVE outbox_shard, not_before",
                    owed.clone().value(":fanned", s(OutboxStatus::Fanned.name())),
                )?
            } else {
                write::check(table, parent.id.key(), owed.clone())?
            }];
            for child in &children {
                writes.push(write::put(table, child.clone(), absent.clone())?);
            }
            let reasons = match self.transact(DOING, writes).await {
                Ok(()) => return Ok(true),
                Err(Refused::Fault(fault)) => return Err(fault),
                Err(Refused::Cancelled(reasons)) => reasons,
            };
            let kinds: Vec<_> = reasons.iter().map(write::reason).collect();
            if kinds.first() == Some(&Reason::Condition) {
                return Ok(false);
            }
            if kinds.contains(&Reason::Passing) {
                return Err(Fault::retry(DOING, "another request is writing the same items"));
            }
            let before = children.len();
            let mut kinds = kinds.into_iter().skip(1);
            children.retain(|_| kinds.next() != Some(Reason::Condition));
            if children.len() == before {
                return Err(write::never(DOING, &reasons));
            }
        }
    }
}
