//! TLS that trusts Amazon's own certification authorities and no others. AWS signs every endpoint
//! this product calls with them, and reading five certificates takes a fraction of the time that
//! reading a system's hundred and fifty does. The benchmark, which stands in for AWS, brings an
//! authority of its own.

use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};

/// Amazon Trust Services' roots (<https://www.amazontrust.com/repository/>): Amazon Root CA 1 to
/// 4 and Starfield Services G2. The first to expire does so on 31 December 2037.
const ROOTS: &str = include_str!("amazon-roots.pem");

type Broken = Box<dyn std::error::Error + Send + Sync>;

/// A client for AWS's endpoints; plain HTTP, as emulators have it, works as well.
pub(super) fn client(ca_bundle: Option<&Path>) -> Result<SharedHttpClient, Broken> {
    let context = context(ca_bundle)?;
    Ok(Builder::new().tls_provider(provider()).tls_context(context).build_https())
}

/// The same for requests that no SDK makes, with a limit on how long a connection may take.
pub(crate) fn connector(
    connect: Duration,
    ca_bundle: Option<&Path>,
) -> Result<SharedHttpConnector, Broken> {
    let settings = HttpConnectorSettings::builder().connect_timeout(connect).build();
    let connector = Connector::builder()
        .connector_settings(settings)
        .tls_provider(provider())
        .tls_context(context(ca_bundle)?)
        .build();
    Ok(SharedHttpConnector::new(connector))
}

const fn provider() -> Provider {
    Provider::Rustls(CryptoMode::AwsLc)
}

/// Whoever can set `ca_bundle` can replace the function as well; still, nothing that is deployed
/// sets it.
fn context(ca_bundle: Option<&Path>) -> Result<TlsContext, Broken> {
    let mut roots = TrustStore::empty().with_pem_certificate(ROOTS);
    if let Some(file) = ca_bundle {
        roots = roots.with_pem_certificate(std::fs::read(file)?);
    }
    Ok(TlsContext::builder().with_trust_store(roots).build()?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ROOTS, client};

    #[test]
    fn there_are_five_roots() {
        assert_eq!(ROOTS.matches("BEGIN CERTIFICATE").count(), 5);
    }

    #[test]
    fn a_bundle_that_is_not_there_is_no_bundle() {
        assert!(client(Some(Path::new("no-such-bundle.pem"))).is_err());
    }

    #[test]
    fn a_client_can_be_made_of_them() {
        assert!(client(None).is_ok());
    }
}
