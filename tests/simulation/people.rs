//! The people of a run, as their agencies' software would act: it repeats what got no answer,
//! under the same key, and remembers what it was told.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use cloud::Clock;
use lambda_http::Body;
use lambda_http::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use lambda_http::http::{Method, Request as HttpRequest};
use local::tokens::Tokens;
use serde_json::Value;

use super::world::World;
use crate::people::Person;

/// How often software asks again.
const TRIES: u32 = 4;

/// What everyone signs in with. Signing takes longer than a run, so it is done once.
pub struct Badges {
    key_set: String,
    tokens: BTreeMap<&'static str, String>,
    now: DateTime<Utc>,
}

impl Badges {
    fn get() -> &'static Self {
        static BADGES: OnceLock<Badges> = OnceLock::new();
        BADGES.get_or_init(Self::make)
    }

    #[allow(clippy::disallowed_methods, reason = "tokens live by the wall clock")]
    fn make() -> Self {
        let now = Utc::now();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(uuid::Uuid::new_v4().to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let tokens = Tokens::open(&folder, Arc::new(move || now)).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let badge =
            |person: local::sample::Sample| (person.actor, tokens.issue(person.actor).unwrap());
        let all = local::sample::people().map(badge).collect();
        Self { key_set: tokens.key_set().to_string(), tokens: all, now }
    }

    pub fn key_set() -> String {
        Self::get().key_set.clone()
    }

    /// The time at which the tokens are good.
    pub fn wall() -> Clock {
        let now = Self::get().now;
        Clock::new(Arc::new(move || now))
    }

    fn of(person: Person) -> &'static str {
        &Self::get().tokens[person]
    }
}

/// What someone was told.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: u16,
    pub body: Value,
    pub etag: Option<String>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub who: Person,
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub key: Option<String>,
    pub if_match: Option<String>,
}

impl Ask {
    pub fn get(who: Person, path: impl Into<String>) -> Self {
        Self::new(Method::GET, who, path.into(), None)
    }

    pub fn post(who: Person, path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, who, path.into(), Some(body))
    }

    const fn new(method: Method, who: Person, path: String, body: Option<Value>) -> Self {
        Self { who, method, path, body, key: None, if_match: None }
    }

    pub fn under(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub fn matching(mut self, etag: Option<String>) -> Self {
        self.if_match = etag;
        self
    }

    fn request(&self) -> edge::Request {
        let mut request = HttpRequest::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(AUTHORIZATION, format!("Bearer {}", Badges::of(self.who)));
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(etag) = &self.if_match {
            request = request.header(IF_MATCH, etag);
        }
        let body = match &self.body {
            None => Body::Empty,
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::Text(body.to_string())
            }
        };
        request.body(body).unwrap()
    }
}

impl World {
    /// When someone asks, once.
    pub async fn asks(&self, ask: &Ask) -> Option<Told> {
        let response = self.request(ask.request()).await?;
        let (head, body) = response.into_parts();
        let etag = head.headers.get(ETAG).map(|etag| etag.to_str().unwrap().to_owned());
        let body = serde_json::from_slice(body.as_ref()).unwrap_or_default();
        self.wire.note(|| format!("    told {} {body}", head.status));
        Some(Told { status: head.status.as_u16(), body, etag })
    }

    /// When someone asks until there is an answer that means something, or patience ends.
    pub async fn insists(&self, ask: &Ask) -> Option<Told> {
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
            }
            if let Some(told) = self.asks(ask).await.filter(|told| told.status < 500) {
                return Some(told);
            }
        }
        None
    }
}
