//! A command on a case that exists.

use chrono::TimeDelta;
use review::values::{CspId, Reference};
use review::{Actor, Ask, Command, Refusal, decide, event};

use super::attempts::Attempts;
use super::command::{CommandKey, fingerprint};
use super::{App, Done, Failure, Reply, TRIES};
use crate::fault::Fault;
use crate::store::{Append, AppendError, CommandEntry, Digest, Stored};

/// For how long the answer to a command is remembered.
pub(super) const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// A command on a case.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The partnership the case belongs to.
    pub csp: &'a CspId,
    /// The case.
    pub reference: &'a Reference,
    /// What is asked.
    pub command: &'a Command,
    /// The revision the actor has read.
    pub if_match: Option<u64>,
    /// The number of events that the case must still have, where the command was judged by them.
    pub version: Option<u64>,
    /// By what a repetition is recognised; `None` for triggers, which the domain makes harmless.
    pub key: Option<CommandKey>,
    /// Makes the answer.
    pub reply: Reply<'a>,
}

impl App {
    /// Carries a command out once, however often it is sent and whatever happens meanwhile.
    ///
    /// # Errors
    /// [`Failure`]. After a [`Failure::Fault`] that may pass it is not known whether the command
    /// was carried out; sending it again under its key tells.
    pub async fn run(&self, run: Run<'_>) -> Result<Done, Failure> {
        let asked = fingerprint(run.csp, Some(run.reference), run.command)?;
        let mut attempts = Attempts::default();
        for attempt in 0..TRIES {
            self.pause(attempt).await?;
            let stored = self.store.load(run.csp, run.reference).await?;
            if let Some(done) = attempts.landed(&self.store).await? {
                return Ok(self.conclude(done).await);
            }
            if let Some(done) = self.once(run, &asked, stored, &mut attempts).await? {
                return Ok(self.conclude(done).await);
            }
        }
        match attempts.landed(&self.store).await? {
            Some(done) => Ok(self.conclude(done).await),
            None => Err(attempts.failed()),
        }
    }

    /// One try; `None` if it has to be tried again.
    async fn once(
        &self,
        run: Run<'_>,
        asked: &Digest,
        stored: Option<Stored>,
        attempts: &mut Attempts,
    ) -> Result<Option<Done>, Failure> {
        let now = self.clock.now();
        let Run { actor, command, if_match, .. } = run;
        let case = stored.as_ref().map(|stored| &stored.case);
        let events = match decide(case, &Ask { actor, command, if_match, now, intake: None }) {
            Ok(events) => events,
            // Unless the case may no longer be seen.
            Err(Refusal::NotFound) => return Err(Refusal::NotFound.into()),
            Err(refusal) => return self.answered(run, asked, refusal.into()).await.map(Some),
        };
        let Some(stored) = stored else { return Err(Refusal::NotFound.into()) };
        if run.version.is_some_and(|version| version != stored.version) {
            return self.answered(run, asked, Failure::Conflict).await.map(Some);
        }
        if events.is_empty() {
            let reply = (run.reply)(&stored.case, &[]);
            let case = Some(stored.case);
            return Ok(Some(Done { case, history: Vec::new(), reply, replayed: false }));
        }
        let (case, history) = event::apply(Some(stored.case.clone()), events, actor, now)
            .ok_or_else(|| Fault::give_up("apply events", "they do not fit the case"))?;
        let reply = (run.reply)(&case, &history);
        let entry = run.key.map(|key| CommandEntry {
            hash: key.digest(),
            fingerprint: *asked,
            reply: reply.clone(),
            expires: now + REMEMBERED,
        });
        let prepared = self.store.prepare(Append {
            before: Some(&stored),
            case: &case,
            history: &history,
            command: entry.as_ref(),
            referrer: None,
        });
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(AppendError::Fault(fault)) => return Err(fault.into()),
            Err(_) => return Err(Failure::TooLarge),
        };
        let done = Done { case: Some(case), history, reply, replayed: false };
        attempts.begin(prepared.mark().clone(), done);
        match self.store.append(prepared).await {
            Ok(()) => Ok(attempts.succeeded()),
            Err(AppendError::Conflict | AppendError::ReferenceTaken) => Ok(None),
            Err(AppendError::CommandExists(reply)) => match attempts.landed(&self.store).await? {
                Some(done) => Ok(Some(done)),
                None => Self::replay(reply, asked).map(Some),
            },
            Err(AppendError::NotMember) => Err(Failure::NotMember),
            Err(AppendError::TooLarge) => Err(Failure::TooLarge),
            Err(AppendError::Fault(fault)) => attempts.survive(fault).map(|()| None),
        }
    }

    /// What fails now may be the repetition of a command that was carried out and by that changed
    /// what is permitted; it is answered as before.
    async fn answered(
        &self,
        run: Run<'_>,
        asked: &Digest,
        failure: Failure,
    ) -> Result<Done, Failure> {
        let Some(key) = run.key else { return Err(failure) };
        let stored = self.store.reply_to(&key.digest()).await?;
        stored.map_or(Err(failure), |stored| Self::replay(stored, asked))
    }
}
