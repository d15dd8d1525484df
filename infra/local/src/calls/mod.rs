//! What each function asks of AWS, written down so that its role can be held to it: neither less
//! nor more may be granted than what a whole review needs.

mod permission;

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use serde_json::json;

use crate::LocalError;
use crate::services::Names;
use permission::Permission;

/// The file that calls are written to: a line of JSON for each permission that a function was
/// first seen to need. Programs and systems that run at the same time may share it.
#[derive(Clone, Debug)]
pub struct Calls {
    file: Arc<Mutex<File>>,
    names: Names,
}

impl Calls {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn open(path: &Path, names: Names) -> Result<Self, LocalError> {
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file = file.map_err(|reason| LocalError::file(path, reason))?;
        Ok(Self { file: Arc::new(Mutex::new(file)), names })
    }

    /// The HTTP client of one function. It is for addresses on loopback and knows no TLS.
    #[must_use]
    pub fn of(&self, function: &'static str) -> SharedHttpClient {
        let seen = Arc::default();
        let inner = Builder::new().build_http();
        SharedHttpClient::new(Recorder { function, calls: self.clone(), seen, inner })
    }
}

/// Sends requests on, and notes what each of them needed.
#[derive(Clone, Debug)]
struct Recorder<T> {
    function: &'static str,
    calls: Calls,
    seen: Arc<Mutex<BTreeSet<Permission>>>,
    inner: T,
}

impl<T> Recorder<T> {
    fn note(&self, request: &HttpRequest) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for needed in permission::needed(request, &self.calls.names) {
            if seen.contains(&needed) {
                continue;
            }
            let line = json!({ "function": self.function, "needs": needed });
            let mut file = self.calls.file.lock().unwrap_or_else(PoisonError::into_inner);
            // In one piece, because others append too.
            if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
                tracing::error!(%error, "a call was not written down");
            }
            seen.insert(needed);
        }
    }
}

impl HttpClient for Recorder<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let Self { function, calls, seen, inner } = self.clone();
        let inner = inner.http_connector(settings, components);
        SharedHttpConnector::new(Recorder { function, calls, seen, inner })
    }
}

impl HttpConnector for Recorder<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.note(&request);
        self.inner.call(request)
    }
}
