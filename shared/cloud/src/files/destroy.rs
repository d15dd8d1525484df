//! The documents of a disposed case, deleted.

use review::values::{CspId, Reference};

use super::{Files, key};
use crate::fault::Fault;

impl Files {
    /// The keys of all documents of a case, wanted or not: of unfinished uploads there is none.
    ///
    /// # Errors
    /// A [`Fault`] of S3.
    pub async fn of_case(&self, csp: &CspId, reference: &Reference) -> Result<Vec<String>, Fault> {
        let list = self.client.get().list_objects_v2().bucket(self.bucket()?);
        let mut pages = list.prefix(key::prefix(csp, reference)).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Fault::sdk("list the documents of a case", error))?;
            keys.extend(page.contents.into_iter().flatten().filter_map(|object| object.key));
        }
        Ok(keys)
    }

    /// Deletes every document of a case; what arrives later is found by the next call. In a
    /// bucket with versions, what was deleted can be brought back until its lifecycle ends it, as
    /// the tables can until their backups end. Gives how many documents were deleted.
    ///
    /// # Errors
    /// A [`Fault`] of S3; call again.
    pub async fn destroy(&self, csp: &CspId, reference: &Reference) -> Result<usize, Fault> {
        let keys = self.of_case(csp, reference).await?;
        for key in &keys {
            let delete = self.client.get().delete_object().bucket(self.bucket()?).key(key);
            let deleted = delete.send().await;
            deleted.map_err(|error| Fault::sdk("delete a document of a case", error))?;
        }
        Ok(keys.len())
    }
}
