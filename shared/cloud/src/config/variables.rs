//! The variables, once, as data: the README's table and the errors are made of it.

use super::ConfigError;

/// One environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What is used when it is absent; `None` where nothing is.
    pub default: Option<&'static str>,
    /// Who must set it: every function, or those that a group of settings is for.
    pub needed_by: &'static str,
    /// What it is for: the end of a sentence that begins "Set it to".
    pub meaning: &'static str,
}

impl Variable {
    pub(super) const fn missing(self) -> ConfigError {
        ConfigError::Missing { name: self.name, meaning: self.meaning }
    }

    pub(super) fn unusable(self, problem: impl Into<String>) -> ConfigError {
        ConfigError::Unusable { name: self.name, problem: problem.into() }
    }
}

macro_rules! variables {
    ($($name:ident, $default:expr, $needed_by:literal, $meaning:literal;)*) => {
        $(pub(super) const $name: Variable = Variable {
            name: stringify!($name),
            default: $default,
            needed_by: $needed_by,
            meaning: $meaning,
        };)*

        /// Every variable, in the order of the README.
        pub const VARIABLES: &[Variable] = &[$($name),*];
    };
}

variables! {
    CASES_TABLE, None, "every function",
        "the name of the table that holds cases, the outbox, the directory and lists";
    EVENTS_TABLE, None, "every function",
        "the name of the append-only table that holds events";
    CSPS, None, "every function",
        "the partnerships this installation serves, as id=Display name, separated by semicolons";
    DISPLAY_NAME, Some("DHR"), "referrals",
        "what a new review is called: DHR or DARDR";
    RULESET, Some("s9-of-2004"), "referrals",
        "the statutory test a new case starts under: s9-of-2004 or s8a-of-2024";
    DEADLINE_TABLE, Some("guidance2016"), "referrals",
        "the deadlines a new case starts under: guidance2016 or proposal2024";
    MATCH_KEY, None, "referrals",
        "the secret key, at least 32 characters, of the hashes by which likely duplicates are found";
    DOCUMENTS_BUCKET, None, "documents and deadlines",
        "the name of the bucket that holds documents";
    ANCHORS_BUCKET, None, "audit",
        "the name of the write-once bucket that holds anchors";
    MAIL_SENDER, None, "notices",
        "the From address of every mail";
    MAIL_CONFIGURATION_SET, None, "notices, where receipts are wanted",
        "the SES configuration set that publishes what becomes of a mail";
    LINK_BASE, None, "notices",
        "the address people sign in at, beginning with https:// or, on a laptop, http://";
    MAIL_RATE_PER_SECOND, Some("1"), "notices",
        "how many mails to send in a second, from 1 to 500; no more than the SES account may";
    TOKEN_JWKS, None, "referrals, casework, documents and directory, or the next",
        "the JSON Web Key Set that verifies bearer tokens, as JSON";
    TOKEN_JWKS_URI, None, "referrals, casework, documents and directory, or the last",
        "the https:// address at which Amazon Cognito publishes that set; keys are fetched as they change";
    TOKEN_ISSUER, None, "referrals, casework, documents and directory",
        "the issuer of the tokens that are accepted";
    TOKEN_AUDIENCE, None, "referrals, casework, documents and directory",
        "the audience of the tokens that are accepted";
    TOKEN_SCOPE, None, "no function must",
        "a scope that every token must have been granted";
    METRICS_NAMESPACE, Some("dhr-casework"), "no function must",
        "the CloudWatch namespace of the metrics";
    LOG, Some("info"), "no function must",
        "which log lines are written, such as info or warn,cloud=info; a release build writes nothing below info";
}
