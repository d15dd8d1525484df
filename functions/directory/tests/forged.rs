//! Forged tokens: every one is refused at the gate and by a handler, alike, with a challenge,
//! and nothing of it is logged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on should stop"
)]

#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use edge::Request;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use lambda_http::http::Method;
use review::Role;
use serde_json::{Value, json};

use world::signer::{AUDIENCE, ISSUER, KID, Signer, claims};
use world::{Asked, World};

const PATH: &str = "/directory/people";
/// Stands in every forged token, so that it shows if one is logged or repeated.
const MARK: &str = "zqforged";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A forgery and what is sent of it: one `Authorization` header or more.
type Forged = (&'static str, Vec<String>);

fn bearer(what: &'static str, token: &str) -> Forged {
    (what, vec![format!("Bearer {token}")])
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn with(changes: Value) -> Value {
    let mut all = claims("administrator");
    all[MARK] = MARK.into();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => all.as_object_mut().unwrap().remove(name),
            _ => all.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    all
}

/// Signed with the right key, but not what it should be.
fn wrong_claims(signer: &Signer, now: i64) -> Vec<Forged> {
    [
        ("an ID token", json!({ "token_use": "id" })),
        ("a token of no stated use", json!({ "token_use": null })),
        ("another client's", json!({ "aud": "another-client" })),
        ("another client's by client_id", json!({ "aud": null, "client_id": "another-client" })),
        ("a list of audiences without ours", json!({ "aud": ["one", "two"] })),
        ("a list of no audience", json!({ "aud": [] })),
        ("an audience inside a longer one", json!({ "aud": format!("{AUDIENCE} more") })),
        ("no audience", json!({ "aud": null })),
        ("another issuer's", json!({ "iss": "https://elsewhere.example" })),
        ("an issuer with a trailing slash", json!({ "iss": format!("{ISSUER}/") })),
        ("an issuer in capitals", json!({ "iss": ISSUER.to_uppercase() })),
        ("no issuer", json!({ "iss": null })),
        ("expired", json!({ "exp": now - 120 })),
        ("not yet valid", json!({ "nbf": now + 600 })),
        ("issued in the far future", json!({ "iat": now + 86_400 })),
        ("without expiry", json!({ "exp": null })),
        ("an expiry as text", json!({ "exp": (now + 600).to_string() })),
        ("an expiry a thousand years on", json!({ "exp": now + 31_556_952_000_i64 })),
        ("an expiry beyond all numbers", json!({ "exp": 1e300 })),
        ("without a subject", json!({ "sub": null })),
        ("a subject that is no id", json!({ "sub": "Administrator" })),
        ("a subject that is a path", json!({ "sub": "../administrator" })),
        ("a subject that is a key", json!({ "sub": "administrator#MEMBER" })),
        ("a list of subjects", json!({ "sub": ["administrator"] })),
    ]
    .into_iter()
    .map(|(what, changes)| bearer(what, &signer.sign(Algorithm::ES256, KID, &with(changes))))
    .collect()
}

/// Signed otherwise, or not at all.
fn wrong_signatures(signer: &Signer) -> Vec<Forged> {
    let good = signer.sign(Algorithm::ES256, KID, &with(json!({})));
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let another = signer.sign(Algorithm::ES256, KID, &with(json!({ "sub": "someone" })));
    let anothers = another.rsplit('.').next().unwrap();
    let under = |header: &Value| format!("{}.{payload}.{signature}", part(header));
    let hmac = |secret: &[u8]| {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(KID.to_owned());
        encode(&header, &with(json!({})), &EncodingKey::from_secret(secret)).unwrap()
    };
    let jwks = signer.jwks();
    let none = |alg: &str| part(&json!({ "alg": alg, "kid": KID }));
    vec![
        bearer("no algorithm", &format!("{}.{payload}.", none("none"))),
        bearer("no algorithm, in capitals", &format!("{}.{payload}.", none("NONE"))),
        bearer("no algorithm and a signature", &format!("{}.{payload}.{signature}", none("none"))),
        bearer("an HMAC with the public point", &hmac(signer.public())),
        bearer("an HMAC with the key set", &hmac(jwks.as_bytes())),
        bearer("an HMAC with nothing", &hmac(b"")),
        bearer("an EC key with RSA in the header", &under(&json!({ "alg": "RS256", "kid": KID }))),
        bearer("an EC key with another curve", &under(&json!({ "alg": "ES384", "kid": KID }))),
        bearer("no signature", &format!("{header}.{payload}.")),
        bearer("half a signature", &format!("{header}.{payload}.{}", &signature[..43])),
        bearer("the signature of another token", &format!("{header}.{payload}.{anothers}")),
        bearer("a signature of zeros", &format!("{header}.{payload}.{}", "A".repeat(86))),
        bearer(
            "another payload",
            &format!("{header}.{}.{signature}", part(&with(json!({ "sub": "someone" })))),
        ),
        bearer("two parts", &format!("{header}.{payload}")),
        bearer("four parts", &format!("{good}.{signature}")),
        bearer("white space within", &format!("{header}. {payload}.{signature}")),
        bearer("two tokens", &format!("{good} {good}")),
        bearer("padding", &padded(&good)),
        bearer("a claim twice", &twice(header, signer)),
        bearer("a token in a token", &nested(&good, signer)),
        bearer("a token of a mebibyte", &format!("{header}.{}.{signature}", "A".repeat(1 << 20))),
        bearer("not a token", MARK),
    ]
}

/// The same bytes, padded as base64 may be and JWTs may not.
fn padded(good: &str) -> String {
    let again = |part: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(part).unwrap());
    let parts: Vec<_> = good.split('.').map(again).collect();
    assert!(parts.iter().any(|part| part.ends_with('=')));
    parts.join(".")
}

/// Two subjects: whichever a reader takes, another takes the other.
fn twice(header: &str, signer: &Signer) -> String {
    let text = with(json!({})).to_string();
    let text = text.replacen('{', "{\"sub\":\"someone\",", 1);
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(text));
    format!("{message}.{}", signer.signature(&message))
}

