//! Changes of the directory. Each is one transaction of what changes, what follows from it and
//! the record that says who did it; whatever the decision rested on is required to be as it was
//! read. The records stand with the events, in the table from which nothing is ever deleted.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::TransactWriteItem;
use chrono::{DateTime, Utc};
use review::administration::{Change, Changed, Deed, Entry};
use review::notices::Duty;
use review::values::{ActorId, AgencyId, CspId, Email, Line};
use review::{Agency, Role};

use super::Store;
use super::cursor::{self, ListError, Page};
use super::directory::{self, Membership, as_it_was};
use super::items::{self, Item, n, s};
use super::keys;
use super::read::Asked;
use super::write::{self, Condition, NEW, Reason, Refused};
use crate::fault::Fault;

const DOING: &str = "change the directory";
/// The attribute that holds a record.
const RECORD: &str = "change";

/// A membership as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The membership.
    pub membership: Membership,
    /// Its version, another one after each change. It never comes again, not even to someone who
    /// was removed and invited anew.
    pub version: u64,
}

/// A change of one membership.
#[derive(Clone, Copy, Debug)]
pub struct Amendment<'a> {
    /// The partnership.
    pub csp: &'a CspId,
    /// Whose membership.
    pub actor: &'a ActorId,
    /// What it was when it was read; `None` if there was none.
    pub before: Option<&'a Enrolled>,
    /// What it is to be; `None` removes it.
    pub after: Option<&'a Membership>,
    /// Others whose memberships the decision rested on, and the versions read.
    pub witnesses: &'a [(ActorId, u64)],
    /// The record of it.
    pub change: &'a Change,
}

/// Why the directory is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// Something the decision rested on was changed meanwhile: read again and decide again.
    #[error("the directory was changed at the same moment")]
    Contended,
    /// The agency named is none of the partnership's.
    #[error("there is no such agency")]
    NoAgency,
    /// The table.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Membership {
    /// What an administrator sees and writes of it.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry {
            roles: self.roles.clone(),
            agency: self.agency.clone(),
            email: self.email.clone(),
            active: self.active,
        }
    }

    /// The membership that an entry makes.
    #[must_use]
    pub fn of(csp: &CspId, entry: &Entry) -> Self {
        Self {
            csp: csp.clone(),
            roles: entry.roles.clone(),
            agency: entry.agency.clone(),
            email: entry.email.clone(),
            active: entry.active,
        }
    }
}

