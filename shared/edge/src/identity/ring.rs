//! The keys in force: those that are configured, for good, and those that the issuer publishes,
//! which it replaces from time to time. A published set is fetched at start, again when it is an
//! hour old, and when a token names a key it does not have; however many such tokens arrive, once
//! a minute at most, and everyone who waits for a fetch waits for the same one. What a new set no
//! longer has is no longer accepted. If a fetch fails, the keys stay as they are.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use cloud::Clock;
use cloud::jwks::PublishedKeys;
use tokio::sync::Mutex;

use super::keys::{Key, Keys, KeysError};

/// How old a set may become.
const OLD: TimeDelta = TimeDelta::hours(1);

/// How long the issuer is left alone after it was asked.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// The same as long as there is no set at all and nobody can come in.
const SHORT_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// Every key that a token may be signed with. Clones share what was fetched.
#[derive(Clone)]
pub(super) struct KeyRing {
    configured: Option<Keys>,
    published: Option<Arc<Published>>,
}

/// Why there is no such key.
pub(super) enum NoKey {
    /// No key has this name.
    Unknown,
    /// The issuer has not answered yet, so nothing can be said of any key.
    NoneYet,
}

struct Published {
    source: PublishedKeys,
    wall: Clock,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    set: Option<(Keys, DateTime<Utc>)>,
    asked: Option<DateTime<Utc>>,
}

impl KeyRing {
    pub(super) fn new(config: &cloud::config::Tokens, wall: Clock) -> Result<Self, KeysError> {
        let configured = config.jwks.as_deref().map(Keys::configured).transpose()?;
        let at = |address| PublishedKeys::at(address, config.ca_bundle.as_deref());
        let source = config.jwks_uri.as_deref().map(at).transpose()?;
        let published =
            source.map(|source| Arc::new(Published { source, wall, held: Mutex::default() }));
        Ok(Self { configured, published })
    }

    /// Fetches what is published, so that the first request need not.
    pub(super) async fn warm_up(&self) {
        if let Some(published) = &self.published {
            published.refresh(&mut *published.held.lock().await).await;
        }
    }

    pub(super) async fn named(&self, kid: &str) -> Result<Arc<Key>, NoKey> {
        match (self.configured.as_ref().and_then(|keys| keys.named(kid)), &self.published) {
            (Some(key), _) => Ok(key),
            (None, None) => Err(NoKey::Unknown),
            (None, Some(published)) => published.named(kid).await,
        }
    }
}

impl Published {
    async fn named(&self, kid: &str) -> Result<Arc<Key>, NoKey> {
        let mut held = self.held.lock().await;
        if held.wants(kid, self.wall.now()) {
            self.refresh(&mut held).await;
        }
        match &held.set {
            None => Err(NoKey::NoneYet),
            Some((keys, _)) => keys.named(kid).ok_or(NoKey::Unknown),
        }
    }

    /// Whoever calls this holds the lock, so the others wait and find what it brought.
    async fn refresh(&self, held: &mut Held) {
        let now = self.wall.now();
        held.asked = Some(now);
        // Kept off the future of every request, which hardly ever fetches.
        match Box::pin(self.source.fetch()).await {
            Err(why) => tracing::warn!(%why, "the key set was not fetched; the former one stays"),
            Ok(jwks) => match Keys::published(&jwks) {
                Err(_) => tracing::warn!("the key set cannot be used; the former one stays"),
                Ok(keys) => held.set = Some((keys, now)),
            },
        }
    }
}

impl Held {
    /// Whether the issuer is to be asked before this key is looked for.
    fn wants(&self, kid: &str, now: DateTime<Utc>) -> bool {
        let (wanted, pause) = match &self.set {
            None => (true, SHORT_PAUSE),
            Some((keys, fetched)) => (keys.named(kid).is_none() || now - fetched >= OLD, PAUSE),
        };
        wanted && self.asked.is_none_or(|asked| now - asked >= pause)
    }
}
