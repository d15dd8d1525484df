//! Objects that were put in one go, and those that are not there.

use aws_sdk_s3::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut,
    },
    error::BoxError,
    primitives::{ByteStream, SdkBody},
    types::ChecksumMode,
};
use local::backend::s3::ObjectCreated;

use crate::{
    Upload,
    bucket::{self, Bucket, NAME},
    refusal, sha256,
};

#[tokio::test]
async fn an_object_is_put_and_read() {
    let bucket = Bucket::new().await;
    let put = bucket.client.put_object().bucket(NAME).key("a").checksum_sha256(sha256(b"bytes"));
    put.body(b"bytes".to_vec().into()).send().await.unwrap();
    let get = bucket.client.get_object().bucket(NAME).key("a");
    let object = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(object.checksum_sha256, Some(sha256(b"bytes")));
    assert_eq!(&object.body.collect().await.unwrap().to_vec(), b"bytes");
}

#[tokio::test]
async fn an_object_is_put_from_a_file_with_a_trailing_checksum() {
    let bucket = Bucket::new().await;
    let file = bucket.folder().join("file");
    std::fs::write(&file, crate::bytes(1, crate::MIB)).unwrap();
    let body = ByteStream::from_path(&file).await.unwrap();
    let put = bucket.client.put_object().bucket(NAME).key("a").body(body);
    put.send().await.unwrap();
    let head = bucket.client.head_object().bucket(NAME).key("a").send().await.unwrap();
    assert_eq!(head.content_length, Some(1024 * 1024));
}

#[tokio::test]
async fn an_object_with_another_checksum_than_its_bytes_is_refused_and_not_kept() {
    let bucket = Bucket::new().await;
    let put = bucket.client.put_object().bucket(NAME).key("a").checksum_sha256(sha256(b"sent"));
    let error = put.body(b"came".to_vec().into()).send().await.unwrap_err();
    assert_eq!(refusal(&error), (400, "BadDigest".to_owned()));
    let head = bucket.client.head_object().bucket(NAME).key("a").send().await;
    assert!(head.unwrap_err().into_service_error().is_not_found());
    assert!(bucket.s3.objects().completed().is_empty());
}

/// Changes a body that has been signed.
#[derive(Debug)]
struct Tamper;

impl Intercept for Tamper {
    fn name(&self) -> &'static str {
        "Tamper"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        *context.request_mut().body_mut() = SdkBody::from("tampered");
        Ok(())
    }
}

#[tokio::test]
async fn a_body_that_was_changed_on_its_way_is_refused_and_not_kept() {
    let bucket = Bucket::new().await;
    let put = bucket.client.put_object().bucket(NAME).key("a");
    let put = put.checksum_sha256(sha256(b"tampered")).body(b"original".to_vec().into());
    let error = put.customize().interceptor(Tamper).send().await.unwrap_err();
    assert_eq!(refusal(&error), (400, "XAmzContentSHA256Mismatch".to_owned()));
    assert!(bucket.s3.objects().completed().is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_typed() {
    let bucket = Bucket::new().await;
    bucket.put("folder/a", b"bytes").await;
    for key in ["none", "folder"] {
        let get = bucket.client.get_object().bucket(NAME).key(key).send().await;
        assert!(get.unwrap_err().into_service_error().is_no_such_key(), "{key}");
        let head = bucket.client.head_object().bucket(NAME).key(key).send().await;
        assert!(head.unwrap_err().into_service_error().is_not_found(), "{key}");
    }
    let missing = (404, "NoSuchBucket".to_owned());
    let get = bucket.client.get_object().bucket("nowhere").key("a").send().await;
    assert_eq!(refusal(&get.unwrap_err()), missing);
    let put = bucket.client.put_object().bucket("nowhere").key("a").send().await;
    assert_eq!(refusal(&put.unwrap_err()), missing);
    let begin = bucket.client.create_multipart_upload().bucket("nowhere").key("a").send().await;
    assert_eq!(refusal(&begin.unwrap_err()), missing);
}

#[tokio::test]
async fn of_those_who_put_a_new_object_at_once_one_succeeds() {
    let bucket = Bucket::new().await;
    let puts = (0..16_u8).map(|number| {
        let put = bucket.client.put_object().bucket(NAME).key("a");
        put.if_none_match("*").body(vec![number].into()).send()
    });
    let outcomes = futures::future::join_all(puts).await;
    let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for outcome in refused {
        let precondition = (412, "PreconditionFailed".to_owned());
        assert_eq!(refusal(&outcome.unwrap_err()), precondition);
    }
}

#[tokio::test]
async fn a_key_that_would_leave_its_bucket_is_refused() {
    let bucket = Bucket::new().await;
    for key in ["../escaped", "a/../../escaped", "/escaped"] {
        let put = bucket.client.put_object().bucket(NAME).key(key);
        let put = put.body(b"bytes".to_vec().into()).send().await;
        assert_eq!(refusal(&put.unwrap_err()), (400, "InvalidArgument".to_owned()), "{key}");
    }
}

#[tokio::test]
async fn another_secret_signs_nothing() {
    let bucket = Bucket::new().await;
    let stranger = bucket::client(bucket.s3.endpoint(), "another secret");
    let error = stranger.get_object().bucket(NAME).key("a").send().await.unwrap_err();
    assert_eq!(refusal(&error), (403, "SignatureDoesNotMatch".to_owned()));
}

#[tokio::test]
async fn new_objects_are_announced_and_deleted_ones_forgotten() {
    let bucket = Bucket::new().await;
    let objects = bucket.s3.objects().clone();
    bucket.put("a", b"bytes").await;
    objects.created().await;
    let upload = Upload::begin(&bucket.client, "b").await;
    let part = upload.part(1, b"in parts").await;
    assert_eq!(objects.completed().len(), 1);
    let e_tag = upload.complete([part]).await.unwrap().e_tag.unwrap();
    objects.created().await;
    let created = ObjectCreated {
        bucket: NAME.to_owned(),
        key: "b".to_owned(),
        e_tag: e_tag.trim_matches('"').to_owned(),
        size: 8,
    };
    assert_eq!(objects.completed().last(), Some(&created));
    bucket.client.delete_object().bucket(NAME).key("a").send().await.unwrap();
    assert_eq!(objects.completed(), [created]);
}

#[tokio::test]
async fn other_bytes_under_the_same_key_have_their_own_checksum() {
    let bucket = Bucket::new().await;
    let upload = Upload::begin(&bucket.client, "a").await;
    let part = upload.part(1, b"in parts").await;
    upload.complete([part]).await.unwrap();
    bucket.put("a", b"in one go").await;
    let head = bucket.client.head_object().bucket(NAME).key("a");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.checksum_sha256, None);
    assert!(!head.e_tag.unwrap().contains('-'));
}
