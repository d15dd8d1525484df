//! What S3 says no with.

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfigError;

use crate::fault::Fault;

/// The service's own code for the error, where the service answered.
pub(super) fn code<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// This function was started without a bucket.
pub(super) fn no_bucket() -> Fault {
    Fault::give_up("reach the documents", "this function has no DOCUMENTS_BUCKET")
}

/// An answer that lacks what it must have.
pub(super) fn nonsense(what: &'static str) -> Fault {
    Fault::give_up("understand S3's answer", what)
}

/// A lifetime that no link can have.
pub(super) fn cannot_sign(error: PresigningConfigError) -> Fault {
    Fault::give_up("sign a link", error)
}
