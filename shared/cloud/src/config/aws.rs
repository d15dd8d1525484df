//! What AWS tells a function, in the variables that all its SDKs read. Lambda sets region and
//! credentials once for the life of a process, so nothing else is asked for them: neither files in
//! a home nor the addresses that hand out credentials elsewhere.

use std::path::PathBuf;

use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, SharedHttpClient,
};
use aws_types::SdkConfig;

/// Region, credentials and, where a stand-in answers for AWS, its addresses.
#[derive(Clone, Debug, Default)]
pub struct Aws {
    /// `AWS_REGION`.
    pub region: Option<String>,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    pub credentials: Option<Credentials>,
    /// `AWS_ENDPOINT_URL_DYNAMODB`, `_S3` and `_SES`, or `AWS_ENDPOINT_URL` for all three.
    pub endpoints: [Option<String>; 3],
    /// `AWS_CA_BUNDLE`: where authorities stand that are trusted beside Amazon's. Nothing that is
    /// deployed sets it.
    pub ca_bundle: Option<PathBuf>,
}

/// Why AWS cannot be asked for anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unset {
    /// Requests are signed for a region.
    #[error("no AWS region is set; set AWS_REGION")]
    Region,
    /// Requests are signed with credentials.
    #[error("no AWS credentials are set; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    Credentials,
}

impl Aws {
    pub(super) fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let credentials =
            set("AWS_ACCESS_KEY_ID").zip(set("AWS_SECRET_ACCESS_KEY")).map(|(id, secret)| {
                Credentials::new(id, secret, set("AWS_SESSION_TOKEN"), None, "environment")
            });
        let endpoint =
            |name: &str| set(&format!("AWS_ENDPOINT_URL_{name}")).or(set("AWS_ENDPOINT_URL"));
        Self {
            region: set("AWS_REGION").or(set("AWS_DEFAULT_REGION")),
            credentials,
            endpoints: ["DYNAMODB", "S3", "SES"].map(endpoint),
            ca_bundle: set("AWS_CA_BUNDLE").map(PathBuf::from),
        }
    }

    /// What the clients of `DynamoDB`, S3 and SES are made of, in this order.
    ///
    /// # Errors
    /// [`Unset`].
    pub fn sdks(&self, http: &SharedHttpClient) -> Result<[SdkConfig; 3], Unset> {
        let region = self.region.clone().ok_or(Unset::Region)?;
        let credentials = self.credentials.clone().ok_or(Unset::Credentials)?;
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http.clone())
            .build();
        Ok(self.endpoints.clone().map(|endpoint| {
            let mut sdk = sdk.to_builder();
            sdk.set_endpoint_url(endpoint);
            sdk.build()
        }))
    }
}
