//! What a token claims, and whether that is enough here and now.

use review::values::ActorId;
use serde::Deserialize;

use super::{expired, refused};
use crate::Problem;

/// How far two clocks may differ, in seconds.
const SKEW: f64 = 60.0;

/// The longest that a token may still be good for, in seconds: the longest that Cognito and
/// Entra issue. One that lasts longer was not issued by a sign-in.
const LONGEST: f64 = 24.0 * 60.0 * 60.0;

/// What a token must claim beside a subject.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) scope: Option<String>,
}

/// The claims that are looked at; a token may hold others.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    /// Amazon Cognito's access tokens name the app client here and may have no `aud`.
    client_id: Option<String>,
    token_use: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    scope: Option<Scopes>,
    /// What some issuers call it.
    scp: Option<Scopes>,
}

/// What was granted: words in one text (RFC 8693, 4.2) or, as some issuers have it, a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    Text(String),
    List(Vec<String>),
}

impl Scopes {
    fn hold(&self, wanted: &str) -> bool {
        match self {
            Self::Text(text) => text.split(' ').any(|scope| scope == wanted),
            Self::List(list) => list.iter().any(|scope| scope == wanted),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Why a token with a good signature is refused.
pub(super) enum Refused {
    Claim(&'static str),
    Expired,
}

impl Refused {
    pub(super) fn problem(&self) -> Problem {
        match self {
            Self::Claim(why) => refused(why),
            Self::Expired => expired(),
        }
    }
}

impl Claims {
    /// The subject, if every claim holds at `now`, in seconds since 1970.
    pub(super) fn subject(self, expected: &Expected, now: i64) -> Result<ActorId, Refused> {
        if self.iss.as_deref() != Some(&expected.issuer) {
            return Err(Refused::Claim("other-issuer"));
        }
        if !self.is_for(&expected.audience) {
            return Err(Refused::Claim("other-audience"));
        }
        // An identity token proves a sign-in to another application, not a call to this one.
        if self.token_use.as_deref() != Some("access") {
            return Err(Refused::Claim("not-an-access-token"));
        }
        if !expected.scope.as_deref().is_none_or(|scope| self.was_granted(scope)) {
            return Err(Refused::Claim("other-scope"));
        }
        self.holds_at(now)?;
        self.sub.and_then(|sub| ActorId::parse(&sub).ok()).ok_or(Refused::Claim("no-subject"))
    }

    fn is_for(&self, audience: &str) -> bool {
        match &self.aud {
            Some(Audience::One(one)) => one == audience,
            Some(Audience::Several(several)) => several.iter().any(|one| one == audience),
            None => self.client_id.as_deref() == Some(audience),
        }
    }

    fn was_granted(&self, scope: &str) -> bool {
        self.scope.iter().chain(&self.scp).any(|scopes| scopes.hold(scope))
    }

    fn holds_at(&self, now: i64) -> Result<(), Refused> {
        // Seconds since 1970 are exact in an f64 for millions of years.
        #[allow(clippy::cast_precision_loss, reason = "exact up to 2^53")]
        let now = now as f64;
        let exp = self.exp.ok_or(Refused::Claim("no-expiry"))?;
        if now >= exp + SKEW {
            return Err(Refused::Expired);
        }
        if self.nbf.is_some_and(|nbf| now + SKEW < nbf) {
            return Err(Refused::Claim("not-yet-valid"));
        }
        if self.iat.is_some_and(|iat| now + SKEW < iat) {
            return Err(Refused::Claim("issued-later"));
        }
        if exp > now + LONGEST + SKEW {
            return Err(Refused::Claim("lasts-too-long"));
        }
        Ok(())
    }
}
