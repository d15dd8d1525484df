//! Where the scanner finds objects: the embedded S3 says which there are and when one is new; an
//! emulator can only be asked.

use std::io;

use aws_sdk_s3::{Client, error::DisplayErrorContext};
use tokio::io::AsyncRead;

use crate::backend::s3::{ObjectCreated, Objects};

/// The objects of a bucket.
#[derive(Debug, Clone)]
pub enum Source {
    /// Of the embedded S3.
    Embedded(Objects),
    /// Of an S3 that is reached through its API alone.
    Emulated(Client),
}

impl From<Objects> for Source {
    fn from(objects: Objects) -> Self {
        Self::Embedded(objects)
    }
}

impl Source {
    /// Returns once an object may have been created since the last call; never, where nobody says
    /// so. For one listener.
    pub async fn created(&self) {
        match self {
            Self::Embedded(objects) => objects.created().await,
            Self::Emulated(_) => std::future::pending().await,
        }
    }

    /// Every object of the bucket whose upload is complete.
    pub(super) async fn completed(&self, bucket: &str) -> io::Result<Vec<ObjectCreated>> {
        match self {
            Self::Embedded(objects) => {
                let all = objects.completed().into_iter();
                Ok(all.filter(|object| object.bucket == bucket).collect())
            }
            Self::Emulated(client) => listed(client, bucket).await,
        }
    }

    /// The object's bytes.
    pub(super) async fn open(
        &self,
        object: &ObjectCreated,
    ) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        match self {
            Self::Embedded(objects) => Ok(Box::new(objects.open(object).await?)),
            Self::Emulated(client) => {
                let request = client.get_object().bucket(&object.bucket).key(&object.key);
                Ok(Box::new(request.send().await.map_err(failed)?.body.into_async_read()))
            }
        }
    }
}

async fn listed(client: &Client, bucket: &str) -> io::Result<Vec<ObjectCreated>> {
    let mut pages = client.list_objects_v2().bucket(bucket).into_paginator().send();
    let mut objects = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed)?;
        objects.extend(page.contents.into_iter().flatten().filter_map(|object| {
            Some(ObjectCreated {
                bucket: bucket.to_owned(),
                key: object.key?,
                e_tag: object.e_tag?.trim_matches('"').to_owned(),
                size: object.size.and_then(|size| size.try_into().ok()).unwrap_or_default(),
            })
        }));
    }
    Ok(objects)
}

fn failed(error: impl std::error::Error) -> io::Error {
    io::Error::other(DisplayErrorContext(error).to_string())
}
