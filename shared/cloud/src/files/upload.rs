//! An upload in parts, from its beginning to the hash it came to.

use std::time::Duration;

use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
};
use review::values::Hash;

use super::fault::{self, code};
use super::{Completed, Files, Part, PresignedPart, UploadError};
use crate::fault::Fault;

/// Size of every part but the last, in bytes: 8 MiB.
pub const PART_SIZE: u64 = 8 * 1024 * 1024;

/// For how long a part may be sent after it was asked for: long enough for 8 MiB on a poor line.
const SEND_WITHIN: Duration = Duration::from_mins(15);

/// What S3 answers for an upload that is finished, given up or never was.
const NO_SUCH_UPLOAD: &str = "NoSuchUpload";

impl Files {
    /// The bucket, for the functions that have one.
    pub(super) fn bucket(&self) -> Result<&str, Fault> {
        self.bucket.as_deref().ok_or_else(fault::no_bucket)
    }

    /// Begins an upload and gives S3's id of it.
    ///
    /// # Errors
    /// [`Fault`] where S3 did not begin it.
    pub async fn begin(&self, key: &str, content_type: &str) -> Result<String, Fault> {
        let begun = self
            .client
            .get()
            .create_multipart_upload()
            .bucket(self.bucket()?)
            .key(key)
            .content_type(content_type)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_type(ChecksumType::Composite)
            .send()
            .await
            .map_err(|error| Fault::sdk("begin an upload", error))?;
        begun.upload_id.ok_or_else(|| fault::nonsense("S3 gave no id for an upload"))
    }

    /// Signs a link for one part of `len` bytes whose SHA-256 is `sha256_base64`. S3 refuses any
    /// other content.
    ///
    /// # Errors
    /// [`Fault`] where there are no credentials to sign with.
    pub async fn sign_part(
        &self,
        key: &str,
        upload_id: &str,
        number: i32,
        sha256_base64: &str,
        len: u64,
    ) -> Result<PresignedPart, Fault> {
        let len = i64::try_from(len).map_err(|_| fault::nonsense("a part is far too long"))?;
        let signed = self
            .client
            .get()
            .upload_part()
            .bucket(self.bucket()?)
            .key(key)
            .upload_id(upload_id)
            .part_number(number)
            .checksum_sha256(sha256_base64)
            .content_length(len)
            .presigned(expiring(SEND_WITHIN)?)
            .await
            .map_err(|error| Fault::sdk("sign a part", error))?;
        Ok(PresignedPart {
            url: signed.uri().to_owned(),
            headers: signed
                .headers()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            expires_in: SEND_WITHIN.as_secs(),
        })
    }

    /// The parts that S3 has, in order, so that an upload can go on where it stopped.
    ///
    /// # Errors
    /// [`UploadError::Gone`] once the upload is finished or given up.
    pub async fn parts(&self, key: &str, upload_id: &str) -> Result<Vec<Part>, UploadError> {
        let mut parts = Vec::new();
        let mut after = None;
        loop {
            let page = self
                .client
                .get()
                .list_parts()
                .bucket(self.bucket()?)
                .key(key)
                .upload_id(upload_id)
                .set_part_number_marker(after)
                .send()
                .await
                .map_err(|error| match code(&error) {
                    Some(NO_SUCH_UPLOAD) => UploadError::Gone,
                    Some(_) | None => Fault::sdk("list the parts of an upload", error).into(),
                })?;
            for part in page.parts() {
                parts.push(
                    read_part(part).ok_or_else(|| fault::nonsense("S3 left out what a part is"))?,
                );
            }
            if page.is_truncated() != Some(true) {
                return Ok(parts);
            }
            after = page.next_part_number_marker;
        }
    }

    /// Makes an object of the parts. Asked again, it gives the same answer.
    ///
    /// # Errors
    /// [`UploadError::Empty`] and [`UploadError::Incomplete`] where the parts are not all there;
    /// [`UploadError::Gone`] where neither the upload nor its object exists.
    pub async fn complete(&self, key: &str, upload_id: &str) -> Result<Completed, UploadError> {
        let parts = match self.parts(key, upload_id).await {
            Ok(parts) => parts,
            Err(UploadError::Gone) => return self.completed(key).await,
            Err(error) => return Err(error),
        };
        if parts.is_empty() {
            return Err(UploadError::Empty);
        }
        let size = parts.iter().map(|part| part.size).sum();
        let listed = parts.into_iter().map(|part| {
            CompletedPart::builder()
                .part_number(part.number)
                .e_tag(part.etag)
                .checksum_sha256(part.sha256)
                .build()
        });
        let whole = CompletedMultipartUpload::builder().set_parts(Some(listed.collect())).build();
        let done = self
            .client
            .get()
            .complete_multipart_upload()
            .bucket(self.bucket()?)
            .key(key)
            .upload_id(upload_id)
            .checksum_type(ChecksumType::Composite)
            .if_none_match("*")
            .multipart_upload(whole)
            .send()
            .await;
        match done {
            Ok(done) => Ok(Completed {
                hash: hash(done.checksum_sha256())?,
                size,
                version_id: done.version_id,
            }),
            Err(error) => match code(&error) {
                // Finished by an earlier request whose answer was lost, or by one beside it.
                Some(NO_SUCH_UPLOAD | "PreconditionFailed") => self.completed(key).await,
                Some("EntityTooSmall" | "InvalidPart" | "InvalidPartOrder") => {
                    Err(UploadError::Incomplete)
                }
                Some(_) | None => Err(Fault::sdk("complete an upload", error).into()),
            },
        }
    }

    /// What the key holds, for an upload that is not open any more.
    async fn completed(&self, key: &str) -> Result<Completed, UploadError> {
        let object = self
            .client
            .get()
            .head_object()
            .bucket(self.bucket()?)
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(HeadObjectError::NotFound(_)) => UploadError::Gone,
                Some(_) | None => Fault::sdk("look at an object", error).into(),
            })?;
        let size = object.content_length().and_then(|size| u64::try_from(size).ok());
        Ok(Completed {
            hash: hash(object.checksum_sha256())?,
            size: size.ok_or_else(|| fault::nonsense("S3 gave no size of an object"))?,
            version_id: object.version_id,
        })
    }

    /// Gives an upload up; S3 forgets its parts. One that is gone already is given up.
    ///
    /// # Errors
    /// [`Fault`] where S3 did not do it.
    pub async fn abort(&self, key: &str, upload_id: &str) -> Result<(), Fault> {
        let aborted = self
            .client
            .get()
            .abort_multipart_upload()
            .bucket(self.bucket()?)
            .key(key)
            .upload_id(upload_id)
            .send()
            .await;
        match aborted {
            Ok(_) => Ok(()),
            Err(error) if code(&error) == Some(NO_SUCH_UPLOAD) => Ok(()),
            Err(error) => Err(Fault::sdk("give an upload up", error)),
        }
    }
}

pub(super) fn expiring(within: Duration) -> Result<PresigningConfig, Fault> {
    PresigningConfig::expires_in(within).map_err(fault::cannot_sign)
}

fn hash(composite: Option<&str>) -> Result<Hash, Fault> {
    composite
        .and_then(|composite| Hash::parse(composite).ok())
        .ok_or_else(|| fault::nonsense("S3 gave no composite SHA-256 of an object"))
}

fn read_part(part: &aws_sdk_s3::types::Part) -> Option<Part> {
    Some(Part {
        number: part.part_number()?,
        size: u64::try_from(part.size()?).ok()?,
        sha256: part.checksum_sha256()?.to_owned(),
        etag: part.e_tag()?.to_owned(),
    })
}
