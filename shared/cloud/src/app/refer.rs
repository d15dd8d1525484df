//! A referral: the one command that creates a case. It is one request to the store and reads
//! nothing, so that whoever may refer learns nothing, not even whether the death is known.

use review::case::Case;
use review::decide::Intake;
use review::event::{self, Recorded};
use review::records::Referral;
use review::values::{ActorId, CspId, Reference};
use review::{Actor, Ask, Command, Role, decide};

use super::attempts::Attempts;
use super::command::{CommandKey, fingerprint};
use super::run::REMEMBERED;
use super::{App, Done, Failure, Reply, TRIES};
use crate::fault::Fault;
use crate::matching::match_keys;
use crate::store::{Append, AppendError, CommandEntry};

/// A referral by someone who may or may not be permitted to make it.
pub struct Refer<'a> {
    /// Who refers: the token's subject.
    pub actor: ActorId,
    /// The partnership referred to.
    pub csp: CspId,
    /// The form.
    pub referral: Referral,
    /// By what a repetition is recognised.
    pub key: CommandKey,
    /// Makes the answer.
    pub reply: Reply<'a>,
}

impl App {
    /// Takes a referral in, once however often it is sent. Repeating it is safe after every
    /// outcome, since the key of the command is written with the case.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn refer(&self, refer: Refer<'_>) -> Result<Done, Failure> {
        let Refer { actor, csp, referral, key, reply } = refer;
        let secret =
            self.config.match_key().map_err(|error| Fault::give_up("take a referral in", error))?;
        let match_keys = match_keys(secret, &referral)?;
        let command = Command::Refer(Box::new(referral));
        let asked = fingerprint(&csp, None, &command)?;
        // Which of the referring roles the person has is known to the table only.
        let actor = Actor { id: actor, role: Role::Referrer, csp, agency: None };
        let mut attempts = Attempts::default();
        for attempt in 0..TRIES {
            self.pause(attempt).await?;
            let (case, history) = self.open(&actor, &command, &match_keys)?;
            let answer = reply(&case, &history);
            let entry = CommandEntry {
                hash: key.digest(),
                fingerprint: asked,
                reply: answer.clone(),
                expires: self.clock.now() + REMEMBERED,
            };
            let append = Append {
                before: None,
                case: &case,
                history: &history,
                command: Some(&entry),
                referrer: Some(&actor.id),
            };
            let appended = match self.store.prepare(append) {
                Ok(prepared) => self.store.append(prepared).await,
                Err(error) => Err(error),
            };
            match appended {
                Ok(()) => {
                    let case = Some(case);
                    return Ok(Done { case, history, reply: answer, replayed: false });
                }
                Err(AppendError::CommandExists(stored)) => return Self::replay(stored, &asked),
                Err(AppendError::NotMember) => return Err(Failure::NotMember),
                Err(AppendError::TooLarge) => return Err(Failure::TooLarge),
                Err(AppendError::Conflict | AppendError::ReferenceTaken) => {}
                // Once more with the same key: it tells whether the first was carried out.
                Err(AppendError::Fault(fault)) => attempts.survive(fault)?,
            }
        }
        Err(attempts.failed())
    }

    /// The new case, under a reference drawn at random.
    fn open(
        &self,
        actor: &Actor,
        command: &Command,
        match_keys: &[String],
    ) -> Result<(Case, Vec<Recorded>), Failure> {
        let intake = Intake {
            reference: Reference::from_random(self.store.entropy().bytes()?),
            csp: actor.csp.clone(),
            rules: self.config.rules.clone(),
            match_keys: match_keys.to_vec(),
        };
        let now = self.clock.now();
        let ask = Ask { actor, command, if_match: None, now, intake: Some(&intake) };
        let events = decide(None, &ask)?;
        let opened = event::apply(None, events, actor, now)
            .ok_or_else(|| Fault::give_up("open a case", "its first event opens none"))?;
        Ok(opened)
    }
}
