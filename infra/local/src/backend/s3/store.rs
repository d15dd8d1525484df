//! The objects and the uploads of one data folder, and the one way in which an object comes to be.

use std::{
    io,
    path::{Component, Path, PathBuf},
};

use http::Method;
use s3s::{
    S3, S3Error, S3Request, S3Response, S3Result,
    dto::{
        ETag, HeadObjectInput, ListBucketsInput, ListObjectsV2Input, PutObjectInput,
        PutObjectOutput,
    },
    s3_error,
};
use s3s_fs::FileSystem;
use tokio::{
    fs::{self, File},
    sync::{Mutex, MutexGuard},
};
use uuid::Uuid;

use super::{
    completed::{Completed, CompletedUploads},
    durable, make_folder,
    objects::{ObjectCreated, Objects},
    streams::{concatenation, internal},
    unusable,
    uploads::Uploads,
};
use crate::backend::BackendError;

/// Where bodies lie that are still arriving. It is no name for a bucket.
const INCOMING: &str = ".incoming";

/// The embedded S3 without its server.
pub(super) struct Store {
    pub files: FileSystem,
    buckets: PathBuf,
    completed: CompletedUploads,
    objects: Objects,
    /// Held by whoever changes an upload or an object, so that a condition that was checked still
    /// holds when it is acted upon. Never held while bytes arrive.
    uploads: Mutex<Uploads>,
}

impl Store {
    /// Opens the folder and finishes what the last process began.
    pub async fn open(data: &Path) -> Result<Self, BackendError> {
        let buckets = data.join("s3");
        let parts = data.join("s3-parts");
        make_folder(&buckets).await?;
        make_folder(&parts.join("completed")).await?;
        empty(&buckets.join(INCOMING)).await?;
        let files = FileSystem::new(&buckets)
            .map_err(|error| unusable(&buckets, io::Error::other(format!("{error:?}"))))?;
        let store = Self {
            files,
            completed: CompletedUploads::new(parts.join("completed")),
            objects: Objects::new(buckets.clone()),
            uploads: Mutex::new(Uploads::load(parts.join("uploads")).await?),
            buckets,
        };
        store.recover().await;
        let indexed = store.index().await;
        indexed.map_err(|error| unusable(data, io::Error::other(error.to_string())))?;
        Ok(store)
    }

    pub fn buckets(&self) -> &Path {
        &self.buckets
    }

    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    pub fn completed(&self) -> &CompletedUploads {
        &self.completed
    }

