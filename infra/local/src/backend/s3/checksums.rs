//! Checksums as S3 has them: those that a request declares are compared with the bytes that came,
//! and the checksum of an upload in parts is composed of those of its parts.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderMap;
use s3s::{
    S3Result, TrailingHeaders,
    checksum::ChecksumHasher,
    crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256},
    dto::{ChecksumAlgorithm, ChecksumType},
    s3_error,
};

pub(super) const SHA256: &str = "x-amz-checksum-sha256";
const CRC32: &str = "x-amz-checksum-crc32";
const CRC32C: &str = "x-amz-checksum-crc32c";
const CRC64NVME: &str = "x-amz-checksum-crc64nvme";
const SHA1: &str = "x-amz-checksum-sha1";
const MD5: &str = "content-md5";

/// The headers that may hold a checksum, and the length of its digest.
const DIGEST_LENGTHS: [(&str, usize); 5] =
    [(SHA256, 32), (SHA1, 20), (CRC32, 4), (CRC32C, 4), (CRC64NVME, 8)];

/// What the bytes of a body came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digests {
    pub size: u64,
    pub e_tag: String,
    pub checksum_sha256: String,
}

/// Takes the bytes of a body as they pass, and says at the end whether they are those that were
/// declared in the headers or in the trailer.
pub(super) struct Verifier {
    headers: HeaderMap,
    trailers: Option<TrailingHeaders>,
    size: u64,
    md5: Md5,
    hasher: ChecksumHasher,
}

impl Verifier {
    /// # Errors
    ///
    /// A declared checksum is not the Base64 of a digest.
    pub fn new(headers: &HeaderMap, trailers: Option<TrailingHeaders>) -> S3Result<Self> {
        for (name, length) in DIGEST_LENGTHS {
            if let Some(value) = headers.get(name)
                && STANDARD.decode(value).map(|digest| digest.len()).ok() != Some(length)
            {
                return Err(s3_error!(InvalidRequest, "Value for {name} header is invalid."));
            }
        }
        let hasher = ChecksumHasher {
            crc32: declares(headers, CRC32).then(Crc32::new),
            crc32c: declares(headers, CRC32C).then(Crc32c::new),
            crc64nvme: declares(headers, CRC64NVME).then(Crc64Nvme::new),
            sha1: declares(headers, SHA1).then(Sha1::new),
            sha256: Some(Sha256::new()),
        };
        Ok(Self { headers: headers.clone(), trailers, size: 0, md5: Md5::new(), hasher })
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.md5.update(bytes);
        self.hasher.update(bytes);
    }

    /// # Errors
    ///
    /// The bytes are not those that were declared.
    pub fn finish(self) -> S3Result<Digests> {
        let md5 = self.md5.finalize();
        if let Some(sent) = self.headers.get(MD5)
            && sent.as_bytes() != STANDARD.encode(md5).as_bytes()
        {
            return Err(s3_error!(
                BadDigest,
                "The Content-MD5 you specified did not match what we received."
            ));
        }
        let trailers = self.trailers.and_then(|trailers| trailers.read(HeaderMap::clone));
        let computed = self.hasher.finalize();
        for (name, value) in [
            (SHA256, computed.checksum_sha256.as_deref()),
            (SHA1, computed.checksum_sha1.as_deref()),
            (CRC32, computed.checksum_crc32.as_deref()),
            (CRC32C, computed.checksum_crc32c.as_deref()),
            (CRC64NVME, computed.checksum_crc64nvme.as_deref()),
        ] {
            let trailer = trailers.as_ref().and_then(|trailers| trailers.get(name));
            let sent = self.headers.get(name).or(trailer);
            if sent.is_some_and(|sent| Some(sent.as_bytes()) != value.map(str::as_bytes)) {
                let algorithm = algorithm(name).to_uppercase();
                return Err(s3_error!(
                    BadDigest,
                    "The {algorithm} you specified did not match the calculated checksum."
                ));
            }
        }
        Ok(Digests {
            size: self.size,
            e_tag: e_tag(md5),
            checksum_sha256: computed.checksum_sha256.unwrap_or_default(),
        })
    }
}

/// Whether the request brings this checksum, be it as a header or behind the body.
pub(super) fn declares(headers: &HeaderMap, name: &str) -> bool {
    headers.contains_key(name)
        || headers
            .get_all("x-amz-trailer")
            .iter()
            .filter_map(|names| names.to_str().ok())
            .flat_map(|names| names.split(','))
            .any(|trailer| trailer.trim().eq_ignore_ascii_case(name))
}

/// The algorithm of the checksum that the request brings, in the word that S3's errors have for it.
pub(super) fn declared_algorithm(headers: &HeaderMap) -> &'static str {
    DIGEST_LENGTHS
        .into_iter()
        .find(|(name, _)| declares(headers, name))
        .map_or("null", |(name, _)| algorithm(name))
}

fn algorithm(header: &'static str) -> &'static str {
    header.rsplit_once('-').map_or(header, |(_, algorithm)| algorithm)
}

/// The checksum algorithm of an upload that was begun with SHA-256.
pub(super) fn sha256_algorithm(sha256: bool) -> Option<ChecksumAlgorithm> {
    sha256.then(|| ChecksumAlgorithm::from_static(ChecksumAlgorithm::SHA256))
}

/// The type that such an upload's checksum has.
pub(super) fn composite_type(sha256: bool) -> Option<ChecksumType> {
    sha256.then(|| ChecksumType::from_static(ChecksumType::COMPOSITE))
}

/// The `ETag` of an upload in parts: the MD5 of its parts' MD5s and their number.
pub(super) fn composite_e_tag<'a>(parts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut md5 = Md5::new();
    let mut count = 0;
    for part in parts {
        md5.update(&u128::from_str_radix(part, 16).ok()?.to_be_bytes());
        count += 1;
    }
    Some(format!("{}-{count}", e_tag(md5.finalize())))
}

/// The checksum of an upload in parts: the SHA-256 of its parts' SHA-256 digests and their number.
pub(super) fn composite_sha256<'a>(parts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut sha256 = Sha256::new();
    let mut count = 0;
    for part in parts {
        sha256.update(&STANDARD.decode(part).ok()?);
        count += 1;
    }
    Some(format!("{}-{count}", STANDARD.encode(sha256.finalize())))
}

fn e_tag(md5: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(md5))
}
