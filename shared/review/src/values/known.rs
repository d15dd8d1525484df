//! "Not known" and "not asked" are different answers, and neither is "no": the national
//! data set warns that absence of a record is not evidence of absence.

use serde::{Deserialize, Serialize};

/// An answer that may be missing for a stated reason. In JSON: `{"known": …}`,
/// `"not-known"` or `"not-asked"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Known_{T}"))]
pub enum Known<T> {
    /// Asked, and answered.
    Known(T),
    /// Asked, and nobody knows yet.
    NotKnown,
    /// Not asked yet; what a field left out means.
    #[default]
    NotAsked,
}

impl<T> Known<T> {
    /// The answer, where there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotKnown | Self::NotAsked => None,
        }
    }
}
