//! The chain that makes a case's history tamper-evident. Each event's hash covers the one
//! before it, so nothing can be changed, left out or put in between without every later hash
//! being wrong. The hash covers the record only through a salted commitment: when the record
//! and its salt are lawfully erased, the chain still holds and says nothing of what it was.
//!
//! ```text
//! commit = SHA-256(salt ‖ payload)
//! hash   = SHA-256("dhr-event-v1" ‖ prev ‖ csp ‖ reference ‖ seq ‖ envelope ‖ commit)
//! ```
//!
//! `salt`, `prev` and `commit` are 32 bytes, `seq` is 8 bytes big-endian, and each field of
//! varying length follows its length in 8 bytes big-endian. The first `prev` is all zeros.

use std::fmt;

use review::values::{CspId, Reference};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const TAG: &[u8] = b"dhr-event-v1";

/// 32 bytes, written as lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

/// A text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits in lower case")]
pub struct NoDigest;

impl Digest {
    /// What the first event of a case follows.
    pub const START: Self = Self([0; 32]);

    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits in lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = pair.iter().try_fold(0, |sum, digit| Some(sum * 16 + nibble(*digit)?))?;
        }
        Some(Self(bytes))
    }
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl TryFrom<String> for Digest {
    type Error = NoDigest;

    fn try_from(text: String) -> Result<Self, NoDigest> {
        Self::parse(&text).ok_or(NoDigest)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Binds to a payload without showing it.
pub(crate) fn commit(salt: &Digest, payload: &str) -> Digest {
    Digest(Sha256::new().chain_update(salt.0).chain_update(payload).finalize().into())
}

/// Where an event stands in the chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) prev: Digest,
    pub(crate) csp: &'a CspId,
    pub(crate) reference: &'a Reference,
    pub(crate) seq: u64,
}

/// The hash of an event.
pub(crate) fn link(place: Place<'_>, envelope: &str, commit: &Digest) -> Digest {
    let mut hasher = Sha256::new_with_prefix(TAG);
    hasher.update(place.prev.0);
    varying(&mut hasher, place.csp.as_str());
    varying(&mut hasher, place.reference.as_str());
    hasher.update(place.seq.to_be_bytes());
    varying(&mut hasher, envelope);
    hasher.update(commit.0);
    Digest(hasher.finalize().into())
}

fn varying(hasher: &mut Sha256, field: &str) {
    // A length in memory never exceeds 64 bits.
    hasher.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
    hasher.update(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_read_back_and_rubbish_does_not() {
        let digest = Digest::of(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::parse(&digest.to_string().to_uppercase()), None);
        assert_eq!(Digest::parse("ba78"), None);
        assert_eq!(Digest::parse(&"é".repeat(32)), None);
    }

    /// The recipe is public, so an auditor must come to the same figures by other means:
    /// these were computed with Python's `hashlib`.
    #[test]
    fn the_recipe_is_the_documented_one() {
        let csp = CspId::parse("camden").unwrap();
        let reference = Reference::from_random([0; 8]);
        let commit = commit(&Digest::new([1; 32]), r#"{"kind":"x"}"#);
        let place = Place { prev: Digest::START, csp: &csp, reference: &reference, seq: 1 };
        let hash = link(place, "{}", &commit);
        assert_eq!(reference.as_str(), "DHR-3333-3333");
        assert_eq!(commit.to_string(), COMMIT);
        assert_eq!(hash.to_string(), HASH);
    }

    const COMMIT: &str = "550fba9d80240fc7d08db49622faa34c2625fd7666250bd878b058b64f568aa9";
    const HASH: &str = "f46275c2152a81adc08d5b7de4c208b2c032fb8393ec81e919ba7cf750a8ed8e";

    #[test]
    fn no_two_splits_of_the_same_text_hash_alike() {
        let reference = Reference::from_random([0; 8]);
        let hash = |csp: &str, envelope: &str| {
            let csp = CspId::parse(csp).unwrap();
            let place = Place { prev: Digest::START, csp: &csp, reference: &reference, seq: 1 };
            link(place, envelope, &Digest::START)
        };
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }
}
