//! Looked at once more, claimed, sent once, settled.

use aws_sdk_ses::error::ProvideErrorMetadata;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use letters::Letter;
use review::Case;
use review::dates::london_date;
use review::react::Effect;
use review::records::DeliveryOutcome;

use super::addressee::Reach;
use super::ses::{self, Answer};
use super::{Mail, Outcome, SEND_TAKES, lease, letter};
use crate::budget::Budget;
use crate::fault::Fault;
use crate::store::{Claimed, OutboxItem};
use crate::telemetry::Metric;

/// The first wait after SES would not take a mail; each further one is twice as long.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);

/// Waits are doubled at most this often: the longest is 64 minutes.
const DOUBLINGS: u64 = 6;

impl Mail {
    /// Sends an item that is owed to one address.
    pub(super) async fn send(
        &self,
        item: &OutboxItem,
        effect: &Effect,
        budget: &Budget,
    ) -> Result<Outcome, Fault> {
        let id = &item.id;
        let Some(stored) = self.store.load(&id.csp, &id.reference).await? else {
            return self.give_to_human(item, "its case does not exist").await;
        };
        let today = london_date(self.clock.now());
        match self.entitled(item, effect, &stored.case, today).await? {
            Reach::NotEntitled => self.suppress(item, effect, stored.version).await,
            Reach::Nowhere => self.give_to_human(item, "the directory has no address for it").await,
            Reach::At(address) => {
                let Some(letter) = self.letter(item, effect, &stored.case, today)? else {
                    return self.give_to_human(item, "its letter could not be written").await;
                };
                if !budget.allows(SEND_TAKES) {
                    return Ok(Outcome::NoTime);
                }
                self.claim_and_send(item, &address, &letter).await
            }
        }
    }

    fn letter(
        &self,
        item: &OutboxItem,
        effect: &Effect,
        case: &Case,
        today: NaiveDate,
    ) -> Result<Option<Letter>, Fault> {
        match letter::write(case, effect, today, &self.config, self.mailing()?) {
            Ok(letter) => Ok(Some(letter)),
            Err(error) => {
                tracing::error!(outbox = %item.id, %error, "a letter could not be written");
                Ok(None)
            }
        }
    }

    async fn claim_and_send(
        &self,
        item: &OutboxItem,
        address: &str,
        letter: &Letter,
    ) -> Result<Outcome, Fault> {
        let attempt_id = self.store.entropy().uuid()?.to_string();
        let mailing = self.mailing()?;
        let request =
            ses::request(self.client.get(), mailing, &item.id, &attempt_id, address, letter)
                .map_err(|error| Fault::give_up("make a request to send mail", error))?;
        self.pace.turn().await;
        let now = self.clock.now();
        let Some(claimed) = self.store.claim(item, &attempt_id, now, lease(now)).await? else {
            return Ok(Outcome::Nothing);
        };
        // Read by whoever restores the tables to an earlier hour: what may have gone out since.
        let effect = serde_json::to_string(&item.effect).unwrap_or_default();
        tracing::info!(outbox = %item.id, effect, "a mail is handed to SES");
        let answer = match Box::pin(request.send()).await {
            Ok(_) => Answer::Taken,
            Err(error) => {
                // Its message may quote the address, so only its code is logged.
                let code = error.code().unwrap_or("none");
                let answer = ses::read(&error);
                tracing::warn!(outbox = %item.id, code, ?answer, "a mail was not taken");
                answer
            }
        };
        self.settle(&claimed, answer).await
    }

    async fn settle(&self, claimed: &Claimed, answer: Answer) -> Result<Outcome, Fault> {
        match answer {
            Answer::Taken => {
                self.store.settle_sent(claimed).await?;
                Ok(Outcome::Sent)
            }
            Answer::NotNow => {
                Metric::MailThrottled.record(1);
                self.store.back_off(claimed, self.later(claimed.item.attempt)).await?;
                Ok(Outcome::NotNow)
            }
            Answer::Never => {
                Metric::MailRefused.record(1);
                self.record_delivery(&claimed.item, DeliveryOutcome::Rejected).await?;
                self.store.failed(claimed).await?;
                Ok(Outcome::Refused)
            }
            Answer::Nothing => {
                Metric::MailInDoubt.record(1);
                Ok(Outcome::InDoubt)
            }
        }
    }

    /// When to try again after so many attempts.
    fn later(&self, attempts: u64) -> DateTime<Utc> {
        let doublings = attempts.saturating_sub(1).min(DOUBLINGS);
        let wait = (0..doublings).fold(FIRST_WAIT, |wait, _| wait * 2);
        self.clock.now() + wait
    }

    /// Records that the mail will not be sent, then closes it. Recorded first: closed first, a
    /// crash between the two would leave no trace in the case's history.
    async fn suppress(
        &self,
        item: &OutboxItem,
        effect: &Effect,
        version: u64,
    ) -> Result<Outcome, Fault> {
        if !self.record_suppression(item, effect, version).await? {
            return Ok(Outcome::Next(vec![item.id.clone()]));
        }
        let closed = self.store.suppress(item).await?;
        Ok(if closed { Outcome::Suppressed } else { Outcome::Nothing })
    }
}
