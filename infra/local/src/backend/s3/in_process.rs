//! The embedded S3 without its server, for whoever stands in the same process.

use std::{fmt, path::Path};

use bytes::Bytes;
use http::{Request, Response, header::HOST};
use http_body_util::{BodyExt as _, Full};
use s3s::{HttpError, service::S3Service};
use tower::ServiceExt as _;

use super::{Credentials, make_bucket, protocol, store::Store};
use crate::backend::BackendError;

/// One bucket of a data folder. Clones are the same one.
#[derive(Clone)]
pub struct InProcess(S3Service);

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl InProcess {
    /// Opens the data folder and makes the bucket unless it is there.
    ///
    /// # Errors
    ///
    /// The folder cannot be used, S3 takes no such name, or a record in the folder is damaged.
    pub async fn open(
        data: &Path,
        bucket: &str,
        credentials: &Credentials,
    ) -> Result<Self, BackendError> {
        let store = Store::open(data).await?;
        make_bucket(store.buckets(), bucket).await?;
        Ok(Self(protocol(store, credentials)))
    }

    /// Answers one request.
    ///
    /// # Errors
    ///
    /// The protocol cannot answer at all; what S3 refuses is an answer.
    pub async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let mut request = request.map(Full::<Bytes>::from);
        // A client on a connection would name the host that it signed.
        let host = request.uri().authority().and_then(|host| host.as_str().parse().ok());
        if let Some(host) = host {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        let response = self.0.clone().oneshot(request).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(HttpError::new)?.to_bytes().to_vec();
        Ok(Response::from_parts(head, body))
    }
}
