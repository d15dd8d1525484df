//! Mail that is owed is sent: none is lost, and one goes out twice only when a send was in doubt
//! and its receipt was lost as well.
//!
//! SES cannot be asked whether it has taken a mail and takes the same mail twice, so each item
//! of the outbox is claimed in the table before the one request to SES, and settled after it.
//! What SES's answer leaves in doubt is left alone: a receipt of SES settles it, or an hour later
//! it is sent again, three times in all, and then given to a person.
//!
//! ```text
//! look at the item ─► one item for each person, where it is addressed to a list of them
//!      │
//!      └► still true? ─► claim ─► send once ─► taken: SENT · not now: PENDING · never: FAILED
//!                                        └───► no word: SENDING, for the receipt or the sweep
//! ```

mod addressee;
mod letter;
mod pace;
mod record;
mod run;
mod send;
mod ses;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

pub use run::Run;
pub use ses::{ATTEMPT_TAG, ITEM_TAG};

use crate::app::App;
use crate::budget::Budget;
use crate::clock::Clock;
use crate::config::{Config, Mailing};
use crate::fault::Fault;
use crate::start::OnUse;
use crate::store::{Lease, OutboxId, OutboxItem, OutboxStatus, Store};
use addressee::Addressee;
use pace::Pace;

/// How long a claim keeps others away; a function that sends must live shorter.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);

/// How long a send in doubt waits for SES's receipt, from its claim.
pub const DOUBT_WINDOW: TimeDelta = TimeDelta::minutes(60);

/// How often an item is claimed before a send in doubt is given to a person.
pub const ATTEMPTS: u64 = 3;

/// What a send needs of the time left: 10 s for SES, and enough to settle it.
pub const SEND_TAKES: TimeDelta = TimeDelta::seconds(20);

/// The sending of mail.
#[derive(Clone, Debug)]
pub struct Mail {
    client: OnUse<aws_sdk_ses::Client>,
    store: Store,
    app: App,
    config: Arc<Config>,
    clock: Clock,
    pace: Arc<Pace>,
}

/// What became of one look at an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to do now: it waits, it is settled, or another worker has it.
    Nothing,
    /// These are owed in its place: one for each person, or the same one, to be
    /// looked at again: its doubt has ended, or its case has moved on.
    Next(Vec<OutboxId>),
    /// SES took it.
    Sent,
    /// It was no longer true, or no longer for this person.
    Suppressed,
    /// SES would not take it now; it waits.
    NotNow,
    /// SES will never take it.
    Refused,
    /// SES may have taken it or not.
    InDoubt,
    /// A person must look at it.
    Human,
    /// This run has no time left for it.
    NoTime,
}

impl Mail {
    pub(crate) fn new(
        client: OnUse<aws_sdk_ses::Client>,
        store: Store,
        app: App,
        config: Arc<Config>,
        clock: Clock,
    ) -> Self {
        let rate = config.mailing.as_ref().map_or(1, |mailing| mailing.rate_per_second);
        Self { client, store, app, config, clock, pace: Arc::new(Pace::per_second(rate)) }
    }

    /// Makes the client, so that the first request need not.
    pub fn warm_up(&self) {
        self.client.get();
    }

    /// Does what one item needs now, at most one send.
    ///
    /// # Errors
    /// A [`Fault`] of the table; the item stays as it was last written, and the sweep finds it.
    pub async fn deliver(&self, id: &OutboxId, budget: &Budget) -> Result<Outcome, Fault> {
        let Some(item) = self.store.get_outbox(id).await? else {
            return Ok(Outcome::Nothing);
        };
        let due = item.not_before.is_some_and(|at| at <= self.clock.now());
        match item.status {
            OutboxStatus::Pending if due => self.pending(&item, budget).await,
            OutboxStatus::Sending if due => self.doubtful(&item).await,
            OutboxStatus::Pending
            | OutboxStatus::Sending
            | OutboxStatus::Sent
            | OutboxStatus::Human
            | OutboxStatus::Fanned
            | OutboxStatus::Suppressed
            | OutboxStatus::Failed => Ok(Outcome::Nothing),
        }
    }

    /// An item that is owed: to a role, so that it is fanned out, or to one address.
    async fn pending(&self, item: &OutboxItem, budget: &Budget) -> Result<Outcome, Fault> {
        let Some(effect) = &item.effect else {
            return self.give_to_human(item, "this program does not know what it says").await;
        };
        match Addressee::of(item, effect) {
            Addressee::List(list) => self.fan_out(item, list).await,
            Addressee::Person { .. } | Addressee::Office(_) => {
                self.send(item, effect, budget).await
            }
        }
    }

    /// An item whose claim nobody settled and whose receipt did not come in time.
    async fn doubtful(&self, item: &OutboxItem) -> Result<Outcome, Fault> {
        let Some(claimed) = item.in_flight() else {
            return Ok(Outcome::Nothing);
        };
        if item.attempt >= ATTEMPTS {
            return self.give_to_human(item, "no receipt came after the last attempt").await;
        }
        let released = self.store.back_off(&claimed, self.clock.now()).await?;
        Ok(if released { Outcome::Next(vec![item.id.clone()]) } else { Outcome::Nothing })
    }

    async fn give_to_human(&self, item: &OutboxItem, why: &'static str) -> Result<Outcome, Fault> {
        if !self.store.to_human(item).await? {
            return Ok(Outcome::Nothing);
        }
        tracing::error!(outbox = %item.id, why, "a mail waits for a person");
        Ok(Outcome::Human)
    }

    fn mailing(&self) -> Result<&Mailing, Fault> {
        self.config.mailing().map_err(|error| Fault::give_up("send mail", error))
    }
}

fn lease(now: DateTime<Utc>) -> Lease {
    Lease { until: now + LEASE, doubt_ends: now + DOUBT_WINDOW }
}
