//! A link by which one document may be read for a minute.

use std::time::Duration;

use super::Files;
use super::disposition::attachment;
use super::upload::expiring;
use crate::fault::Fault;

/// Long enough for a browser to follow a redirect, too short to be passed on.
const READ_WITHIN: Duration = Duration::from_mins(1);

impl Files {
    /// Signs a link that saves the document under `filename`. It opens to whoever has it, so the
    /// reading is recorded before the link is asked for, and the link is never logged.
    ///
    /// # Errors
    /// [`Fault`] where there are no credentials to sign with.
    pub async fn sign_read(
        &self,
        key: &str,
        version_id: Option<&str>,
        filename: &str,
    ) -> Result<String, Fault> {
        let signed = self
            .client
            .get()
            .get_object()
            .bucket(self.bucket()?)
            .key(key)
            .set_version_id(version_id.map(str::to_owned))
            .response_content_disposition(attachment(filename))
            .presigned(expiring(READ_WITHIN)?)
            .await
            .map_err(|error| Fault::sdk("sign a link", error))?;
        Ok(signed.uri().to_owned())
    }
}
