//! Restarts, orderly and not.

use std::fs;

use aws_sdk_s3::types::ChecksumMode;
use futures::{StreamExt, stream::FuturesUnordered};
use local::backend::s3;

use crate::{
    MIB, Upload,
    bucket::{self, Bucket, NAME, credentials},
    bytes, composite,
    folder::Folder,
    killed::{self, Victim},
    refusal, sha256,
};

#[tokio::test]
async fn an_upload_is_resumed_from_the_list_of_its_parts() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    upload.part(1, &bytes(1, 5 * MIB)).await;
    upload.part(2, &bytes(2, 5 * MIB)).await;
    let id = upload.id;
    let bucket = Bucket::open(bucket.stop().await).await;
    let upload = Upload::resume(&bucket.client, "a/imr.pdf", id);
    let mut parts = upload.listed().await;
    assert_eq!(parts.len(), 2);
    parts.push(upload.part(3, b"the end").await);
    upload.complete(parts).await.unwrap();
    let head = bucket.client.head_object().bucket(NAME).key("a/imr.pdf").send().await.unwrap();
    assert_eq!(head.content_length, Some(10 * 1024 * 1024 + 7));
}

#[tokio::test]
async fn a_completion_that_was_cut_short_is_finished_at_the_next_start() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    upload.part(1, &bytes(1, 5 * MIB)).await;
    upload.part(2, b"the end").await;
    let record = bucket.folder().join("s3-parts/uploads").join(&upload.id).join("upload.json");
    let stopped = bucket.stop().await;
    let text = fs::read_to_string(&record).unwrap();
    let accepted = text.replace("\"completing\": null", "\"completing\": [1, 2]");
    assert_ne!(text, accepted);
    fs::write(&record, accepted).unwrap();

    let bucket = Bucket::open(stopped).await;
    let completed = bucket.s3.objects().completed();
    assert_eq!(completed.len(), 1);
    assert!(completed[0].e_tag.ends_with("-2"));
    let head = bucket.client.head_object().bucket(NAME).key("a/imr.pdf");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert!(head.checksum_sha256.unwrap().ends_with("-2"));
    assert_eq!(head.content_type.as_deref(), Some("application/pdf"));
    assert!(!record.exists());
}

#[tokio::test]
async fn a_completion_that_failed_is_carried_through_when_it_is_tried_again() {
    let bucket = Bucket::new().await;
    // Where the object's folder should be there is a file, so it cannot be written.
    bucket.put("a", b"in the way").await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = upload.part(1, b"bytes").await;
    let failed = upload.complete([part.clone()]).await.unwrap_err();
    assert_eq!(refusal(&failed), (500, "InternalError".to_owned()));
    let id = upload.id;
    let bucket = Bucket::open(bucket.stop().await).await;
    let upload = Upload::resume(&bucket.client, "a/imr.pdf", id);
    bucket.client.delete_object().bucket(NAME).key("a").send().await.unwrap();
    let completed = upload.complete([part]).await.unwrap();
    assert_eq!(completed.checksum_sha256, Some(composite(&[b"bytes"])));
}

#[tokio::test]
async fn objects_and_their_checksums_outlive_a_restart() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = upload.part(1, b"bytes").await;
    let completed = upload.complete([part]).await.unwrap();
    bucket.put("b", b"in one go").await;
    let before = bucket.s3.objects().completed();
    let bucket = Bucket::open(bucket.stop().await).await;
    assert_eq!(bucket.s3.objects().completed(), before);
    let head = bucket.client.head_object().bucket(NAME).key("a/imr.pdf");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.checksum_sha256, completed.checksum_sha256);
}

#[tokio::test]
async fn what_a_crash_left_half_done_is_swept_away() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    upload.part(1, b"bytes").await;
    let uploads = bucket.folder().join("s3-parts/uploads");
    let id = upload.id;
    let stopped = bucket.stop().await;
    let half_a_part = uploads.join(&id).join("2-half.part");
    let half_an_upload = uploads.join("begun");
    let half_a_body = stopped.path().join("s3/.incoming/half");
    fs::write(&half_a_part, b"by").unwrap();
    fs::create_dir(&half_an_upload).unwrap();
    fs::write(&half_a_body, b"by").unwrap();
    let bucket = Bucket::open(stopped).await;
    for left in [half_a_part, half_an_upload, half_a_body] {
        assert!(!left.exists(), "{}", left.display());
    }
    let upload = Upload::resume(&bucket.client, "a/imr.pdf", id);
    assert_eq!(upload.numbers().await, [1]);
}

#[tokio::test]
async fn bytes_that_do_not_count_do_not_stay_on_the_disk() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    upload.part(1, b"first").await;
    upload.part(1, b"second").await;
    upload.send(2, b"came", &sha256(b"sent")).await.unwrap_err();
    bucket.put("b", b"bytes").await;
    let files = |folder: &str| {
        let entries = fs::read_dir(bucket.folder().join(folder)).unwrap();
        entries.count()
    };
    assert_eq!(files("s3/.incoming"), 0);
    // The record and one part.
    assert_eq!(files(&format!("s3-parts/uploads/{}", upload.id)), 2);
    upload.complete(upload.listed().await).await.unwrap();
    assert_eq!(files("s3-parts/uploads"), 0);
}

#[tokio::test]
async fn an_upload_survives_kill_9_either_whole_or_still_open() {
    let folder = Folder::new();
    let victim = Victim::spawn("recovery::victim", folder.path());
    let client = bucket::client(&victim.endpoint, &credentials().secret_access_key);
    let first = bytes(1, 5 * MIB);
    let mut uploads = Vec::new();
    for number in 0..4_u8 {
        let upload = Upload::begin(&client, &format!("a/{number}")).await;
        upload.part(1, &first).await;
        upload.part(2, &[number]).await;
        uploads.push(upload);
    }
    let mut completions: FuturesUnordered<_> = uploads
        .iter()
        .map(|upload| async move { upload.complete(upload.listed().await).await })
        .collect();
    let mut acknowledged = vec![completions.next().await.unwrap().unwrap()];

    victim.kill();

    while let Some(completed) = completions.next().await {
        acknowledged.extend(completed);
    }
    let bucket = Bucket::open(folder).await;
    let whole = bucket.s3.objects().completed();
    for completed in acknowledged {
        assert!(whole.iter().any(|object| completed.key.as_ref() == Some(&object.key)));
    }
    for (number, upload) in (0..4_u8).zip(&uploads) {
        let upload = Upload::resume(&bucket.client, &upload.key, upload.id.clone());
        if !whole.iter().any(|object| object.key == upload.key) {
            upload.complete(upload.listed().await).await.unwrap();
        }
        let get = bucket.client.get_object().bucket(NAME).key(&upload.key);
        let get = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        let parts = [first.clone(), vec![number]];
        assert_eq!(get.checksum_sha256, Some(composite(&parts)));
        assert_eq!(get.body.collect().await.unwrap().to_vec(), parts.concat());
    }
}

#[tokio::test]
#[ignore = "runs in a process of its own, to be killed by another test"]
async fn victim() {
    if let Some(folder) = killed::folder() {
        let s3 = s3::start(&folder, 0, &credentials()).await.unwrap();
        s3.ensure_bucket(NAME).await.unwrap();
        killed::serve_until_killed(s3.endpoint()).await;
    }
}
