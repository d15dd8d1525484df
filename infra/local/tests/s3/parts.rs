//! Parts: what is kept, what is refused, what is listed.

use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType};

use crate::{
    Upload,
    bucket::{Bucket, NAME},
    bytes, refusal, sha256,
};

#[tokio::test]
async fn an_upload_says_that_its_checksum_is_composed_of_sha256() {
    let bucket = Bucket::new().await;
    let request = bucket.client.create_multipart_upload().bucket(NAME);
    let request = request.checksum_algorithm(ChecksumAlgorithm::Sha256);
    let begun = request.key("a/imr.pdf").send().await.unwrap();
    assert_eq!(begun.checksum_algorithm, Some(ChecksumAlgorithm::Sha256));
    assert_eq!(begun.checksum_type, Some(ChecksumType::Composite));
}

#[tokio::test]
async fn a_whole_object_checksum_cannot_be_sha256() {
    let bucket = Bucket::new().await;
    let begin = bucket.client.create_multipart_upload();
    let begin = begin.checksum_algorithm(ChecksumAlgorithm::Sha256);
    let begin = begin.checksum_type(ChecksumType::FullObject);
    let error = begin.bucket(NAME).key("a").send().await.unwrap_err();
    assert_eq!(refusal(&error), (400, "InvalidRequest".to_owned()));
}

#[tokio::test]
async fn a_part_with_another_checksum_than_its_bytes_is_refused_and_not_kept() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let error = upload.send(1, b"what came", &sha256(b"what was sent")).await.unwrap_err();
    assert_eq!(refusal(&error), (400, "BadDigest".to_owned()));
    assert!(upload.numbers().await.is_empty());
}

#[tokio::test]
async fn a_refused_part_leaves_the_one_it_was_to_replace() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let kept = upload.part(1, b"first").await;
    let wrong = upload.send(1, b"second", &sha256(b"third")).await;
    assert_eq!(refusal(&wrong.unwrap_err()).1, "BadDigest");
    upload.complete([kept]).await.unwrap();
    let object = bucket.client.get_object().bucket(NAME).key("a/imr.pdf").send().await.unwrap();
    assert_eq!(&object.body.collect().await.unwrap().to_vec(), b"first");
}

#[tokio::test]
async fn a_part_sent_again_replaces_the_first() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let replaced = upload.part(1, b"first").await;
    let kept = upload.part(1, b"second, longer").await;
    assert_eq!(upload.numbers().await, [1]);
    assert_eq!(refusal(&upload.complete([replaced]).await.unwrap_err()).1, "InvalidPart");
    upload.complete([kept]).await.unwrap();
    let head = bucket.client.head_object().bucket(NAME).key("a/imr.pdf").send().await.unwrap();
    assert_eq!(head.content_length, Some(14));
}

#[tokio::test]
async fn a_part_without_sha256_is_refused_when_the_upload_asks_for_it() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    // The SDK adds a CRC32 where no checksum is given.
    let part = bucket.client.upload_part().bucket(NAME).key("a/imr.pdf").part_number(1);
    let part = part.upload_id(&upload.id).body(b"bytes".to_vec().into());
    let error = part.send().await.unwrap_err();
    assert_eq!(refusal(&error), (400, "InvalidRequest".to_owned()));
    let message = error.as_service_error().unwrap().meta().message().unwrap();
    assert!(message.ends_with("expected checksum Type: sha256, actual checksum Type: crc32"));
    assert!(upload.numbers().await.is_empty());
}

#[tokio::test]
async fn a_checksum_that_is_no_digest_is_refused() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let error = upload.send(1, b"bytes", "bm90IGEgZGlnZXN0").await.unwrap_err();
    assert_eq!(refusal(&error), (400, "InvalidRequest".to_owned()));
}

#[tokio::test]
async fn an_upload_without_checksums_takes_parts_as_the_sdk_sends_them() {
    let bucket = Bucket::new().await;
    let begun = bucket.client.create_multipart_upload().bucket(NAME).key("plain");
    let id = begun.send().await.unwrap().upload_id.unwrap();
    let part = bucket.client.upload_part().bucket(NAME).key("plain").upload_id(&id);
    let part = part.part_number(1).body(b"bytes".to_vec().into()).send().await.unwrap();
    assert!(part.e_tag.is_some());
    assert_eq!(part.checksum_sha256, None);
}

#[tokio::test]
async fn parts_are_listed_with_their_checksums_a_page_at_a_time() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    for number in [3, 1, 2] {
        upload.part(number, &bytes(1, usize::try_from(number).unwrap())).await;
    }
    let mut marker = None;
    let mut parts = Vec::new();
    for truncated in [true, false] {
        let list = bucket.client.list_parts().bucket(NAME).key("a/imr.pdf").max_parts(2);
        let list = list.upload_id(&upload.id).set_part_number_marker(marker);
        let page = list.send().await.unwrap();
        assert_eq!(page.is_truncated, Some(truncated));
        assert_eq!(page.checksum_algorithm, Some(ChecksumAlgorithm::Sha256));
        assert_eq!(page.checksum_type, Some(ChecksumType::Composite));
        marker = page.next_part_number_marker;
        parts.extend(page.parts.unwrap_or_default());
    }
    let listed: Vec<_> = parts
        .iter()
        .map(|part| (part.part_number, part.size, part.checksum_sha256.clone()))
        .collect();
    let sent = [1_u8, 2, 3].map(|number| {
        let checksum = sha256(&bytes(1, usize::from(number)));
        (Some(number.into()), Some(number.into()), Some(checksum))
    });
    assert_eq!(listed, sent);
    assert!(parts.iter().all(|part| part.e_tag.is_some() && part.last_modified.is_some()));
}

#[tokio::test]
async fn an_upload_that_was_never_begun_or_is_aborted_is_not_there() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    upload.part(1, b"bytes").await;
    let abort = || {
        let abort = bucket.client.abort_multipart_upload().bucket(NAME).key("a/imr.pdf");
        abort.upload_id(&upload.id).send()
    };
    abort().await.unwrap();
    let gone = (404, "NoSuchUpload".to_owned());
    assert_eq!(refusal(&abort().await.unwrap_err()), gone);
    let sent = upload.send(2, b"bytes", &sha256(b"bytes")).await.unwrap_err();
    assert_eq!(refusal(&sent), gone);
    for id in ["none", "../completed", ""] {
        let list = bucket.client.list_parts().bucket(NAME).key("a/imr.pdf").upload_id(id);
        let listed = list.send().await;
        assert!(listed.is_err(), "{id}");
    }
}

#[tokio::test]
async fn an_upload_is_for_one_key_only() {
    let bucket = Bucket::new().await;
    let id = Upload::begin(&bucket.client, "a/imr.pdf").await.id;
    let other = Upload::resume(&bucket.client, "b/imr.pdf", id);
    let error = other.send(1, b"bytes", &sha256(b"bytes")).await.unwrap_err();
    assert_eq!(refusal(&error), (404, "NoSuchUpload".to_owned()));
}
