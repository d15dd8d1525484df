//! One command as one transaction: the case as it is afterwards, its new events, the e-mails
//! they cause, the lists it now stands on, and the id of the command. Prepared before it is
//! sent, so that its size is known and its events have the hashes by which they can be found
//! again if the answer is lost.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use chrono::{DateTime, Utc};
use review::event::Recorded;
use review::process::rule;
use review::values::{ActorId, CspId, Reference};
use review::{Action, Case, Role, react, sight};

use super::append::AppendError;
use super::chain::Digest;
use super::items::{self, Item, n, s};
use super::keys;
use super::load::{DuePlace, Stored};
use super::outbox;
use super::walk::Link;
use super::write::{self, Condition, NEW};
use super::{Store, TableNames};
use crate::entropy::Entropy;
use crate::fault::Fault;

/// DynamoDB's limit on the parts of a transaction.
const MOST_PARTS: usize = 100;

/// DynamoDB's limit on a transaction, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The longest case or record that is stored, in bytes; DynamoDB's limit on an item is 400 KB.
const LONGEST_BODY: usize = 380 * 1024;

/// What one command adds.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// The case as it was loaded; `None` for a new one.
    pub before: Option<&'a Stored>,
    /// The case with the events applied.
    pub case: &'a Case,
    /// The events, in order.
    pub history: &'a [Recorded],
    /// The id of the command and the answer to give when it comes again.
    pub command: Option<&'a CommandEntry>,
    /// Require that this person is an active member who may refer.
    pub referrer: Option<&'a ActorId>,
}

/// A command as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandEntry {
    /// Of actor, route and key.
    pub hash: Digest,
    /// Of what was asked.
    pub fingerprint: Digest,
    /// The answer.
    pub reply: serde_json::Value,
    /// When it may be forgotten.
    pub expires: DateTime<Utc>,
}

/// The first event of an attempt. Its hash is unlike any other's, because its salt is random,
/// so finding it in the table proves that this very attempt was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub(super) csp: CspId,
    pub(super) reference: Reference,
    pub(super) seq: u64,
    pub(super) hash: Digest,
}

/// A transaction ready to be sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) writes: Vec<TransactWriteItem>,
    pub(super) parts: Vec<Part>,
    pub(super) new_case: bool,
    mark: Mark,
    bytes: usize,
}

/// What a part of the transaction is for, to read the reason it was cancelled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Case,
    Event,
    Payload,
    Outbox,
    Listing,
    Match,
    Command,
    Member,
}

impl Prepared {
    /// By what this attempt is recognised later.
    #[must_use]
    pub const fn mark(&self) -> &Mark {
        &self.mark
    }
}

impl Store {
    /// Makes the transaction of a command.
    ///
    /// # Errors
    /// [`AppendError::TooLarge`] for what DynamoDB cannot take in one transaction;
    /// [`AppendError::Fault`] if there is no event, an event without a record, or no randomness.
    pub fn prepare(&self, append: Append<'_>) -> Result<Prepared, AppendError> {
        let mut draft = Draft::new(self, append)?;
        draft.events()?;
        draft.case()?;
        draft.lists()?;
        draft.guards()?;
        draft.finish()
    }
}

struct Draft<'a> {
    names: &'a TableNames,
    entropy: &'a Entropy,
    append: Append<'a>,
    prepared: Prepared,
    head: Digest,
}

impl<'a> Draft<'a> {
    fn new(store: &'a Store, append: Append<'a>) -> Result<Self, AppendError> {
        let first = append.history.first().ok_or_else(|| broken("there is no event"))?;
        let head = append.before.map_or(Digest::START, |before| before.head);
        let envelope = &first.envelope;
        let mark = Mark {
            csp: envelope.csp.clone(),
            reference: envelope.reference.clone(),
            seq: envelope.seq,
            hash: head,
        };
        let prepared = Prepared {
            writes: Vec::new(),
            parts: Vec::new(),
            new_case: append.before.is_none(),
            mark,
            bytes: 0,
        };
        Ok(Self { names: &store.names, entropy: &store.entropy, append, prepared, head })
    }

    fn put(&mut self, part: Part, item: Item, when: Condition) -> Result<(), AppendError> {
        self.prepared.bytes += items::size(&item);
        let table = if part == Part::Event { &self.names.events } else { &self.names.cases };
        self.prepared.writes.push(write::put(table, item, when)?);
        self.prepared.parts.push(part);
        Ok(())
    }

    fn events(&mut self) -> Result<(), AppendError> {
        for (place, recorded) in self.append.history.iter().enumerate() {
            self.event(recorded)?;
            if place == 0 {
                self.prepared.mark.hash = self.head;
            }
            self.effects(recorded)?;
        }
        Ok(())
    }

