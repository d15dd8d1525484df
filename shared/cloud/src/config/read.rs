//! Turns variables into settings.

use std::collections::BTreeMap;
use std::net::IpAddr;

use http::Uri;
use review::case::Rules;
use review::values::CspId;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing_subscriber::filter::Targets;

use super::variables::{
    ANCHORS_BUCKET, CSPS, DEADLINE_TABLE, DISPLAY_NAME, DOCUMENTS_BUCKET, LINK_BASE, LOG,
    MAIL_CONFIGURATION_SET, MAIL_RATE_PER_SECOND, MAIL_SENDER, MATCH_KEY, RULESET, TOKEN_AUDIENCE,
    TOKEN_ISSUER, TOKEN_JWKS, TOKEN_JWKS_URI, TOKEN_SCOPE, Variable,
};
use super::{Anchors, Aws, ConfigError, Documents, Mailing, Secret, Tokens};

/// Short keys can be guessed, and with the key the hashes can be searched for names.
const SHORTEST_MATCH_KEY: usize = 32;

/// The highest rate accepted; beyond it the number is surely a mistake.
const HIGHEST_RATE: u32 = 500;

pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup }
    }

    fn optional(&self, variable: Variable) -> Option<String> {
        (self.lookup)(variable.name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, variable: Variable) -> Result<String, ConfigError> {
        self.optional(variable).ok_or_else(|| variable.missing())
    }

    pub(super) fn or_default(&self, variable: Variable) -> String {
        self.optional(variable).unwrap_or_else(|| variable.default.unwrap_or_default().to_owned())
    }

    pub(super) fn partnerships(&self) -> Result<BTreeMap<CspId, String>, ConfigError> {
        let list = self.required(CSPS)?;
        let mut csps = BTreeMap::new();
        for entry in list.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (id, name) = entry
                .split_once('=')
                .map(|(id, name)| (id.trim(), name.trim()))
                .filter(|(_, name)| !name.is_empty())
                .ok_or_else(|| CSPS.unusable("write each partnership as id=Display name"))?;
            let id = CspId::parse(id)
                .map_err(|invalid| CSPS.unusable(invalid.0.trim_end_matches('.')))?;
            if csps.insert(id, name.to_owned()).is_some() {
                return Err(CSPS.unusable("name each partnership once"));
            }
        }
        if csps.is_empty() {
            return Err(CSPS.missing());
        }
        Ok(csps)
    }

    pub(super) fn rules(&self) -> Result<Rules, ConfigError> {
        Ok(Rules {
            ruleset: self.listed(RULESET)?,
            display_name: self.listed(DISPLAY_NAME)?,
            deadlines: self.listed(DEADLINE_TABLE)?,
        })
    }

    /// A value of one of the domain's lists, in the words of the API; case does not matter.
    fn listed<T: DeserializeOwned>(&self, variable: Variable) -> Result<T, ConfigError> {
        let word = self.or_default(variable).to_ascii_lowercase();
        serde_json::from_value(Value::String(word))
            .map_err(|_| variable.unusable(format!("set it to {}", variable.meaning)))
    }

    pub(super) fn match_key(&self) -> Result<Option<Secret>, ConfigError> {
        match self.optional(MATCH_KEY) {
            Some(key) if key.len() < SHORTEST_MATCH_KEY => {
                Err(MATCH_KEY
                    .unusable(format!("use at least {SHORTEST_MATCH_KEY} random characters")))
            }
            key => Ok(key.map(Secret::new)),
        }
    }

    pub(super) fn documents(&self) -> Option<Documents> {
        self.optional(DOCUMENTS_BUCKET).map(|bucket| Documents { bucket })
    }

    pub(super) fn anchors(&self) -> Option<Anchors> {
        self.optional(ANCHORS_BUCKET).map(|bucket| Anchors { bucket })
    }

    pub(super) fn mailing(&self) -> Result<Option<Mailing>, ConfigError> {
        if !self.any(&[MAIL_SENDER, MAIL_CONFIGURATION_SET, LINK_BASE, MAIL_RATE_PER_SECOND]) {
            return Ok(None);
        }
        Ok(Some(Mailing {
            sender: self.required(MAIL_SENDER)?,
            configuration_set: self.optional(MAIL_CONFIGURATION_SET),
            link_base: self.link_base()?,
            rate_per_second: self.rate()?,
        }))
    }

    fn link_base(&self) -> Result<String, ConfigError> {
        let base = self.required(LINK_BASE)?;
        if base.starts_with("https://") || base.starts_with("http://") {
            Ok(base.trim_end_matches('/').to_owned())
        } else {
            Err(LINK_BASE.unusable("begin it with https:// or, on a laptop, http://"))
        }
    }

    fn rate(&self) -> Result<u32, ConfigError> {
        self.or_default(MAIL_RATE_PER_SECOND)
            .parse()
            .ok()
            .filter(|rate| (1..=HIGHEST_RATE).contains(rate))
            .ok_or_else(|| {
                MAIL_RATE_PER_SECOND
                    .unusable(format!("use a whole number from 1 to {HIGHEST_RATE}"))
            })
    }

    pub(super) fn tokens(&self) -> Result<Option<Tokens>, ConfigError> {
        if !self.any(&[TOKEN_JWKS, TOKEN_JWKS_URI, TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_SCOPE]) {
            return Ok(None);
        }
        let (jwks, jwks_uri) = (self.optional(TOKEN_JWKS), self.published()?);
        if jwks.is_none() && jwks_uri.is_none() {
            return Err(TOKEN_JWKS.missing());
        }
        Ok(Some(Tokens {
            jwks,
            jwks_uri,
            issuer: self.required(TOKEN_ISSUER)?,
            audience: self.required(TOKEN_AUDIENCE)?,
            scope: self.optional(TOKEN_SCOPE),
            ca_bundle: Aws::read(self.lookup).ca_bundle,
        }))
    }

    /// Keys that arrive in clear may be anyone's, so that only this machine may send them so.
    fn published(&self) -> Result<Option<String>, ConfigError> {
        let Some(address) = self.optional(TOKEN_JWKS_URI) else { return Ok(None) };
        let uri = address.parse::<Uri>().ok().filter(|uri| match uri.scheme_str() {
            Some("https") => uri.host().is_some_and(|host| !host.is_empty()),
            Some("http") => uri.host().is_some_and(is_loopback),
            Some(_) | None => false,
        });
        match uri {
            Some(_) => Ok(Some(address)),
            None => Err(TOKEN_JWKS_URI
                .unusable("begin it with https://, or with http:// for this machine alone")),
        }
    }

    pub(super) fn log(&self) -> Result<Targets, ConfigError> {
        self.or_default(LOG).parse().map_err(|_| {
            LOG.unusable("write a level, such as info, or target=level, with commas between")
        })
    }

    fn any(&self, group: &[Variable]) -> bool {
        group.iter().any(|variable| self.optional(*variable).is_some())
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
