//! Whether the parts that a completion lists are the parts that are here.

use std::io::ErrorKind;

use s3s::{
    S3Error, S3Result,
    dto::{CompleteMultipartUploadInput, CompletedPart, ETag},
    s3_error,
};

use super::{
    checksums::{composite_e_tag, composite_sha256, composite_type},
    streams::internal,
    uploads::{Part, Upload},
};

/// Every part but the last is at least this long.
const SMALLEST_PART: u64 = 5 * 1024 * 1024;

impl Upload {
    /// The numbers of the parts that the completion lists, if it may be carried through.
    pub fn accept(&self, input: &CompleteMultipartUploadInput) -> S3Result<Vec<i32>> {
        let listed = input.multipart_upload.as_ref();
        let listed = listed.and_then(|upload| upload.parts.as_deref()).unwrap_or_default();
        if listed.is_empty() {
            return Err(s3_error!(
                MalformedXML,
                "The XML you provided was not well-formed or did not validate against our \
                 published schema"
            ));
        }
        let numbers: Vec<i32> = listed.iter().filter_map(|part| part.part_number).collect();
        let ascending = numbers.is_sorted_by(|one, next| one < next);
        let consecutive = numbers.iter().copied().eq((1..).take(numbers.len()));
        if numbers.len() < listed.len() || !ascending || (self.sha256 && !consecutive) {
            return Err(s3_error!(
                InvalidPartOrder,
                "The list of parts was not in ascending order. Parts must be ordered by part number."
            ));
        }
        for (index, (number, part)) in numbers.iter().zip(listed).enumerate() {
            let kept = self.matching(*number, part)?;
            if index + 1 < listed.len() && kept.size < SMALLEST_PART {
                return Err(s3_error!(
                    EntityTooSmall,
                    "Your proposed upload is smaller than the minimum allowed size"
                ));
            }
        }
        self.check_whole(input, &numbers)?;
        Ok(numbers)
    }

    /// The parts of these numbers.
    pub fn select(&self, numbers: &[i32]) -> S3Result<Vec<&Part>> {
        let part = |number| self.parts.get(number).ok_or_else(damaged);
        numbers.iter().map(part).collect()
    }

    /// The `ETag` of these parts together and, for an upload with checksums, their SHA-256.
    pub fn composite(&self, parts: &[&Part]) -> S3Result<(String, Option<String>)> {
        let e_tags = parts.iter().map(|part| part.e_tag.as_str());
        let e_tag = composite_e_tag(e_tags).ok_or_else(damaged)?;
        if !self.sha256 {
            return Ok((e_tag, None));
        }
        let checksums = parts.iter().map(|part| part.checksum_sha256.as_str());
        let checksum = composite_sha256(checksums).ok_or_else(damaged)?;
        Ok((e_tag, Some(checksum)))
    }

    /// The part that is here under this number, if it is the one that is meant.
    fn matching(&self, number: i32, listed: &CompletedPart) -> S3Result<&Part> {
        if self.sha256 && listed.checksum_sha256.is_none() {
            return Err(s3_error!(
                InvalidRequest,
                "The upload was created using a sha256 checksum. The complete request must include \
                 the checksum for each part. It was missing for part {number} in the request."
            ));
        }
        let matches = |part: &&Part| {
            let e_tag = listed.e_tag.as_ref().map(ETag::value);
            let checksum = listed.checksum_sha256.as_ref();
            e_tag == Some(part.e_tag.as_str())
                && checksum.is_none_or(|checksum| *checksum == part.checksum_sha256)
        };
        self.parts.get(&number).filter(matches).ok_or_else(|| {
            s3_error!(
                InvalidPart,
                "One or more of the specified parts could not be found. The part may not have been \
                 uploaded, or the specified entity tag may not match the part's entity tag."
            )
        })
    }

    /// Compares the checksum of the whole and its type, if the completion brings them.
    fn check_whole(&self, input: &CompleteMultipartUploadInput, numbers: &[i32]) -> S3Result<()> {
        let (_, composite) = self.composite(&self.select(numbers)?)?;
        let digest = composite.as_ref().and_then(|composite| composite.split('-').next());
        let sent = input.checksum_sha256.as_deref();
        let same = sent.is_none() || sent == composite.as_deref() || sent == digest;
        let sent_type = input.checksum_type.as_ref();
        if !same || sent_type.is_some_and(|sent| Some(sent) != composite_type(self.sha256).as_ref())
        {
            return Err(s3_error!(
                BadDigest,
                "The sha256 you specified did not match the calculated checksum."
            ));
        }
        Ok(())
    }
}

/// What is said of a record in which someone else has written.
fn damaged() -> S3Error {
    internal(ErrorKind::InvalidData.into())
}
