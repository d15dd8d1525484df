//! Tokens: the good ones are let in, and nothing else is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on should stop"
)]

mod world;

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use cloud::Clock;
use edge::identity::Tokens;
use edge::{Kind, Problem};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use lambda_http::http::{HeaderMap, HeaderValue};
use review::values::ActorId;
use serde_json::{Value, json};

use world::signer::{AUDIENCE, ISSUER, KID, Signer};

/// 1 February 2027, 09:00 UTC.
const NOW: i64 = 1_801_645_200;

fn tokens(jwks: &str) -> Tokens {
    let config = cloud::config::Tokens {
        jwks: jwks.to_owned(),
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
    };
    Tokens::new(&config, Clock::new(Arc::new(|| DateTime::from_timestamp(NOW, 0).unwrap())))
        .unwrap()
}

fn subject(tokens: &Tokens, authorization: &str) -> Result<ActorId, Problem> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_str(authorization).unwrap());
    tokens.subject(&headers)
}

fn claims(changes: Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "sam", "token_use": "access",
        "iat": NOW, "nbf": NOW, "exp": NOW + 900,
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            _ => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

#[test]
fn a_good_token_names_its_subject() {
    let signer = Signer::new();
    let tokens = tokens(&signer.jwks());
    for good in [
        json!({}),
        json!({ "aud": ["another", AUDIENCE] }),
        json!({ "aud": null, "client_id": AUDIENCE }),
        json!({ "nbf": null, "iat": null }),
        json!({ "exp": NOW - 59 }),
        json!({ "nbf": NOW + 60 }),
        json!({ "exp": 1_801_645_201.5 }),
        json!({ "groups": ["csp-chair"] }),
    ] {
        let token = signer.sign(Algorithm::ES256, KID, &claims(good.clone()));
        assert_eq!(subject(&tokens, &format!("Bearer {token}")).unwrap().as_str(), "sam", "{good}");
        assert!(subject(&tokens, &format!("bearer  {token}")).is_ok());
    }
}

#[test]
fn a_token_with_a_claim_that_does_not_hold_is_refused() {
    let signer = Signer::new();
    let tokens = tokens(&signer.jwks());
    for bad in [
        json!({ "iss": "https://elsewhere.example" }),
        json!({ "iss": null }),
        json!({ "iss": [ISSUER] }),
        json!({ "aud": "another" }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "aud": "another", "client_id": AUDIENCE }),
        json!({ "token_use": "id" }),
        json!({ "token_use": null }),
        json!({ "exp": NOW - 60 }),
        json!({ "exp": null }),
        json!({ "exp": "soon" }),
        json!({ "nbf": NOW + 61 }),
        json!({ "sub": null }),
        json!({ "sub": "Sam Sample" }),
        json!({ "sub": "../sam" }),
    ] {
        let token = signer.sign(Algorithm::ES256, KID, &claims(bad.clone()));
        let problem = subject(&tokens, &format!("Bearer {token}")).expect_err(&bad.to_string());
        assert_eq!(problem.kind(), Kind::SignIn, "{bad}");
    }
}

