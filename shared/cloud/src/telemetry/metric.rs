//! The metrics, once. The template's alarms name these and no others.

/// The target by which a metric is told from a log line.
pub(super) const TARGET: &str = "metric";

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident in $unit:literal;)*) => {
        /// A figure that an alarm watches.
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
    /// A sweep of the deadlines reached the end; its absence is the alarm.
    SweepCompleted in "Count";
    /// How long the case that is most overdue for a sweep has been so, before the sweep.
    OldestOverdueSeconds in "Seconds";
    /// Cases that a sweep could not handle; the others were.
    CasesFailed in "Count";
    /// A nightly reconcile reached the end; its absence is the alarm.
    ReconcileCompleted in "Count";
    /// Cases whose stored next date differed from the one computed.
    NextDueRepaired in "Count";
    /// Cases whose history does not verify.
    ChainBroken in "Count";
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
    /// A mail that was sent twice, by SES's own account.
    DuplicateObserved in "Count";
}

impl Metric {
    /// Reports a value.
    pub fn record(self, value: u64) {
        tracing::info!(target: TARGET, name = self.name(), unit = self.unit(), value);
    }
}
