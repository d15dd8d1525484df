//! Whom an item is for, and at which address. The address is read when the mail is sent, so that
//! none is kept in the outbox and a person who left gets no more mail.

use std::collections::BTreeSet;

use review::Role;
use review::notices::{Duty, Recipient};
use review::react::Effect;
use review::values::{ActorId, AgencyId, CspId, Email};

use super::{Mail, Outcome};
use crate::fault::Fault;
use crate::store::{Membership, OutboxId, OutboxItem};

/// A role, in the partnership or at one of its agencies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holding<'a> {
    role: Role,
    agency: Option<&'a AgencyId>,
}

/// Whom an item is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Addressee<'a> {
    /// Everyone who holds a role; not yet one item each.
    Holders(Holding<'a>),
    /// One person; where a role made them a recipient, they must still hold it.
    Person { actor: &'a ActorId, holding: Option<Holding<'a>> },
    /// An office of the partnership.
    Office(Duty),
}

/// Where one addressee can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// At this address.
    At(String),
    /// They are not entitled to it any more.
    NotEntitled,
    /// The directory has no address.
    Nowhere,
}

impl Holding<'_> {
    fn is_held(self, membership: &Membership) -> bool {
        membership.roles.contains(&self.role)
            && self.agency.is_none_or(|agency| membership.agency.as_ref() == Some(agency))
    }
}

impl<'a> Addressee<'a> {
    pub(super) fn of(id: &'a OutboxId, effect: &'a Effect) -> Self {
        let holders = |role, agency| {
            let holding = Holding { role, agency };
            match &id.person {
                None => Self::Holders(holding),
                Some(actor) => Self::Person { actor, holding: Some(holding) },
            }
        };
        match &effect.to {
            Recipient::Role(role) => holders(*role, None),
            Recipient::AgencyRole { agency, role } => holders(*role, Some(agency)),
            Recipient::Actor(actor) => Self::Person { actor, holding: None },
            Recipient::Duty(duty) => Self::Office(*duty),
        }
    }
}

impl Mail {
    /// Replaces an item by one for each person who holds the role now.
    pub(super) async fn fan_out(
        &self,
        item: &OutboxItem,
        holding: Holding<'_>,
    ) -> Result<Outcome, Fault> {
        let people = self.store.people(&item.id.csp, holding.role, holding.agency).await?;
        let actors: BTreeSet<_> = people.into_iter().map(|person| person.actor).collect();
        if actors.is_empty() {
            return self.give_to_human(item, "nobody holds the role it is addressed to").await;
        }
        if !self.store.fan_out(item, &actors).await? {
            return Ok(Outcome::Nothing);
        }
        let child = |actor| OutboxId { person: Some(actor), ..item.id.clone() };
        Ok(Outcome::Next(actors.into_iter().map(child).collect()))
    }

    /// The address of a person or an office, as the directory has it now.
    pub(super) async fn reach(
        &self,
        csp: &CspId,
        addressee: Addressee<'_>,
    ) -> Result<Reach, Fault> {
        let (actor, holding) = match addressee {
            Addressee::Office(duty) => {
                return Ok(self
                    .store
                    .duty(csp, duty)
                    .await?
                    .map_or(Reach::Nowhere, |email| at(&email)));
            }
            Addressee::Person { actor, holding } => (actor, holding),
            Addressee::Holders(_) => return Ok(Reach::Nowhere),
        };
        let memberships = self.store.member(actor).await?;
        let membership = memberships.into_iter().find(|membership| membership.csp == *csp);
        Ok(match membership {
            None => Reach::Nowhere,
            Some(membership) if !membership.active => Reach::NotEntitled,
            Some(membership) if !holding.is_none_or(|held| held.is_held(&membership)) => {
                Reach::NotEntitled
            }
            Some(membership) => at(&membership.email),
        })
    }
}

fn at(email: &Email) -> Reach {
    Reach::At(email.as_str().to_owned())
}
