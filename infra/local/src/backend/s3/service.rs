//! The operations of S3 that this server has. Those not named here answer `NotImplemented`.

use std::{io::Error, mem, path::Path};

use s3s::{
    S3, S3Request, S3Response, S3Result,
    dto::{self, ChecksumMode, ChecksumType, ETag},
};

use super::{
    checksums::Verifier,
    durable,
    store::Store,
    streams::{concatenation, internal, receive},
};

/// Exchanges the checksums of an answer, which are fields of the same names in different types,
/// for those given.
macro_rules! swap_checksums {
    ($output:expr, $checksum:expr) => {
        mem::swap(&mut $output.checksum_crc32, &mut $checksum.checksum_crc32);
        mem::swap(&mut $output.checksum_crc32c, &mut $checksum.checksum_crc32c);
        mem::swap(&mut $output.checksum_crc64nvme, &mut $checksum.checksum_crc64nvme);
        mem::swap(&mut $output.checksum_sha1, &mut $checksum.checksum_sha1);
        mem::swap(&mut $output.checksum_sha256, &mut $checksum.checksum_sha256);
        mem::swap(&mut $output.checksum_type, &mut $checksum.checksum_type);
    };
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn create_bucket(
        &self,
        request: S3Request<dto::CreateBucketInput>,
    ) -> S3Result<S3Response<dto::CreateBucketOutput>> {
        self.files.create_bucket(request).await
    }

    async fn head_bucket(
        &self,
        request: S3Request<dto::HeadBucketInput>,
    ) -> S3Result<S3Response<dto::HeadBucketOutput>> {
        self.files.head_bucket(request).await
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<dto::GetBucketLocationInput>,
    ) -> S3Result<S3Response<dto::GetBucketLocationOutput>> {
        self.files.get_bucket_location(request).await
    }

    async fn list_buckets(
        &self,
        request: S3Request<dto::ListBucketsInput>,
    ) -> S3Result<S3Response<dto::ListBucketsOutput>> {
        self.files.list_buckets(request).await
    }

    async fn list_objects(
        &self,
        request: S3Request<dto::ListObjectsInput>,
    ) -> S3Result<S3Response<dto::ListObjectsOutput>> {
        self.files.list_objects(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<dto::ListObjectsV2Input>,
    ) -> S3Result<S3Response<dto::ListObjectsV2Output>> {
        self.files.list_objects_v2(request).await
    }

    async fn put_object(
        &self,
        request: S3Request<dto::PutObjectInput>,
    ) -> S3Result<S3Response<dto::PutObjectOutput>> {
        let path = self.incoming();
        let response = self.put(request, &path).await;
        durable::remove(&path).await.map_err(internal)?;
        response
    }

    async fn head_object(
        &self,
        request: S3Request<dto::HeadObjectInput>,
    ) -> S3Result<S3Response<dto::HeadObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let asked = asks_for_checksum(request.input.checksum_mode.as_ref());
        self.require_object(&bucket, &key).await?;
        let mut response = self.files.head_object(request).await?;
        let output = &mut response.output;
        let mut checksum = dto::Checksum::default();
        swap_checksums!(output, checksum);
        self.recall(&bucket, &key, &mut output.e_tag, &mut checksum).await?;
        if asked {
            swap_checksums!(output, checksum);
        }
        Ok(response)
    }

    async fn get_object(
        &self,
        request: S3Request<dto::GetObjectInput>,
    ) -> S3Result<S3Response<dto::GetObjectOutput>> {
        let input = &request.input;
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        let asked = asks_for_checksum(input.checksum_mode.as_ref());
        let content_disposition = input.response_content_disposition.clone();
        let content_type = input.response_content_type.clone();
        let cache_control = input.response_cache_control.clone();
        self.require_object(&bucket, &key).await?;
        let mut response = self.files.get_object(request).await?;
        let output = &mut response.output;
        let mut checksum = dto::Checksum::default();
        swap_checksums!(output, checksum);
        self.recall(&bucket, &key, &mut output.e_tag, &mut checksum).await?;
        if asked && output.content_range.is_none() {
            swap_checksums!(output, checksum);
        }
        output.content_disposition = content_disposition.or(output.content_disposition.take());
        output.content_type = content_type.or(output.content_type.take());
        output.cache_control = cache_control.or(output.cache_control.take());
        Ok(response)
    }

    async fn delete_object(
        &self,
        request: S3Request<dto::DeleteObjectInput>,
    ) -> S3Result<S3Response<dto::DeleteObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        self.path(&bucket, &key)?;
        let _lock = self.uploads().await;
        let response = self.files.delete_object(request).await?;
        self.objects().remove(&bucket, &key);
        let forgotten = self.completed().remove(&bucket, &key).await;
        forgotten.map_err(internal)?;
        Ok(response)
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<dto::CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<dto::CreateMultipartUploadOutput>> {
        self.create(request.input).await.map(S3Response::new)
    }

    async fn upload_part(
        &self,
        request: S3Request<dto::UploadPartInput>,
    ) -> S3Result<S3Response<dto::UploadPartOutput>> {
        self.part(request).await.map(S3Response::new)
    }

    async fn list_parts(
        &self,
        request: S3Request<dto::ListPartsInput>,
    ) -> S3Result<S3Response<dto::ListPartsOutput>> {
        self.parts(request.input).await.map(S3Response::new)
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<dto::CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<dto::CompleteMultipartUploadOutput>> {
        self.complete(request.input).await.map(S3Response::new)
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<dto::AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<dto::AbortMultipartUploadOutput>> {
        self.abort(request.input).await?;
        Ok(S3Response::new(dto::AbortMultipartUploadOutput::default()))
    }
}

impl Store {
    /// Takes the body in at this path and then makes it the object: `s3s-fs` compares checksums
    /// only when the object is in place.
    async fn put(
        &self,
        mut request: S3Request<dto::PutObjectInput>,
        path: &Path,
    ) -> S3Result<S3Response<dto::PutObjectOutput>> {
        let input = &mut request.input;
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        self.require_bucket(&bucket).await?;
        let body = input.body.take().unwrap_or_else(|| s3s::Body::empty().into());
        let verifier = Verifier::new(&request.headers, request.trailing_headers.clone())?;
        receive(body, verifier, path).await?;
        request.input.body = Some(concatenation(vec![path.to_owned()]));
        let _lock = self.uploads().await;
        let response = self.write(request).await?;
        if !key.ends_with('/') {
            self.announce(&bucket, &key).await?;
        }
        Ok(response)
    }

    /// Corrects an object's `ETag` and checksum to those of S3, if it was uploaded in parts; of
    /// other objects `s3s-fs` knows them.
    async fn recall(
        &self,
        bucket: &str,
        key: &str,
        e_tag: &mut Option<ETag>,
        checksum: &mut dto::Checksum,
    ) -> S3Result<()> {
        let file_md5 = e_tag.as_ref().map(ETag::value);
        let completed = self.completed().read(bucket, key, file_md5).await;
        let of_type = if let Some(completed) = completed.map_err(|e| internal(Error::other(e)))? {
            *e_tag = Some(ETag::Strong(completed.e_tag));
            checksum.checksum_sha256 = completed.checksum_sha256;
            ChecksumType::COMPOSITE
        } else {
            ChecksumType::FULL_OBJECT
        };
        if *checksum != dto::Checksum::default() {
            checksum.checksum_type = Some(ChecksumType::from_static(of_type));
        }
        Ok(())
    }
}

fn asks_for_checksum(mode: Option<&ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED)
}
