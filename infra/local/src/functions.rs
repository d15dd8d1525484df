//! What each function has in its hands. As in Lambda, each has an outside of its own, so that what
//! it asks of AWS can be told from what the others ask.

use cloud::Cloud;
use edge::Gate;

use crate::LocalError;

/// One for each folder of `functions/`.
#[derive(Clone)]
pub struct Functions {
    /// Takes referrals.
    pub referrals: Gate,
    /// Shows cases and acts on them.
    pub casework: Gate,
    /// Administers the partnership.
    pub directory: Gate,
    /// Uploads, reading, the scanner's verdicts.
    pub documents: Gate,
    /// Sweeps and nightly runs.
    pub deadlines: Cloud,
    /// Sends mail.
    pub notices: Cloud,
    /// Takes what SES reports.
    pub receipts: Cloud,
}

impl Functions {
    /// Makes what each needs, by the function's name.
    ///
    /// # Errors
    /// That of the first that cannot be made.
    pub async fn each(
        make: impl AsyncFn(&'static str) -> Result<Gate, LocalError>,
    ) -> Result<Self, LocalError> {
        Ok(Self {
            referrals: make("referrals").await?,
            casework: make("casework").await?,
            directory: make("directory").await?,
            documents: make("documents").await?,
            deadlines: make("deadlines").await?.cloud,
            notices: make("notices").await?.cloud,
            receipts: make("receipts").await?.cloud,
        })
    }
}
