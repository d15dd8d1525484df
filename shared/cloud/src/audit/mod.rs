//! The second witness of every history. Whoever can write to the tables can write a whole new
//! past, with every hash right; what they cannot do is change what was said of the old one, in a
//! bucket that takes each object once and gives none back for years.
//!
//! Every hour an [`Anchor`] says of each case that has changed how many events it had and the
//! hash of the last. Every night the chains are walked, and everything that was ever anchored
//! must be found in them.

mod anchor;
mod bucket;
mod finding;
mod take;
mod verify;

pub use anchor::{Anchor, AnchorFault, AnchoredCase, WHOLE_EVERY};
pub use finding::Finding;
pub use take::Taken;
pub use verify::{LATE_AFTER, Scope, Verified};

use bucket::Bucket;

use crate::clock::Clock;
use crate::start::OnUse;
use crate::store::Store;

/// The anchors and the tables that they speak of.
#[derive(Clone, Debug)]
pub struct Audit {
    bucket: Bucket,
    store: Store,
    clock: Clock,
}

impl Audit {
    /// The anchors in a bucket behind a client; without a bucket every call gives up.
    #[must_use]
    pub fn new(
        client: impl Into<OnUse<aws_sdk_s3::Client>>,
        bucket: Option<String>,
        store: Store,
        clock: Clock,
    ) -> Self {
        Self { bucket: Bucket::new(client.into(), bucket), store, clock }
    }

    /// Makes the client, so that the first run need not.
    pub fn warm_up(&self) {
        self.bucket.warm_up();
    }
}
