//! Fetches the key set that a token issuer publishes. It is the one request to anyone but AWS
//! and our own tables, so it is small, short, follows no redirect, and trusts what
//! [`start`](crate::start) trusts: Amazon's authorities, which sign Cognito's address. A set
//! from elsewhere is configured as it is (decision 7).

use std::fmt;
use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use tokio::time::timeout;

use crate::fault::Fault;
use crate::start::tls;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);

/// How long a fetch may take in all.
const WHOLE: Duration = Duration::from_secs(5);

/// The largest set that is read, in bytes; Cognito's has under 1 KiB, and none needs this much.
const LARGEST: usize = 64 * 1024;

/// Where a key set is published. Clones share one connection.
#[derive(Clone)]
pub struct PublishedKeys {
    connector: SharedHttpConnector,
    address: String,
}

impl fmt::Debug for PublishedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishedKeys").finish_non_exhaustive()
    }
}

/// Why there is no set. It says nothing of what was sent, which may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfetched {
    /// Nobody answered in time.
    #[error("no answer in time")]
    Silence,
    /// No connection, or one that broke.
    #[error("no connection")]
    Connection,
    /// Another status than 200; redirects too.
    #[error("status {0}")]
    Status(u16),
    /// More than any key set needs.
    #[error("too large")]
    TooLarge,
    /// Not text.
    #[error("not text")]
    NotText,
}

impl PublishedKeys {
    /// The keys at an address that the configuration has accepted; `ca_bundle` as in
    /// [`Aws`](crate::config::Aws::ca_bundle).
    ///
    /// # Errors
    /// [`Fault::GiveUp`] where TLS cannot be set up.
    pub fn at(address: &str, ca_bundle: Option<&Path>) -> Result<Self, Fault> {
        let connector =
            tls::connector(CONNECT, ca_bundle).map_err(|error| Fault::give_up("start", error))?;
        Ok(Self { connector, address: address.to_owned() })
    }

    /// The set as it is published now, as text.
    ///
    /// # Errors
    /// [`Unfetched`].
    pub async fn fetch(&self) -> Result<String, Unfetched> {
        timeout(WHOLE, self.read()).await.map_err(|_| Unfetched::Silence)?
    }

    async fn read(&self) -> Result<String, Unfetched> {
        let mut request = HttpRequest::get(&self.address).map_err(|_| Unfetched::Connection)?;
        request.headers_mut().insert("accept", "application/json");
        let answer = self.connector.call(request).await.map_err(|_| Unfetched::Connection)?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(Unfetched::Status(status));
        }
        let mut body = ByteStream::new(answer.into_body());
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|_| Unfetched::Connection)?;
            if bytes.len() + piece.len() > LARGEST {
                return Err(Unfetched::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| Unfetched::NotText)
    }
}
