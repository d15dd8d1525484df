//! People: found, invited, changed, suspended and removed.

use cloud::store::{Amendment, Enrolled, Membership};
use edge::directory::PersonView;
use edge::{Gate, Kind, Problem, Request, Response, body, path, preconditions, respond};
use lambda_http::http::StatusCode;
use review::administration::{Changed, Deed, Entry, deeds, may, may_ever, over};
use review::values::ActorId;
use review::{Actor, Refusal, Role};
use serde_json::{Value, json};

use crate::change::{self, ATTEMPTS, Stopped};

/// `GET /directory/people`: a page of those whom this person may see. A page may be short, and
/// even empty, before the last.
pub(crate) async fn list(gate: &Gate, request: &Request) -> Result<Response, Problem> {
    let actor = reader(gate, request).await?;
    let limit = change::page_size(request)?;
    let cursor = path::parameter(request, "cursor");
    let page = gate.cloud.store.enrolments(&actor.csp, cursor, limit).await?;
    let seen = page.items.iter().filter(|(person, enrolled)| sees(&actor, person, enrolled));
    let people = seen.map(|(person, enrolled)| view(person, enrolled));
    let people = people.collect::<Result<Vec<_>, _>>()?;
    let response = respond::json(StatusCode::OK, &json!({ "people": people, "next": page.next }));
    match page.next {
        None => Ok(response),
        Some(cursor) => {
            respond::followed(response, &format!("/directory/people?limit={limit}&cursor={cursor}"))
        }
    }
}

/// `GET /directory/people/{actor}`.
pub(crate) async fn show(gate: &Gate, request: &Request, id: &str) -> Result<Response, Problem> {
    let actor = reader(gate, request).await?;
    let person = named(id)?;
    let found = gate.cloud.store.enrolled(&actor.csp, &person).await?;
    let enrolled = found.filter(|it| sees(&actor, &person, it)).ok_or_else(unknown)?;
    shown(StatusCode::OK, &person, &enrolled)
}

/// `PUT /directory/people/{actor}`: invites or changes. What is so already is answered alike and
/// written once (RFC 9110, 13.1.1), so that a lost answer can be asked for again.
pub(crate) async fn put(gate: &Gate, request: &Request, id: &str) -> Result<Response, Problem> {
    let actor = writer(gate, request, Deed::Invite).await?;
    let person = named(id)?;
    let if_match = preconditions::if_match_entry(request.headers())?;
    let entry: Entry = body::record(&body::read(request)?)?;
    let wanted = Wanted { gate, actor, person, if_match, after: Some(entry) };
    let (status, enrolled) = match wanted.written().await? {
        Outcome::Made(enrolled) => (StatusCode::CREATED, enrolled),
        Outcome::Kept(enrolled) | Outcome::Changed(enrolled) => (StatusCode::OK, enrolled),
        Outcome::Removed => return Ok(respond::nothing()),
    };
    shown(status, &wanted.person, &enrolled)
}

/// `DELETE /directory/people/{actor}`.
pub(crate) async fn remove(gate: &Gate, request: &Request, id: &str) -> Result<Response, Problem> {
    let actor = writer(gate, request, Deed::Remove).await?;
    let person = named(id)?;
    let if_match = preconditions::if_match_entry(request.headers())?;
    let wanted = Wanted { gate, actor, person, if_match, after: None };
    wanted.written().await.map(|_| respond::nothing())
}

/// A change that someone asks for.
struct Wanted<'a> {
    gate: &'a Gate,
    actor: Actor,
    person: ActorId,
    if_match: Option<u64>,
    /// What the entry is to be; `None` to remove it.
    after: Option<Entry>,
}

/// What became of it.
enum Outcome {
    Made(Enrolled),
    Changed(Enrolled),
    Kept(Enrolled),
    Removed,
}

