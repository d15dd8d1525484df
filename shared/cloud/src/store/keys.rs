//! Where each thing lives. Every key is made and read here, so that what shares a partition,
//! what can be listed together and what one function may be allowed to touch is seen on one page.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | case | `CASE#<csp>#<reference>` | `CASE` |
//! | payload of an event | as the case | `PAYLOAD#<seq>` |
//! | outbox | as the case | `OUTBOX#<seq>#<n>[#<actor>]` |
//! | event (its own table) | as the case | `EVENT#<seq>` |
//! | command id | `COMMAND#<hash>` | `COMMAND` |
//! | membership | `ACTOR#<actor>` | `MEMBER#<csp>` |
//! | directory | `CSP#<csp>` | `PERSON#<actor>`, `ROLE#<role>#<agency>#<actor>`, `DUTY#<duty>`, `AGENCY#<agency>`, `FOUNDING` |
//! | act of administration (with the events) | `CSP#<csp>` | `CHANGE#<instant>#<what>#<version>` |
//! | listing | `LIST#<csp>#<audience>` | `<reference>` |
//! | duplicate match | `MATCH#<csp>#<hash>` | `<reference>` |

use chrono::SecondsFormat;
use review::Role;
use review::administration::{Change, Changed};
use review::notices::Duty;
use review::values::{ActorId, AgencyId, CspId, Reference};
use sha2::{Digest as _, Sha256};

/// Parts of each sparse index, so that no one partition takes every write.
pub const SHARDS: u8 = 4;

/// The sort key of a case item.
pub(crate) const CASE: &str = "CASE";
/// The sort key of a command id.
pub(crate) const COMMAND: &str = "COMMAND";
/// What the sort keys of events begin with.
pub(crate) const EVENT: &str = "EVENT#";
/// What the sort keys of payloads begin with.
pub(crate) const PAYLOAD: &str = "PAYLOAD#";
/// What the sort keys of outbox items begin with.
pub(crate) const OUTBOX: &str = "OUTBOX#";
/// What the sort keys of memberships begin with.
pub(crate) const MEMBER: &str = "MEMBER#";
/// What the sort keys of agencies begin with.
pub(crate) const AGENCY: &str = "AGENCY#";
/// What the sort keys of a partnership's people begin with.
pub(crate) const PERSON: &str = "PERSON#";
/// What the sort keys of acts of administration begin with.
pub(crate) const CHANGE: &str = "CHANGE#";

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }
}

/// A case by partnership and reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey {
    /// The partnership.
    pub csp: CspId,
    /// The reference.
    pub reference: Reference,
}

impl CaseKey {
    /// The partition of everything about the case.
    pub(crate) fn pk(&self) -> String {
        case_pk(&self.csp, &self.reference)
    }

    /// Reads such a partition key.
    pub(crate) fn parse(pk: &str) -> Option<Self> {
        let (csp, reference) = pk.strip_prefix("CASE#")?.split_once('#')?;
        Some(Self { csp: CspId::parse(csp).ok()?, reference: Reference::parse(reference).ok()? })
    }
}

pub(crate) fn case_pk(csp: &CspId, reference: &Reference) -> String {
    format!("CASE#{csp}#{reference}")
}

pub(crate) fn case(csp: &CspId, reference: &Reference) -> Key {
    Key::new(case_pk(csp, reference), CASE)
}

pub(crate) fn payload(csp: &CspId, reference: &Reference, seq: u64) -> Key {
    Key::new(case_pk(csp, reference), payload_sk(seq))
}

pub(crate) fn payload_sk(seq: u64) -> String {
    format!("{PAYLOAD}{seq:06}")
}

pub(crate) fn event(csp: &CspId, reference: &Reference, seq: u64) -> Key {
    Key::new(case_pk(csp, reference), event_sk(seq))
}

pub(crate) fn event_sk(seq: u64) -> String {
    format!("{EVENT}{seq:06}")
}

/// The sort key of an event's record, from that of the event.
pub(crate) fn payload_of(event_sk: &str) -> String {
    format!("{PAYLOAD}{}", event_sk.strip_prefix(EVENT).unwrap_or(event_sk))
}

/// What the sort keys of one event's outbox items begin with.
pub(crate) fn outbox_of_event(seq: u64) -> String {
    format!("{OUTBOX}{seq:06}#")
}

pub(crate) fn outbox_sk(seq: u64, n: u32, person: Option<&ActorId>) -> String {
    match person {
        None => format!("{OUTBOX}{seq:06}#{n:03}"),
        Some(actor) => format!("{OUTBOX}{seq:06}#{n:03}#{actor}"),
    }
}

