//! A bucket of a test's own: in an S3 embedded here that keeps objects as files, or in one that
//! was named from outside.

#![allow(dead_code, reason = "each test crate uses its part")]

use std::path::PathBuf;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use cloud::Clock;
use cloud::audit::Audit;
use cloud::store::Store;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use uuid::Uuid;

const REGION: &str = "eu-west-2";
const KEY: &str = "test";

/// The bucket of the anchors.
pub struct Anchors {
    client: Client,
    name: String,
    folder: Option<PathBuf>,
}

impl Anchors {
    /// An empty one, in the S3 at this endpoint or in one of its own.
    pub async fn new(endpoint: Option<String>) -> Self {
        let (endpoint, folder) = match endpoint {
            Some(endpoint) => (endpoint, None),
            None => embedded().await,
        };
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(Credentials::new(KEY, KEY, None, None, "test"))
            .endpoint_url(endpoint)
            .build();
        let client = Client::from_conf(config);
        let name = format!("anchors-{}", Uuid::new_v4());
        let here = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(REGION))
            .build();
        let make = client.create_bucket().bucket(&name).create_bucket_configuration(here);
        make.send().await.unwrap();
        Self { client, name, folder }
    }

    /// What takes and verifies anchors here.
    pub fn audit(&self, store: &Store, clock: Clock) -> Audit {
        Audit::new(self.client.clone(), Some(self.name.clone()), store.clone(), clock)
    }

    /// The bytes of an anchor.
    pub async fn get(&self, number: u64) -> Vec<u8> {
        let request = self.client.get_object().bucket(&self.name).key(key(number));
        request.send().await.unwrap().body.collect().await.unwrap().to_vec()
    }

    /// Puts other bytes in the place of an anchor, as the bucket on AWS would not let anyone.
    pub async fn replace(&self, number: u64, bytes: Vec<u8>) {
        let request = self.client.put_object().bucket(&self.name).key(key(number));
        request.body(bytes.into()).send().await.unwrap();
    }

    /// Takes an anchor away, as the bucket on AWS would not let anyone.
    pub async fn remove(&self, number: u64) {
        let request = self.client.delete_object().bucket(&self.name).key(key(number));
        request.send().await.unwrap();
    }
}

impl Drop for Anchors {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}

fn key(number: u64) -> String {
    format!("anchors/{number:010}.json")
}

async fn embedded() -> (String, Option<PathBuf>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(&folder).unwrap());
    service.set_auth(SimpleAuth::from_single(KEY, KEY));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, service.build()));
    (endpoint, Some(folder))
}

async fn serve(listener: TcpListener, service: S3Service) {
    while let Ok((stream, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            // A client that hangs up is no failure.
            http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
        });
    }
}
