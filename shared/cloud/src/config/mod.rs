//! What an installation sets from outside, read once at start and never again: a function that
//! starts has everything it needs, and one that lacks something says which variable in a
//! sentence.
//!
//! Settings that only some functions have stand together in a group ([`Documents`], [`Anchors`],
//! [`Mailing`], [`Tokens`]). A group is whole or absent; half a group is an error.

mod aws;
mod read;
mod secret;
mod variables;

use std::collections::BTreeMap;
use std::path::PathBuf;

use review::case::Rules;
use review::values::CspId;
use tracing_subscriber::filter::Targets;

pub use aws::{Aws, Unset};
pub use secret::Secret;
pub use variables::{VARIABLES, Variable};

use read::Reader;

/// Everything an installation sets.
#[derive(Clone, Debug)]
pub struct Config {
    /// Table of cases, outbox, directory and lists.
    pub cases_table: String,
    /// Table of events; append-only.
    pub events_table: String,
    /// The partnerships this installation serves, with their display names; at least one.
    pub csps: BTreeMap<CspId, String>,
    /// The rules a new case starts under.
    pub rules: Rules,
    /// Key of the hashes by which likely duplicates are found; only the function that takes
    /// referrals has it.
    pub match_key: Option<Secret>,
    /// Where documents are kept, for the functions that handle them.
    pub documents: Option<Documents>,
    /// Where anchors are kept, for the one function that takes them.
    pub anchors: Option<Anchors>,
    /// How mail is sent, for the one function that sends it.
    pub mailing: Option<Mailing>,
    /// How a bearer token is verified, for the functions with an HTTP edge.
    pub tokens: Option<Tokens>,
    /// What AWS tells every function.
    pub aws: Aws,
    /// Namespace of the metrics.
    pub metrics_namespace: String,
    /// Which log lines are written, such as `info` or `warn,cloud=info`.
    pub log: Targets,
}

/// Where documents are kept.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The bucket.
    pub bucket: String,
}

/// Where anchors are kept.
#[derive(Clone, Debug)]
pub struct Anchors {
    /// The bucket.
    pub bucket: String,
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// The `From` address, such as `DHR casework <dhr@csp.example>`.
    pub sender: String,
    /// The SES configuration set that publishes what becomes of a mail. Without one no receipt
    /// arrives.
    pub configuration_set: Option<String>,
    /// The address people sign in at, without a trailing slash; a case's link is it followed by
    /// `/cases/<reference>`.
    pub link_base: String,
    /// Mails per second; SES's own limit for the account or less.
    pub rate_per_second: u32,
}

/// How a bearer token is verified.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The JSON Web Key Set, as JSON. Without one there is an address.
    pub jwks: Option<String>,
    /// Where the set is published.
    pub jwks_uri: Option<String>,
    /// The `iss` that is accepted.
    pub issuer: String,
    /// The `aud` that is accepted.
    pub audience: String,
    /// A scope that the token must hold.
    pub scope: Option<String>,
    /// As [`Aws::ca_bundle`].
    pub ca_bundle: Option<PathBuf>,
}

/// Why the configuration was not accepted. It never repeats a value, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable that this function needs is missing.
    #[error("Set {name} to {meaning}.")]
    Missing {
        /// Which.
        name: &'static str,
        /// What it is for.
        meaning: &'static str,
    },
    /// A variable has a value that cannot be used.
    #[error("Change {name}: {problem}.")]
    Unusable {
        /// Which.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl Config {
    /// Reads the configuration through `lookup`, which gives the value of a variable by name.
    /// An empty value counts as absent.
    ///
    /// # Errors
    /// [`ConfigError`] for the first variable that is missing or cannot be used.
    pub fn from(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let read = Reader::new(&lookup);
        Ok(Self {
            cases_table: read.required(variables::CASES_TABLE)?,
            events_table: read.required(variables::EVENTS_TABLE)?,
            csps: read.partnerships()?,
            rules: read.rules()?,
            match_key: read.match_key()?,
            documents: read.documents(),
            anchors: read.anchors(),
            mailing: read.mailing()?,
            tokens: read.tokens()?,
            aws: Aws::read(&lookup),
            metrics_namespace: read.or_default(variables::METRICS_NAMESPACE),
            log: read.log()?,
        })
    }

    /// The bucket's settings.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] where this function has none.
    pub fn documents(&self) -> Result<&Documents, ConfigError> {
        self.documents.as_ref().ok_or_else(|| variables::DOCUMENTS_BUCKET.missing())
    }

    /// The settings of the anchors.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] where this function has none.
    pub fn anchors(&self) -> Result<&Anchors, ConfigError> {
        self.anchors.as_ref().ok_or_else(|| variables::ANCHORS_BUCKET.missing())
    }

    /// The mail settings.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] where this function has none.
    pub fn mailing(&self) -> Result<&Mailing, ConfigError> {
        self.mailing.as_ref().ok_or_else(|| variables::MAIL_SENDER.missing())
    }

    /// The token settings.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] where this function has none.
    pub fn tokens(&self) -> Result<&Tokens, ConfigError> {
        self.tokens.as_ref().ok_or_else(|| variables::TOKEN_JWKS.missing())
    }

    /// The key of the duplicate hashes.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] where this function has none.
    pub fn match_key(&self) -> Result<&Secret, ConfigError> {
        self.match_key.as_ref().ok_or_else(|| variables::MATCH_KEY.missing())
    }

    /// The display name of a partnership, or its id where it is not one of this installation.
    #[must_use]
    pub fn partnership<'a>(&'a self, csp: &'a CspId) -> &'a str {
        self.csps.get(csp).map_or(csp.as_str(), String::as_str)
    }

    /// The only partnership of this installation; `None` where it serves several, so that a
    /// referral must name one.
    #[must_use]
    pub fn only_csp(&self) -> Option<&CspId> {
        let mut ids = self.csps.keys();
        match (ids.next(), ids.next()) {
            (only, None) => only,
            (_, Some(_)) => None,
        }
    }
}
