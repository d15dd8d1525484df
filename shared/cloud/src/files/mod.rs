//! Documents in S3: uploads in parts that a browser sends itself and can resume, and links to
//! read that last a minute.
//!
//! A key is used for one upload and never again, so that an object cannot be swapped after it
//! was scanned. What a sign-off binds to is the upload's composite SHA-256: the SHA-256 of the
//! parts' digests, a hyphen and the number of parts.

mod destroy;
mod disposition;
mod fault;
pub mod key;
mod read;
mod upload;

use aws_sdk_s3::Client;
use review::values::Hash;

pub use upload::PART_SIZE;

use crate::fault::Fault;
use crate::start::OnUse;

/// The bucket of documents.
#[derive(Clone, Debug)]
pub struct Files {
    client: OnUse<Client>,
    bucket: Option<String>,
}

/// A link by which exactly one part may be sent, once or again with the same content.
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedPart {
    /// Where to `PUT` it. It holds a signature: it goes to the person who asked and nowhere else.
    pub url: String,
    /// The headers to send with it, all of them signed.
    pub headers: Vec<(String, String)>,
    /// Seconds for which it works.
    pub expires_in: u64,
}

/// A part that S3 has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number, from 1.
    pub number: i32,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in base64.
    pub sha256: String,
    /// S3's tag of it.
    pub etag: String,
}

/// A finished upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    /// The composite SHA-256, as S3 gives it.
    pub hash: Hash,
    /// Size in bytes.
    pub size: u64,
    /// The object's version, where the bucket has versions.
    pub version_id: Option<String>,
}

/// Why an upload could not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// S3 knows neither the upload nor an object that came of it.
    #[error("There is no such upload.")]
    Gone,
    /// S3 has no part of it yet.
    #[error("The upload has no parts.")]
    Empty,
    /// A part is missing between two others, or one but the last is too small.
    #[error("The upload's parts do not make a whole.")]
    Incomplete,
    /// S3 did not do it.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Files {
    /// The bucket behind a client; without a bucket every call gives up.
    #[must_use]
    pub fn new(client: impl Into<OnUse<Client>>, bucket: Option<String>) -> Self {
        Self { client: client.into(), bucket }
    }

    /// Makes the client, so that the first request need not.
    pub fn warm_up(&self) {
        self.client.get();
    }
}

impl std::fmt::Debug for PresignedPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresignedPart")
            .field("url", &"[redacted]")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
