//! Identifiers. None is derived from a person; all are safe in a URL and a log line.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Invalid;

macro_rules! slug {
    ($($(#[$doc:meta])* $name:ident, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Accepts 1 to 64 lower-case letters, digits and single hyphens between them.
            ///
            /// # Errors
            /// A sentence that shows the form.
            pub fn parse(raw: &str) -> Result<Self, Invalid> {
                let parts_ok = raw.split('-').all(|part| {
                    !part.is_empty()
                        && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                });
                if parts_ok && raw.len() <= 64 {
                    Ok(Self(raw.to_owned()))
                } else {
                    Err(Invalid::new(concat!(
                        "Enter the id of ", $what,
                        ": lower-case letters, digits and hyphens, at most 64."
                    )))
                }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(raw: String) -> Result<Self, Invalid> {
                Self::parse(&raw)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

slug! {
    /// A Community Safety Partnership in this installation.
    CspId, "a partnership";
    /// An agency (police force, health trust, council department, charity) in a partnership.
    AgencyId, "an agency";
    /// A person or machine that may sign in: the token's subject.
    ActorId, "a person";
    /// One uploaded file; never reused.
    DocumentId, "a document";
    /// An action of the plan, a feedback point or a grant, unique within its case.
    ItemId, "an item";
    /// Names a command, so that repeating it does nothing more.
    CommandId, "a command";
}

/// The public name of a case, such as `DHR-7KQ4-M2XD`: eight letters and digits that cannot
/// be misread for one another, the last a check character. It says nothing about the case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// No vowels (no words), no 0 O 1 I L 5 S 8 B 2 Z.
const ALPHABET: &[u8; 19] = b"34679CDFGHJKMNPQRTX";
const PREFIX: &str = "DHR-";

impl Reference {
    /// Makes a reference from random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut number = u64::from_le_bytes(random);
        let mut symbols = [0_usize; 7];
        for symbol in &mut symbols {
            // The remainder is below 19, so the conversion cannot fail.
            *symbol = usize::try_from(number % 19).unwrap_or_default();
            number /= 19;
        }
        let mut text = String::from(PREFIX);
        for (place, symbol) in symbols.into_iter().chain([check(&symbols)]).enumerate() {
            if place == 4 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[symbol]));
        }
        Self(text)
    }

    /// Reads a reference in upper or lower case.
    ///
    /// # Errors
    /// A sentence that says whether the form or the check character is wrong.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let wrong =
            || Invalid::new("Enter a reference such as DHR-7KQ4-M6XD, as shown in your e-mail.");
        let text = raw.trim().to_ascii_uppercase();
        let (first, second) =
            text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')).ok_or_else(wrong)?;
        if first.len() != 4 || second.len() != 4 {
            return Err(wrong());
        }
        let symbols = first
            .bytes()
            .chain(second.bytes())
            .map(|b| ALPHABET.iter().position(|&a| a == b).ok_or_else(wrong))
            .collect::<Result<Vec<_>, _>>()?;
        match symbols.split_last() {
            Some((&last, rest)) if last == check(rest) => Ok(Self(text)),
            Some(_) | None => Err(Invalid::new(
                "This reference has a mistyped character; check it and try again.",
            )),
        }
    }

    /// The reference as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A weighted sum modulo the prime 19: any one wrong symbol, or two swapped, changes it.
fn check(symbols: &[usize]) -> usize {
    symbols.iter().zip(1..).map(|(symbol, weight)| symbol * weight).sum::<usize>() % 19
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Reference {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        Self::parse(&raw)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

/// The SHA-256 of a file as S3 gives it for an upload in parts: the base64 digest of the
/// parts' digests, a hyphen and the number of parts. A sign-off binds to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(String);

impl Hash {
    /// Reads `<44 base64 characters>-<parts>`.
    ///
    /// # Errors
    /// A sentence that says where to find the hash.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("Enter the document's hash exactly as the case shows it.");
        let (digest, parts) = raw.rsplit_once('-').ok_or_else(wrong)?;
        let digest_ok = digest.len() == 44
            && digest.ends_with('=')
            && digest[..43].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/');
        let parts_ok = parts.parse::<u16>().is_ok_and(|n| (1..=10_000).contains(&n));
        if digest_ok && parts_ok && !parts.starts_with(['0', '+']) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(wrong())
        }
    }

    /// The hash as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Hash {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        Self::parse(&raw)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.0
    }
}

/// A document and the exact content that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentRef {
    /// Which upload.
    pub document: DocumentId,
    /// Its hash when it was read; the act is refused if the file is another one by now.
    pub hash: Hash,
}

impl ActorId {
    /// The system's own id; no token can carry it, because `Role::System` cannot be claimed.
    #[must_use]
    pub fn system() -> Self {
        Self("system".to_owned())
    }
}
