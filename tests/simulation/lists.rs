//! Whom a mail is for, and by which lists: several lists of one event that are told the same
//! share the items of the people on them, and any of them entitles.

use chrono::NaiveDate;
use cloud::store::OutboxId;
use review::Case;
use review::notices::Recipient;
use review::react::{Effect, still_true};
use review::values::ActorId;
use serde_json::Value;

/// An outbox item's one recipient, and the lists that may entitle them.
pub struct Addressed {
    pub person: Option<ActorId>,
    lists: Vec<Effect>,
}

impl Addressed {
    /// Of an item, among the items of its case.
    pub fn of<'a>(item: &Value, items: impl Iterator<Item = &'a Value>) -> Self {
        let id = id(item);
        let own = effect(item);
        let person = match (&own.to, id.person) {
            (Recipient::Actor(actor), None) => Some(actor.clone()),
            (_, person) => person,
        };
        let beside = |other: &&Value| {
            let other_id = self::id(other);
            let letter = &item["letter"];
            other_id.seq == id.seq && other_id.person.is_none() && other["letter"] == *letter
        };
        let mut lists = vec![own];
        if !item["letter"].is_null() {
            lists.extend(items.filter(beside).map(effect));
        }
        Self { person, lists }
    }

    /// Whether they may know, and it is so.
    pub fn is_true(&self, case: &Case, day: NaiveDate) -> bool {
        self.lists.iter().any(|list| still_true(case, list, day) && self.is_on(list))
    }

    fn is_on(&self, list: &Effect) -> bool {
        let Some(person) = &self.person else { return true };
        let holds = |role: review::Role, agency: Option<&str>| {
            local::sample::people().any(|member| {
                member.actor == person.as_str()
                    && member.roles.contains(&role.name())
                    && agency.is_none_or(|agency| member.agency == Some(agency))
            })
        };
        match &list.to {
            Recipient::Actor(actor) => actor == person,
            Recipient::Role(role) => holds(*role, None),
            Recipient::AgencyRole { agency, role } => holds(*role, Some(agency.as_str())),
            Recipient::Duty(_) => false,
        }
    }
}

/// The name of an item.
pub fn id(item: &Value) -> OutboxId {
    OutboxId::parse(item["id"]["S"].as_str().unwrap()).unwrap()
}

/// What an item says.
pub fn effect(item: &Value) -> Effect {
    serde_json::from_str(item["effect"]["S"].as_str().unwrap()).unwrap()
}

/// Who is on an item's list, by the directory that every run begins with.
pub fn members(effect: &Effect) -> Vec<String> {
    let of_role = |role: review::Role, agency: Option<&str>| {
        local::sample::people()
            .filter(|person| {
                person.roles.contains(&role.name())
                    && agency.is_none_or(|agency| person.agency == Some(agency))
            })
            .map(|person| person.actor.to_owned())
            .collect()
    };
    match &effect.to {
        Recipient::Actor(actor) => vec![actor.to_string()],
        Recipient::Role(role) => of_role(*role, None),
        Recipient::AgencyRole { agency, role } => of_role(*role, Some(agency.as_str())),
        Recipient::Duty(_) => vec![],
    }
}
