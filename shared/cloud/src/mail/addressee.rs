//! Whom an item is for, and at which address. The address is read when the mail is sent, so that
//! none is kept in the outbox and a person who left gets no more mail.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use review::notices::{Duty, Recipient};
use review::react::{Effect, still_true};
use review::values::{ActorId, AgencyId, CspId, Email};
use review::{Case, Role};

use super::{Mail, Outcome};
use crate::fault::Fault;
use crate::store::{Membership, OutboxItem};

/// A role, in the partnership or at one of its agencies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holding<'a> {
    role: Role,
    agency: Option<&'a AgencyId>,
}

/// People who are told the same, and of whom some may stand on another list as well.
#[derive(Clone, Copy, Debug)]
pub(super) enum List<'a> {
    /// Everyone who holds a role.
    Holders(Holding<'a>),
    /// One person.
    Only(&'a ActorId),
}

/// Whom an item is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Addressee<'a> {
    /// A list of people; not yet one item each.
    List(List<'a>),
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
    pub(super) fn of(item: &'a OutboxItem, effect: &'a Effect) -> Self {
        let person = item.id.person.as_ref();
        let holders = |role, agency| {
            let holding = Holding { role, agency };
            match person {
                None => Self::List(List::Holders(holding)),
                Some(actor) => Self::Person { actor, holding: Some(holding) },
            }
        };
        match &effect.to {
            Recipient::Role(role) => holders(*role, None),
            Recipient::AgencyRole { agency, role } => holders(*role, Some(agency)),
            Recipient::Actor(actor) if person.is_none() && item.letter.is_some() => {
                Self::List(List::Only(actor))
            }
            Recipient::Actor(actor) => Self::Person { actor, holding: None },
            Recipient::Duty(duty) => Self::Office(*duty),
        }
    }

    /// The same person as another list of the same letter has them; `None` if it has not.
    fn on_list(person: &'a ActorId, effect: &'a Effect) -> Option<Self> {
        let holding = match &effect.to {
            Recipient::Role(role) => Some(Holding { role: *role, agency: None }),
            Recipient::AgencyRole { agency, role } => {
                Some(Holding { role: *role, agency: Some(agency) })
            }
            Recipient::Actor(actor) if actor == person => None,
            Recipient::Actor(_) | Recipient::Duty(_) => return None,
        };
        Some(Self::Person { actor: person, holding })
    }
}

impl Mail {
    /// Replaces an item by one for each person who is on its list now.
    pub(super) async fn fan_out(
        &self,
        item: &OutboxItem,
        list: List<'_>,
    ) -> Result<Outcome, Fault> {
        let actors: BTreeSet<_> = match list {
            List::Only(actor) => BTreeSet::from([actor.clone()]),
            List::Holders(Holding { role, agency }) => {
                let people = self.store.people(&item.id.csp, role, agency).await?;
                people.into_iter().map(|person| person.actor).collect()
            }
        };
        if actors.is_empty() {
            return self.give_to_human(item, "nobody holds the role it is addressed to").await;
        }
        if !self.store.fan_out(item, &actors).await? {
            return Ok(Outcome::Nothing);
        }
        Ok(Outcome::Next(actors.into_iter().map(|actor| item.to_person(actor)).collect()))
    }

    /// Where an item's one addressee can be reached, who may be entitled to it by any of the lists
    /// that are told the same.
    pub(super) async fn entitled(
        &self,
        item: &OutboxItem,
        effect: &Effect,
        case: &Case,
        today: NaiveDate,
    ) -> Result<Reach, Fault> {
        let csp = &item.id.csp;
        if still_true(case, effect, today) {
            let reach = self.reach(csp, Addressee::of(item, effect)).await?;
            if reach != Reach::NotEntitled {
                return Ok(reach);
            }
        }
        let (Some(letter), Some(person)) = (item.letter, &item.id.person) else {
            return Ok(Reach::NotEntitled);
        };
        let beside = self.store.outbox_beside(&item.id).await?;
        let lists = beside.iter().filter(|list| list.id.person.is_none());
        for list in lists.filter(|list| list.letter == Some(letter)) {
            let Some(effect) = list.effect.as_ref().filter(|it| still_true(case, it, today)) else {
                continue;
            };
            let Some(addressee) = Addressee::on_list(person, effect) else { continue };
            let reach = self.reach(csp, addressee).await?;
            if reach != Reach::NotEntitled {
                return Ok(reach);
            }
        }
        Ok(Reach::NotEntitled)
    }

    /// The address of a person or an office, as the directory has it now.
    async fn reach(&self, csp: &CspId, addressee: Addressee<'_>) -> Result<Reach, Fault> {
        let (actor, holding) = match addressee {
            Addressee::Office(duty) => {
                return Ok(self
                    .store
                    .duty(csp, duty)
                    .await?
                    .map_or(Reach::Nowhere, |email| at(&email)));
            }
            Addressee::Person { actor, holding } => (actor, holding),
            Addressee::List(_) => return Ok(Reach::Nowhere),
        };
        let memberships = self.store.member(actor).await?;
        let membership = memberships.into_iter().find(|membership| membership.csp == *csp);
        Ok(match membership {
            // Who was told as the holder of a role, and was removed since, holds it no more. Whom
            // the mail was for in person must not go unnoticed.
            None if holding.is_some() => Reach::NotEntitled,
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
