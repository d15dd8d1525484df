//! Text that people type. Control and bidirectional characters are refused, because they
//! can make a record read otherwise than it is; `Debug` never shows what was typed.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Invalid;

/// One line of text of at most `MAX` characters, trimmed and in Unicode form C.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MAX: usize = 200>(String);

/// Running text of at most `MAX` characters; line breaks and tabs are kept.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose<const MAX: usize = 4000>(String);

/// An e-mail address: one `@`, a domain with a dot, no spaces, at most 254 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl<const MAX: usize> Line<MAX> {
    /// Accepts 1 to `MAX` characters without line breaks, control or direction characters.
    ///
    /// # Errors
    /// A sentence saying what is wrong; it does not repeat the text.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = tidy(raw, MAX)?;
        if text.contains(['\n', '\t']) {
            return Err(Invalid::new("Enter this on one line, without tabs."));
        }
        Ok(Self(text))
    }

    /// The text as accepted.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Prose<MAX> {
    /// Accepts 1 to `MAX` characters without control or direction characters.
    ///
    /// # Errors
    /// A sentence saying what is wrong; it does not repeat the text.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        tidy(&raw.replace("\r\n", "\n"), MAX).map(Self)
    }

    /// The text as accepted.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Length in characters.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl Email {
    /// Accepts an address that mail can be sent to.
    ///
    /// # Errors
    /// A sentence that shows the form of an address.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("Enter an e-mail address, such as name@agency.example.");
        let text = raw.trim();
        let plain = text.is_ascii()
            && text.len() <= 254
            && !text.bytes().any(|b| b.is_ascii_control() || b" <>,;:\"()[]\\".contains(&b));
        match text.split_once('@') {
            Some((local, domain))
                if plain
                    && !local.is_empty()
                    && !domain.contains('@')
                    && domain.contains('.')
                    && domain.split('.').all(|label| !label.is_empty()) =>
            {
                Ok(Self(text.to_ascii_lowercase()))
            }
            Some(_) | None => Err(wrong()),
        }
    }

    /// The address, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn tidy(raw: &str, max: usize) -> Result<String, Invalid> {
    let text: String = raw.trim().nfc().collect();
    if text.is_empty() {
        return Err(Invalid::new("Enter some text; it cannot be empty."));
    }
    if text.chars().any(deceptive) {
        return Err(Invalid::new(
            "Remove control characters and characters that change the direction of text.",
        ));
    }
    if text.chars().count() > max {
        return Err(Invalid(format!("Shorten this to {max} characters or fewer.")));
    }
    Ok(text)
}

/// Control characters other than line feed and tab, the bidirectional controls of UAX #9,
/// zero-width characters, the byte-order mark and the line and paragraph separators.
fn deceptive(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

macro_rules! redacted {
    ($(impl<$(const $n:ident: usize)?> $type:ty;)*) => {$(
        impl$(<const $n: usize>)? fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[redacted]")
            }
        }
        impl$(<const $n: usize>)? TryFrom<String> for $type {
            type Error = Invalid;
            fn try_from(raw: String) -> Result<Self, Invalid> {
                Self::parse(&raw)
            }
        }
        impl$(<const $n: usize>)? From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    )*};
}

redacted! {
    impl<const MAX: usize> Line<MAX>;
    impl<const MAX: usize> Prose<MAX>;
    impl<> Email;
}
