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
    wait(Tokens::open(&config(jwks, None), clock())).unwrap()
}

fn config(jwks: &str, scope: Option<&str>) -> cloud::config::Tokens {
    cloud::config::Tokens {
        jwks: Some(jwks.to_owned()),
        jwks_uri: None,
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        scope: scope.map(str::to_owned),
        ca_bundle: None,
    }
}

fn clock() -> Clock {
    Clock::new(Arc::new(|| DateTime::from_timestamp(NOW, 0).unwrap()))
}

/// The keys are configured, so there is nothing to wait for but the form of it.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn subject(tokens: &Tokens, authorization: &str) -> Result<ActorId, Problem> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_str(authorization).unwrap());
    wait(tokens.subject(&headers))
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
        json!({ "exp": NOW + 24 * 60 * 60 + 60 }),
        json!({ "nbf": NOW + 60 }),
        json!({ "iat": NOW + 60 }),
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
        json!({ "iat": NOW + 61 }),
        json!({ "exp": NOW + 24 * 60 * 60 + 61 }),
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
fn a_scope_that_is_required_must_have_been_granted() {
    let signer = Signer::new();
    let tokens = wait(Tokens::open(&config(&signer.jwks(), Some("dhr/use")), clock())).unwrap();
    let let_in = |scopes: Value| {
        let token = signer.sign(Algorithm::ES256, KID, &claims(scopes));
        subject(&tokens, &format!("Bearer {token}")).is_ok()
    };
    for good in [
        json!({ "scope": "dhr/use" }),
        json!({ "scope": "openid dhr/use" }),
        json!({ "scp": "dhr/use email" }),
        json!({ "scp": ["email", "dhr/use"] }),
    ] {
        assert!(let_in(good.clone()), "{good}");
    }
    for bad in [
        json!({}),
        json!({ "scope": "" }),
        json!({ "scope": "dhr/user" }),
        json!({ "scope": "x-dhr/use" }),
        json!({ "scp": ["dhr/use email"] }),
        json!({ "roles": ["dhr/use"] }),
    ] {
        assert!(!let_in(bad.clone()), "{bad}");
    }
}

#[test]
fn a_token_may_call_itself_an_access_token_and_nothing_else() {
    let signer = Signer::new();
    let tokens = tokens(&signer.jwks());
    let let_in = |typ: Option<&str>| {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(KID.to_owned());
        header.typ = typ.map(str::to_owned);
        let token = signer.sign_with(&header, &claims(json!({})));
        subject(&tokens, &format!("Bearer {token}")).is_ok()
    };
    assert!(
        [None, Some("JWT"), Some("at+jwt"), Some("application/AT+JWT")].into_iter().all(let_in)
    );
    for other in ["id+jwt", "dpop+jwt", "logout+jwt", "secevent+jwt", ""] {
        assert!(!let_in(Some(other)), "{other}");
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
    assert_eq!(wait(tokens.subject(&twice)).unwrap_err().kind(), Kind::SignIn);
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
        let config = config(&json!({ "keys": keys }).to_string(), None);
        assert!(wait(Tokens::open(&config, clock())).is_err(), "{keys}");
    }
}
