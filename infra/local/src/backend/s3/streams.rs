//! Bytes on their way between the wire and files, a buffer at a time.

use std::{
    io,
    path::{Path, PathBuf},
    vec,
};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::StatusCode;
use s3s::{S3Error, S3ErrorCode, S3Result, StdError, dto::StreamingBlob, s3_error};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncWriteExt, BufWriter},
};

use super::checksums::{Digests, Verifier};

const BUFFER: usize = 256 * 1024;

/// Writes a body to a new file, synced, and says what it came to.
///
/// # Errors
///
/// The body breaks off, is not what was declared, or cannot be written; the file is then of no use.
pub(super) async fn receive(
    mut body: StreamingBlob,
    mut verifier: Verifier,
    path: &Path,
) -> S3Result<Digests> {
    let file = File::create_new(path).await.map_err(internal)?;
    let mut writer = BufWriter::with_capacity(BUFFER, file);
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(broken_off)?;
        verifier.update(&bytes);
        writer.write_all(&bytes).await.map_err(internal)?;
    }
    let digests = verifier.finish()?;
    writer.flush().await.map_err(internal)?;
    writer.get_ref().sync_all().await.map_err(internal)?;
    Ok(digests)
}

/// The bytes of these files, one after the other.
pub(super) fn concatenation(paths: Vec<PathBuf>) -> StreamingBlob {
    let files = Files { waiting: paths.into_iter(), open: None };
    StreamingBlob::wrap(stream::try_unfold(files, |mut files| async {
        let bytes = files.read().await?;
        Ok::<_, io::Error>((!bytes.is_empty()).then_some((bytes, files)))
    }))
}

struct Files {
    waiting: vec::IntoIter<PathBuf>,
    open: Option<File>,
}

impl Files {
    /// The next bytes, or none at the end of the last file.
    async fn read(&mut self) -> io::Result<Bytes> {
        loop {
            if let Some(file) = &mut self.open {
                let mut buffer = vec![0; BUFFER];
                let length = file.read(&mut buffer).await?;
                if length > 0 {
                    buffer.truncate(length);
                    return Ok(buffer.into());
                }
            }
            match self.waiting.next() {
                Some(path) => self.open = Some(File::open(path).await?),
                None => return Ok(Bytes::new()),
            }
        }
    }
}

/// What S3 says of a body that `s3s` could not read to its end. Its errors have no public type,
/// only their names.
fn broken_off(error: StdError) -> S3Error {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        let Ok(code) = "XAmzContentSHA256Mismatch".parse::<S3ErrorCode>();
        let mut mismatch = S3Error::with_message(
            code,
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
        mismatch.set_status_code(StatusCode::BAD_REQUEST);
        mismatch
    } else if text.contains("SignatureMismatch") {
        s3_error!(SignatureDoesNotMatch)
    } else {
        S3Error::with_source(S3ErrorCode::IncompleteBody, error)
    }
}

/// A disk that fails is the server's fault, and worth a line in its log.
pub(super) fn internal(error: io::Error) -> S3Error {
    tracing::error!(%error, "the embedded S3 cannot use its folder");
    S3Error::internal_error(error)
}
