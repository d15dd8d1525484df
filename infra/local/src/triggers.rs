//! What AWS would do between the functions: the stream rings for new outbox items and cases, the
//! scanner reports, SES's receipts arrive through the queue, the schedules fire.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use cloud::trigger::BatchResponse;
use cloud::{Budget, Cloud};
use serde_json::json;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use crate::LocalError;
use crate::backend::dynamodb::streams::StreamPoller;
use crate::backend::mailbox::{self, Mailbox};
use crate::backend::scanner::Scanner;
use crate::clock::LocalClock;
use crate::functions::Functions;
use crate::schedule::{hour_of, next_owed, nightly_after, tick_at_or_after};

/// The most messages of the queue in one batch.
const RECEIPTS: usize = 10;

/// Every trigger of the system. Clones share their positions.
#[derive(Clone)]
pub struct Triggers {
    /// Looks ahead for what the schedules will have to do.
    cloud: Cloud,
    functions: Functions,
    clock: LocalClock,
    mailbox: Mailbox,
    /// One delivery at a time, as one shard and one queue would have it.
    line: Arc<Mutex<Line>>,
    /// One mover of the clock at a time.
    mover: Arc<Mutex<()>>,
    /// The hour that was anchored last.
    anchored: Arc<Mutex<Option<DateTime<Utc>>>>,
    rung: Arc<Notify>,
    hold_mail: bool,
}

/// What brings things to the functions, and what does not.
pub struct Line {
    /// New items of the table.
    pub stream: StreamPoller,
    /// Verdicts on documents.
    pub scanner: Scanner,
    /// Whether nothing may start the function that sends mail, as the template's `Hold` has it.
    pub hold_mail: bool,
}

/// While this lives, nothing is delivered.
pub struct Held {
    _line: OwnedMutexGuard<Line>,
}

impl Triggers {
    /// Connects the triggers of a system.
    #[must_use]
    pub fn new(
        cloud: Cloud,
        functions: Functions,
        clock: LocalClock,
        mailbox: Mailbox,
        line: Line,
    ) -> Self {
        Self {
            cloud,
            functions,
            clock,
            mailbox,
            hold_mail: line.hold_mail,
            line: Arc::new(Mutex::new(line)),
            mover: Arc::default(),
            anchored: Arc::default(),
            rung: Arc::default(),
        }
    }

    /// Says that something may have been written.
    pub fn ring(&self) {
        self.rung.notify_one();
    }

    /// Keeps every delivery back, as when AWS's are late.
    pub async fn hold(&self) -> Held {
        Held { _line: Arc::clone(&self.line).lock_owned().await }
    }

    /// Delivers whatever waits, whenever something rings, until the task is ended.
    pub async fn listen(self) {
        loop {
            self.rung.notified().await;
            if let Err(error) = self.settle().await {
                tracing::error!(%error, "a delivery failed; the next sweep finds what it left");
            }
        }
    }

