//! Who may do what: a request must be signed, and a presigned URL must have signed every
//! `x-amz-` header that is sent with it. `s3s` verifies the signature but lets further headers
//! pass, which S3 does not: they would change what the URL was given out for.

use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    s3_error,
};

const SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";

/// Lets signed requests pass, and no others.
pub(super) struct Signed;

#[async_trait::async_trait]
impl S3Access for Signed {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        }
        let query = context.uri().query().unwrap_or_default();
        let presigned = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == SIGNED_HEADERS)
            .map(|(_, headers)| headers.into_owned());
        let Some(signed) = presigned else {
            return Ok(());
        };
        let unsigned = context.headers().keys().any(|name| {
            name.as_str().starts_with("x-amz-") && !signed.split(';').any(|signed| signed == name)
        });
        if unsigned {
            return Err(s3_error!(
                AccessDenied,
                "There were headers present in the request which were not signed"
            ));
        }
        Ok(())
    }
}
