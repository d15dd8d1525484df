//! The life of one invocation: it ends by itself, at its time limit, or when its process dies at
//! a call, and what was not done by then is never done.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

tokio::task_local! {
    static LIFE: Life;
}

/// Ends when its process dies. Clones are the same life.
#[derive(Clone, Debug, Default)]
pub struct Life(Arc<Notify>);

/// Why an invocation came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Its process died.
    Killed,
    /// It took longer than it may.
    TimedOut,
}

impl Life {
    /// That of the invocation that runs now.
    pub fn current() -> Option<Self> {
        LIFE.try_with(Clone::clone).ok()
    }

    /// The process dies.
    pub fn end(&self) {
        self.0.notify_one();
    }
}

/// Runs an invocation as long as it lives.
pub async fn live<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Death> {
    let life = Life::default();
    let ended = life.0.clone();
    let work = LIFE.scope(life, work);
    tokio::select! {
        biased;
        () = ended.notified() => Err(Death::Killed),
        done = tokio::time::timeout(limit, work) => done.map_err(|_| Death::TimedOut),
    }
}
