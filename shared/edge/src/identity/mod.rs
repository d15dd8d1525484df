//! Who asks. The token says who someone is and nothing more; what that person may do stands in
//! the directory and is read for each request, so that access ends the moment it is taken away.

mod acting;
mod claims;
mod keys;
mod ring;

use cloud::Clock;
use jsonwebtoken::{Validation, decode, decode_header};
use lambda_http::http::HeaderMap;
use lambda_http::http::header::AUTHORIZATION;
use review::values::ActorId;

pub use acting::{Unclear, Wish, choose};
pub use keys::KeysError;

use crate::Problem;
use crate::preconditions::single;
use claims::{Claims, Expected};
use ring::{KeyRing, NoKey};

const CHALLENGE: &str = "Bearer realm=\"dhr\"";
const BAD_TOKEN: &str = "Bearer realm=\"dhr\", error=\"invalid_token\"";

/// The longest token that is looked at, in bytes: API Gateway takes 10,240 of all headers.
const LONGEST: usize = 8 * 1024;

/// What a token may call itself (RFC 7519, 5.1; RFC 9068, 2.1), in any case. Cognito's do not.
const TYPES: &[&str] = &["jwt", "at+jwt", "application/at+jwt"];

/// Verifies bearer tokens (RFC 6750) that are signed JWTs (RFC 7519).
///
/// Expiry is judged by the wall clock, never by the domain's clock, which a laptop may move.
#[derive(Clone)]
pub struct Tokens {
    keys: KeyRing,
    expected: Expected,
    wall: Clock,
}

impl Tokens {
    /// Reads the keys that are configured, and fetches those that are published.
    ///
    /// # Errors
    /// [`KeysError`] if the configured set cannot be read or holds a key that must not verify
    /// tokens. An issuer that does not answer is no reason not to start.
    pub async fn open(config: &cloud::config::Tokens, wall: Clock) -> Result<Self, KeysError> {
        let keys = KeyRing::new(config, wall.clone())?;
        keys.warm_up().await;
        let expected = Expected {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            scope: config.scope.clone(),
        };
        Ok(Self { keys, expected, wall })
    }

    /// The person or machine whose token a request carries.
    ///
    /// # Errors
    /// 401 with a challenge. All faults of a token but its age give one answer, so that it does
    /// not help to forge one; the log says which it was. 503 while no key is known at all.
    pub async fn subject(&self, headers: &HeaderMap) -> Result<ActorId, Problem> {
        let token = bearer(headers)?;
        let claims = self.verified(token).await?;
        claims
            .subject(&self.expected, self.wall.now().timestamp())
            .map_err(|refused| refused.problem())
    }

    /// The claims, once the signature holds. The algorithm is the key's, never the token's.
    async fn verified(&self, token: &str) -> Result<Claims, Problem> {
        if token.len() > LONGEST {
            return Err(refused("too-long"));
        }
        let header = decode_header(token).map_err(|_| refused("unreadable"))?;
        if !header
            .typ
            .as_deref()
            .is_none_or(|typ| TYPES.iter().any(|it| it.eq_ignore_ascii_case(typ)))
        {
            return Err(refused("other-type"));
        }
        // A key that comes with the token, or from where the token says, proves nothing.
        if header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() {
            return Err(refused("brings-its-own-key"));
        }
        // No extension is understood here, so none may be critical (RFC 7515, 4.1.11).
        if header.crit.is_some() {
            return Err(refused("critical-extension"));
        }
        let kid = header.kid.as_deref().ok_or_else(|| refused("unknown-key"))?;
        let key = match self.keys.named(kid).await {
            Ok(key) => key,
            Err(NoKey::Unknown) => return Err(refused("unknown-key")),
            Err(NoKey::NoneYet) => return Err(Problem::unavailable("no key set was fetched yet")),
        };
        if header.alg != key.algorithm {
            return Err(refused("other-algorithm"));
        }
        let mut validation = Validation::new(key.algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        decode(token, &key.key, &validation)
            .map(|verified| verified.claims)
            .map_err(|_| refused("signature-or-claims"))
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let missing =
        || Problem::sign_in(CHALLENGE, "Sign in: send your token as Authorization: Bearer.");
    let value = single(headers, &AUTHORIZATION).map_err(|_| missing())?.ok_or_else(missing)?;
    value
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty())
        .ok_or_else(missing)
}

fn refused(why: &'static str) -> Problem {
    tracing::info!(why, "token refused");
    Problem::sign_in(BAD_TOKEN, "This sign-in is not accepted here. Sign in again.")
}

fn expired() -> Problem {
    Problem::sign_in(BAD_TOKEN, "Your sign-in has ended. Sign in again; nothing you sent was kept.")
}
