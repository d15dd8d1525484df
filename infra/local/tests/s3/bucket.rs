//! A bucket of an embedded S3 in a folder of its own, which outlives a restart and not the test.

use std::path::Path;

use aws_sdk_s3::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
};
use local::backend::s3::{self, EmbeddedS3};

use crate::folder::Folder;

pub const NAME: &str = "documents";

/// The bucket, its server, and a client of it.
pub struct Bucket {
    pub s3: EmbeddedS3,
    pub client: Client,
    folder: Folder,
}

pub fn credentials() -> s3::Credentials {
    s3::Credentials {
        access_key_id: "local".to_owned(),
        secret_access_key: "not a secret".to_owned(),
    }
}

impl Bucket {
    pub async fn new() -> Self {
        Self::open(Folder::new()).await
    }

    pub async fn open(folder: Folder) -> Self {
        let s3 = s3::start(folder.path(), 0, &credentials()).await.unwrap();
        s3.ensure_bucket(NAME).await.unwrap();
        let client = client(s3.endpoint(), &credentials().secret_access_key);
        Self { s3, client, folder }
    }

    /// The folder alone, when the server has stopped.
    pub async fn stop(self) -> Folder {
        self.s3.stop().await;
        self.folder
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts an object in one go.
    pub async fn put(&self, key: &str, bytes: &[u8]) {
        let put = self.client.put_object().bucket(NAME).key(key);
        put.body(bytes.to_vec().into()).send().await.unwrap();
    }
}

/// A client as the product has it: no retries, so that a refusal is seen at once.
pub fn client(endpoint: &str, secret_access_key: &str) -> Client {
    let key = credentials().access_key_id;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-2"))
        .credentials_provider(Credentials::new(key, secret_access_key, None, None, "test"))
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(config)
}
