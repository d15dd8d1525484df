//! A client of the HTTP API, as an agency's own software would be: it signs in, reads before it
//! writes, sends `If-Match`, and uploads in parts.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use reqwest::{Method, StatusCode};
use review::act::{Action, Guard};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::LocalError;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body; null if there is none.
    pub body: Value,
    /// The `ETag`.
    pub etag: Option<String>,
}

impl Answer {
    /// The body, if the request succeeded.
    ///
    /// # Errors
    /// The problem that came back.
    pub fn ok(self) -> Result<Value, LocalError> {
        if self.status.is_success() {
            Ok(self.body)
        } else {
            Err(LocalError::Demo(format!("{}: {}", self.status, self.body)))
        }
    }
}

/// Someone at a keyboard: a sample actor, and the role acted in where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Player {
    /// The sample actor's name.
    pub name: &'static str,
    /// The role named in `Acting-Role`, if any.
    pub role: Option<&'static str>,
}

/// Plays someone with one role.
#[must_use]
pub const fn player(name: &'static str) -> Player {
    Player { name, role: None }
}

/// A client of one system. Tokens are fetched once.
#[derive(Debug)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    tokens: Mutex<BTreeMap<String, String>>,
}

impl Client {
    /// A client of the system at `base`, such as `http://127.0.0.1:3000`.
    #[must_use]
    pub fn new(base: impl Into<String>) -> Self {
        Self { base: base.into(), http: reqwest::Client::new(), tokens: Mutex::default() }
    }

    /// A bearer token for a sample actor.
    ///
    /// # Errors
    /// There is no such actor, or the system does not answer.
    pub async fn token(&self, actor: &str) -> Result<String, LocalError> {
        let kept = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(actor).cloned();
        if let Some(token) = kept {
            return Ok(token);
        }
        let wanted = json!({ "actor": actor });
        let answer = self.send(Method::POST, "/local/token", &[], Some(&wanted)).await?.ok()?;
        let token = answer["token"].as_str().unwrap_or_default().to_owned();
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(actor.to_owned(), token.clone());
        Ok(token)
    }

    /// Sends a request as someone, with more headers.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn request(
        &self,
        who: Player,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, LocalError> {
        let token = format!("Bearer {}", self.token(who.name).await?);
        let mut all = vec![("authorization", token.as_str())];
        all.extend(who.role.map(|role| ("acting-role", role)));
        all.extend(headers);
        self.send(method, path, &all, body).await
    }

    /// Sends a request as nobody in particular.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, LocalError> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.map_err(unanswered)?;
        let status = response.status();
        let etag =
            response.headers().get("etag").and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let text = response.text().await.map_err(unanswered)?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status, body, etag })
    }

    /// Reads as someone.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn get(&self, who: Player, path: &str) -> Result<Answer, LocalError> {
        self.request(who, Method::GET, path, &[], None).await
    }

    /// Posts as someone.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn post(&self, who: Player, path: &str, body: &Value) -> Result<Answer, LocalError> {
        self.request(who, Method::POST, path, &[], Some(body)).await
    }

    /// Refers a death.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn refer(&self, who: Player, key: &str, form: &Value) -> Result<Answer, LocalError> {
        let headers = [("idempotency-key", key)];
        self.request(who, Method::POST, "/referrals", &headers, Some(form)).await
    }

    /// Acts on a case, having read the version that the act needs.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn act(
        &self,
        who: Player,
        reference: &str,
        action: Action,
        record: &Value,
    ) -> Result<Answer, LocalError> {
        let path = format!("/cases/{reference}/actions/{}", action.name());
        let case = format!("/cases/{reference}");
        let tag = match action.guard() {
            Guard::Adds => None,
            Guard::Case => self.get(who, &case).await?.etag,
            Guard::Item => item_tag(&self.get(who, &case).await?.body, record),
        };
        let headers: Vec<_> = tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
        self.request(who, Method::POST, &path, &headers, Some(record)).await
    }

    /// Uploads a file in parts and answers with its id and hash.
    ///
    /// # Errors
    /// A step was refused.
    pub async fn upload(
        &self,
        who: Player,
        reference: &str,
        new: &Value,
        file: &[u8],
    ) -> Result<Value, LocalError> {
        let mut new = new.clone();
        new["size"] = file.len().into();
        let documents = format!("/cases/{reference}/documents");
        let begun = self.post(who, &documents, &new).await?.ok()?;
        let id = text(&begun["document"]["id"]);
        let size =
            usize::try_from(begun["part_size"].as_u64().unwrap_or_default()).unwrap_or_default();
        for (number, part) in (1_u16..).zip(file.chunks(size.max(1))) {
            self.part(who, reference, &id, number, part).await?.ok()?;
        }
        let done = self.post(who, &format!("{documents}/{id}/complete"), &json!({})).await?.ok()?;
        Ok(json!({ "document": id, "hash": done["document"]["hash"] }))
    }

    /// Sends one part straight to the store.
    ///
    /// # Errors
    /// The system or the store does not answer, or no address was given for the part.
    pub async fn part(
        &self,
        who: Player,
        reference: &str,
        id: &str,
        number: u16,
        part: &[u8],
    ) -> Result<Answer, LocalError> {
        let sha256 = STANDARD.encode(Sha256::digest(part));
        let wanted = json!({ "number": number, "sha256": sha256, "size": part.len() });
        let path = format!("/cases/{reference}/documents/{id}/parts");
        let signed = self.post(who, &path, &wanted).await?.ok()?;
        let mut request = self.http.put(text(&signed["url"])).body(part.to_vec());
        for (name, value) in signed["headers"].as_object().into_iter().flatten() {
            request = request.header(name, text(value));
        }
        let response = request.send().await.map_err(unanswered)?;
        let status = response.status();
        let body = Value::String(response.text().await.map_err(unanswered)?);
        Ok(Answer { status, body, etag: None })
    }

    /// Moves the clock.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn clock(&self, now: DateTime<Utc>) -> Result<Answer, LocalError> {
        self.send(Method::POST, "/local/clock", &[], Some(&json!({ "now": now }))).await
    }

    /// Every mail sent so far, one entry per recipient.
    ///
    /// # Errors
    /// The system does not answer.
    pub async fn mails(&self) -> Result<Vec<Value>, LocalError> {
        match self.send(Method::GET, "/local/mail", &[], None).await?.ok()? {
            Value::Array(mails) => Ok(mails),
            other => Err(LocalError::Demo(format!("the mail is no list: {other}"))),
        }
    }
}

fn unanswered(error: reqwest::Error) -> LocalError {
    LocalError::Demo(format!("no answer: {}", error.without_url()))
}

/// A string out of JSON; empty if it is none.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The `ETag` of the IMR or action that a record is about.
fn item_tag(case: &Value, record: &Value) -> Option<String> {
    match case {
        Value::Object(fields) => {
            let named =
                |name: &str| record.get(name).is_some() && fields.get(name) == record.get(name);
            let found = (named("agency") || named("id")).then(|| fields.get("etag")).flatten();
            found
                .and_then(Value::as_str)
                .map(str::to_owned)
                .or_else(|| fields.values().find_map(|field| item_tag(field, record)))
        }
        Value::Array(items) => items.iter().find_map(|item| item_tag(item, record)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