    pub async fn uploads(&self) -> MutexGuard<'_, Uploads> {
        self.uploads.lock().await
    }

    /// The file of an object, or of the folder above it.
    pub fn path(&self, bucket: &str, key: &str) -> S3Result<PathBuf> {
        let plain = |component| matches!(component, Component::Normal(_));
        if !Path::new(key).components().all(plain) {
            return Err(s3_error!(
                InvalidArgument,
                "Objects are files here: a key may have no empty, . or .. segment."
            ));
        }
        Ok(self.buckets.join(bucket).join(key))
    }

    /// A file for a body that is arriving.
    pub fn incoming(&self) -> PathBuf {
        self.buckets.join(INCOMING).join(Uuid::new_v4().to_string())
    }

    pub async fn require_bucket(&self, bucket: &str) -> S3Result<()> {
        if fs::metadata(self.buckets.join(bucket)).await.is_err() {
            return Err(s3_error!(NoSuchBucket, "The specified bucket does not exist"));
        }
        Ok(())
    }

    /// Whether there is an object; a folder is none.
    pub async fn exists(&self, bucket: &str, key: &str) -> S3Result<bool> {
        let metadata = fs::metadata(self.path(bucket, key)?).await;
        Ok(metadata.is_ok_and(|metadata| metadata.is_file() || key.ends_with('/')))
    }

    pub async fn require_object(&self, bucket: &str, key: &str) -> S3Result<()> {
        self.require_bucket(bucket).await?;
        if !self.exists(bucket, key).await? {
            return Err(s3_error!(NoSuchKey, "The specified key does not exist."));
        }
        Ok(())
    }

    /// Makes the object, synced. The caller holds the lock.
    pub async fn write(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let path = self.path(&request.input.bucket, &request.input.key)?;
        let response = self.files.put_object(request).await?;
        let file = File::open(&path).await.map_err(internal)?;
        file.sync_all().await.map_err(internal)?;
        durable::sync_folder_of(&path).await.map_err(internal)?;
        Ok(response)
    }

    /// Makes the object out of the parts of an accepted completion. Every step may be repeated, and
    /// the parts go last: whoever finds them begins again.
    pub async fn carry_through(&self, uploads: &mut Uploads, id: &str) -> S3Result<Completed> {
        let upload = uploads.get(id).cloned().ok_or_else(no_such_upload)?;
        let numbers = upload.completing.as_deref().unwrap_or_default();
        let parts = upload.select(numbers)?;
        let (e_tag, checksum_sha256) = upload.composite(&parts)?;
        let paths = parts.iter().map(|part| uploads.path(id, &part.file));
        let mut input = PutObjectInput {
            bucket: upload.bucket.clone(),
            key: upload.key.clone(),
            body: Some(concatenation(paths.collect())),
            ..PutObjectInput::default()
        };
        upload.attributes.apply(&mut input);
        let written = self.write(request(Method::PUT, input)).await?.output;
        let completed = Completed {
            bucket: upload.bucket,
            key: upload.key,
            e_tag,
            checksum_sha256,
            file_md5: written.e_tag.map(ETag::into_value).unwrap_or_default(),
        };
        self.completed.write(&completed).await.map_err(internal)?;
        self.announce(&completed.bucket, &completed.key).await?;
        uploads.remove(id).await.map_err(internal)?;
        Ok(completed)
    }

    /// Lets it be known that the object is there.
    pub async fn announce(&self, bucket: &str, key: &str) -> S3Result<()> {
        let input = HeadObjectInput {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            ..HeadObjectInput::default()
        };
        let head = self.head_object(request(Method::HEAD, input)).await?.output;
        self.objects.add(ObjectCreated {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            e_tag: head.e_tag.map(ETag::into_value).unwrap_or_default(),
            size: head.content_length.and_then(|n| n.try_into().ok()).unwrap_or_default(),
        });
        Ok(())
    }

    /// Finishes the completions that were cut short. One that still fails stays open.
    async fn recover(&self) {
        let mut uploads = self.uploads().await;
        for upload_id in uploads.completing() {
            match self.carry_through(&mut uploads, &upload_id).await {
                Ok(_) => tracing::info!(upload_id, "finished a completion that was cut short"),
                Err(error) => tracing::warn!(upload_id, %error, "a completion cannot be finished"),
            }
        }
    }

    async fn index(&self) -> S3Result<()> {
        let buckets = request(Method::GET, ListBucketsInput::default());
        let buckets = self.files.list_buckets(buckets).await?.output.buckets;
        for bucket in buckets.into_iter().flatten().filter_map(|bucket| bucket.name) {
            let input = ListObjectsV2Input {
                bucket: bucket.clone(),
                max_keys: Some(i32::MAX),
                ..ListObjectsV2Input::default()
            };
            let listed = self.files.list_objects_v2(request(Method::GET, input)).await?;
            let objects = listed.output.contents.into_iter().flatten();
            for key in objects.filter_map(|object| object.key) {
                self.announce(&bucket, &key).await?;
            }
        }
        Ok(())
    }
}

/// What S3 says of an upload that was never begun, or is closed.
pub(super) fn no_such_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have \
         been aborted or completed."
    )
}

/// A request of our own to `s3s-fs`, which looks at nothing but the input.
pub(super) fn request<T>(method: Method, input: T) -> S3Request<T> {
    S3Request {
        input,
        method,
        uri: http::Uri::default(),
        headers: http::HeaderMap::default(),
        extensions: http::Extensions::default(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    }
}

/// An empty folder, whatever was in it: bodies whose senders are gone.
async fn empty(folder: &Path) -> Result<(), BackendError> {
    match fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(folder, error)),
        _ => make_folder(folder).await,
    }
}
