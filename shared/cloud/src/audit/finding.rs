//! What a verification can find: a line for whoever reads it, a metric for the alarm that wakes
//! them. Lines hold ids only.

use std::fmt;

use crate::store::{CaseKey, ChainFault, Digest};
use crate::telemetry::Metric;

use super::AnchorFault;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// The chain of a case.
    Chain {
        /// The case.
        case: CaseKey,
        /// The event at which it shows.
        seq: u64,
        /// What is wrong.
        fault: ChainFault,
    },
    /// A case was anchored, and neither it nor any of its events is there.
    Gone {
        /// The digest by which the anchors name it.
        case: Digest,
        /// How many events it had when it was anchored last.
        seq: u64,
    },
    /// A partition that no case can have.
    Strange {
        /// The digest of its key.
        partition: Digest,
    },
    /// An event that no anchor covers, though one should have by now.
    NotAnchored {
        /// The case.
        case: CaseKey,
        /// The first such event.
        seq: u64,
    },
    /// An anchor.
    Anchor {
        /// Its number.
        number: u64,
        /// What is wrong.
        fault: AnchorFault,
    },
    /// A case could not be looked at: an outage, most likely.
    Unread {
        /// The case.
        case: CaseKey,
    },
}

impl Finding {
    /// What the log and the documentation call it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Chain { fault: ChainFault::NoEvents, .. } => "case-without-events",
            Self::Chain { fault: ChainFault::NoCase, .. } => "events-without-case",
            Self::Chain { .. } => "chain-broken",
            Self::Gone { .. } => "case-gone",
            Self::Strange { .. } => "strange-partition",
            Self::NotAnchored { .. } => "not-anchored",
            Self::Anchor { .. } => "anchor-broken",
            Self::Unread { .. } => "case-unread",
        }
    }

    /// The metric that counts it.
    #[must_use]
    pub const fn metric(&self) -> Metric {
        match self {
            Self::Chain { fault: ChainFault::NoEvents, .. } => Metric::CaseWithoutEvents,
            Self::Chain { fault: ChainFault::NoCase, .. } | Self::Strange { .. } => {
                Metric::EventsWithoutCase
            }
            Self::Chain { .. } => Metric::ChainBroken,
            Self::Gone { .. } => Metric::AnchoredCaseGone,
            Self::NotAnchored { .. } => Metric::EventsNotAnchored,
            Self::Anchor { .. } => Metric::AnchorBroken,
            Self::Unread { .. } => Metric::CasesUnverified,
        }
    }

    /// Every metric that counts findings.
    pub const METRICS: &'static [Metric] = &[
        Metric::ChainBroken,
        Metric::CaseWithoutEvents,
        Metric::EventsWithoutCase,
        Metric::AnchoredCaseGone,
        Metric::EventsNotAnchored,
        Metric::AnchorBroken,
        Metric::CasesUnverified,
    ];
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name())?;
        match self {
            Self::Chain { case, seq, fault } => {
                write!(f, "{} {}, event {seq}: {}", case.csp, case.reference, fault.words())
            }
            Self::Gone { case, seq } => {
                write!(f, "the case anchored as {case} with {seq} events is nowhere")
            }
            Self::Strange { partition } => {
                write!(f, "no case can have the partition whose key has the digest {partition}")
            }
            Self::NotAnchored { case, seq } => {
                write!(f, "{} {}, event {seq}: no anchor covers it", case.csp, case.reference)
            }
            Self::Anchor { number, fault } => write!(f, "anchor {number}: {}", fault.words()),
            Self::Unread { case } => {
                write!(f, "{} {} could not be looked at", case.csp, case.reference)
            }
        }
    }
}