fn nested(good: &str, signer: &Signer) -> String {
    let header = part(&json!({ "alg": "ES256", "kid": KID, "cty": "JWT" }));
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(good));
    format!("{message}.{}", signer.signature(&message))
}

/// Signed with a key of the forger's own, which the header recommends in some way.
fn wrong_keys(signer: &Signer) -> Vec<Forged> {
    let forger = Signer::new();
    let mut all = vec![
        bearer(
            "another key of the same name",
            &forger.sign(Algorithm::ES256, KID, &with(json!({}))),
        ),
        bearer("no key named", &signer.sign_with(&Header::new(Algorithm::ES256), &with(json!({})))),
    ];
    for (what, kid) in [
        ("a key that does not exist", "key-2"),
        ("a key that is a path", "../../../../dev/null"),
        ("a key that is an address", "https://elsewhere.example/jwks.json"),
        ("a key that is a query", "key-1' OR '1'='1"),
        ("a key that has no name", ""),
    ] {
        all.push(bearer(what, &signer.sign(Algorithm::ES256, kid, &with(json!({})))));
        all.push(bearer(what, &forger.sign(Algorithm::ES256, kid, &with(json!({})))));
    }
    for (what, name, value) in [
        ("a key in the header", "jwk", forger.jwk(KID)),
        ("the address of a key set", "jku", json!("https://elsewhere.example/jwks.json")),
        ("the address of a certificate", "x5u", json!("https://elsewhere.example/cert.pem")),
        ("a critical extension", "crit", json!(["b64"])),
        ("another type", "typ", json!("id+jwt")),
    ] {
        let mut header = json!({ "alg": "ES256", "kid": KID });
        header[name] = value;
        let message = format!("{}.{}", part(&header), part(&with(json!({}))));
        all.push(bearer(what, &format!("{message}.{}", forger.signature(&message))));
        all.push(bearer(what, &format!("{message}.{}", signer.signature(&message))));
    }
    all
}

/// A good token, sent in a way in which none is taken.
fn wrong_ways(good: &str) -> Vec<Forged> {
    let header = format!("Bearer {good}");
    vec![
        ("no header", vec![]),
        ("two headers", vec![header.clone(), header.clone()]),
        ("two different headers", vec![header.clone(), "Bearer other".to_owned()]),
        ("another scheme", vec![format!("Basic {good}")]),
        ("no scheme", vec![good.to_owned()]),
        ("a scheme alone", vec!["Bearer ".to_owned()]),
    ]
}

fn request(path: &str, headers: &[String]) -> Request {
    headers
        .iter()
        .fold(Asked::new(Method::GET, path), |asked, value| asked.header("authorization", value))
        .build()
}

#[tokio::test]
async fn no_forged_token_is_accepted() {
    let world = World::new().await;
    world.join("administrator", &[Role::Administrator], None).await;
    let signer = &world.signer;
    let good = signer.sign(Algorithm::ES256, KID, &with(json!({})));
    let now = claims("administrator")["iat"].as_i64().unwrap();
    let mut table = wrong_claims(signer, now);
    table.extend(wrong_signatures(signer));
    table.extend(wrong_keys(signer));
    table.extend(wrong_ways(&good));
    assert!(table.len() > 60, "{}", table.len());

    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let listening = tracing::subscriber::set_default(subscriber);
    let before = world.items().await;
    log.0.lock().unwrap().clear();
    let accepted = directory::handle(&world.gate, request(PATH, &[format!("Bearer {good}")])).await;
    assert_eq!(accepted.status(), 200, "the table would prove nothing");
    let in_the_query = format!("{PATH}?access_token={good}&token={good}");
    let mut sent: Vec<_> =
        table.into_iter().map(|(what, headers)| (what, PATH.to_owned(), headers)).collect();
    sent.push(("a token in the query", in_the_query, vec![]));
    for (what, path, headers) in sent {
        let at_the_gate = world.gate.subject(request(&path, &headers).headers()).await;
        assert!(at_the_gate.is_err(), "accepted: {what}");
        let refused = directory::handle(&world.gate, request(&path, &headers)).await;
        assert_eq!(refused.status(), 401, "{what}");
        let challenge = world::header(&refused, "www-authenticate");
        assert!(challenge.starts_with("Bearer realm=\"dhr\""), "{what}: {challenge}");
        let body = world::json(&refused);
        assert_eq!(body["type"], "/problems/sign-in", "{what}");
        let sentence = body["detail"].as_str().unwrap();
        let known = [
            "Sign in: send your token as Authorization: Bearer.",
            "This sign-in is not accepted here. Sign in again.",
            "Your sign-in has ended. Sign in again; nothing you sent was kept.",
        ];
        assert!(known.contains(&sentence), "{what}: {sentence}");
        assert!(!body.to_string().contains(MARK), "{what}");
    }
    drop(listening);
    assert_eq!(world.items().await, before);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> = log
        .lines()
        .filter(|line| {
            ["edge::", "cloud::", "directory::"]
                .iter()
                .any(|it| line.contains(&format!("\"target\":\"{it}")))
        })
        .collect();
    assert!(ours.iter().any(|line| line.contains("token refused")), "nothing was heard");
    let payload = good.split('.').nth(1).unwrap();
    for secret in [MARK, payload, "elsewhere.example", "dev/null", "Bearer ", "OR '1'"] {
        assert!(ours.iter().all(|line| !line.contains(secret)), "{secret} stands in the log");
    }
}
