//! The one place this crate draws randomness: references, salts, ids of attempts and requests,
//! pauses. In a Lambda it is the system's; in the simulator it follows from a seed, so that a run
//! that failed can be played again.

use std::fmt;
use std::sync::Arc;

use uuid::{Builder, Uuid};

use crate::fault::Fault;

/// Fills a buffer with random bytes, or says that there are none.
type Fill = dyn Fn(&mut [u8]) -> Result<(), getrandom::Error> + Send + Sync;

/// A source of randomness; clones draw from the same.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

impl Entropy {
    /// A source that `fill` draws from.
    #[must_use]
    pub fn new(fill: Arc<Fill>) -> Self {
        Self(fill)
    }

    /// The operating system's, fit for keys and salts.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(getrandom::fill))
    }

    /// So many random bytes.
    ///
    /// # Errors
    /// [`Fault::GiveUp`] where the system has none to give.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        (self.0)(&mut bytes).map_err(|error| Fault::give_up("draw random bytes", error))?;
        Ok(bytes)
    }

    /// A random UUID (version 4).
    ///
    /// # Errors
    /// As [`Entropy::bytes`].
    pub fn uuid(&self) -> Result<Uuid, Fault> {
        self.bytes().map(|bytes| Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