    fn event(&mut self, recorded: &Recorded) -> Result<(), AppendError> {
        let body = recorded.body.as_ref().ok_or_else(|| broken("an event has no record"))?;
        let (csp, reference) = (&recorded.envelope.csp, &recorded.envelope.reference);
        let seq = recorded.envelope.seq;
        let payload = fitting(items::json(body)?)?;
        let envelope = items::json(&recorded.envelope)?;
        let salt = Digest::new(self.entropy.bytes()?);
        let record = (payload.clone(), salt);
        let link = Link::seal((csp, reference, seq), self.head, envelope, record);
        self.head = link.hash;
        let event = items::item(
            keys::event(csp, reference, seq),
            [
                ("envelope", s(link.envelope)),
                ("commit", s(link.commit.to_string())),
                ("prev", s(link.prev.to_string())),
                ("hash", s(link.hash.to_string())),
            ],
        );
        self.put(Part::Event, event, Condition::new(NEW))?;
        let payload = items::item(
            keys::payload(csp, reference, seq),
            [("body", s(payload)), ("salt", s(salt.to_string()))],
        );
        self.put(Part::Payload, payload, Condition::new(NEW))
    }

    fn effects(&mut self, recorded: &Recorded) -> Result<(), AppendError> {
        let effects = react(self.append.case, recorded);
        for item in outbox::of_event(&recorded.envelope, &effects)? {
            self.put(Part::Outbox, item, Condition::new(NEW))?;
        }
        Ok(())
    }

    fn case(&mut self) -> Result<(), AppendError> {
        let case = self.append.case;
        let body = fitting(items::json(case)?)?;
        let mut item = items::item(
            keys::case(&case.csp, &case.reference),
            [
                ("version", n(case.seq)),
                ("revision", n(case.revision)),
                ("state", s(case.state.name())),
                ("head", s(self.head.to_string())),
                ("body", s(body)),
            ],
        );
        // The item is replaced whole, so without a next instant it also leaves the index.
        item.extend(DuePlace::of(case).attributes());
        let when = match self.append.before {
            None => Condition::new(NEW),
            Some(before) => {
                Condition::new("version = :version").value(":version", n(before.version))
            }
        };
        self.put(Part::Case, item, when)
    }

    /// Adds the case to the lists it newly belongs on; it never leaves one, and whoever reads a
    /// list looks at each case again.
    fn lists(&mut self) -> Result<(), AppendError> {
        let case = self.append.case;
        let before = self.append.before.map(|before| &before.case);
        let known = before.map(sight::audiences).unwrap_or_default();
        for audience in sight::audiences(case).difference(&known) {
            let key = keys::listing(&case.csp, audience, &case.reference);
            self.put(Part::Listing, items::key_item(key), Condition::default())?;
        }
        if before.is_none() {
            for hash in &case.file.match_keys {
                let key = keys::matching(&case.csp, hash, &case.reference);
                self.put(Part::Match, items::key_item(key), Condition::default())?;
            }
        }
        Ok(())
    }

    fn guards(&mut self) -> Result<(), AppendError> {
        let case = self.append.case;
        if let Some(command) = self.append.command {
            let item = items::item(
                keys::command(&command.hash.to_string()),
                [
                    ("fingerprint", s(command.fingerprint.to_string())),
                    ("reply", s(fitting(items::json(&command.reply)?)?)),
                    ("reference", s(case.reference.as_str())),
                    ("expires", n(command.expires.timestamp())),
                ],
            );
            self.put(Part::Command, item, Condition::new(NEW))?;
        }
        if let Some(actor) = self.append.referrer {
            let key = keys::member(actor, &case.csp);
            let check = write::check(&self.names.cases, key, may_refer())?;
            self.prepared.writes.push(check);
            self.prepared.parts.push(Part::Member);
        }
        Ok(())
    }

    fn finish(self) -> Result<Prepared, AppendError> {
        if self.prepared.writes.len() > MOST_PARTS || self.prepared.bytes > MOST_BYTES {
            return Err(AppendError::TooLarge);
        }
        Ok(self.prepared)
    }
}

/// An active member with one of the roles that `PROCESS` lets refer.
fn may_refer() -> Condition {
    let roles: &[Role] = rule(Action::Refer).map_or(&[], |rule| rule.who);
    let one_of: Vec<_> =
        (0..roles.len()).map(|place| format!("contains(#roles, :r{place})")).collect();
    let expression = format!("#active = :true AND ({})", one_of.join(" OR "));
    let condition = Condition::new(expression)
        .name("#active", "active")
        .name("#roles", "roles")
        .value(":true", AttributeValue::Bool(true));
    roles.iter().enumerate().fold(condition, |condition, (place, role)| {
        condition.value(format!(":r{place}"), s(role.name()))
    })
}

fn fitting(body: String) -> Result<String, AppendError> {
    if body.len() > LONGEST_BODY { Err(AppendError::TooLarge) } else { Ok(body) }
}

fn broken(what: &'static str) -> Fault {
    Fault::give_up("prepare a transaction", what)
}
