//! Commands that no person gives: the clock's, SES's, the scanner's.

use review::values::{CspId, Reference};
use review::{Actor, Command};
use serde_json::Value;
use tracing::Instrument as _;

use crate::app::{App, CommandKey, Done, Failure, Run};
use crate::fault::Fault;
use crate::telemetry;

const DOING: &str = "carry out a command of the system";

/// Under which route the system's keys stand.
const ROUTE: &str = "system";

impl App {
    /// Carries out a command of the system; with a key, once however often it is given.
    ///
    /// # Errors
    /// [`Failure`], as of [`App::run`].
    pub async fn by_system(
        &self,
        csp: &CspId,
        reference: &Reference,
        command: &Command,
        key: Option<&str>,
    ) -> Result<Done, Failure> {
        self.system(csp, reference, command, key, None).await
    }

    /// The same for a command that was judged by the case as it was at this version. Carried out
    /// on a later one it might not be true any more.
    ///
    /// # Errors
    /// [`Failure`], as of [`App::run`]; [`Failure::Conflict`] if the case has moved on.
    pub async fn by_system_at(
        &self,
        csp: &CspId,
        reference: &Reference,
        command: &Command,
        key: &str,
        version: u64,
    ) -> Result<Done, Failure> {
        self.system(csp, reference, command, Some(key), Some(version)).await
    }

    async fn system(
        &self,
        csp: &CspId,
        reference: &Reference,
        command: &Command,
        key: Option<&str>,
        version: Option<u64>,
    ) -> Result<Done, Failure> {
        let actor = &Actor::system(csp.clone());
        let key = key
            .map(|key| CommandKey::parse(&actor.id, ROUTE, key))
            .transpose()
            .map_err(|invalid| Fault::give_up(DOING, invalid))?;
        let reply = &|_: &_, _: &_| Value::Null;
        let run = Run { actor, csp, reference, command, if_match: None, version, key, reply };
        Box::pin(self.run(run)).instrument(telemetry::command(reference, command.action())).await
    }
}

/// What a trigger makes of a failure: it is tried again or it is not.
impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fault(fault) => fault,
            Failure::Conflict => Self::retry(DOING, failure),
            Failure::Refused(_) | Failure::KeyReused | Failure::NotMember | Failure::TooLarge => {
                Self::give_up(DOING, failure)
            }
        }
    }
}
