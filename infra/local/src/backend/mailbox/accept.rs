//! Taking a message: everything that SES checks before it says yes, then disk, then yes.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Mail, Mailbox, State, address::Address, answer::Refusal, draft::Draft, fault::Fault,
    queue::Ack, receipts,
};

/// A message that was taken.
pub(super) struct Accepted {
    pub(super) id: String,
    /// The answer is to be lost on its way.
    pub(super) answer_lost: bool,
}

impl Mailbox {
    /// Takes a message or says why not. It is on disk when this returns.
    pub(super) fn accept(&self, draft: Draft) -> Result<Accepted, Refusal> {
        let now = self.settings.now();
        let mut state = self.state();
        self.check(&state, &draft, now)?;
        let fault = state.faults.pop_front();
        match fault {
            Some(Fault::Throttle) => return Err(Refusal::Throttling),
            Some(Fault::InternalError) => return Err(Refusal::InternalFailure),
            Some(
                Fault::AcceptThenDrop | Fault::LoseReceipt | Fault::AcceptThenDropAndLoseReceipt,
            )
            | None => {}
        }
        let mail = mail(draft, now);
        let id = mail.id.clone();
        let receipt_lost = fault.is_some_and(Fault::loses_receipt);
        self.record(&mut state, mail, receipt_lost).map_err(|error| {
            tracing::error!(message_id = id, %error, "a message could not be kept");
            Refusal::InternalFailure
        })?;
        tracing::info!(message_id = id, "accepted a message");
        Ok(Accepted { id, answer_lost: fault.is_some_and(Fault::drops_answer) })
    }

    fn check(&self, state: &State, draft: &Draft, now: DateTime<Utc>) -> Result<(), Refusal> {
        if let Some(name) = &draft.configuration_set
            && !self.settings.configuration_sets.contains(name)
        {
            return Err(Refusal::ConfigurationSetDoesNotExist(name.clone()));
        }
        if !state.verified(&draft.sender) {
            return Err(Refusal::NotVerified {
                sender: draft.sender.to_string(),
                region: self.settings.region.to_uppercase(),
            });
        }
        match self.settings.max_per_second {
            Some(rate) if state.sent_since(now - TimeDelta::seconds(1)) >= rate as usize => {
                Err(Refusal::Throttling)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn record(
        &self,
        state: &mut State,
        mail: Mail,
        receipt_lost: bool,
    ) -> Result<(), super::BackendError> {
        let notifications = receipts::of(&mail, &self.settings);
        if receipt_lost {
            // As if they had been delivered, so that a restart does not find them after all.
            for notification in &notifications {
                state.ack_journal.append(&Ack::of(&notification.id))?;
            }
        }
        state.mail_journal.append(&mail)?;
        state.mails.push(mail);
        if !receipt_lost {
            state.queue.publish(notifications);
        }
        Ok(())
    }
}

impl State {
    /// Whether the address, its domain or a domain above is verified.
    fn verified(&self, sender: &Address) -> bool {
        let domain = sender.domain.to_lowercase();
        let above = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
        self.identities.contains(&sender.to_string().to_lowercase())
            || self.identities.contains(&domain)
            || above.into_iter().any(|name| self.identities.contains(name))
    }

    /// To how many recipients a message went after that instant.
    pub(super) fn sent_since(&self, instant: DateTime<Utc>) -> usize {
        self.mails.iter().rev().take_while(|mail| mail.at > instant).map(|mail| mail.to.len()).sum()
    }
}

fn mail(draft: Draft, now: DateTime<Utc>) -> Mail {
    let millis = now.timestamp_millis();
    let unique = Uuid::new_v4();
    Mail {
        id: format!("{millis:016x}-{unique}-000000"),
        from: draft.from,
        to: draft.recipients.iter().map(Address::to_string).collect(),
        subject: draft.subject,
        text: draft.text,
        html: draft.html,
        reference: draft.tags.get("reference").cloned(),
        tags: draft.tags,
        configuration_set: draft.configuration_set,
        at: now,
    }
}
