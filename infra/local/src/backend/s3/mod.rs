//! S3, embedded: `s3s` speaks the protocol and verifies every signature, `s3s-fs` keeps the
//! objects as files. What `s3s-fs` lacks and the product leans on is added here: uploads in parts
//! whose SHA-256 checksums are verified, kept, listed and composed as S3 does, and that survive
//! `kill -9` at any point.
//!
//! In the data folder, `s3/` holds the buckets and `s3-parts/` holds the uploads that are open and
//! the checksums of those that were completed.

mod access;
mod checksums;
mod completed;
mod completion;
mod cors;
mod drain;
mod durable;
mod in_process;
mod multipart;
mod objects;
mod server;
mod service;
mod store;
mod streams;
mod uploads;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use hyper::service::service_fn;
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};

use self::{access::Signed, store::Store};
use super::{
    BackendError,
    running::{self, Running},
    serve::serve,
};

pub use self::{
    in_process::InProcess,
    objects::{ObjectCreated, Objects},
};

/// The one key pair that may sign requests.
#[derive(Clone)]
pub struct Credentials {
    /// What a request says of who signed it.
    pub access_key_id: String,
    /// What it is signed with.
    pub secret_access_key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret_access_key", &"[redacted]")
            .finish()
    }
}

/// The embedded S3, serving. Dropping it begins the stop; [`EmbeddedS3::stop`] also waits for it.
#[derive(Debug)]
pub struct EmbeddedS3 {
    running: Running,
    buckets: PathBuf,
    objects: Objects,
}

/// Serves the buckets of the data folder on `port` of 127.0.0.1, or on any free one for 0. A
/// completion that the last process did not live to finish is finished first.
///
/// # Errors
///
/// The port is taken, the folder cannot be used, or a record in it is damaged.
pub async fn start(
    data: &Path,
    port: u16,
    credentials: &Credentials,
) -> Result<EmbeddedS3, BackendError> {
    let (listener, endpoint) = running::listen(port).await?;
    let store = Store::open(data).await?;
    let buckets = store.buckets().to_owned();
    let objects = store.objects().clone();
    let service = protocol(store, credentials);
    let answer = service_fn(move |request| server::answer(service.clone(), request));
    let running = Running::spawn(endpoint, |stop| serve(listener, answer, stop));
    Ok(EmbeddedS3 { running, buckets, objects })
}

/// The protocol over a store: every request is signed with the one key pair.
fn protocol(store: Store, credentials: &Credentials) -> S3Service {
    let mut service = S3ServiceBuilder::new(store);
    service.set_auth(SimpleAuth::from_single(
        credentials.access_key_id.as_str(),
        credentials.secret_access_key.as_str(),
    ));
    service.set_access(Signed);
    service.build()
}

impl EmbeddedS3 {
    /// The URL for an SDK client's `endpoint_url`. Its host is an IP address, so that the SDK puts
    /// the bucket into the path by itself.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.running.endpoint()
    }

    /// Every object there is, and word of new ones.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Makes the bucket unless it is there.
    ///
    /// # Errors
    ///
    /// S3 takes no such name, or the folder cannot be made.
    pub async fn ensure_bucket(&self, name: &str) -> Result<(), BackendError> {
        make_bucket(&self.buckets, name).await
    }

    /// Takes no new connection, lets requests under way finish, and returns when the port is free.
    pub async fn stop(&self) {
        self.running.stop().await;
    }
}

/// Makes a bucket unless it is there.
async fn make_bucket(buckets: &Path, name: &str) -> Result<(), BackendError> {
    if !s3s::path::check_bucket_name(name) {
        return Err(BackendError::Bucket { name: name.to_owned() });
    }
    make_folder(&buckets.join(name)).await
}

/// Makes a folder and those above it, or says that the data folder cannot be used.
async fn make_folder(path: &Path) -> Result<(), BackendError> {
    tokio::fs::create_dir_all(path).await.map_err(|reason| unusable(path, reason))
}

fn unusable(path: &Path, reason: io::Error) -> BackendError {
    BackendError::Folder { path: path.to_owned(), reason }
}
