//! Completing an upload: the composite checksum, and everything that stands against it.

use aws_sdk_s3::types::{ChecksumMode, ChecksumType, CompletedPart};

use crate::{
    MIB, Upload,
    bucket::{Bucket, NAME},
    bytes, composite, refusal, sha256,
};

#[tokio::test]
async fn three_parts_become_one_object_with_a_composite_checksum() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let parts = [bytes(1, 8 * MIB), bytes(2, 8 * MIB), bytes(3, 8 * MIB)];
    let (third, first, second) = tokio::join!(
        upload.part(3, &parts[2]),
        upload.part(1, &parts[0]),
        upload.part(2, &parts[1]),
    );
    let completed = upload.complete([first, second, third]).await.unwrap();
    let checksum = Some(composite(&parts));
    assert_eq!(completed.checksum_sha256, checksum);
    assert_eq!(completed.checksum_type, Some(ChecksumType::Composite));
    assert!(completed.e_tag.as_ref().unwrap().ends_with("-3\""));

    let get = bucket.client.get_object().bucket(NAME).key("a/imr.pdf");
    let object = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(object.checksum_sha256, checksum);
    assert_eq!(object.checksum_type, Some(ChecksumType::Composite));
    assert_eq!(object.e_tag, completed.e_tag);
    assert_eq!(object.content_type.as_deref(), Some("application/pdf"));
    assert_eq!(object.body.collect().await.unwrap().to_vec(), parts.concat());
}

#[tokio::test]
async fn the_checksum_is_told_to_those_who_ask_for_it() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = upload.part(1, b"bytes").await;
    let completed = upload.complete([part]).await.unwrap();
    let head = || bucket.client.head_object().bucket(NAME).key("a/imr.pdf");
    let asked = head().checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(asked.checksum_sha256, Some(composite(&[b"bytes".to_vec()])));
    assert_eq!(asked.checksum_type, Some(ChecksumType::Composite));
    assert_eq!(asked.e_tag, completed.e_tag);
    let unasked = head().send().await.unwrap();
    assert_eq!((unasked.checksum_sha256, unasked.checksum_type), (None, None));
    // A checksum of the whole says nothing of a range.
    let get = bucket.client.get_object().bucket(NAME).key("a/imr.pdf");
    let get = get.checksum_mode(ChecksumMode::Enabled).range("bytes=1-2");
    let range = get.send().await.unwrap();
    assert_eq!((range.checksum_sha256, range.checksum_type), (None, None));
    assert_eq!(&range.body.collect().await.unwrap().to_vec(), b"yt");
}

#[tokio::test]
async fn parts_that_are_not_those_that_were_sent_are_refused() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let first = upload.part(1, &bytes(1, 5 * MIB)).await;
    let second = upload.part(2, b"the end").await;
    let edit = |edit: fn(&mut CompletedPart)| {
        let mut part = second.clone();
        edit(&mut part);
        part
    };
    let other_e_tag = edit(|part| part.e_tag = Some("\"0\"".to_owned()));
    let other_checksum = edit(|part| part.checksum_sha256 = Some(sha256(b"another end")));
    let no_checksum = edit(|part| part.checksum_sha256 = None);
    let gap = edit(|part| part.part_number = Some(3));
    for (parts, code) in [
        (vec![first.clone(), other_e_tag], "InvalidPart"),
        (vec![first.clone(), other_checksum], "InvalidPart"),
        (vec![first.clone(), gap], "InvalidPartOrder"),
        (vec![first.clone(), no_checksum], "InvalidRequest"),
        (vec![second.clone(), first.clone()], "InvalidPartOrder"),
        (vec![first.clone(), first.clone()], "InvalidPartOrder"),
        (vec![], "MalformedXML"),
    ] {
        let error = upload.complete(parts).await.unwrap_err();
        assert_eq!(refusal(&error), (400, code.to_owned()));
    }
    let nothing_sent = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let error = nothing_sent.complete([first.clone()]).await.unwrap_err();
    assert_eq!(refusal(&error), (400, "InvalidPart".to_owned()));
    upload.complete([first, second]).await.unwrap();
}

#[tokio::test]
async fn only_the_last_part_may_be_small() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let parts = [upload.part(1, &bytes(1, 5 * MIB - 1)).await, upload.part(2, b"the end").await];
    let error = upload.complete(parts).await.unwrap_err();
    assert_eq!(refusal(&error), (400, "EntityTooSmall".to_owned()));
}

#[tokio::test]
async fn an_upload_is_completed_once() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = upload.part(1, b"bytes").await;
    let (one, other) = tokio::join!(upload.complete([part.clone()]), upload.complete([part]));
    let (completed, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    completed.unwrap();
    assert_eq!(refusal(&refused.unwrap_err()), (404, "NoSuchUpload".to_owned()));
}

#[tokio::test]
async fn a_key_that_is_taken_stays_as_it_is() {
    let bucket = Bucket::new().await;
    bucket.put("a/imr.pdf", b"first").await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = upload.part(1, b"second").await;
    let taken = (412, "PreconditionFailed".to_owned());
    assert_eq!(refusal(&upload.complete([part]).await.unwrap_err()), taken);
    let put = bucket.client.put_object().bucket(NAME).key("a/imr.pdf").if_none_match("*");
    let error = put.body(b"third".to_vec().into()).send().await.unwrap_err();
    assert_eq!(refusal(&error), taken);
    let object = bucket.client.get_object().bucket(NAME).key("a/imr.pdf").send().await.unwrap();
    assert_eq!(&object.body.collect().await.unwrap().to_vec(), b"first");
    assert_eq!(upload.numbers().await, [1]);
}

#[tokio::test]
async fn the_checksum_of_the_whole_is_compared_when_it_is_sent() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a/imr.pdf").await;
    let part = upload.part(1, b"bytes").await;
    let parts = aws_sdk_s3::types::CompletedMultipartUpload::builder().parts(part).build();
    let complete = |checksum: &str, checksum_type: ChecksumType| {
        let complete = bucket.client.complete_multipart_upload().bucket(NAME).key("a/imr.pdf");
        let complete = complete.upload_id(&upload.id).multipart_upload(parts.clone());
        complete.checksum_sha256(checksum).checksum_type(checksum_type).send()
    };
    let whole = composite(&[b"bytes"]);
    for (checksum, checksum_type) in [
        (sha256(b"bytes").as_str(), ChecksumType::Composite),
        (whole.as_str(), ChecksumType::FullObject),
    ] {
        let error = complete(checksum, checksum_type).await.unwrap_err();
        assert_eq!(refusal(&error), (400, "BadDigest".to_owned()));
    }
    complete(&whole, ChecksumType::Composite).await.unwrap();
}
