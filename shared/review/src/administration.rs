//! Who may administer whom. A partnership looks after its own people, agencies and duty
//! addresses; [`POWERS`] is the whole table of who may do what to whom, and what no row names
//! is not permitted. Nobody changes the own roles, so nobody raises themselves.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::actor::{Actor, Role};
use crate::notices::Duty;
use crate::refusal::FieldError;
use crate::values::{ActorId, AgencyId, Email, Line};

list! {
    /// One administrative act.
    pub enum Deed {
        /// Look at someone's entry, or find it in the list.
        SeePerson,
        /// Give someone an entry who has none.
        Invite,
        /// Give or take roles, or say which agency someone speaks for.
        ChangeRoles,
        /// Send someone's mail elsewhere.
        ChangeAddress,
        /// End someone's access for now.
        Suspend,
        /// Undo that.
        Reinstate,
        /// End someone's access and delete the entry.
        Remove,
        /// Look at the list of agencies.
        SeeAgencies,
        /// Add an agency or rename it.
        SetAgency,
        /// Delete an agency.
        RemoveAgency,
        /// Look at a duty's address.
        SeeDuty,
        /// Set it.
        SetDuty,
        /// Read what administrators did.
        SeeHistory,
        /// Make the first administrator. An operator does it, through no route of the API, so no
        /// row permits it to anyone.
        AppointFirst,
    }

    /// What an act touches, as the person who acts stands to it.
    pub enum Over {
        /// The own entry.
        Oneself,
        /// A contact or author of the own agency, before the act and after it.
        OwnAgency,
        /// Anybody else.
        Another,
        /// What belongs to the partnership as a whole: agencies, duties, the history.
        Partnership,
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Power {
    /// In which role.
    pub who: Role,
    /// Whom or what it may touch.
    pub over: &'static [Over],
    /// What it may do there.
    pub may: &'static [Deed],
}

const fn row(who: Role, over: &'static [Over], may: &'static [Deed]) -> Power {
    Power { who, over, may }
}

/// Everything a person's entry can undergo.
const ALL_OF_A_PERSON: &[Deed] = &[
    Deed::SeePerson,
    Deed::Invite,
    Deed::ChangeRoles,
    Deed::ChangeAddress,
    Deed::Suspend,
    Deed::Reinstate,
    Deed::Remove,
];

/// Who may do what to whom. All of it is a decision of this product: the guidance knows no
/// administrators.
#[rustfmt::skip]
pub const POWERS: &[Power] = &[
    row(Role::Administrator, &[Over::OwnAgency, Over::Another], ALL_OF_A_PERSON),
    row(Role::Administrator, &[Over::Oneself],
        &[Deed::SeePerson, Deed::ChangeAddress, Deed::Suspend, Deed::Remove]),
    row(Role::Administrator, &[Over::Partnership],
        &[Deed::SeeAgencies, Deed::SetAgency, Deed::RemoveAgency, Deed::SeeDuty, Deed::SetDuty, Deed::SeeHistory]),
    row(Role::Coordinator, &[Over::Oneself, Over::OwnAgency, Over::Another], &[Deed::SeePerson]),
    row(Role::Coordinator, &[Over::Partnership], &[Deed::SeeAgencies, Deed::SeeDuty]),
    row(Role::AgencySenior, &[Over::OwnAgency], ALL_OF_A_PERSON),
    row(Role::AgencySenior, &[Over::Oneself], &[Deed::SeePerson]),
];

/// Whether someone in this role may do this there. Total; the default is no.
#[must_use]
pub fn may(role: Role, deed: Deed, over: Over) -> bool {
    POWERS
        .iter()
        .any(|power| power.who == role && power.over.contains(&over) && power.may.contains(&deed))
}

/// Whether someone in this role may do this to anyone at all.
#[must_use]
pub fn may_ever(role: Role, deed: Deed) -> bool {
    Over::ALL.iter().any(|over| may(role, deed, *over))
}

const fn yes() -> bool {
    true
}

record! {
    /// What someone is to a partnership.
    pub struct Entry {
        /// The roles held; at least one.
        pub roles: BTreeSet<Role>,
        /// The agency spoken for, where a role belongs to one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// Where mail goes.
        pub email: Email,
        /// Whether it is in force; `false` suspends.
        #[serde(default = "yes")]
        pub active: bool,
    }

    /// What an agency is called.
    pub struct AgencyName {
        /// Its display name.
        pub name: Line<120>,
    }

    /// Where a duty can be reached.
    pub struct DutyAddress {
        /// The address.
        pub email: Email,
    }

    /// An entry as the history shows it: without the address.
    pub struct Rights {
        /// The roles.
        pub roles: BTreeSet<Role>,
        /// The agency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// Whether it was in force.
        pub active: bool,
    }

    /// An act of administration, as it is remembered.
    pub struct Change {
        /// When.
        pub at: DateTime<Utc>,
        /// Who did it.
        pub by: ActorId,
        /// In which role.
        pub role: Role,
        /// What it was.
        pub deeds: Vec<Deed>,
        /// To whom or what, with what was before and after.
        pub about: Changed,
    }
}

/// What an act of administration changed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Changed {
    /// Someone's entry; `null` where there was none, or is none any more.
    Person {
        /// Whose.
        actor: ActorId,
        /// What it was.
        before: Option<Rights>,
        /// What it became.
        after: Option<Rights>,
    },
    /// An agency's name; `null` where there was no agency, or is none any more.
    Agency {
        /// Which.
        agency: AgencyId,
        /// What it was called.
        before: Option<Line<120>>,
        /// What it is called.
        after: Option<Line<120>>,
    },
    /// A duty's address, which is not remembered itself.
    Duty {
        /// Which.
        duty: Duty,
    },
}

impl Entry {
    /// What the history shows of it.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights { roles: self.roles.clone(), agency: self.agency.clone(), active: self.active }
    }

    /// Whether it makes an administrator of someone, now.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.active && self.roles.contains(&Role::Administrator)
    }

    fn is_under(&self, actor: &Actor) -> bool {
        let under = |role: &Role| matches!(role, Role::AgencyContact | Role::ImrAuthor);
        actor.agency.is_some() && self.agency == actor.agency && self.roles.iter().all(under)
    }

    /// What cannot be so about it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let fault = |pointer: &str, sentence: &str| FieldError {
            pointer: pointer.to_owned(),
            sentence: sentence.to_owned(),
        };
        let mut faults = Vec::new();
        if self.roles.is_empty() {
            faults.push(fault(
                "/roles",
                "Give at least one role. To end someone's access, suspend or remove them.",
            ));
        }
        if self.roles.contains(&Role::System) {
            faults.push(fault("/roles", "Choose roles of people; the system's own is not given."));
        }
        if self.agency.is_none() && self.roles.iter().any(|role| role.is_of_agency()) {
            faults.push(fault("/agency", "Name the agency that this person speaks for."));
        }
        faults
    }
}

/// How someone who acts stands to a person whose entry is and would be this.
#[must_use]
pub fn over(
    actor: &Actor,
    person: &ActorId,
    before: Option<&Entry>,
    after: Option<&Entry>,
) -> Over {
    if actor.id == *person {
        Over::Oneself
    } else if before.into_iter().chain(after).all(|entry| entry.is_under(actor)) {
        Over::OwnAgency
    } else {
        Over::Another
    }
}

/// The acts that lead from one entry to another; none if nothing changes.
#[must_use]
pub fn deeds(before: Option<&Entry>, after: Option<&Entry>) -> Vec<Deed> {
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![Deed::Invite],
        (Some(_), None) => vec![Deed::Remove],
        (Some(before), Some(after)) => {
            let active = match (before.active, after.active) {
                (true, false) => Some(Deed::Suspend),
                (false, true) => Some(Deed::Reinstate),
                (true, true) | (false, false) => None,
            };
            let roles = before.roles != after.roles || before.agency != after.agency;
            let address = before.email != after.email;
            roles
                .then_some(Deed::ChangeRoles)
                .into_iter()
                .chain(address.then_some(Deed::ChangeAddress))
                .chain(active)
                .collect()
        }
    }
}
