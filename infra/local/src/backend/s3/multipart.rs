//! The five operations of an upload in parts, with the checksums that `s3s-fs` drops.

use std::{collections::BTreeMap, path::Path};

use http::HeaderMap;
use s3s::{
    S3Error, S3Request, S3Result, TrailingHeaders,
    dto::{
        self, AbortMultipartUploadInput, ChecksumAlgorithm, ChecksumType,
        CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CreateMultipartUploadInput,
        CreateMultipartUploadOutput, ETag, ListPartsInput, ListPartsOutput, StreamingBlob,
        Timestamp, UploadPartInput, UploadPartOutput,
    },
    s3_error,
};
use tokio::fs;

use super::{
    checksums::{self, Digests, Verifier, composite_type, sha256_algorithm},
    durable,
    store::{Store, no_such_upload},
    streams::{internal, receive},
    uploads::{Attributes, Part, Upload, Uploads},
};

/// The most parts that one answer lists.
const MAX_PARTS: i32 = 1000;

impl Store {
    pub async fn create(
        &self,
        input: CreateMultipartUploadInput,
    ) -> S3Result<CreateMultipartUploadOutput> {
        self.require_bucket(&input.bucket).await?;
        self.path(&input.bucket, &input.key)?;
        let algorithm = input.checksum_algorithm.as_ref().map(ChecksumAlgorithm::as_str);
        let sha256 = algorithm == Some(ChecksumAlgorithm::SHA256);
        let full_object = ChecksumType::from_static(ChecksumType::FULL_OBJECT);
        if sha256 && input.checksum_type.as_ref() == Some(&full_object) {
            return Err(s3_error!(
                InvalidRequest,
                "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."
            ));
        }
        let upload = Upload {
            bucket: input.bucket.clone(),
            key: input.key.clone(),
            sha256,
            attributes: Attributes::of(&input),
            parts: BTreeMap::new(),
            completing: None,
        };
        let id = self.uploads().await.create(upload).await.map_err(internal)?;
        tracing::debug!(upload_id = id, "upload begun");
        Ok(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            checksum_algorithm: sha256_algorithm(sha256),
            checksum_type: composite_type(sha256),
            upload_id: Some(id),
            ..CreateMultipartUploadOutput::default()
        })
    }

    pub async fn part(&self, request: S3Request<UploadPartInput>) -> S3Result<UploadPartOutput> {
        let S3Request { input, headers, trailing_headers, .. } = request;
        let number = input.part_number;
        if !(1..=10_000).contains(&number) {
            return Err(s3_error!(
                InvalidArgument,
                "Part number must be an integer between 1 and 10000, inclusive"
            ));
        }
        let file = Uploads::new_file(number);
        let (sha256, path) = {
            let uploads = self.uploads().await;
            let upload = uploads.find(&input.upload_id, &input.bucket, &input.key);
            let upload = upload.ok_or_else(no_such_upload)?;
            (upload.sha256, uploads.path(&input.upload_id, &file))
        };
        let body = input.body.unwrap_or_else(|| s3s::Body::empty().into());
        let kept = async {
            let digests = arrive(body, &headers, trailing_headers, sha256, &path).await?;
            let mut uploads = self.uploads().await;
            uploads.find(&input.upload_id, &input.bucket, &input.key).ok_or_else(no_such_upload)?;
            let part = Part::new(file, digests.clone());
            let kept = uploads.keep_part(&input.upload_id, number, part).await;
            kept.map_err(internal)?;
            Ok::<_, S3Error>(digests)
        };
        let digests = match kept.await {
            Ok(digests) => digests,
            Err(refusal) => {
                durable::remove(&path).await.map_err(internal)?;
                return Err(refusal);
            }
        };
        tracing::debug!(upload_id = input.upload_id, number, "part kept");
        Ok(UploadPartOutput {
            e_tag: Some(ETag::Strong(digests.e_tag)),
            checksum_sha256: sha256.then_some(digests.checksum_sha256),
            ..UploadPartOutput::default()
        })
    }

    pub async fn parts(&self, input: ListPartsInput) -> S3Result<ListPartsOutput> {
        let uploads = self.uploads().await;
        let upload =
            uploads.find(&input.upload_id, &input.bucket, &input.key).ok_or_else(no_such_upload)?;
        let max_parts = input.max_parts.unwrap_or(MAX_PARTS).clamp(0, MAX_PARTS);
        let marker = input.part_number_marker.unwrap_or_default();
        let mut rest = upload.parts.range(marker.saturating_add(1)..).peekable();
        let mut parts = Vec::new();
        let mut last = marker;
        while parts.len() < usize::try_from(max_parts).unwrap_or_default()
            && let Some((number, part)) = rest.next()
        {
            let file = fs::metadata(uploads.path(&input.upload_id, &part.file)).await;
            let modified = file.and_then(|file| file.modified()).map_err(internal)?;
            last = *number;
            parts.push(dto::Part {
                checksum_sha256: upload.sha256.then(|| part.checksum_sha256.clone()),
                e_tag: Some(ETag::Strong(part.e_tag.clone())),
                last_modified: Some(Timestamp::from(modified)),
                part_number: Some(*number),
                size: part.size.try_into().ok(),
                ..dto::Part::default()
            });
        }
        let is_truncated = rest.peek().is_some();
        Ok(ListPartsOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            checksum_algorithm: sha256_algorithm(upload.sha256),
            checksum_type: composite_type(upload.sha256),
            is_truncated: Some(is_truncated),
            max_parts: Some(max_parts),
            next_part_number_marker: Some(last),
            part_number_marker: Some(marker),
            parts: Some(parts),
            upload_id: Some(input.upload_id),
            ..ListPartsOutput::default()
        })
    }

    pub async fn complete(
        &self,
        input: CompleteMultipartUploadInput,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let id = input.upload_id.as_str();
        let mut uploads = self.uploads().await;
        let upload = uploads.find(id, &input.bucket, &input.key).ok_or_else(no_such_upload)?;
        if input.if_match.is_some() {
            return Err(s3_error!(NotImplemented, "If-Match on a completion"));
        }
        let numbers = upload.accept(&input)?;
        // What is there may be this very object, if it was accepted before and then a disk failed.
        let first_time = upload.completing.is_none();
        let is_new = input.if_none_match.as_ref().is_some_and(dto::ETagCondition::is_any);
        if first_time && is_new && self.exists(&input.bucket, &input.key).await? {
            return Err(s3_error!(
                PreconditionFailed,
                "At least one of the pre-conditions you specified did not hold"
            ));
        }
        uploads.set_completing(id, numbers).await.map_err(internal)?;
        let completed = self.carry_through(&mut uploads, id).await?;
        tracing::debug!(upload_id = id, "upload completed");
        Ok(CompleteMultipartUploadOutput {
            bucket: Some(completed.bucket),
            key: Some(completed.key),
            e_tag: Some(ETag::Strong(completed.e_tag)),
            checksum_type: composite_type(completed.checksum_sha256.is_some()),
            checksum_sha256: completed.checksum_sha256,
            ..CompleteMultipartUploadOutput::default()
        })
    }

    pub async fn abort(&self, input: AbortMultipartUploadInput) -> S3Result<()> {
        let mut uploads = self.uploads().await;
        uploads.find(&input.upload_id, &input.bucket, &input.key).ok_or_else(no_such_upload)?;
        uploads.remove(&input.upload_id).await.map_err(internal)?;
        tracing::debug!(upload_id = input.upload_id, "upload aborted");
        Ok(())
    }
}

/// Takes in a part's bytes, or refuses them for a checksum that is missing or wrong.
async fn arrive(
    body: StreamingBlob,
    headers: &HeaderMap,
    trailers: Option<TrailingHeaders>,
    sha256: bool,
    path: &Path,
) -> S3Result<Digests> {
    if sha256 && !checksums::declares(headers, checksums::SHA256) {
        return Err(s3_error!(
            InvalidRequest,
            "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum \
             Type: {}",
            checksums::declared_algorithm(headers)
        ));
    }
    receive(body, Verifier::new(headers, trailers)?, path).await
}
