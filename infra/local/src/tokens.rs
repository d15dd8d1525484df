//! Who may sign in here: tokens as an OpenID provider would issue them, signed with a key that
//! was made for this data folder and never leaves it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::LocalError;
use crate::clock::Wall;

/// The key's file in the data folder.
pub const FILE: &str = "token-key.der";
/// Who issues the tokens.
pub const ISSUER: &str = "dhr-casework-local";
/// Whom they are for.
pub const AUDIENCE: &str = "dhr-casework";
/// How long one is good for, in seconds of the machine's clock: a working day.
pub const LIFETIME: i64 = 12 * 60 * 60;
const KEY_ID: &str = "local";

/// Issues tokens for sample actors.
#[derive(Clone)]
pub struct Tokens {
    key: EncodingKey,
    point: Vec<u8>,
    wall: Wall,
}

impl Tokens {
    /// Reads the data folder's key, or makes one.
    ///
    /// # Errors
    /// The key's file cannot be read or written, or holds no key.
    pub fn open(data: &Path, wall: Wall) -> Result<Self, LocalError> {
        let file = data.join(FILE);
        let der = match fs::read(&file) {
            Ok(der) => der,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&file)?,
            Err(error) => return Err(LocalError::file(&file, error)),
        };
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der)
            .map_err(|_| LocalError::file(&file, "it holds no P-256 key"))?;
        let point = pair.public_key().as_ref().to_vec();
        Ok(Self { key: EncodingKey::from_ec_der(&der), point, wall })
    }

    /// The key set by which the functions verify what is issued here.
    #[must_use]
    pub fn key_set(&self) -> Value {
        // An uncompressed point: 0x04, then x and y of 32 bytes each.
        let coordinates = self.point.get(1..).unwrap_or_default();
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        }] })
    }

    /// A bearer token for an actor.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn issue(&self, actor: &str) -> Result<String, LocalError> {
        let now = (self.wall)().timestamp();
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": actor, "token_use": "access",
            "iat": now, "nbf": now, "exp": now + LIFETIME,
        });
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map_err(|error| LocalError::Settings(error.to_string()))
    }
}

fn make(file: &Path) -> Result<Vec<u8>, LocalError> {
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| LocalError::file(file, "no key could be made"))?;
    let written = private(file).and_then(|mut created| {
        created.write_all(pair.as_ref())?;
        created.sync_all()
    });
    written.map_err(|reason| LocalError::file(file, reason))?;
    Ok(pair.as_ref().to_vec())
}

/// A new file that only its owner may read.
fn private(file: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}
