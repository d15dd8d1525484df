//! The keys that tokens may be signed with. Each pins its algorithm by its own type, so that a
//! token cannot choose one: no `none`, and no HMAC with a public key as the secret.

use std::collections::HashMap;
use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

/// Why the key set was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// It is not a JSON Web Key Set.
    #[error("the key set is not a JSON Web Key Set (RFC 7517)")]
    Unreadable(#[source] serde_json::Error),
    /// A key has no id, or an id stands twice.
    #[error("each key of the key set needs a kid of its own")]
    Unnamed,
    /// A key is not of a kind that may verify tokens.
    #[error("the key {0} is neither EC on P-256 (ES256) nor RSA (RS256)")]
    Unsuitable(String),
    /// A key of the right kind that cannot be used.
    #[error("the key {0} cannot be used")]
    Broken(String, #[source] jsonwebtoken::errors::Error),
    /// The issuer cannot be asked for keys.
    #[error(transparent)]
    Outside(#[from] cloud::Fault),
    /// There is no key to verify with.
    #[error("the key set holds no key for signatures")]
    Empty,
}

/// A key and the one algorithm it may be used with.
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

#[derive(Clone)]
pub(super) struct Keys(HashMap<String, Arc<Key>>);

impl Keys {
    /// The keys of a set that an installation configures. One that must not verify tokens is a
    /// mistake, and said so.
    pub(super) fn configured(jwks: &str) -> Result<Self, KeysError> {
        let set: JwkSet = serde_json::from_str(jwks).map_err(KeysError::Unreadable)?;
        Self::of(set.keys.iter().filter(|jwk| signs(jwk)), Err)
    }

    /// The keys of a set that an issuer publishes. It may hold keys for other uses, of kinds
    /// that were not invented yet when this was written; they are left out.
    pub(super) fn published(jwks: &str) -> Result<Self, KeysError> {
        let set: Published = serde_json::from_str(jwks).map_err(KeysError::Unreadable)?;
        let known: Vec<Jwk> =
            set.keys.into_iter().filter_map(|jwk| serde_json::from_value(jwk).ok()).collect();
        Self::of(known.iter().filter(|jwk| signs(jwk)), |_| Ok(()))
    }

    fn of<'a>(
        set: impl Iterator<Item = &'a Jwk>,
        unfit: impl Fn(KeysError) -> Result<(), KeysError>,
    ) -> Result<Self, KeysError> {
        let mut keys = HashMap::new();
        for jwk in set {
            match fit(jwk) {
                Err(error) => unfit(error)?,
                Ok((name, key)) => {
                    if keys.insert(name, Arc::new(key)).is_some() {
                        return Err(KeysError::Unnamed);
                    }
                }
            }
        }
        if keys.is_empty() { Err(KeysError::Empty) } else { Ok(Self(keys)) }
    }

    pub(super) fn named(&self, kid: &str) -> Option<Arc<Key>> {
        self.0.get(kid).cloned()
    }
}

/// A published set before its keys are looked at.
#[derive(Deserialize)]
struct Published {
    keys: Vec<serde_json::Value>,
}

fn fit(jwk: &Jwk) -> Result<(String, Key), KeysError> {
    let name = jwk.common.key_id.clone().ok_or(KeysError::Unnamed)?;
    let algorithm = pinned(jwk).ok_or_else(|| KeysError::Unsuitable(name.clone()))?;
    match DecodingKey::from_jwk(jwk) {
        Ok(key) => Ok((name, Key { algorithm, key })),
        Err(error) => Err(KeysError::Broken(name, error)),
    }
}

/// Keys for encryption may stand in the same set; they are not for us.
fn signs(jwk: &Jwk) -> bool {
    matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature))
}

fn pinned(jwk: &Jwk) -> Option<Algorithm> {
    match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            Some(Algorithm::ES256)
        }
        AlgorithmParameters::RSA(_) => Some(Algorithm::RS256),
        // Other curves, shared secrets, and whatever the standard may yet invent.
        _ => None,
    }
}
