//! The nightly look at every history: each chain is walked, and everything that was ever anchored
//! must be found in it. The anchors are read first, then the tables, so that whatever happens
//! meanwhile is only ever more than what is looked for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::bucket::AT_ONCE;
use super::{AnchorFault, Audit, Finding};
use crate::budget::Budget;
use crate::fault::Fault;
use crate::store::{Anchored, CaseKey, ChainReport, Digest, SHARDS};

/// After how long an event must be behind an anchor: two hourly anchors may have had it.
pub const LATE_AFTER: TimeDelta = TimeDelta::hours(2);

/// What one case, or one piece of a scan, may take of the time left.
const STEP_TAKES: TimeDelta = TimeDelta::seconds(15);

/// How often a history is read before a fault in it counts: an event that is added while it is
/// read looks like one.
const LOOKS: u32 = 3;

/// Which cases are verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    All,
    /// Those of one part, from 0 to [`SHARDS`] - 1; for an installation that has more than one
    /// run can do.
    Shard(u8),
}

impl Scope {
    fn holds(self, case: &Digest) -> bool {
        match self {
            Self::All => true,
            Self::Shard(shard) => {
                let [first, ..] = case.bytes();
                first % SHARDS == shard
            }
        }
    }
}

/// What a verification came to.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Cases walked.
    pub cases: u64,
    /// Events found in order.
    pub events: u64,
    /// Anchors that are as they were written.
    pub anchors: u64,
    /// The last of them, by number and hash.
    pub last_anchor: Option<(u64, Digest)>,
    /// What is not as it should be.
    pub findings: BTreeSet<Finding>,
    /// Whether it reached the end: no time may have been left.
    pub complete: bool,
}

/// What was ever anchored of each case, in the order of its events.
type Points = BTreeMap<Digest, Vec<Anchored>>;

impl Audit {
    /// Verifies every history against its chain and the anchors.
    ///
    /// # Errors
    /// A [`Fault`] of the bucket, or of a table as a whole. What is wrong with a history or an
    /// anchor is in the answer.
    pub async fn verify(&self, scope: Scope, budget: &Budget) -> Result<Verified, Fault> {
        let mut verified = Verified::default();
        let Some(mut points) = self.points(&mut verified, budget).await? else {
            return Ok(verified);
        };
        let Some(cases) = self.cases(&mut verified, budget).await? else {
            return Ok(verified);
        };
        for case in &cases {
            let digest = case.digest();
            let anchored = points.remove(&digest).unwrap_or_default();
            if scope.holds(&digest) {
                if !budget.allows(STEP_TAKES) {
                    return Ok(verified);
                }
                self.case(case, &anchored, &mut verified).await;
            }
        }
        let gone = points.iter().filter(|(case, _)| scope.holds(case));
        verified.findings.extend(
            gone.filter_map(|(&case, points)| {
                Some(Finding::Gone { case, seq: points.last()?.seq })
            }),
        );
        verified.complete = true;
        Ok(verified)
    }

    /// Walks one chain.
    async fn case(&self, case: &CaseKey, anchored: &[Anchored], verified: &mut Verified) {
        let report = match self.look(case, anchored).await {
            Ok(report) => report,
            Err(fault) => {
                let reference = case.reference.as_str();
                tracing::error!(reference, fault = fault.chain(), "a history could not be read");
                verified.findings.insert(Finding::Unread { case: case.clone() });
                return;
            }
        };
        verified.cases += 1;
        verified.events += report.events;
        if let Some((seq, fault)) = report.fault {
            verified.findings.insert(Finding::Chain { case: case.clone(), seq, fault });
        }
        let late = |at: DateTime<Utc>| at + LATE_AFTER < self.clock.now();
        if let Some((seq, _)) = report.unanchored.filter(|(_, at)| late(*at)) {
            verified.findings.insert(Finding::NotAnchored { case: case.clone(), seq });
        }
    }

    async fn look(&self, case: &CaseKey, anchored: &[Anchored]) -> Result<ChainReport, Fault> {
        let CaseKey { csp, reference } = case;
        let mut report = self.store.verify_anchored(csp, reference, anchored).await?;
        for _ in 1..LOOKS {
            if report.is_whole() {
                break;
            }
            report = self.store.verify_anchored(csp, reference, anchored).await?;
        }
        Ok(report)
    }

    /// Reads all anchors and checks that each follows the one before. `None` where no time was
    /// left.
    async fn points(
        &self,
        verified: &mut Verified,
        budget: &Budget,
    ) -> Result<Option<Points>, Fault> {
        let numbers = self.bucket.numbers().await?;
        let (mut points, mut next) = (Points::new(), 1);
        // The hash that the next one must name; unknown after one that cannot be read.
        let mut previous = Some(Digest::START);
        for some in numbers.chunks(AT_ONCE) {
            if !budget.allows(STEP_TAKES) {
                return Ok(None);
            }
            for (number, found) in self.bucket.read(some).await? {
                if number != next {
                    verified.anchor(next, AnchorFault::Missing);
                    previous = None;
                }
                next = number + 1;
                match found {
                    Err(fault) => {
                        verified.anchor(number, fault);
                        previous = None;
                    }
                    Ok(anchor) => {
                        if previous.is_some_and(|hash| hash != anchor.previous) {
                            verified.anchor(number, AnchorFault::Link);
                        }
                        previous = Some(anchor.hash);
                        verified.anchors += 1;
                        verified.last_anchor = Some((number, anchor.hash));
                        for case in anchor.cases {
                            points.entry(case.case).or_default().push(case.anchored());
                        }
                    }
                }
            }
        }
        for anchored in points.values_mut() {
            anchored.sort_unstable();
            anchored.dedup();
        }
        Ok(Some(points))
    }

    /// Every case of which there is a trace in either table. `None` where no time was left.
    async fn cases(
        &self,
        verified: &mut Verified,
        budget: &Budget,
    ) -> Result<Option<BTreeSet<CaseKey>>, Fault> {
        let mut cases = BTreeSet::new();
        let mut strange = BTreeSet::new();
        let mut position = None;
        loop {
            if !budget.allows(STEP_TAKES) {
                return Ok(None);
            }
            let mut part = self.store.partitions(position).await?;
            cases.append(&mut part.cases);
            strange.append(&mut part.strange);
            match part.next {
                None => break,
                next => position = next,
            }
        }
        position = None;
        loop {
            if !budget.allows(STEP_TAKES) {
                return Ok(None);
            }
            let mut part = self.store.heads(position).await?;
            cases.extend(part.heads.into_iter().map(|head| head.key));
            strange.append(&mut part.strange);
            match part.next {
                None => break,
                next => position = next,
            }
        }
        let found = strange.into_iter().map(|partition| Finding::Strange { partition });
        verified.findings.extend(found);
        Ok(Some(cases))
    }
}

impl Verified {
    fn anchor(&mut self, number: u64, fault: AnchorFault) {
        self.findings.insert(Finding::Anchor { number, fault });
    }
}
