//! TLS that trusts Amazon's own certification authorities and no others. AWS signs every endpoint
//! this product calls with them, and reading five certificates takes a fraction of the time that
//! reading a system's hundred and fifty does.

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

/// Amazon Trust Services' roots (<https://www.amazontrust.com/repository/>): Amazon Root CA 1 to
/// 4 and Starfield Services G2. The first to expire does so on 31 December 2037.
const ROOTS: &str = include_str!("amazon-roots.pem");

/// A client for AWS's endpoints; plain HTTP, as emulators have it, works as well.
pub(super) fn client() -> Result<SharedHttpClient, Box<dyn std::error::Error + Send + Sync>> {
    let roots = TrustStore::empty().with_pem_certificate(ROOTS);
    let context = TlsContext::builder().with_trust_store(roots).build()?;
    let crypto = Provider::Rustls(CryptoMode::AwsLc);
    Ok(Builder::new().tls_provider(crypto).tls_context(context).build_https())
}

#[cfg(test)]
mod tests {
    use super::{ROOTS, client};

    #[test]
    fn there_are_five_roots() {
        assert_eq!(ROOTS.matches("BEGIN CERTIFICATE").count(), 5);
    }

    #[test]
    fn a_client_can_be_made_of_them() {
        assert!(client().is_ok());
    }
}
