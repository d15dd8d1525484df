//! The first administrator of a partnership. Nobody can be one by default, and no route of the
//! API makes one out of nobody; an operator, whom IAM lets invoke this function itself, can, once.

use cloud::store::Unchanged;
use cloud::{Cloud, Fault};
use review::Role;
use review::values::{ActorId, CspId, Email};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the payload of such an invocation has.
pub(crate) const KEY: &str = "first_administrator";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    csp: CspId,
    actor: ActorId,
    email: Email,
}

/// Why nobody was appointed. It goes to the operator's terminal and repeats nothing sent.
#[derive(Debug, thiserror::Error)]
pub enum NotAppointed {
    /// The payload does not say whom.
    #[error(
        "Send {{\"first_administrator\": {{\"csp\": …, \"actor\": …, \"email\": …}}}}: the partnership's id, the subject of the person's tokens, and where mail to them goes."
    )]
    Unreadable,
    /// The installation serves no such partnership.
    #[error("This installation serves no such partnership. CSPS names those that it serves.")]
    NoSuchPartnership,
    /// There is one.
    #[error("This partnership has an administrator. Administrators make others, through the API.")]
    HasOne,
    /// Others appointed someone at the same moment.
    #[error(
        "The directory was changed at the same moment. Look whether it is done, then try again."
    )]
    Contended,
    /// The store.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Appoints, and answers who is the first administrator now. A person who belongs to the
/// partnership already keeps the roles held.
///
/// # Errors
/// [`NotAppointed`].
pub async fn appoint(cloud: &Cloud, wanted: &Value) -> Result<Value, NotAppointed> {
    let Wanted { csp, actor, email } =
        Wanted::deserialize(wanted).map_err(|_| NotAppointed::Unreadable)?;
    if !cloud.config.csps.contains_key(&csp) {
        return Err(NotAppointed::NoSuchPartnership);
    }
    match cloud.store.appoint_first(&csp, &actor, &email, cloud.clock.now()).await {
        Ok(true) => {
            tracing::info!(%csp, %actor, "first administrator appointed");
            Ok(json!({ "csp": csp, "actor": actor, "role": Role::Administrator.name() }))
        }
        Ok(false) => Err(NotAppointed::HasOne),
        Err(Unchanged::Contended | Unchanged::NoAgency) => Err(NotAppointed::Contended),
        Err(Unchanged::Fault(fault)) => Err(fault.into()),
    }
}