    /// Fires the schedules as the clock reaches them, until the task is ended.
    pub async fn keep_time(self) {
        loop {
            let now = self.clock.now();
            let next = tick_at_or_after(now + TimeDelta::seconds(1));
            let wait = (next - now).to_std().unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(wait) => {
                    let nightly = nightly_after(now) <= next;
                    let mut outcome = self.fire(next, nightly).await;
                    if nightly && outcome.is_ok() {
                        outcome = self.verify().await;
                    }
                    if let Err(error) = outcome {
                        tracing::error!(%error, "a schedule failed; the next one finds what it left");
                    }
                }
                () = self.clock.moved() => {}
            }
        }
    }

    /// Delivers stream records, scan results and receipts until none is left.
    ///
    /// # Errors
    /// A stream that cannot be read, or a function that fails as a whole.
    pub async fn settle(&self) -> Result<(), LocalError> {
        let mut line = self.line.lock().await;
        loop {
            let moved = self.stream(&mut line.stream).await?
                | self.scans(&mut line.scanner).await?
                | self.receipts().await?;
            if !moved {
                return Ok(());
            }
        }
    }

    /// Moves the clock to `to`, firing on the way every schedule at which something is due. What
    /// the nights do at which nothing is due is done once, at the end, and so is the verification
    /// of all of them: what one night finds the next finds as well.
    ///
    /// # Errors
    /// `to` is in the past, or a trigger fails.
    pub async fn move_to(&self, to: DateTime<Utc>) -> Result<(), LocalError> {
        let _alone = self.mover.lock().await;
        let start = self.clock.now();
        if to < start {
            return Err(LocalError::Backwards { now: start });
        }
        self.settle().await?;
        let mut nightly = nightly_after(start);
        let (mut last, mut nights) = (start, false);
        while let Some(owed) = next_owed(&self.cloud, to, self.hold_mail).await? {
            let tick = tick_at_or_after(owed.max(last + TimeDelta::seconds(1)));
            if tick > to {
                break;
            }
            let night = nightly <= tick;
            if night {
                nightly = nightly_after(tick);
                nights = true;
            }
            self.clock.reach(tick)?;
            self.fire(tick, night).await?;
            last = tick;
        }
        self.clock.reach(to)?;
        self.settle().await?;
        if nightly <= to {
            nights = true;
            self.reconcile(to).await?;
            self.settle().await?;
        }
        self.anchor_hourly().await?;
        if nights { self.verify().await } else { Ok(()) }
    }

    /// What the schedules do at one tick: the nightly run first, where it falls due, and the
    /// anchor last, so that it covers what the others did.
    ///
    /// # Errors
    /// A function that fails as a whole.
    pub async fn fire(&self, tick: DateTime<Utc>, nightly: bool) -> Result<(), LocalError> {
        let scheduled = |job: &str| json!({ "job": job, "scheduled_time": tick });
        let budget = Budget::endless();
        if nightly {
            self.reconcile(tick).await?;
        }
        failed(deadlines::handle(&self.functions.deadlines, &scheduled("sweep"), &budget).await)?;
        self.settle().await?;
        if !self.hold_mail {
            failed(notices::handle(&self.functions.notices, &scheduled("sweep"), &budget).await)?;
            self.settle().await?;
        }
        self.anchor_hourly().await
    }

    async fn reconcile(&self, tick: DateTime<Utc>) -> Result<(), LocalError> {
        let payload = json!({ "job": "reconcile", "scheduled_time": tick });
        let functions = &self.functions.deadlines;
        failed(deadlines::handle(functions, &payload, &Budget::endless()).await).map(|_| ())
    }

    /// Takes an anchor, if the clock has come into another hour since the last.
    async fn anchor_hourly(&self) -> Result<(), LocalError> {
        let hour = hour_of(self.clock.now());
        let mut last = self.anchored.lock().await;
        if *last != Some(hour) {
            self.anchor().await?;
            *last = Some(hour);
        }
        Ok(())
    }

    /// Takes an anchor.
    ///
    /// # Errors
    /// The function fails as a whole.
    pub async fn anchor(&self) -> Result<(), LocalError> {
        self.audit("anchor").await
    }

    /// Verifies every history.
    ///
    /// # Errors
    /// The function fails as a whole; what it finds it logs.
    pub async fn verify(&self) -> Result<(), LocalError> {
        self.audit("verify").await
    }

    async fn audit(&self, job: &str) -> Result<(), LocalError> {
        let outcome =
            audit::handle(&self.functions.audit, &json!({ "job": job }), &Budget::endless()).await;
        outcome.map_err(|error| LocalError::Trigger(error.to_string()))
    }

    async fn stream(&self, stream: &mut StreamPoller) -> Result<bool, LocalError> {
        let mut moved = false;
        while let Some(batch) = stream.next_batch().await? {
            let budget = Budget::endless();
            failed(deadlines::handle(&self.functions.deadlines, &batch, &budget).await)?;
            if !self.hold_mail {
                failed(notices::handle(&self.functions.notices, &batch, &budget).await)?;
            }
            moved = true;
        }
        Ok(moved)
    }

    async fn scans(&self, scanner: &mut Scanner) -> Result<bool, LocalError> {
        let mut moved = false;
        while let Some(event) = scanner.scan_next().await {
            let key = event["detail"]["s3ObjectDetails"]["objectKey"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            match documents::scanned(&self.functions.documents.cloud, &event).await {
                Ok(()) => {
                    scanner.mark_delivered(&key).await?;
                    moved = true;
                }
                // The scanner may be faster than the request that completes the upload.
                Err(fault) if fault.is_retryable() => {
                    tracing::info!(%fault, "a scan result was not taken yet; it comes again");
                }
                Err(fault) => tracing::warn!(%fault, "a scan result was not taken"),
            }
        }
        Ok(moved)
    }

    async fn receipts(&self) -> Result<bool, LocalError> {
        let mut moved = false;
        loop {
            let batch = self.mailbox.take_notifications(RECEIPTS);
            if batch.is_empty() {
                return Ok(moved);
            }
            let response = failed(
                receipts::handle(&self.functions.receipts, &mailbox::sqs_event(&batch)).await,
            )?;
            let again: Vec<_> = response.failures().collect();
            let mut taken = batch.iter().filter(|it| !again.contains(&it.id.as_str())).peekable();
            if taken.peek().is_none() {
                return Ok(moved);
            }
            for delivery in taken {
                self.mailbox.ack(&delivery.id)?;
                moved = true;
            }
        }
    }
}

fn failed(
    outcome: Result<BatchResponse, lambda_runtime::Error>,
) -> Result<BatchResponse, LocalError> {
    outcome.map_err(|error| LocalError::Trigger(error.to_string()))
}
