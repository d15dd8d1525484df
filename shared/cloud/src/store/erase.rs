//! Destroys the records of a disposed case: what its events said and the hashes by which it
//! could be matched. The envelopes and the chain stay and prove that there was a case.

use review::event::Envelope;
use review::values::{CspId, Reference};
use review::{Event, EventKind, State};

use super::Store;
use super::items::{self, s};
use super::keys::{self, Key};
use super::read::Asked;
use super::write::{self, Condition, Reason, Refused};
use crate::fault::Fault;

/// Items deleted in one transaction; with the check of the case these are DynamoDB's 100.
const AT_ONCE: usize = 99;

/// How many events are read at a time when the disposal is looked for.
const READ_AT_ONCE: u16 = 100;

const DOING: &str = "erase the records of a case";

impl Store {
    /// Erases the records of the events numbered 1 to `up_to_seq` of a disposed case, and its
    /// matches. The first record goes last, because it names the matches: what is cut short is
    /// finished by [`Self::finish_disposal`]. Gives how many records were erased.
    ///
    /// # Errors
    /// A [`Fault`] of the table, or that the case is not disposed; then nothing is erased.
    pub async fn erase_payloads(
        &self,
        csp: &CspId,
        reference: &Reference,
        up_to_seq: u64,
    ) -> Result<usize, Fault> {
        let asked = Asked::new(
            &self.names.cases,
            "pk = :pk AND sk BETWEEN :first AND :last",
            [
                (":pk", keys::case_pk(csp, reference)),
                (":first", keys::payload_sk(1)),
                (":last", keys::payload_sk(up_to_seq)),
            ],
        );
        let found = self.all(&asked).await?;
        let opening = keys::payload(csp, reference, 1);
        let mut doomed = Vec::with_capacity(found.len());
        let mut last = None;
        for item in &found {
            let sk = items::text(item, "sk")?;
            if sk == opening.sk {
                if let Event::Opened(opening) = items::parsed(item, "body")? {
                    let hashes = opening.match_keys.iter();
                    doomed.extend(hashes.map(|hash| keys::matching(csp, hash, reference)));
                }
                last = Some(opening.clone());
            } else {
                doomed.push(Key { pk: opening.pk.clone(), sk: sk.to_owned() });
            }
        }
        doomed.extend(last);
        for some in doomed.chunks(AT_ONCE) {
            self.delete(csp, reference, some).await?;
        }
        Ok(found.len())
    }

    /// Finishes an erasure that was cut short; nothing to do for a case that is not disposed or
    /// whose records are gone. Gives how many records were erased.
    ///
    /// # Errors
    /// A [`Fault`] of the tables; call again.
    pub async fn finish_disposal(
        &self,
        csp: &CspId,
        reference: &Reference,
    ) -> Result<usize, Fault> {
        let opening = self.get(&self.names.cases, keys::payload(csp, reference, 1)).await?;
        let Some(case) = self.load(csp, reference).await?.filter(|_| opening.is_some()) else {
            return Ok(0);
        };
        if case.case.state != State::Disposed {
            return Ok(0);
        }
        let mut after = keys::event_sk(0);
        loop {
            let (raw, goes_on) = self.raw_history(csp, reference, &after, READ_AT_ONCE).await?;
            for event in &raw {
                let envelope: Envelope = items::parsed(&event.event, "envelope")?;
                if envelope.kind == EventKind::Disposed {
                    return self.erase_payloads(csp, reference, envelope.seq - 1).await;
                }
            }
            match raw.last() {
                Some(last) if goes_on => after.clone_from(&last.sk),
                Some(_) | None => return Ok(0),
            }
        }
    }

    /// Deletes items while the case is disposed.
    async fn delete(
        &self,
        csp: &CspId,
        reference: &Reference,
        doomed: &[Key],
    ) -> Result<(), Fault> {
        let table = &self.names.cases;
        let disposed = Condition::new("#state = :disposed")
            .name("#state", "state")
            .value(":disposed", s(State::Disposed.name()));
        let mut writes = vec![write::check(table, keys::case(csp, reference), disposed)?];
        for key in doomed {
            writes.push(write::delete(table, key.clone(), Condition::default())?);
        }
        match self.transact(DOING, writes).await {
            Ok(()) => Ok(()),
            Err(Refused::Fault(fault)) => Err(fault),
            Err(Refused::Cancelled(reasons)) => {
                let kinds: Vec<_> = reasons.iter().map(write::reason).collect();
                if kinds.contains(&Reason::Condition) {
                    Err(Fault::give_up(DOING, "the case is not disposed"))
                } else if kinds.contains(&Reason::Passing) {
                    Err(Fault::retry(DOING, "another request is writing the same items"))
                } else {
                    Err(write::never(DOING, &reasons))
                }
            }
        }
    }
}