/// Reads an outbox item's sort key.
pub(crate) fn parse_outbox_sk(sk: &str) -> Option<(u64, u32, Option<ActorId>)> {
    let mut parts = sk.strip_prefix(OUTBOX)?.splitn(3, '#');
    let seq = parts.next()?.parse().ok()?;
    let n = parts.next()?.parse().ok()?;
    let person = parts.next().map(ActorId::parse).transpose().ok()?;
    Some((seq, n, person))
}

pub(crate) fn command(hash: &str) -> Key {
    Key::new(format!("COMMAND#{hash}"), COMMAND)
}

pub(crate) fn actor_pk(actor: &ActorId) -> String {
    format!("ACTOR#{actor}")
}

pub(crate) fn member(actor: &ActorId, csp: &CspId) -> Key {
    Key::new(actor_pk(actor), format!("{MEMBER}{csp}"))
}

pub(crate) fn directory_pk(csp: &CspId) -> String {
    format!("CSP#{csp}")
}

/// The sort-key prefix of the holders of a role, at one agency or in the whole partnership.
pub(crate) fn role_prefix(role: Role, agency: Option<&AgencyId>) -> String {
    match agency {
        None => format!("ROLE#{}#", role.name()),
        Some(agency) => format!("ROLE#{}#{agency}#", role.name()),
    }
}

pub(crate) fn role(csp: &CspId, role: Role, agency: Option<&AgencyId>, actor: &ActorId) -> Key {
    let agency = agency.map_or("-", AgencyId::as_str);
    Key::new(directory_pk(csp), format!("ROLE#{}#{agency}#{actor}", role.name()))
}

pub(crate) fn duty(csp: &CspId, duty: Duty) -> Key {
    Key::new(directory_pk(csp), format!("DUTY#{}", duty.name()))
}

/// The entry by which a partnership's people are listed.
pub(crate) fn person(csp: &CspId, actor: &ActorId) -> Key {
    Key::new(directory_pk(csp), format!("{PERSON}{actor}"))
}

/// The count of first administrators that a partnership was given.
pub(crate) fn founding(csp: &CspId) -> Key {
    Key::new(directory_pk(csp), "FOUNDING")
}

/// An act of administration. The version is that of what it changed, so no two are alike.
pub(crate) fn change(csp: &CspId, change: &Change, version: u64) -> Key {
    let at = change.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let about = match &change.about {
        Changed::Person { actor, .. } => format!("person#{actor}"),
        Changed::Agency { agency, .. } => format!("agency#{agency}"),
        Changed::Duty { duty } => format!("duty#{}", duty.name()),
    };
    Key::new(directory_pk(csp), format!("{CHANGE}{at}#{about}#{version}"))
}

pub(crate) fn agency(csp: &CspId, agency: &AgencyId) -> Key {
    Key::new(directory_pk(csp), format!("{AGENCY}{agency}"))
}

pub(crate) fn listing_pk(csp: &CspId, audience: &str) -> String {
    format!("LIST#{csp}#{audience}")
}

pub(crate) fn listing(csp: &CspId, audience: &str, reference: &Reference) -> Key {
    Key::new(listing_pk(csp, audience), reference.as_str())
}

pub(crate) fn match_pk(csp: &CspId, hash: &str) -> String {
    format!("MATCH#{csp}#{hash}")
}

pub(crate) fn matching(csp: &CspId, hash: &str, reference: &Reference) -> Key {
    Key::new(match_pk(csp, hash), reference.as_str())
}

/// The part of a sparse index a case belongs to: spread evenly, always the same.
pub(crate) fn shard(csp: &CspId, reference: &Reference) -> String {
    let digest = Sha256::digest(case_pk(csp, reference));
    let first = digest.first().copied().unwrap_or_default();
    (first % SHARDS).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_as_they_were_made() {
        let csp = CspId::parse("camden").unwrap();
        let reference = Reference::from_random([7; 8]);
        let person = ActorId::parse("jo-bloggs").unwrap();
        let key = CaseKey { csp, reference };
        assert_eq!(CaseKey::parse(&key.pk()), Some(key));
        assert_eq!(parse_outbox_sk(&outbox_sk(12, 3, None)), Some((12, 3, None)));
        assert_eq!(parse_outbox_sk(&outbox_sk(12, 3, Some(&person))), Some((12, 3, Some(person))));
        assert_eq!(parse_outbox_sk("OUTBOX#x#1"), None);
        assert_eq!(CaseKey::parse("CASE#camden"), None);
    }

    #[test]
    fn numbers_sort_as_text_as_they_do_as_numbers() {
        assert!(event_sk(9) < event_sk(10));
        assert!(payload_sk(99_999) < payload_sk(100_000));
        assert!(outbox_sk(1, 9, None) < outbox_sk(1, 10, None));
    }
}
