//! The embedded S3 against the SDK and against presigned URLs: what a document's upload leans on
//! in production must be so here.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod browser;
mod bucket;
mod completion;
#[path = "../folder/mod.rs"]
mod folder;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../killed/mod.rs"]
mod killed;
mod objects;
mod parts;
mod presigned;
mod recovery;
mod startup;

use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        complete_multipart_upload::{CompleteMultipartUploadError, CompleteMultipartUploadOutput},
        upload_part::{UploadPartError, UploadPartOutput},
    },
    types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, Part},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use bucket::NAME;

const MIB: usize = 1024 * 1024;

/// The HTTP status and S3's code for an error.
fn refusal<E: ProvideErrorMetadata>(error: &SdkError<E>) -> (u16, String) {
    let status = error.raw_response().unwrap().status().as_u16();
    let code = error.as_service_error().and_then(|error| error.code());
    (status, code.unwrap_or_default().to_owned())
}

fn sha256(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

/// Bytes that differ from part to part and from place to place.
fn bytes(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|at| seed.wrapping_add((at % 251).to_le_bytes()[0])).collect()
}

/// One upload.
struct Upload<'a> {
    client: &'a Client,
    key: String,
    id: String,
}

impl<'a> Upload<'a> {
    /// Begins an upload with SHA-256 checksums.
    async fn begin(client: &'a Client, key: &str) -> Self {
        let begin = client.create_multipart_upload().bucket(NAME).key(key);
        let begin = begin.content_type("application/pdf");
        let begin = begin.checksum_algorithm(ChecksumAlgorithm::Sha256);
        let id = begin.send().await.unwrap().upload_id.unwrap();
        Self::resume(client, key, id)
    }

    fn resume(client: &'a Client, key: &str, id: String) -> Self {
        let key = key.to_owned();
        Self { client, key, id }
    }

    /// Sends a part and says which checksum it has.
    async fn send(
        &self,
        number: i32,
        bytes: &[u8],
        checksum: &str,
    ) -> Result<UploadPartOutput, SdkError<UploadPartError>> {
        let part = self.client.upload_part().bucket(NAME).key(&self.key);
        let part = part.upload_id(&self.id).part_number(number);
        let part = part.checksum_sha256(checksum);
        part.body(bytes.to_vec().into()).send().await
    }

    /// Sends a part whole, for the list of a completion.
    async fn part(&self, number: i32, bytes: &[u8]) -> CompletedPart {
        let kept = self.send(number, bytes, &sha256(bytes)).await.unwrap();
        CompletedPart::builder()
            .part_number(number)
            .set_e_tag(kept.e_tag)
            .set_checksum_sha256(kept.checksum_sha256)
            .build()
    }

    async fn complete(
        &self,
        parts: impl IntoIterator<Item = CompletedPart>,
    ) -> Result<CompleteMultipartUploadOutput, SdkError<CompleteMultipartUploadError>> {
        let parts = parts.into_iter().collect();
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts));
        let complete = self.client.complete_multipart_upload().bucket(NAME);
        let complete = complete.key(&self.key).upload_id(&self.id);
        let complete = complete.multipart_upload(parts.build());
        complete.if_none_match("*").send().await
    }

    /// The parts that the server has, as a completion lists them.
    async fn listed(&self) -> Vec<CompletedPart> {
        let list = self.client.list_parts().bucket(NAME).key(&self.key);
        let parts = list.upload_id(&self.id).send().await.unwrap().parts;
        let completed = |part: Part| {
            CompletedPart::builder()
                .set_part_number(part.part_number)
                .set_e_tag(part.e_tag)
                .set_checksum_sha256(part.checksum_sha256)
                .build()
        };
        parts.unwrap_or_default().into_iter().map(completed).collect()
    }

    /// The numbers of the parts that the server has.
    async fn numbers(&self) -> Vec<i32> {
        let listed = self.listed().await;
        listed.iter().filter_map(CompletedPart::part_number).collect()
    }
}

/// The recipe in the documentation: hash each part, hash the hashes, add the number of parts.
fn composite<T: AsRef<[u8]>>(parts: &[T]) -> String {
    let digests: Vec<u8> = parts.iter().flat_map(Sha256::digest).collect();
    format!("{}-{}", STANDARD.encode(Sha256::digest(digests)), parts.len())
}
