//! An issuer whose key lives for one run, and tokens of it.

use std::time::SystemTime;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::Outcome;

/// The `iss` and `aud` of every token.
pub const ISSUER: &str = "https://sign-in.sample.example";
pub const AUDIENCE: &str = "dhr-casework";

pub struct Signer {
    pair: EcdsaKeyPair,
}

impl Signer {
    pub fn new() -> Outcome<Self> {
        Ok(Self { pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)? })
    }

    /// The public key as a set of one.
    pub fn jwks(&self) -> String {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point.split_at(1).1.split_at(32);
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "bench",
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        }]})
        .to_string()
    }

    /// A good token for an hour.
    pub fn token(&self, actor: &str) -> Outcome<String> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": actor, "token_use": "access",
            "iat": now, "nbf": now - 5, "exp": now + 3600,
        });
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": "bench" });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encode(&header), encode(&claims));
        let signed = self.pair.sign(&SystemRandom::new(), message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed.as_ref())))
    }
}
