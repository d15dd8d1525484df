//! Who belongs to a partnership: memberships, the people of each role, agencies and duty
//! addresses. One membership is one item, so that a referral can require it in its transaction;
//! the entries by role follow it in the transaction that writes it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use review::notices::Duty;
use review::values::{ActorId, AgencyId, CspId, Email, Line};
use review::{Agency, Role};

use super::Store;
use super::items::{self, Item, n, s};
use super::keys;
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
        found
            .iter()
            .map(|item| {
                let id = items::text(item, "sk")?.strip_prefix(keys::AGENCY).unwrap_or_default();
                Ok(Agency {
                    id: AgencyId::parse(id).map_err(|_| items::malformed("sk"))?,
                    name: Line::parse(items::text(item, "name")?)
                        .map_err(|_| items::malformed("name"))?,
                })
            })
            .collect()
    }

    /// Sets the address of a duty.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn put_duty(&self, csp: &CspId, duty: Duty, email: &Email) -> Result<(), Fault> {
        self.put(items::item(keys::duty(csp, duty), [("email", s(email.as_str()))])).await
    }

    /// Adds or renames an agency.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn put_agency(&self, csp: &CspId, agency: &Agency) -> Result<(), Fault> {
        let key = keys::agency(csp, &agency.id);
        self.put(items::item(key, [("name", s(agency.name.as_str()))])).await
    }

    /// Sets a person's membership, and with it the directory's entries.
    ///
    /// # Errors
    /// A [`Fault`] of the table; one that may pass if someone else changed the membership at
    /// the same moment.
    pub async fn put_member(&self, actor: &ActorId, new: &Membership) -> Result<(), Fault> {
        let key = keys::member(actor, &new.csp);
        let old = self.get(&self.names.cases, key).await?;
        let writes = self.membership_writes(actor, new, old.as_ref())?;
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

    fn membership_writes(
        &self,
        actor: &ActorId,
        new: &Membership,
        old: Option<&Item>,
    ) -> Result<Vec<TransactWriteItem>, Fault> {
        let table = &self.names.cases;
        let version = old.map(|item| items::number(item, "version")).transpose()?;
        let unchanged = match version {
            None => Condition::new(NEW),
            Some(version) => Condition::new("version = :version").value(":version", n(version)),
        };
        let mut item = items::item(
            keys::member(actor, &new.csp),
            [
                ("email", s(new.email.as_str())),
                ("active", AttributeValue::Bool(new.active)),
                ("version", n(version.unwrap_or_default() + 1)),
            ],
        );
        if !new.roles.is_empty() {
            let names = new.roles.iter().map(|role| role.name().to_owned()).collect();
            item.insert("roles".to_owned(), AttributeValue::Ss(names));
        }
        if let Some(agency) = &new.agency {
            item.insert("agency".to_owned(), s(agency.as_str()));
        }
        let mut writes = vec![write::put(table, item, unchanged)?];
        let entries = entries(new);
        let former = old.map(membership).transpose()?;
        for (role, agency) in former.iter().flat_map(self::entries) {
            if !entries.contains(&(role, agency)) {
                writes.push(write::delete(table, keys::role(&new.csp, role, agency, actor))?);
            }
        }
        for (role, agency) in entries {
            let key = keys::role(&new.csp, role, agency, actor);
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

/// The directory's entries that follow from a membership.
fn entries(membership: &Membership) -> Vec<(Role, Option<&AgencyId>)> {
    let roles = membership.roles.iter().filter(|_| membership.active);
    roles.map(|role| (*role, membership.agency.as_ref())).collect()
}

/// Reads a membership. A role this version does not know is left out: it permits nothing.
fn membership(item: &Item) -> Result<Membership, Fault> {
    let csp = items::text(item, "sk")?.strip_prefix(keys::MEMBER).unwrap_or_default();
    let roles = item.get("roles").and_then(|roles| roles.as_ss().ok());
    let agency = items::maybe_text(item, "agency").map(AgencyId::parse).transpose();
    Ok(Membership {
        csp: CspId::parse(csp).map_err(|_| items::malformed("sk"))?,
        roles: roles.into_iter().flatten().filter_map(|name| Role::parse(name)).collect(),
        agency: agency.map_err(|_| items::malformed("agency"))?,
        email: email(item)?,
        active: item
            .get("active")
            .and_then(|active| active.as_bool().ok().copied())
            .ok_or_else(|| items::malformed("active"))?,
    })
}

fn email(item: &Item) -> Result<Email, Fault> {
    Email::parse(items::text(item, "email")?).map_err(|_| items::malformed("email"))
}
