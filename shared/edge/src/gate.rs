//! What every function with an HTTP edge has in its hands: the outside, and the keys of those
//! who may come in.

use chrono::NaiveDate;
use cloud::{Clock, Cloud, telemetry};
use lambda_http::http::HeaderMap;
use review::dates::london_date;
use review::process::rule;
use review::sight::{Sight, sight};
use review::values::{ActorId, Reference};
use review::{Action, Actor, Case, Refusal};

use crate::Problem;
use crate::identity::{KeysError, Tokens, Unclear, Wish, choose};

/// The state of a handler. Made once at start; cloning is cheap.
#[derive(Clone)]
pub struct Gate {
    /// Everything outside.
    pub cloud: Cloud,
    tokens: Tokens,
}

/// A case and the person who looks at it.
#[derive(Debug)]
pub struct Seen {
    /// Who, in which role.
    pub actor: Actor,
    /// The case.
    pub case: Case,
    /// How much of it they see.
    pub sight: Sight,
    /// The London date.
    pub today: NaiveDate,
}

impl Seen {
    /// Whether this person may do this in this state at all. The domain asks the same before it
    /// looks at any field; asking here too lets someone who may not hear that, and not how to
    /// fill in the form.
    ///
    /// # Errors
    /// The domain's refusal.
    pub fn may(&self, action: Action) -> Result<(), Refusal> {
        let rule = rule(action).ok_or(Refusal::NotFound)?;
        if !rule.who.contains(&self.actor.role) {
            return Err(Refusal::Forbidden { action, role: self.actor.role });
        }
        if !rule.from.contains(&self.case.state) {
            return Err(Refusal::WrongState { action, state: self.case.state });
        }
        Ok(())
    }
}

/// Why a function with an HTTP edge cannot start.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The token settings are missing.
    #[error(transparent)]
    Config(#[from] cloud::config::ConfigError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
}

impl Gate {
    /// Takes the token settings from the configuration, and fetches the issuer's keys where they
    /// are published; `wall` tells the real time, which may differ from the domain's.
    ///
    /// # Errors
    /// [`GateError`] if the settings are missing or cannot be used.
    pub async fn open(cloud: Cloud, wall: Clock) -> Result<Self, GateError> {
        let tokens = Tokens::open(cloud.config.tokens()?, wall).await?;
        Ok(Self { cloud, tokens })
    }

    /// Who asks, by the token alone.
    ///
    /// # Errors
    /// 401; 503 while no key is known.
    pub async fn subject(&self, headers: &HeaderMap) -> Result<ActorId, Problem> {
        let id = self.tokens.subject(headers).await?;
        telemetry::asked_by(&id);
        Ok(id)
    }

    /// Who asks and in which role, by the token and the directory as it is now.
    ///
    /// # Errors
    /// 401; 400 or 403 if the role is unclear; 503 if the directory cannot be read.
    pub async fn actor(&self, headers: &HeaderMap) -> Result<Actor, Problem> {
        self.known(headers).await?.map_err(Problem::from)
    }

    /// As [`Gate::actor`], for a request about one case: to someone without any role, no case
    /// exists.
    ///
    /// # Errors
    /// As [`Gate::actor`]; 404 for someone without any role.
    pub async fn actor_on_case(&self, headers: &HeaderMap) -> Result<Actor, Problem> {
        self.known(headers).await?.map_err(Unclear::about_a_case)
    }

    /// A case as someone may see it, by the reference in an address.
    ///
    /// # Errors
    /// As [`Gate::actor_on_case`]; 404 alike for a name that cannot be a reference, for a case
    /// that does not exist and for one that is not for this person.
    pub async fn see(&self, headers: &HeaderMap, reference: &str) -> Result<Seen, Problem> {
        let actor = self.actor_on_case(headers).await?;
        self.look(actor, &named(reference)?).await
    }

    /// A case as a known person may see it.
    ///
    /// # Errors
    /// 404; 503 if the store cannot be read.
    pub async fn look(&self, actor: Actor, reference: &Reference) -> Result<Seen, Problem> {
        let stored = self.cloud.store.load(&actor.csp, reference).await?;
        let case = stored.ok_or_else(Problem::not_found)?.case;
        let today = london_date(self.cloud.clock.now());
        let sight = sight(&case, &actor, today).ok_or_else(Problem::not_found)?;
        Ok(Seen { actor, case, sight, today })
    }

    async fn known(&self, headers: &HeaderMap) -> Result<Result<Actor, Unclear>, Problem> {
        let id = self.subject(headers).await?;
        let wish = Wish::read(headers)?;
        let memberships = self.cloud.store.member(&id).await?;
        let chosen = choose(id, &memberships, &wish);
        if let Ok(actor) = &chosen {
            telemetry::acting(actor);
        }
        Ok(chosen)
    }
}

/// The reference in an address, which the lines of this request carry from now on.
///
/// # Errors
/// 404: a name that cannot be a reference is a case that does not exist.
pub fn named(reference: &str) -> Result<Reference, Problem> {
    let reference = Reference::parse(reference).map_err(|_| Problem::not_found())?;
    telemetry::about(&reference);
    Ok(reference)
}
