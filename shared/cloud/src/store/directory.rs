//! Who belongs to a partnership: memberships, the people of each role, agencies and duty
//! addresses. One membership is one item, so that a referral can require it in its transaction;
//! the entries by role and the list of people follow it in the transaction that writes it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use review::notices::Duty;
use review::values::{ActorId, AgencyId, CspId, Email, Line};
use review::{Agency, Role};

use super::Store;
use super::administration::Enrolled;
use super::items::{self, Item, n, s};
use super::keys::{self, Key};
use super::write::{self, Condition, NEW, Reason, Refused};
use crate::fault::Fault;

/// What a person is to a partnership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The partnership.
    pub csp: CspId,
    /// The roles held.
    pub roles: BTreeSet<Role>,
    /// The agency spoken for.
    pub agency: Option<AgencyId>,
    /// Where mail goes.
    pub email: Email,
    /// Whether it is in force.
    pub active: bool,
}

/// A person in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub actor: ActorId,
    /// Where mail goes.
    pub email: Email,
}

const WRITING: &str = "write a membership";

impl Store {
    /// A person's memberships, those no longer in force too.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn member(&self, actor: &ActorId) -> Result<Vec<Membership>, Fault> {
        let found = self.query_prefix(keys::actor_pk(actor), keys::MEMBER).await?;
        found.iter().map(membership).collect()
    }

    /// The people who hold a role now, at one agency or, without one, in the whole partnership.
    /// Each person appears once.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn people(
        &self,
        csp: &CspId,
        role: Role,
        agency: Option<&AgencyId>,
    ) -> Result<Vec<Person>, Fault> {
        let prefix = keys::role_prefix(role, agency);
        let mut people = BTreeMap::new();
        for item in self.query_prefix(keys::directory_pk(csp), &prefix).await? {
            let (_, actor) =
                items::text(&item, "sk")?.rsplit_once('#').ok_or_else(|| items::malformed("sk"))?;
            let actor = ActorId::parse(actor).map_err(|_| items::malformed("sk"))?;
            people.insert(actor, email(&item)?);
        }
        Ok(people.into_iter().map(|(actor, email)| Person { actor, email }).collect())
    }

    /// The address of a duty.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn duty(&self, csp: &CspId, duty: Duty) -> Result<Option<Email>, Fault> {
        let item = self.get(&self.names.cases, keys::duty(csp, duty)).await?;
        item.as_ref().map(email).transpose()
    }

    /// The agencies of a partnership, by id.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn agencies(&self, csp: &CspId) -> Result<Vec<Agency>, Fault> {
        let found = self.query_prefix(keys::directory_pk(csp), keys::AGENCY).await?;
        found.iter().map(agency).collect()
    }

    /// Sets the address of a duty, without a record: for a directory that is set up.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn put_duty(&self, csp: &CspId, duty: Duty, email: &Email) -> Result<(), Fault> {
        let attributes = [("email", s(email.as_str())), ("version", n(1))];
        self.put(items::item(keys::duty(csp, duty), attributes)).await
    }

    /// Adds or renames an agency, without a record: for a directory that is set up.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn put_agency(&self, csp: &CspId, agency: &Agency) -> Result<(), Fault> {
        let attributes = [("name", s(agency.name.as_str())), ("version", n(1))];
        self.put(items::item(keys::agency(csp, &agency.id), attributes)).await
    }

    /// Sets a person's membership, and with it the directory's entries, without a record: for a
    /// directory that is set up.
    ///
    /// # Errors
    /// A [`Fault`] of the table; one that may pass if someone else changed the membership at
    /// the same moment.
    pub async fn put_member(&self, actor: &ActorId, new: &Membership) -> Result<(), Fault> {
        let before = self.enrolled(&new.csp, actor).await?;
        let version = before.as_ref().map_or(0, |before| before.version) + 1;
        let writes =
            self.membership_writes(&new.csp, actor, before.as_ref(), Some((new, version)))?;
        match self.transact(WRITING, writes).await {
            Ok(()) => Ok(()),
            Err(Refused::Fault(fault)) => Err(fault),
            Err(Refused::Cancelled(reasons)) => {
                if reasons.iter().any(|each| write::reason(each) == Reason::Never) {
                    Err(write::never(WRITING, &reasons))
                } else {
                    Err(Fault::retry(WRITING, "it was changed at the same moment"))
                }
            }
        }
    }

    /// The parts of a transaction that take a membership from what it was to what it is to be:
    /// first the membership, required to be as it was, then the entries that follow from it.
    pub(super) fn membership_writes(
        &self,
        csp: &CspId,
        actor: &ActorId,
        before: Option<&Enrolled>,
        after: Option<(&Membership, u64)>,
    ) -> Result<Vec<TransactWriteItem>, Fault> {
        let table = &self.names.cases;
        let unchanged = as_it_was(before.map(|before| before.version));
        let (key, listed) = (keys::member(actor, csp), keys::person(csp, actor));
        let mut writes = match after {
            None => vec![
                write::delete(table, key, unchanged)?,
                write::delete(table, listed, Condition::default())?,
            ],
            Some((new, version)) => vec![
                write::put(table, attributes(key, new, version), unchanged)?,
                write::put(table, attributes(listed, new, version), Condition::default())?,
            ],
        };
        let entries = after.map(|(new, _)| entries(new)).unwrap_or_default();
        for (role, agency) in before.iter().flat_map(|before| self::entries(&before.membership)) {
            if !entries.contains(&(role, agency)) {
                let key = keys::role(csp, role, agency, actor);
                writes.push(write::delete(table, key, Condition::default())?);
            }
        }
        for ((role, agency), (new, _)) in entries.iter().zip(after.iter().cycle()) {
            let key = keys::role(csp, *role, *agency, actor);
            let item = items::item(key, [("email", s(new.email.as_str()))]);
            writes.push(write::put(table, item, Condition::default())?);
        }
        Ok(writes)
    }

    async fn put(&self, item: Item) -> Result<(), Fault> {
        self.client
            .put_item()
            .table_name(&self.names.cases)
            .set_item(Some(item))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| Fault::sdk("write to the directory", error))
    }
}