#[test]
fn forged_tokens_are_refused() {
    let signer = Signer::new();
    let tokens = tokens(&signer.jwks());
    let good = signer.sign(Algorithm::ES256, KID, &claims(json!({})));
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { panic!("a token has three parts") };
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let other = claims(json!({ "sub": "the-chair" }));
    let hmac = |secret: &[u8]| {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(KID.to_owned());
        encode(&header, &claims(json!({})), &EncodingKey::from_secret(secret)).unwrap()
    };
    let critical = {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(KID.to_owned());
        header.crit = Some(vec!["b64".to_owned()]);
        signer.sign_with(&header, &claims(json!({})))
    };
    let none = encoded(&json!({ "alg": "none", "kid": KID }));
    let forged = [
        ("no algorithm", format!("{none}.{payload}.")),
        ("no algorithm, with a signature", format!("{none}.{payload}.{signature}")),
        ("an HMAC with the public point", hmac(signer.public())),
        ("an HMAC with the key set", hmac(signer.jwks().as_bytes())),
        (
            "another key under the same name",
            Signer::new().sign(Algorithm::ES256, KID, &claims(json!({}))),
        ),
        ("an unknown key", signer.sign(Algorithm::ES256, "key-2", &claims(json!({})))),
        ("no key named", signer.sign_with(&Header::new(Algorithm::ES256), &claims(json!({})))),
        ("another payload", format!("{header}.{}.{signature}", encoded(&other))),
        ("no signature", format!("{header}.{payload}.")),
        ("half a signature", format!("{header}.{payload}.{}", &signature[..43])),
        ("two parts", format!("{header}.{payload}")),
        ("four parts", format!("{good}.{signature}")),
        ("a critical extension", critical),
        ("not a token", "let-me-in".to_owned()),
    ];
    for (what, token) in forged {
        let problem = subject(&tokens, &format!("Bearer {token}")).expect_err(what);
        assert_eq!(problem.kind(), Kind::SignIn, "{what}");
        let response = problem.into_response();
        assert_eq!(response.status(), 401, "{what}");
        assert!(world::header(&response, "www-authenticate").contains("invalid_token"), "{what}");
    }
}

#[test]
fn whoever_sends_no_token_is_asked_to_sign_in() {
    let signer = Signer::new();
    let tokens = tokens(&signer.jwks());
    let good = signer.sign(Algorithm::ES256, KID, &claims(json!({})));
    for nothing in ["", "Bearer", "Bearer ", &format!("Basic {good}"), &good] {
        let problem = subject(&tokens, nothing).expect_err(nothing);
        let response = problem.into_response();
        assert_eq!(
            world::header(&response, "www-authenticate"),
            "Bearer realm=\"dhr\"",
            "{nothing}"
        );
    }
    let mut twice = HeaderMap::new();
    let value = HeaderValue::from_str(&format!("Bearer {good}")).unwrap();
    twice.append("authorization", value.clone());
    twice.append("authorization", value);
    assert_eq!(tokens.subject(&twice).unwrap_err().kind(), Kind::SignIn);
}

#[test]
fn rsa_keys_verify_rs256_and_nothing_else() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = pair.public_key();
    let jwk = json!({
        "kty": "RSA", "kid": KID,
        "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
        "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
    });
    let tokens = tokens(&json!({ "keys": [jwk] }).to_string());
    let private: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    // The PKCS #1 key stands at the end of its PKCS #8 wrapping, which is 26 bytes long.
    let key = EncodingKey::from_rsa_der(&private.as_ref()[26..]);
    for (algorithm, good) in
        [(Algorithm::RS256, true), (Algorithm::RS384, false), (Algorithm::PS256, false)]
    {
        let mut header = Header::new(algorithm);
        header.kid = Some(KID.to_owned());
        let token = encode(&header, &claims(json!({})), &key).unwrap();
        assert_eq!(subject(&tokens, &format!("Bearer {token}")).is_ok(), good, "{algorithm:?}");
    }
}

#[test]
fn a_key_set_with_a_key_that_must_not_verify_is_not_accepted() {
    let signer = Signer::new();
    let p384 = json!({ "kty": "EC", "crv": "P-384", "kid": "k", "x": "AA", "y": "AA" });
    let secret = json!({ "kty": "oct", "kid": "k", "k": "c2VjcmV0" });
    let edwards = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "AA" });
    let mut nameless = signer.jwk("k");
    nameless.as_object_mut().unwrap().remove("kid");
    let mut for_encryption = signer.jwk("k");
    for_encryption["use"] = "enc".into();
    for keys in [
        json!([]),
        json!([p384]),
        json!([secret]),
        json!([edwards]),
        json!([nameless]),
        json!([for_encryption]),
        json!([signer.jwk("k"), signer.jwk("k")]),
    ] {
        let config = cloud::config::Tokens {
            jwks: json!({ "keys": keys }).to_string(),
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
        };
        let wall = Clock::new(Arc::new(|| DateTime::from_timestamp(NOW, 0).unwrap()));
        assert!(Tokens::new(&config, wall).is_err(), "{keys}");
    }
}
