//! What keeps the embedded S3 from starting is said in one sentence.

use std::fs;

use local::backend::{BackendError, s3};

use crate::{
    Upload,
    bucket::{Bucket, credentials},
    folder::Folder,
};

#[tokio::test]
async fn a_port_in_use_is_named() {
    let bucket = Bucket::new().await;
    let port = bucket.s3.endpoint().rsplit(':').next().unwrap().parse().unwrap();
    let folder = Folder::new();
    let error = s3::start(folder.path(), port, &credentials()).await.unwrap_err();
    assert!(matches!(error, BackendError::Port { port: named, .. } if named == port));
    assert!(error.to_string().contains(&port.to_string()));
}

#[tokio::test]
async fn a_port_is_free_after_a_stop() {
    let bucket = Bucket::new().await;
    let port = bucket.s3.endpoint().rsplit(':').next().unwrap().parse().unwrap();
    let folder = bucket.stop().await;
    let again = s3::start(folder.path(), port, &credentials()).await.unwrap();
    again.stop().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = s3::start(&file, 0, &credentials()).await.unwrap_err();
    assert!(matches!(error, BackendError::Folder { .. }));
    assert!(error.to_string().contains(file.to_str().unwrap()));
}

#[tokio::test]
async fn a_damaged_record_is_named() {
    let bucket = Bucket::new().await;
    let id = Upload::begin(&bucket.client, "a/imr.pdf").await.id;
    let stopped = bucket.stop().await;
    let record = stopped.path().join("s3-parts/uploads").join(id).join("upload.json");
    fs::write(&record, "{").unwrap();
    let error = s3::start(stopped.path(), 0, &credentials()).await.unwrap_err();
    assert!(matches!(&error, BackendError::Record { path, .. } if *path == record));
    assert!(error.to_string().contains("move it away"));
}

#[tokio::test]
async fn a_bucket_has_a_name_that_s3_would_take() {
    let bucket = Bucket::new().await;
    for name in ["No", "../up", "under_score"] {
        let error = bucket.s3.ensure_bucket(name).await.unwrap_err();
        assert!(matches!(error, BackendError::Bucket { .. }), "{name}");
    }
}
