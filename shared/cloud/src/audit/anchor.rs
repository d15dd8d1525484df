//! One anchor: what it says, how it is sealed, and how it is written.
//!
//! ```text
//! case = SHA-256("CASE#" csp "#" reference)
//! hash = SHA-256("dhr-anchor-v1" ‖ previous ‖ number ‖ at ‖ count ‖ (case ‖ seq ‖ head) × count)
//! ```
//!
//! Digests are 32 bytes; `number`, `at` (seconds since 1970), `count` and `seq` are 8 bytes
//! big-endian. The first `previous` is all zeros. The cases stand in the order of their digests.

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::fault::Fault;
use crate::store::{Anchored, Digest};

const TAG: &[u8] = b"dhr-anchor-v1";

/// Every so many anchors, beginning with the first, one names all cases; the others name those
/// that changed since. Whoever takes an anchor reads back no further than to such a one.
pub const WHOLE_EVERY: u64 = 64;

/// What is wrong with an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnchorFault {
    /// It is not there, and later ones are.
    Missing,
    /// It is none of ours, or not as we write it.
    Unreadable,
    /// Its hash is not that of what it says.
    Hash,
    /// It does not follow the one before it.
    Link,
}

impl AnchorFault {
    /// The fault in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Missing => "it is missing, and later ones are there",
            Self::Unreadable => "it is not as it was written",
            Self::Hash => "its hash is not that of what it says",
            Self::Link => "it does not follow the one before it",
        }
    }
}

/// A case in an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchoredCase {
    /// Which, without saying which: see [`crate::store::CaseKey::digest`].
    pub case: Digest,
    /// How many events it had.
    pub seq: u64,
    /// The hash of the last.
    pub head: Digest,
}

impl AnchoredCase {
    /// What it says, without of whom.
    #[must_use]
    pub const fn anchored(&self) -> Anchored {
        Anchored { seq: self.seq, head: self.head }
    }
}

/// What was true of all cases at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Its place among all anchors, from 1, without a gap.
    pub number: u64,
    /// When it was taken, to the second.
    pub at: DateTime<Utc>,
    /// The hash of the one before.
    pub previous: Digest,
    /// The cases, in the order of their digests.
    pub cases: Vec<AnchoredCase>,
    /// Its own hash.
    pub hash: Digest,
}

impl Anchor {
    /// Seals what is true of these cases.
    #[must_use]
    pub fn seal(
        number: u64,
        at: DateTime<Utc>,
        previous: Digest,
        mut cases: Vec<AnchoredCase>,
    ) -> Self {
        cases.sort_unstable();
        let mut anchor = Self { number, at: at.trunc_subsecs(0), previous, cases, hash: previous };
        anchor.hash = anchor.computed();
        anchor
    }

    /// Reads the anchor of this number. Not one byte may differ from what was written.
    ///
    /// # Errors
    /// [`AnchorFault::Unreadable`] or [`AnchorFault::Hash`].
    pub fn read(number: u64, bytes: &[u8]) -> Result<Self, AnchorFault> {
        let anchor: Self = serde_json::from_slice(bytes).map_err(|_| AnchorFault::Unreadable)?;
        if anchor.number != number || anchor.write().ok().as_deref() != Some(bytes) {
            return Err(AnchorFault::Unreadable);
        }
        if anchor.computed() == anchor.hash { Ok(anchor) } else { Err(AnchorFault::Hash) }
    }

    /// The bytes of its object.
    ///
    /// # Errors
    /// A [`Fault`] where JSON cannot be written.
    pub fn write(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec(self).map_err(|error| Fault::json("write an anchor", &error))
    }

    fn computed(&self) -> Digest {
        let mut hasher = Sha256::new_with_prefix(TAG);
        hasher.update(self.previous.bytes());
        hasher.update(self.number.to_be_bytes());
        hasher.update(self.at.timestamp().to_be_bytes());
        // A count in memory never exceeds 64 bits.
        hasher.update(u64::try_from(self.cases.len()).unwrap_or(u64::MAX).to_be_bytes());
        for case in &self.cases {
            hasher.update(case.case.bytes());
            hasher.update(case.seq.to_be_bytes());
            hasher.update(case.head.bytes());
        }
        Digest::new(hasher.finalize().into())
    }
}

/// The number of the last anchor up to `number` that names all cases.
pub(super) const fn whole_up_to(number: u64) -> u64 {
    match number.checked_sub(1) {
        Some(before) => before - before % WHOLE_EVERY + 1,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor() -> Anchor {
        let case = |byte| AnchoredCase {
            case: Digest::new([byte; 32]),
            seq: u64::from(byte),
            head: Digest::new([byte + 1; 32]),
        };
        let at = "2027-01-04T10:00:00.123Z".parse().unwrap();
        Anchor::seal(2, at, Digest::new([9; 32]), vec![case(5), case(3)])
    }

    /// The recipe is public: this was computed with Python's `hashlib` and `struct`.
    #[test]
    fn the_recipe_is_the_documented_one() {
        assert_eq!(anchor().hash.to_string(), HASH);
    }

    const HASH: &str = "208a78d3c79f248d68da6a5db30b0956c2ec12cc3c914210f57a7a59f07e75f3";

    #[test]
    fn no_byte_of_an_anchor_can_be_another() {
        let bytes = anchor().write().unwrap();
        assert_eq!(Anchor::read(2, &bytes), Ok(anchor()));
        assert_eq!(Anchor::read(3, &bytes), Err(AnchorFault::Unreadable));
        for place in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[place] = if flipped[place] == b'0' { b'1' } else { b'0' };
            assert!(Anchor::read(2, &flipped).is_err(), "byte {place}");
        }
        let mut longer = bytes;
        longer.push(b' ');
        assert_eq!(Anchor::read(2, &longer), Err(AnchorFault::Unreadable));
    }

    #[test]
    fn every_sixty_fourth_anchor_names_all_cases() {
        let whole: Vec<_> = [0, 1, 2, 64, 65, 66, 128, 129].map(whole_up_to).into();
        assert_eq!(whole, [1, 1, 1, 1, 65, 65, 65, 129]);
    }
}
