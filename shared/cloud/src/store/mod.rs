//! The store: DynamoDB, in two tables. `cases` holds what is true now and what is owed;
//! `events` holds what happened and is only ever added to. One command is one transaction over
//! both, so a case, its history and the e-mails it causes cannot disagree.

mod administration;
mod append;
mod chain;
mod cursor;
mod directory;
mod erase;
mod history;
mod items;
pub(crate) mod keys;
mod load;
mod outbox;
mod prepare;
mod queries;
mod read;
mod repair;
mod tables;
mod verify;
mod walk;
mod witness;
mod write;

pub use administration::{Amendment, Enrolled, Unchanged};
pub use append::AppendError;
pub use chain::Digest;
pub use cursor::{ListError, Page};
pub use directory::{Membership, Person};
pub use history::{HistoryEntry, HistoryPage};
pub use keys::{CaseKey, SHARDS};
pub use load::{DuePlace, Misplaced, Stored, StoredReply};
pub use outbox::{Claimed, Lease, OutboxDue, OutboxId, OutboxItem, OutboxStatus, Receipt};
pub use prepare::{Append, CommandEntry, Mark, Prepared};
pub use queries::{CaseDue, ScanPosition, Scanned};
pub use tables::create_tables;
pub use walk::{Anchored, ChainFault, ChainReport, Link, Walk};
pub use witness::{Head, Heads, Partitions};

pub(crate) use read::Index;

use crate::entropy::Entropy;

/// The names of the two tables; a restore is a change of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableNames {
    /// Cases, outbox, directory, lists, command ids.
    pub cases: String,
    /// Events.
    pub events: String,
}

/// The store. Clones share one client.
#[derive(Clone, Debug)]
pub struct Store {
    client: aws_sdk_dynamodb::Client,
    names: TableNames,
    entropy: Entropy,
}

impl Store {
    /// A store over a client, which brings time-outs and retries with it.
    #[must_use]
    pub const fn new(
        client: aws_sdk_dynamodb::Client,
        names: TableNames,
        entropy: Entropy,
    ) -> Self {
        Self { client, names, entropy }
    }

    /// What salts, references and ids are drawn from.
    pub(crate) const fn entropy(&self) -> &Entropy {
        &self.entropy
    }
}
