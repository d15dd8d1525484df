//! How the directory looks from outside: people, agencies and duty addresses. The list of people
//! and one person's own address show an entry alike.

use std::collections::BTreeSet;

use cloud::store::Enrolled;
use review::Role;
use review::notices::Duty;
use review::values::{ActorId, AgencyId, Email, Line};
use serde::Serialize;

use crate::preconditions::entry_tag;

/// Someone's entry.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonView<'a> {
    /// The subject of the person's tokens.
    pub actor: &'a ActorId,
    /// The roles held.
    pub roles: &'a BTreeSet<Role>,
    /// The agency spoken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<&'a AgencyId>,
    /// Where mail goes.
    pub email: &'a Email,
    /// Whether it is in force.
    pub active: bool,
    /// Send it as If-Match with a change.
    pub etag: String,
}

impl<'a> PersonView<'a> {
    /// The view of an entry.
    #[must_use]
    pub fn of(actor: &'a ActorId, enrolled: &'a Enrolled) -> Self {
        let membership = &enrolled.membership;
        Self {
            actor,
            roles: &membership.roles,
            agency: membership.agency.as_ref(),
            email: &membership.email,
            active: membership.active,
            etag: entry_tag(enrolled.version),
        }
    }
}

/// An agency.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgencyView<'a> {
    /// Its id.
    pub agency: &'a AgencyId,
    /// Its display name.
    pub name: &'a Line<120>,
}

/// A duty and where it can be reached.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DutyView<'a> {
    /// Which.
    pub duty: Duty,
    /// The address; `null` as long as none is set.
    pub email: Option<&'a Email>,
}
