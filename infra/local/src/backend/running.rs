//! A backend that listens on loopback, and the one way to stop it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::BackendError;

/// How long a stop waits for requests under way. What they have written is already on disk, so
/// giving up on one loses nothing that was acknowledged.
const GRACE: Duration = Duration::from_secs(5);

/// A backend that is serving. Dropping it begins the stop; [`Running::stop`] also waits for it.
#[derive(Debug)]
pub struct Running {
    endpoint: String,
    /// Taken by the first stop.
    serving: Mutex<Option<Serving>>,
}

#[derive(Debug)]
struct Serving {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Lets `serve` run on `listener` until it is told to stop.
    pub(crate) fn spawn<F>(endpoint: String, serve: impl FnOnce(oneshot::Receiver<()>) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        let serving = Serving { stop, task: tokio::spawn(serve(stopped)) };
        Self { endpoint, serving: Mutex::new(Some(serving)) }
    }

    /// The URL for an SDK client's `endpoint_url`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Takes no new connection, lets requests under way finish, and returns when the port is free.
    /// Whoever shares the backend need not have let go of it. A second stop does nothing.
    pub async fn stop(&self) {
        let serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Serving { stop, task }) = serving else { return };
        drop(stop);
        let abort = task.abort_handle();
        if tokio::time::timeout(GRACE, task).await.is_err() {
            tracing::warn!(endpoint = self.endpoint, "stopped with a request under way");
            abort.abort();
        }
    }
}

/// Binds `port` of 127.0.0.1 (0 for any free one) and says which URL that is.
pub(crate) async fn listen(port: u16) -> Result<(TcpListener, String), BackendError> {
    let failed = |reason| BackendError::Port { port, reason };
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, format!("http://{address}")))
}