impl Wanted<'_> {
    async fn written(&self) -> Result<Outcome, Problem> {
        for _ in 0..ATTEMPTS {
            match self.attempt().await {
                Ok(outcome) => return Ok(outcome),
                Err(Stopped::Refused(problem)) => return Err(problem),
                Err(Stopped::Contended) => {}
            }
        }
        Err(change::overtaken())
    }

    async fn attempt(&self) -> Result<Outcome, Stopped> {
        let store = &self.gate.cloud.store;
        let csp = &self.actor.csp;
        let before = store.enrolled(csp, &self.person).await?;
        let held = before.as_ref().map(|before| before.membership.entry());
        let deeds = self.permitted(before.as_ref(), held.as_ref())?;
        if let (true, Some(before)) = (deeds.is_empty(), &before) {
            return Ok(Outcome::Kept(before.clone()));
        }
        self.is_of_version(before.as_ref().map(|before| before.version))?;
        let faults = self.after.as_ref().map(Entry::faults).unwrap_or_default();
        if !faults.is_empty() {
            return Err(Problem::fields(faults).into());
        }
        let witnesses = self.witnesses(held.as_ref()).await?;
        let about = Changed::Person {
            actor: self.person.clone(),
            before: held.as_ref().map(Entry::rights),
            after: self.after.as_ref().map(Entry::rights),
        };
        let change = change::record(self.gate, &self.actor, deeds, about);
        let after = self.after.as_ref().map(|entry| Membership::of(csp, entry));
        let amendment = Amendment {
            csp,
            actor: &self.person,
            before: before.as_ref(),
            after: after.as_ref(),
            witnesses: &witnesses,
            change: &change,
        };
        let version = store.amend(amendment).await.map_err(change::stopped)?;
        Ok(match (after, before) {
            (None, _) => Outcome::Removed,
            (Some(membership), None) => Outcome::Made(Enrolled { membership, version }),
            (Some(membership), Some(_)) => Outcome::Changed(Enrolled { membership, version }),
        })
    }

    /// What the change amounts to, if all of it is permitted.
    fn permitted(
        &self,
        before: Option<&Enrolled>,
        held: Option<&Entry>,
    ) -> Result<Vec<Deed>, Problem> {
        let seen = before.is_some_and(|before| sees(&self.actor, &self.person, before));
        if self.after.is_none() && !seen {
            return Err(unknown());
        }
        let after = self.after.as_ref();
        let over = over(&self.actor, &self.person, held, after);
        let deeds = deeds(held, after);
        let refused = before.is_some() && !seen
            || deeds.iter().any(|deed| !may(self.actor.role, *deed, over));
        if refused { Err(beyond(&self.actor, &self.person)) } else { Ok(deeds) }
    }

    fn is_of_version(&self, version: Option<u64>) -> Result<(), Refusal> {
        match (version, self.if_match) {
            (None, None) => Ok(()),
            (Some(_), None) => Err(Refusal::NoVersion),
            (Some(version), Some(read)) if version == read => Ok(()),
            (_, Some(_)) => Err(Refusal::Stale),
        }
    }

    /// Those whose memberships must not change while this is written: the person who acts, and
    /// an administrator who stays where one is lost.
    async fn witnesses(&self, held: Option<&Entry>) -> Result<Vec<(ActorId, u64)>, Problem> {
        let own = change::standing(self.gate, &self.actor).await?;
        if self.actor.id != self.person {
            // Only an administrator can touch an administrator, and is the one who stays.
            return Ok(vec![own]);
        }
        let stays = self.after.as_ref().is_some_and(Entry::administers);
        if !held.is_some_and(Entry::administers) || stays {
            return Ok(Vec::new());
        }
        let store = &self.gate.cloud.store;
        for other in store.people(&self.actor.csp, Role::Administrator, None).await? {
            if other.actor == self.person {
                continue;
            }
            if let Some(enrolled) = store.enrolled(&self.actor.csp, &other.actor).await?
                && enrolled.membership.entry().administers()
            {
                return Ok(vec![(other.actor, enrolled.version)]);
            }
        }
        Err(Problem::new(
            Kind::Unmet,
            "You are the partnership's last administrator. Make someone else one first.",
        ))
    }
}

/// Who asks, if the role sees anyone.
async fn reader(gate: &Gate, request: &Request) -> Result<Actor, Problem> {
    writer(gate, request, Deed::SeePerson).await
}

/// Who asks, if the role may do this to anyone.
async fn writer(gate: &Gate, request: &Request, deed: Deed) -> Result<Actor, Problem> {
    let actor = gate.actor(request.headers()).await?;
    if may_ever(actor.role, deed) { Ok(actor) } else { Err(change::forbidden(&actor)) }
}

fn sees(actor: &Actor, person: &ActorId, enrolled: &Enrolled) -> bool {
    let over = over(actor, person, Some(&enrolled.membership.entry()), None);
    may(actor.role, Deed::SeePerson, over)
}

/// An id that cannot be one is a person who does not exist.
fn named(id: &str) -> Result<ActorId, Problem> {
    ActorId::parse(id).map_err(|_| unknown())
}

fn unknown() -> Problem {
    Problem::new(
        Kind::NotFound,
        "There is no such person in this partnership, or not for you. Check the id.",
    )
}

fn beyond(actor: &Actor, person: &ActorId) -> Problem {
    let sentence = if actor.id == *person {
        "Nobody changes the own roles or reinstates themselves. Ask another administrator."
    } else {
        "You can do this for the contacts and authors of your own agency only. Ask an administrator."
    };
    Problem::new(Kind::Forbidden, sentence)
}

fn view(person: &ActorId, enrolled: &Enrolled) -> Result<Value, Problem> {
    serde_json::to_value(PersonView::of(person, enrolled))
        .map_err(|error| Problem::fault(error.to_string()))
}

fn shown(status: StatusCode, person: &ActorId, enrolled: &Enrolled) -> Result<Response, Problem> {
    let response = respond::json(status, &view(person, enrolled)?);
    respond::tagged(response, &preconditions::entry_tag(enrolled.version))
}