impl Store {
    /// A person's membership of one partnership.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn enrolled(&self, csp: &CspId, actor: &ActorId) -> Result<Option<Enrolled>, Fault> {
        let item = self.get(&self.names.cases, keys::member(actor, csp)).await?;
        item.map(|item| enrolled(csp, &item)).transpose()
    }

    /// The people of a partnership by id, suspended ones too, at most `limit` (at least 1).
    ///
    /// # Errors
    /// [`ListError`] for a cursor that is not of this list, or a fault of the table.
    pub async fn enrolments(
        &self,
        csp: &CspId,
        cursor: Option<&str>,
        limit: u16,
    ) -> Result<Page<(ActorId, Enrolled)>, ListError> {
        let asked = Asked::new(
            &self.names.cases,
            "pk = :pk AND begins_with(sk, :prefix)",
            [(":pk", keys::directory_pk(csp)), (":prefix", keys::PERSON.to_owned())],
        );
        self.page(&asked, csp, keys::PERSON, cursor, limit, |item| {
            Ok((actor_of(item)?, enrolled(csp, item)?))
        })
        .await
    }

    /// What administrators did in a partnership, the latest first, at most `limit` (at least 1).
    ///
    /// # Errors
    /// [`ListError`] for a cursor that is not of this list, or a fault of the table.
    pub async fn changes(
        &self,
        csp: &CspId,
        cursor: Option<&str>,
        limit: u16,
    ) -> Result<Page<Change>, ListError> {
        let asked = Asked::new(
            &self.names.events,
            "pk = :pk AND begins_with(sk, :prefix)",
            [(":pk", keys::directory_pk(csp)), (":prefix", keys::CHANGE.to_owned())],
        )
        .backwards();
        self.page(&asked, csp, keys::CHANGE, cursor, limit, |item| items::parsed(item, RECORD))
            .await
    }

    async fn page<T>(
        &self,
        asked: &Asked<'_>,
        csp: &CspId,
        prefix: &str,
        cursor: Option<&str>,
        limit: u16,
        read: impl Fn(&Item) -> Result<T, Fault>,
    ) -> Result<Page<T>, ListError> {
        let pk = keys::directory_pk(csp);
        let from = cursor.map(|cursor| cursor::decode_within(cursor, &pk, prefix)).transpose()?;
        let (found, last) = self.piece(asked, from, Some(i32::from(limit))).await?;
        Ok(Page {
            items: found.iter().map(read).collect::<Result<_, _>>()?,
            next: last.as_ref().map(cursor::encode).transpose()?,
        })
    }

    /// Changes a membership, and answers its version; a removed one has had its last.
    ///
    /// # Errors
    /// [`Unchanged`]; nothing was written then.
    pub async fn amend(&self, amendment: Amendment<'_>) -> Result<u64, Unchanged> {
        let Amendment { csp, actor, before, after, witnesses, change } = amendment;
        let table = &self.names.cases;
        let version = next(before.map(|before| before.version), change.at);
        let new = after.map(|after| (after, version));
        let mut writes = self.membership_writes(csp, actor, before, new)?;
        for (witness, version) in witnesses {
            let same = as_it_was(Some(*version));
            writes.push(write::check(table, keys::member(witness, csp), same)?);
        }
        writes.push(self.record(csp, change, version)?);
        let former = before.and_then(|before| before.membership.agency.as_ref());
        let joined = after.and_then(|after| after.agency.as_ref());
        // The agency must be there, and whoever deletes it at this moment must notice: hence a
        // new version of it.
        let agency = joined.filter(|agency| former != Some(*agency));
        if let Some(agency) = agency {
            let there = Condition::new("attribute_exists(pk)").value(":one", n(1));
            let key = keys::agency(csp, agency);
            writes.push(write::update(table, key, "ADD version :one", there)?);
        }
        self.carry_out(writes, agency.is_some()).await.map(|()| version)
    }

    /// Makes someone the first administrator of a partnership; `false`, and nothing, if it has
    /// one in force. Of several such requests at once, one is carried out.
    ///
    /// # Errors
    /// [`Unchanged`]; nothing was written then.
    pub async fn appoint_first(
        &self,
        csp: &CspId,
        actor: &ActorId,
        email: &Email,
        at: DateTime<Utc>,
    ) -> Result<bool, Unchanged> {
        let table = &self.names.cases;
        let founded = self.get(table, keys::founding(csp)).await?;
        let founded = founded.map(|item| items::number(&item, "version")).transpose()?;
        if !self.people(csp, Role::Administrator, None).await?.is_empty() {
            return Ok(false);
        }
        let before = self.enrolled(csp, actor).await?;
        let held = before.as_ref().map(|before| before.membership.entry());
        let mut entry = held.clone().unwrap_or(Entry {
            roles: BTreeSet::new(),
            agency: None,
            email: email.clone(),
            active: true,
        });
        entry.roles.insert(Role::Administrator);
        entry.email = email.clone();
        entry.active = true;
        let change = Change {
            at,
            by: ActorId::system(),
            role: Role::System,
            deeds: vec![Deed::AppointFirst],
            about: Changed::Person {
                actor: actor.clone(),
                before: held.as_ref().map(Entry::rights),
                after: Some(entry.rights()),
            },
        };
        let version = next(before.as_ref().map(|before| before.version), at);
        let after = Membership::of(csp, &entry);
        let mut writes =
            self.membership_writes(csp, actor, before.as_ref(), Some((&after, version)))?;
        let times =
            items::item(keys::founding(csp), [("version", n(founded.unwrap_or_default() + 1))]);
        writes.push(write::put(table, times, as_it_was(founded))?);
        writes.push(self.record(csp, &change, version)?);
        self.carry_out(writes, false).await.map(|()| true)
    }

    /// An agency and its version.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn agency(
        &self,
        csp: &CspId,
        agency: &AgencyId,
    ) -> Result<Option<(Agency, u64)>, Fault> {
        let item = self.get(&self.names.cases, keys::agency(csp, agency)).await?;
        item.map(|item| Ok((directory::agency(&item)?, items::number(&item, "version")?)))
            .transpose()
    }

    /// Whether anyone speaks for an agency, suspended people too.
    ///
    /// # Errors
    /// A [`Fault`] of the table.
    pub async fn is_spoken_for(&self, csp: &CspId, agency: &AgencyId) -> Result<bool, Fault> {
        let people = self.query_prefix(keys::directory_pk(csp), keys::PERSON).await?;
        Ok(people.iter().any(|item| items::maybe_text(item, "agency") == Some(agency.as_str())))
    }

    /// Adds, renames or, without a name, deletes an agency that had this version.
    ///
    /// # Errors
    /// [`Unchanged`]; nothing was written then.
    pub async fn change_agency(
        &self,
        csp: &CspId,
        agency: &AgencyId,
        version: Option<u64>,
        name: Option<&Line<120>>,
        change: &Change,
    ) -> Result<(), Unchanged> {
        let (table, key) = (&self.names.cases, keys::agency(csp, agency));
        let next = next(version, change.at);
        let write = match name {
            None => write::delete(table, key, as_it_was(version))?,
            Some(name) => {
                let item = items::item(key, [("name", s(name.as_str())), ("version", n(next))]);
                write::put(table, item, as_it_was(version))?
            }
        };
        self.carry_out(vec![write, self.record(csp, change, next)?], false).await
    }

    /// Sets the address of a duty.
    ///
    /// # Errors
    /// [`Unchanged`]; nothing was written then.
    pub async fn change_duty(
        &self,
        csp: &CspId,
        duty: Duty,
        email: &Email,
        change: &Change,
    ) -> Result<(), Unchanged> {
        let table = &self.names.cases;
        let old = self.get(table, keys::duty(csp, duty)).await?;
        let version = old.map(|item| items::number(&item, "version")).transpose()?;
        let next = next(version, change.at);
        let attributes = [("email", s(email.as_str())), ("version", n(next))];
        let item = items::item(keys::duty(csp, duty), attributes);
        let write = write::put(table, item, as_it_was(version))?;
        self.carry_out(vec![write, self.record(csp, change, next)?], false).await
    }

    fn record(
        &self,
        csp: &CspId,
        change: &Change,
        version: u64,
    ) -> Result<TransactWriteItem, Fault> {
        let key = keys::change(csp, change, version);
        let item = items::item(key, [(RECORD, s(items::json(change)?))]);
        write::put(&self.names.events, item, Condition::new(NEW))
    }

    /// Carries out a change; where it touches an agency, that is its last part.
    async fn carry_out(
        &self,
        writes: Vec<TransactWriteItem>,
        agency: bool,
    ) -> Result<(), Unchanged> {
        let reasons = match self.transact(DOING, writes).await {
            Ok(()) => return Ok(()),
            Err(Refused::Fault(fault)) => return Err(fault.into()),
            Err(Refused::Cancelled(reasons)) => reasons,
        };
        let kinds: Vec<_> = reasons.iter().map(write::reason).collect();
        if kinds.contains(&Reason::Never) {
            Err(write::never(DOING, &reasons).into())
        } else if agency && kinds.last() == Some(&Reason::Condition) {
            Err(Unchanged::NoAgency)
        } else {
            Err(Unchanged::Contended)
        }
    }
}

/// The version after this one. The first is the second in which it is made, so that what was
/// deleted and made again does not repeat the versions it had.
fn next(version: Option<u64>, at: DateTime<Utc>) -> u64 {
    version.map_or_else(|| u64::try_from(at.timestamp()).unwrap_or_default(), |last| last + 1)
}

fn actor_of(item: &Item) -> Result<ActorId, Fault> {
    let id = items::text(item, "sk")?.strip_prefix(keys::PERSON).unwrap_or_default();
    ActorId::parse(id).map_err(|_| items::malformed("sk"))
}

fn enrolled(csp: &CspId, item: &Item) -> Result<Enrolled, Fault> {
    Ok(Enrolled {
        membership: directory::membership_in(csp, item)?,
        version: items::number(item, "version")?,
    })
}
