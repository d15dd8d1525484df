//! Signs tokens with a key of its own, good ones and forged ones.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://sign-in.sample.example";
pub const AUDIENCE: &str = "dhr-casework";
pub const KID: &str = "key-1";

/// A P-256 key.
pub struct Signer {
    private: Vec<u8>,
    public: Vec<u8>,
}

impl Signer {
    pub fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self {
            private: pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            public: pair.public_key().as_ref().to_vec(),
        }
    }

    /// The public key as a set of one.
    pub fn jwks(&self) -> String {
        json!({ "keys": [self.jwk(KID)] }).to_string()
    }

    pub fn jwk(&self, kid: &str) -> Value {
        let (x, y) = self.public[1..].split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        })
    }

    /// The uncompressed point.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// A good token for an hour.
    pub fn token(&self, actor: &str) -> String {
        self.sign(Algorithm::ES256, KID, &claims(actor))
    }

    pub fn sign(&self, algorithm: Algorithm, kid: &str, claims: &Value) -> String {
        let mut header = Header::new(algorithm);
        header.kid = Some(kid.to_owned());
        self.sign_with(&header, claims)
    }

    /// The signature of a message that is not made by the library that reads it.
    pub fn signature(&self, message: &str) -> String {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.private).unwrap();
        let signed = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        URL_SAFE_NO_PAD.encode(signed.as_ref())
    }

    pub fn sign_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_ec_der(&self.private)).unwrap()
    }
}

/// What a good token claims.
pub fn claims(actor: &str) -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": actor, "token_use": "access",
        "iat": now, "nbf": now - 5, "exp": now + 3600,
    })
}
