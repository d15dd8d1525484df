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
        let actor = &Actor::system(csp.clone());
        let key = key
            .map(|key| CommandKey::parse(&actor.id, ROUTE, key))
            .transpose()
            .map_err(|invalid| Fault::give_up(DOING, invalid))?;
        let reply = &|_: &_, _: &_| Value::Null;
        Box::pin(self.run(Run { actor, csp, reference, command, if_match: None, key, reply }))
            .instrument(telemetry::command(reference, command.action()))
            .await
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
