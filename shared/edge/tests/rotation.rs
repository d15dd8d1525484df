//! Keys that an issuer publishes: fetched, replaced, and not asked for more often than need be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod world;

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use cloud::Clock;
use edge::Kind;
use edge::identity::Tokens;
use futures::future::join_all;
use jsonwebtoken::Algorithm;
use lambda_http::http::{HeaderMap, HeaderValue};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use world::signer::{AUDIENCE, ISSUER, Signer};

/// An issuer that publishes what it is told to, and counts how often it was asked.
#[derive(Clone)]
struct Issuer {
    answer: Arc<Mutex<String>>,
    asked: Arc<Mutex<usize>>,
    address: String,
}

impl Issuer {
    async fn new(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let issuer = Self { answer: Arc::new(Mutex::new(answer)), asked: Arc::default(), address };
        let serving = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().answers(stream));
            }
        });
        issuer
    }

    async fn answers(self, mut stream: TcpStream) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read_exact(&mut byte).await.is_err() {
                return;
            }
            request.extend(byte);
        }
        assert!(request.starts_with(b"GET /keys HTTP/1.1\r\n"));
        *self.asked.lock().unwrap() += 1;
        let answer = self.answer.lock().unwrap().clone();
        stream.write_all(answer.as_bytes()).await.ok();
    }

    fn publishes(&self, answer: String) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn set(keys: &[(&Signer, &str)]) -> String {
    let keys: Vec<_> = keys.iter().map(|(signer, kid)| signer.jwk(kid)).collect();
    ok(&json!({ "keys": keys }).to_string())
}

/// Someone's tokens, and a clock to hold them against.
struct Scene {
    tokens: Tokens,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Scene {
    async fn of(issuer: &Issuer, jwks: Option<String>) -> Self {
        let now = Arc::new(Mutex::new("2027-02-01T09:00:00Z".parse().unwrap()));
        let told = Arc::clone(&now);
        let wall = Clock::new(Arc::new(move || *told.lock().unwrap()));
        let config = cloud::config::Tokens {
            jwks,
            jwks_uri: Some(issuer.address.clone()),
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            scope: None,
            ca_bundle: None,
        };
        Self { tokens: Tokens::open(&config, wall).await.unwrap(), now }
    }

    fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// How a good token signed so is answered.
    async fn sees(&self, signer: &Signer, kid: &str) -> Result<(), Kind> {
        let now = self.now.lock().unwrap().timestamp();
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "sam", "token_use": "access", "exp": now + 900,
        });
        let token = signer.sign(Algorithm::ES256, kid, &claims);
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        headers.insert("authorization", value);
        self.tokens.subject(&headers).await.map(|_| ()).map_err(|problem| problem.kind())
    }
}

