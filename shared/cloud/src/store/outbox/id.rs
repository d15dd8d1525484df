//! The name of an outbox item outside the table. It travels through the mail service as a
//! message tag and comes back in receipts, so it is made of the tag's characters only, and the
//! item's key follows from it without a search.

use std::fmt;

use review::values::{ActorId, CspId, Reference};

use crate::store::keys::{self, CaseKey, Key};

/// Names one outbox item: `<csp>_<reference>_<seq>_<n>[_<actor>]`, lower case. Partnerships,
/// references and actors contain no underscore; the longest id has 156 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId {
    /// The partnership.
    pub csp: CspId,
    /// The case.
    pub reference: Reference,
    /// The event that caused it.
    pub seq: u64,
    /// Its place among the effects of that event, from 0; where several say the same and it was
    /// fanned out, that of the first.
    pub n: u32,
    /// The one person it is for, once it was fanned out.
    pub person: Option<ActorId>,
}

impl OutboxId {
    /// Reads an id; `None` for anything that is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('_');
        let id = Self {
            csp: CspId::parse(parts.next()?).ok()?,
            reference: Reference::parse(parts.next()?).ok()?,
            seq: parts.next()?.parse().ok()?,
            n: parts.next()?.parse().ok()?,
            person: parts.next().map(ActorId::parse).transpose().ok()?,
        };
        // Only the one spelling is accepted, so that an id and its item stand one to one.
        (id.to_string() == text).then_some(id)
    }

    pub(crate) fn key(&self) -> Key {
        Key {
            pk: keys::case_pk(&self.csp, &self.reference),
            sk: keys::outbox_sk(self.seq, self.n, self.person.as_ref()),
        }
    }

    pub(crate) fn from_key(pk: &str, sk: &str) -> Option<Self> {
        let CaseKey { csp, reference } = CaseKey::parse(pk)?;
        let (seq, n, person) = keys::parse_outbox_sk(sk)?;
        Some(Self { csp, reference, seq, n, person })
    }
}

impl fmt::Display for OutboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reference = self.reference.as_str().to_ascii_lowercase();
        write!(f, "{}_{reference}_{}_{}", self.csp, self.seq, self.n)?;
        self.person.as_ref().map_or(Ok(()), |person| write!(f, "_{person}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(person: Option<&str>) -> OutboxId {
        OutboxId {
            csp: CspId::parse("north-camden").unwrap(),
            reference: Reference::from_random([3; 8]),
            seq: 41,
            n: 2,
            person: person.map(|actor| ActorId::parse(actor).unwrap()),
        }
    }

    #[test]
    fn an_id_reads_back_and_fits_a_message_tag() {
        for id in [id(None), id(Some("jo-bloggs"))] {
            let text = id.to_string();
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            assert_eq!(OutboxId::parse(&text), Some(id.clone()));
            let key = id.key();
            assert_eq!(OutboxId::from_key(&key.pk, &key.sk), Some(id));
        }
    }

    #[test]
    fn rubbish_is_no_id() {
        let good = id(Some("jo")).to_string();
        for bad in ["", "_", "a_b_c_d", &format!("{good}_x"), &good.replace("_41_", "_041_")] {
            assert_eq!(OutboxId::parse(bad), None, "{bad}");
        }
    }
}