/// The condition of an item that must be as it was read; without a version, of a new one.
pub(super) fn as_it_was(version: Option<u64>) -> Condition {
    match version {
        None => Condition::new(NEW),
        Some(version) => Condition::new("version = :version").value(":version", n(version)),
    }
}

fn attributes(key: Key, membership: &Membership, version: u64) -> Item {
    let mut item = items::item(
        key,
        [
            ("email", s(membership.email.as_str())),
            ("active", AttributeValue::Bool(membership.active)),
            ("version", n(version)),
        ],
    );
    if !membership.roles.is_empty() {
        let names = membership.roles.iter().map(|role| role.name().to_owned()).collect();
        item.insert("roles".to_owned(), AttributeValue::Ss(names));
    }
    if let Some(agency) = &membership.agency {
        item.insert("agency".to_owned(), s(agency.as_str()));
    }
    item
}

/// The directory's entries that follow from a membership.
fn entries(membership: &Membership) -> Vec<(Role, Option<&AgencyId>)> {
    let roles = membership.roles.iter().filter(|_| membership.active);
    roles.map(|role| (*role, membership.agency.as_ref())).collect()
}

fn membership(item: &Item) -> Result<Membership, Fault> {
    let csp = items::text(item, "sk")?.strip_prefix(keys::MEMBER).unwrap_or_default();
    membership_in(&CspId::parse(csp).map_err(|_| items::malformed("sk"))?, item)
}

/// Reads a membership. A role this version does not know is left out: it permits nothing.
pub(super) fn membership_in(csp: &CspId, item: &Item) -> Result<Membership, Fault> {
    let roles = item.get("roles").and_then(|roles| roles.as_ss().ok());
    let agency = items::maybe_text(item, "agency").map(AgencyId::parse).transpose();
    Ok(Membership {
        csp: csp.clone(),
        roles: roles.into_iter().flatten().filter_map(|name| Role::parse(name)).collect(),
        agency: agency.map_err(|_| items::malformed("agency"))?,
        email: email(item)?,
        active: item
            .get("active")
            .and_then(|active| active.as_bool().ok().copied())
            .ok_or_else(|| items::malformed("active"))?,
    })
}

pub(super) fn agency(item: &Item) -> Result<Agency, Fault> {
    let id = items::text(item, "sk")?.strip_prefix(keys::AGENCY).unwrap_or_default();
    Ok(Agency {
        id: AgencyId::parse(id).map_err(|_| items::malformed("sk"))?,
        name: Line::parse(items::text(item, "name")?).map_err(|_| items::malformed("name"))?,
    })
}

fn email(item: &Item) -> Result<Email, Fault> {
    Email::parse(items::text(item, "email")?).map_err(|_| items::malformed("email"))
}
