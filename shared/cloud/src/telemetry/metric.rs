//! The metrics, once. The template's alarms and its dashboard name these and no others.

/// The target by which a metric is told from a log line.
pub(super) const TARGET: &str = "metric";

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident in $unit:literal;)*) => {
        /// A figure that an operator watches, most often by an alarm.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric { $($(#[$doc])* $name),* }

        impl Metric {
            /// Every metric.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in `CloudWatch`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// Its unit in `CloudWatch`.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$name => $unit),* }
            }
        }
    };
}

metrics! {
    /// A process of the function was started; no alarm watches it.
    ColdStart in "Count";
    /// A sweep of the deadlines reached the end; its absence is the alarm.
    SweepCompleted in "Count";
    /// How long the case that is most overdue for a sweep has been so, before the sweep.
    OldestOverdueSeconds in "Seconds";
    /// Cases that a sweep could not handle; the others were.
    CasesFailed in "Count";
    /// A nightly reconcile reached the end; its absence is the alarm.
    ReconcileCompleted in "Count";
    /// Cases whose place in the index of what is due was wrong, missing or not to be there.
    NextDueRepaired in "Count";
    /// Cases that cannot be read at all.
    CasesUnreadable in "Count";
    /// Mails whose place in the index of what is owed was missing, or not to be there.
    OutboxRepaired in "Count";
    /// Mails that have been owed for over an hour and were not claimed.
    OutboxStuck in "Count";
    /// Sends in doubt that no sweep has settled after their window.
    DoubtUnsettled in "Count";
    /// An anchor was taken, or there was nothing to say; its absence is the alarm.
    AnchorCompleted in "Count";
    /// A verification reached the end; its absence is the alarm.
    VerifyCompleted in "Count";
    /// Cases whose history does not verify.
    ChainBroken in "Count";
    /// Cases that have no events.
    CaseWithoutEvents in "Count";
    /// Histories that have no case.
    EventsWithoutCase in "Count";
    /// Cases that were anchored and of which nothing is left.
    AnchoredCaseGone in "Count";
    /// Cases with events that no anchor covers, though one should have by now.
    EventsNotAnchored in "Count";
    /// Anchors that are missing or not as they were written.
    AnchorBroken in "Count";
    /// Cases that a verification could not look at.
    CasesUnverified in "Count";
    /// Mails that are owed now.
    OutboxOwed in "Count";
    /// How long the mail that has been owed longest has been so.
    OldestOwedSeconds in "Seconds";
    /// Mails that wait for a person to decide.
    OutboxHuman in "Count";
    /// Mails that a sweep could not handle; the others were.
    MailsFailed in "Count";
    /// Mails that SES refused for good.
    MailRefused in "Count";
    /// Mails that SES refused for now: its rate, or sending is paused.
    MailThrottled in "Count";
    /// Mails that may have been sent or not.
    MailInDoubt in "Count";
    /// Requests for a case, or for an act on one, that the person may not see or do.
    CaseRefused in "Count";
    /// A mail that was sent twice, by SES's own account.
    DuplicateObserved in "Count";
}

impl Metric {
    /// Reports a value.
    pub fn record(self, value: u64) {
        tracing::info!(target: TARGET, name = self.name(), unit = self.unit(), value);
    }
}
