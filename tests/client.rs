//! An agency's own software, as far as the tests need one. It knows HTTP and nothing else, so
//! that it can be pointed at any installation.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::people::Person;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub media_type: String,
    pub etag: Option<String>,
    pub text: String,
    /// The text as JSON; null if it is none.
    pub body: Value,
}

/// The headers that a request may carry beside the token.
#[derive(Clone, Copy, Debug, Default)]
pub struct With<'a> {
    pub if_match: Option<&'a str>,
    pub key: Option<&'a str>,
}

/// A body as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Sent {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Sent {
    pub fn json(value: &Value) -> Self {
        Self::text(value.to_string())
    }

    /// Text that says it is JSON, whether or not it is.
    pub fn text(text: impl Into<String>) -> Self {
        Self { media_type: "application/json", bytes: text.into().into_bytes() }
    }
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.body
    }

    /// A refusal with this status, in the form that every refusal has.
    #[track_caller]
    pub fn refused(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.media_type, "application/problem+json", "{}", self.text);
        assert_eq!(self.body["status"], status, "{}", self.text);
        assert!(self.body["type"].as_str().is_some_and(|uri| uri.starts_with("/problems/")));
        assert!(self.body["title"].is_string(), "{}", self.text);
        assert_sentence(&self.body["detail"]);
        for error in self.body["errors"].as_array().into_iter().flatten() {
            assert!(error["pointer"].is_string(), "{}", self.text);
            assert_sentence(&error["detail"]);
        }
        self
    }

    /// A refusal of one field, by its JSON pointer.
    #[track_caller]
    pub fn refused_field(self, pointer: &str) -> Self {
        let answer = self.refused(422);
        let named = answer.pointers();
        assert!(named.iter().any(|it| it == pointer), "{pointer}: {}", answer.text);
        answer
    }

    /// The fields that a refusal names.
    pub fn pointers(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors.filter_map(|error| error["pointer"].as_str().map(str::to_owned)).collect()
    }
}

/// Something to read and act on: it starts with a capital, has words and ends with a stop.
#[track_caller]
fn assert_sentence(text: &Value) {
    let text = text.as_str().unwrap_or_default();
    let so =
        text.starts_with(|c: char| c.is_uppercase()) && text.ends_with('.') && text.contains(' ');
    assert!(so, "not a sentence: {text:?}");
}

/// A client of one installation.
#[derive(Debug)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    tokens: Mutex<BTreeMap<Person, String>>,
    problems: Mutex<Vec<String>>,
}

impl Client {
    pub fn new(base: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            http: reqwest::Client::new(),
            tokens: Mutex::default(),
            problems: Mutex::default(),
        }
    }

    /// A second client of the same installation, which knows nothing of what the first one did.
    pub fn another(&self) -> Self {
        Self::new(self.base.clone())
    }

    /// The text of every refusal so far.
    pub fn problems(&self) -> Vec<String> {
        self.problems.lock().unwrap().clone()
    }

    pub async fn get(&self, who: Person, path: &str) -> Answer {
        self.send(Some(who), Method::GET, path, With::default(), None).await
    }

    pub async fn post(&self, who: Person, path: &str, body: &Value) -> Answer {
        self.post_with(who, path, With::default(), Sent::json(body)).await
    }

    pub async fn post_with(&self, who: Person, path: &str, with: With<'_>, body: Sent) -> Answer {
        self.send(Some(who), Method::POST, path, with, Some(body)).await
    }

    pub async fn put_at(
        &self,
        who: Person,
        path: &str,
        if_match: Option<&str>,
        body: &Value,
    ) -> Answer {
        let with = With { if_match, ..With::default() };
        self.send(Some(who), Method::PUT, path, with, Some(Sent::json(body))).await
    }

    pub async fn delete(&self, who: Person, path: &str, if_match: Option<&str>) -> Answer {
        let with = With { if_match, ..With::default() };
        self.send(Some(who), Method::DELETE, path, with, None).await
    }

    /// Refers a death.
    pub async fn refer(&self, who: Person, key: &str, form: &Value) -> Answer {
        let with = With { key: Some(key), ..With::default() };
        self.post_with(who, "/referrals", with, Sent::json(form)).await
    }

    /// One of the routes that only a local installation has.
    pub async fn local(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.send(None, method, path, With::default(), body.map(Sent::json)).await
    }

    pub async fn send(
        &self,
        who: Option<Person>,
        method: Method,
        path: &str,
        with: With<'_>,
        body: Option<Sent>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(who) = who {
            request = request.bearer_auth(self.token(who).await);
        }
        if let Some(tag) = with.if_match {
            request = request.header("if-match", tag);
        }
        if let Some(key) = with.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.header("content-type", body.media_type).body(body.bytes);
        }
        let answer = answer(request.send().await.unwrap()).await;
        if answer.status >= 400 {
            self.problems.lock().unwrap().push(answer.text.clone());
        }
        answer
    }

    async fn token(&self, who: Person) -> String {
        let kept = self.tokens.lock().unwrap().get(who).cloned();
        if let Some(token) = kept {
            return token;
        }
        let request = self.http.post(format!("{}/local/token", self.base));
        let body = json!({ "actor": who }).to_string();
        let sent = request.header("content-type", "application/json").body(body).send().await;
        let token = answer(sent.unwrap()).await.ok()["token"].as_str().unwrap().to_owned();
        self.tokens.lock().unwrap().insert(who, token.clone());
        token
    }

    /// Sends bytes to an address that the API gave, as a browser would: no token goes with it.
    pub async fn put(&self, url: &str, headers: &Value, bytes: Vec<u8>) -> Answer {
        let mut request = self.http.put(url).body(bytes);
        for (name, value) in headers.as_object().into_iter().flatten() {
            request = request.header(name, value.as_str().unwrap());
        }
        answer(request.send().await.unwrap()).await
    }

    /// Fetches an address that the API gave; the headers, lower case, and the bytes.
    pub async fn fetch(&self, url: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
        let response = self.http.get(url).send().await.unwrap();
        let status = response.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let headers = response.headers().iter().map(|(name, it)| (name.to_string(), text(it)));
        (status, headers.collect(), response.bytes().await.unwrap().to_vec())
    }

    /// Asks for a path exactly as written, which an HTTP library would tidy first.
    pub async fn get_as_written(&self, who: Person, path: &str) -> (u16, String) {
        let host = self.base.strip_prefix("http://").unwrap();
        let token = self.token(who).await;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        let body = text.split_once("\r\n\r\n").unwrap().1.to_owned();
        (status, body)
    }
}

async fn answer(response: reqwest::Response) -> Answer {
    let header =
        |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (etag, media_type) = (header("etag"), header("content-type").unwrap_or_default());
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Answer { status, media_type, etag, text, body }
}
