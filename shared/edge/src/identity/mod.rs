//! Who asks. The token says who someone is and nothing more; what that person may do stands in
//! the directory and is read for each request, so that access ends the moment it is taken away.

mod acting;
mod claims;
mod keys;

use cloud::Clock;
use jsonwebtoken::{Validation, decode, decode_header};
use lambda_http::http::HeaderMap;
use lambda_http::http::header::AUTHORIZATION;
use review::values::ActorId;

pub use acting::{Unclear, Wish, choose};
pub use keys::KeysError;

use crate::Problem;
use crate::preconditions::single;
use claims::Claims;
use keys::Keys;

const CHALLENGE: &str = "Bearer realm=\"dhr\"";
const BAD_TOKEN: &str = "Bearer realm=\"dhr\", error=\"invalid_token\"";

/// Verifies bearer tokens (RFC 6750) that are signed JWTs (RFC 7519).
///
/// Expiry is judged by the wall clock, never by the domain's clock, which a laptop may move.
#[derive(Clone)]
pub struct Tokens {
    keys: Keys,
    issuer: String,
    audience: String,
    wall: Clock,
}

impl Tokens {
    /// Reads the keys once; a token signed by any other key is refused.
    ///
    /// # Errors
    /// [`KeysError`] if the key set cannot be read or holds a key that must not verify tokens.
    pub fn new(config: &cloud::config::Tokens, wall: Clock) -> Result<Self, KeysError> {
        Ok(Self {
            keys: Keys::read(&config.jwks)?,
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            wall,
        })
    }

    /// The person or machine whose token a request carries.
    ///
    /// # Errors
    /// 401 with a challenge. All faults of a token but its age give one answer, so that it does
    /// not help to forge one; the log says which it was.
    pub fn subject(&self, headers: &HeaderMap) -> Result<ActorId, Problem> {
        let token = bearer(headers)?;
        let claims = self.verified(token)?;
        claims
            .subject(&self.issuer, &self.audience, self.wall.now().timestamp())
            .map_err(|refused| refused.problem())
    }

    /// The claims, once the signature holds. The algorithm is the key's, never the token's.
    fn verified(&self, token: &str) -> Result<Claims, Problem> {
        let header = decode_header(token).map_err(|_| refused("unreadable"))?;
        let key = header
            .kid
            .as_deref()
            .and_then(|kid| self.keys.named(kid))
            .ok_or_else(|| refused("unknown-key"))?;
        if header.alg != key.algorithm {
            return Err(refused("other-algorithm"));
        }
        // No extension is understood here, so none may be critical (RFC 7515, 4.1.11).
        if header.crit.is_some() {
            return Err(refused("critical-extension"));
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
