//! What objects there are, for those who act upon them: the malware scanner in particular.

use std::{
    collections::BTreeMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{fs::File, sync::Notify};

/// An object as S3's "Object Created" event describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectCreated {
    /// The bucket's name.
    pub bucket: String,
    /// Its key in the bucket.
    pub key: String,
    /// Its `ETag`, without quotes.
    pub e_tag: String,
    /// Its length in bytes.
    pub size: u64,
}

/// The objects of all buckets. It is read from the disk at each start, so that an object whose
/// creation nobody lived to hear of is still there to be found.
#[derive(Debug, Clone)]
pub struct Objects {
    buckets: PathBuf,
    index: Arc<Mutex<Index>>,
    created: Arc<Notify>,
}

/// By bucket and key.
type Index = BTreeMap<(String, String), ObjectCreated>;

impl Objects {
    pub(super) fn new(buckets: PathBuf) -> Self {
        Self { buckets, index: Arc::default(), created: Arc::default() }
    }

    /// Every object whose upload is complete, ordered by bucket and key.
    #[must_use]
    pub fn completed(&self) -> Vec<ObjectCreated> {
        self.index().values().cloned().collect()
    }

    /// Returns once an object has been created since the last call. For one listener: two would
    /// share the news between them.
    pub async fn created(&self) {
        self.created.notified().await;
    }

    /// The object's bytes.
    ///
    /// # Errors
    ///
    /// It is gone or may not be read.
    pub async fn open(&self, object: &ObjectCreated) -> io::Result<File> {
        File::open(self.buckets.join(&object.bucket).join(&object.key)).await
    }

    pub(super) fn add(&self, object: ObjectCreated) {
        let place = (object.bucket.clone(), object.key.clone());
        self.index().insert(place, object);
        self.created.notify_one();
    }

    pub(super) fn remove(&self, bucket: &str, key: &str) {
        self.index().remove(&(bucket.to_owned(), key.to_owned()));
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
