//! E-mail addresses, refused for the reasons and in the words that SES refuses them with.

use std::fmt;

/// A bare address.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) local: String,
    pub(super) domain: String,
}

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("Illegal address")]
    Brackets,
    #[error("Missing final '@domain'")]
    NoDomain,
    #[error("Missing local name")]
    EmptyLocal,
    #[error("Missing domain")]
    EmptyDomain,
    #[error("Local address contains control or whitespace")]
    LocalWhitespace,
    #[error("Local address contains illegal character")]
    LocalCharacter,
    #[error("Local address contains dot-dot")]
    LocalDots,
    #[error("Domain contains control or whitespace")]
    DomainWhitespace,
    #[error("Domain contains illegal character")]
    DomainCharacter,
    #[error("Domain contains dot-dot")]
    DomainDots,
    #[error("Domain starts with dot")]
    DomainStart,
    #[error("Domain ends with dot")]
    DomainEnd,
}

impl Address {
    /// Reads `a@b.example` or `Anyone <a@b.example>`.
    pub(super) fn parse(written: &str) -> Result<Self, Malformed> {
        let bare = match written.trim().rsplit_once('<') {
            Some((_, rest)) => rest.strip_suffix('>').ok_or(Malformed::Brackets)?,
            None => written.trim(),
        };
        let (local, domain) = bare.rsplit_once('@').ok_or(Malformed::NoDomain)?;
        check_local(local)?;
        check_domain(domain)?;
        Ok(Self { local: local.to_owned(), domain: domain.to_owned() })
    }
}

fn check_local(local: &str) -> Result<(), Malformed> {
    if local.is_empty() {
        Err(Malformed::EmptyLocal)
    } else if local.contains(blank) {
        Err(Malformed::LocalWhitespace)
    } else if !local.is_ascii()
        || local.contains(['(', ')', '<', '>', ',', ';', ':', '\\', '"', '@', '[', ']'])
    {
        Err(Malformed::LocalCharacter)
    } else if local.contains("..") {
        Err(Malformed::LocalDots)
    } else {
        Ok(())
    }
}

fn check_domain(domain: &str) -> Result<(), Malformed> {
    if domain.is_empty() {
        Err(Malformed::EmptyDomain)
    } else if domain.contains(blank) {
        Err(Malformed::DomainWhitespace)
    } else if !domain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') {
        Err(Malformed::DomainCharacter)
    } else if domain.contains("..") {
        Err(Malformed::DomainDots)
    } else if domain.starts_with('.') {
        Err(Malformed::DomainStart)
    } else if domain.ends_with('.') {
        Err(Malformed::DomainEnd)
    } else {
        Ok(())
    }
}

fn blank(character: char) -> bool {
    character.is_control() || character.is_whitespace()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}