#[tokio::test]
async fn the_set_is_fetched_at_start_and_not_for_each_token() {
    let (first, other) = (Signer::new(), Signer::new());
    let issuer = Issuer::new(set(&[(&first, "first"), (&other, "other")])).await;
    let scene = Scene::of(&issuer, None).await;
    assert_eq!(issuer.asked(), 1);
    for _ in 0..3 {
        assert_eq!(scene.sees(&first, "first").await, Ok(()));
        assert_eq!(scene.sees(&other, "other").await, Ok(()));
        assert_eq!(scene.sees(&other, "first").await, Err(Kind::SignIn));
    }
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it_and_what_went_is_refused() {
    let (old, new) = (Signer::new(), Signer::new());
    let issuer = Issuer::new(set(&[(&old, "old")])).await;
    let scene = Scene::of(&issuer, None).await;
    issuer.publishes(set(&[(&new, "new")]));
    assert_eq!(scene.sees(&new, "new").await, Err(Kind::SignIn), "it was asked a moment ago");
    scene.pass(TimeDelta::minutes(1));
    assert_eq!(scene.sees(&old, "old").await, Ok(()), "nothing says yet that it is gone");
    assert_eq!(scene.sees(&new, "new").await, Ok(()));
    assert_eq!(scene.sees(&old, "old").await, Err(Kind::SignIn));
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn however_many_tokens_name_keys_that_do_not_exist_the_issuer_is_asked_once_a_minute() {
    let (known, stranger) = (Signer::new(), Signer::new());
    let issuer = Issuer::new(set(&[(&known, "known")])).await;
    let scene = &Scene::of(&issuer, None).await;
    for minute in 1..4 {
        scene.pass(TimeDelta::minutes(1));
        let names: Vec<_> = (0..50).map(|n| format!("key-{minute}-{n}")).collect();
        let answers = join_all(names.iter().map(|kid| scene.sees(&stranger, kid))).await;
        assert!(answers.iter().all(|answer| *answer == Err(Kind::SignIn)));
        assert_eq!(issuer.asked(), 1 + minute);
    }
    assert_eq!(scene.sees(&known, "known").await, Ok(()));
}

#[tokio::test]
async fn a_set_that_is_an_hour_old_is_fetched_again() {
    let (kept, gone) = (Signer::new(), Signer::new());
    let issuer = Issuer::new(set(&[(&kept, "kept"), (&gone, "gone")])).await;
    let scene = Scene::of(&issuer, None).await;
    issuer.publishes(set(&[(&kept, "kept")]));
    scene.pass(TimeDelta::minutes(59));
    assert_eq!(scene.sees(&gone, "gone").await, Ok(()));
    scene.pass(TimeDelta::minutes(1));
    assert_eq!(scene.sees(&gone, "gone").await, Err(Kind::SignIn));
    assert_eq!(scene.sees(&kept, "kept").await, Ok(()));
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_fetch_the_former_keys_stay() {
    let (good, other) = (Signer::new(), Signer::new());
    let issuer = Issuer::new(set(&[(&good, "good")])).await;
    let scene = Scene::of(&issuer, None).await;
    let elsewhere = Issuer::new(set(&[(&other, "good")])).await;
    let redirect = format!("302 Found\r\nlocation: {}", elsewhere.address);
    let mut large = json!({ "keys": [other.jwk("good")] });
    large["more"] = "x".repeat(64 * 1024).into();
    let mut wrongs = vec![
        ok("not a key set"),
        ok("{}"),
        ok("{\"keys\":[]}"),
        ok(&json!({ "keys": [{ "kty": "oct", "kid": "good", "k": "c2VjcmV0" }] }).to_string()),
        ok(&json!({ "keys": [other.jwk("good"), other.jwk("good")] }).to_string()),
        ok(&large.to_string()),
        status("500 Internal Server Error"),
        status("404 Not Found"),
        status("204 No Content"),
        status(&redirect),
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"keys\":".to_owned(),
        "nothing like HTTP".to_owned(),
        String::new(),
    ];
    for (fetches, wrong) in wrongs.drain(..).enumerate() {
        issuer.publishes(wrong.clone());
        scene.pass(TimeDelta::hours(1));
        assert_eq!(scene.sees(&good, "good").await, Ok(()), "{wrong}");
        assert_eq!(scene.sees(&other, "good").await, Err(Kind::SignIn), "{wrong}");
        assert_eq!(issuer.asked(), 2 + fetches, "{wrong}");
    }
    assert_eq!(elsewhere.asked(), 0, "no redirect is followed");
}

#[tokio::test]
async fn keys_for_other_uses_may_stand_in_a_published_set() {
    let signer = Signer::new();
    let mut for_encryption = signer.jwk("encryption");
    for_encryption["use"] = "enc".into();
    let keys = json!({ "keys": [
        { "kty": "of-the-future", "kid": "future" },
        { "kty": "oct", "kid": "secret", "k": "c2VjcmV0" },
        for_encryption,
        signer.jwk("good"),
    ]});
    let issuer = Issuer::new(ok(&keys.to_string())).await;
    let scene = Scene::of(&issuer, None).await;
    assert_eq!(scene.sees(&signer, "good").await, Ok(()));
    for unfit in ["future", "secret", "encryption"] {
        assert_eq!(scene.sees(&signer, unfit).await, Err(Kind::SignIn), "{unfit}");
    }
}

#[tokio::test]
async fn an_issuer_that_is_away_at_start_is_asked_again_and_nobody_is_told_to_sign_in() {
    let signer = Signer::new();
    let issuer = Issuer::new(status("503 Service Unavailable")).await;
    let scene = Scene::of(&issuer, None).await;
    assert_eq!(scene.sees(&signer, "good").await, Err(Kind::Unavailable));
    assert_eq!(issuer.asked(), 1);
    issuer.publishes(set(&[(&signer, "good")]));
    scene.pass(TimeDelta::seconds(5));
    assert_eq!(scene.sees(&signer, "good").await, Ok(()));
}

#[tokio::test]
async fn configured_keys_need_no_answer_from_anyone() {
    let (configured, published) = (Signer::new(), Signer::new());
    let issuer = Issuer::new(status("503 Service Unavailable")).await;
    let jwks = json!({ "keys": [configured.jwk("configured")] }).to_string();
    let scene = Scene::of(&issuer, Some(jwks)).await;
    scene.pass(TimeDelta::hours(2));
    assert_eq!(scene.sees(&configured, "configured").await, Ok(()));
    assert_eq!(issuer.asked(), 1, "only at start");
    issuer.publishes(set(&[(&published, "published"), (&published, "configured")]));
    assert_eq!(scene.sees(&published, "published").await, Ok(()));
    assert_eq!(scene.sees(&published, "configured").await, Err(Kind::SignIn));
}
