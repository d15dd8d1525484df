//! What each function has in its hands. As in Lambda, each has an outside of its own, so that what
//! it asks of AWS can be told from what the others ask.

use cloud::Cloud;
use edge::Gate;

use crate::LocalError;
use crate::calls::Calls;
use crate::outside::Outside;

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
    /// Anchors histories and verifies them.
    pub audit: Cloud,
}

impl Functions {
    /// Connects each, writing down what it asks of AWS where that is wanted.
    ///
    /// # Errors
    /// That of the first that cannot be connected.
    pub async fn open(outside: &Outside, calls: Option<&Calls>) -> Result<Self, LocalError> {
        let open = |function| outside.open(calls.map(|calls| calls.of(function)));
        Ok(Self {
            referrals: open("referrals").await?,
            casework: open("casework").await?,
            directory: open("directory").await?,
            documents: open("documents").await?,
            deadlines: open("deadlines").await?.cloud,
            notices: open("notices").await?.cloud,
            receipts: open("receipts").await?.cloud,
            audit: open("audit").await?.cloud,
        })
    }
}
