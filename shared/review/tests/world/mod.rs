//! given / when / then for the domain: a case, a clock and people who act on it.
#![allow(dead_code, reason = "each test binary uses its part of the world")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "test support"
)]

pub mod scene;
pub mod walk;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use review::act::{Action, Command, Event, EventKind, Guard};
use review::actor::{Actor, Role};
use review::case::{Case, DisplayName, Rules, Ruleset};
use review::dates::london_date;
use review::deadlines::DeadlineTable;
use review::decide::{Ask, Intake, decide, item_revision};
use review::event::{Recorded, apply};
use review::process::State;
use review::refusal::Refusal;
use review::values::{ActorId, AgencyId, CspId, Reference};
use review::{evolve, sample};
use serde_json::{Value, json};

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn csp() -> CspId {
    CspId::parse(sample::CSP).unwrap()
}

/// The sample person who plays a role.
pub fn actor(role: Role) -> Actor {
    let (id, agency) = match role {
        Role::IndependentChair => ("chair-1", None),
        Role::Police => ("police-1", Some("sample-police")),
        Role::AgencyContact => ("health-contact-1", Some("sample-health")),
        Role::ImrAuthor => ("health-author-1", Some("sample-health")),
        Role::AgencySenior => ("health-senior-1", Some("sample-health")),
        Role::PanelMember => ("panel-member-1", None),
        Role::Specialist => ("specialist-1", None),
        Role::FamilyAdvocate => ("family-advocate-1", None),
        Role::Referrer => ("referrer-1", None),
        Role::System => return Actor::system(csp()),
        Role::CspChair
        | Role::Coordinator
        | Role::DecisionSubgroup
        | Role::HomeOffice
        | Role::QaMember
        | Role::Commissioner
        | Role::Pcc
        | Role::Administrator => (role.name(), None),
    };
    Actor {
        id: ActorId::parse(id).unwrap(),
        role,
        csp: csp(),
        agency: agency.map(|agency| AgencyId::parse(agency).unwrap()),
    }
}

#[derive(Clone, Debug)]
pub struct World {
    pub case: Option<Case>,
    pub history: Vec<Recorded>,
    pub now: DateTime<Utc>,
    pub rules: Rules,
}

impl World {
    pub fn new(now: &str) -> Self {
        let rules = Rules {
            ruleset: Ruleset::S9Of2004,
            display_name: DisplayName::Dhr,
            deadlines: DeadlineTable::Guidance2016,
        };
        Self { case: None, history: vec![], now: at(now), rules }
    }

    /// A case referred at `now` by the sample referrer.
    pub fn referred(now: &str) -> Self {
        let mut world = Self::new(now);
        let form = sample::body(Action::Refer);
        world.refers(form);
        world
    }

    /// Refers, and has duplicates looked for.
    pub fn refers(&mut self, form: Value) {
        self.does_with(Role::Referrer, Action::Refer, form);
        self.does_with(Role::System, Action::RecordMatches, json!({ "cases": [] }));
    }

    /// A case taken along the spine, or off it by the shortest way, all on the same day, until
    /// it is in `state`.
    pub fn in_state(state: State, now: &str) -> Self {
        let mut world = Self::referred(now);
        world.goes_to(state);
        world
    }

    /// Takes the case on to a state.
    pub fn goes_to(&mut self, state: State) {
        if let Some((from, role, action)) = DETOURS
            .iter()
            .find_map(|(to, from, role, action)| (*to == state).then_some((*from, *role, *action)))
        {
            self.goes_to(from);
            if action == Action::Dispose {
                self.now += TimeDelta::days(11 * 366);
                self.does(Role::Coordinator, Action::ProposeDisposal);
            }
            self.does(role, action);
            return;
        }
        for (role, action) in SPINE {
            if self.state() == state {
                return;
            }
            self.does(*role, *action);
        }
        assert_eq!(self.state(), state, "not on the spine");
    }

    pub fn case(&self) -> &Case {
        self.case.as_ref().expect("a case")
    }

    pub fn state(&self) -> State {
        self.case().state
    }

    pub fn today(&self) -> NaiveDate {
        london_date(self.now)
    }

    /// The body that fits here: the sample, on today's date, with the documents it needs.
    pub fn body(&mut self, action: Action) -> Value {
        let mut body = sample::fitted(action, self.today());
        let imr = matches!(action, Action::SubmitImr | Action::SignOffImr);
        let id = if imr { "imr-1" } else { sample::DOCUMENT };
        if action == Action::WaiveImr {
            body["agency"] = "sample-police".into();
        }
        if names_document(&body) {
            self.clean_document(id, imr);
            rename_documents(&mut body, id);
        }
        if action == Action::PreparePublication || action == Action::ApproveRelease {
            self.clean_document(sample::DOCUMENT, false);
        }
        body
    }

    /// Uploads a document and has it scanned clean, unless it is there.
    pub fn clean_document(&mut self, id: &str, imr: bool) {
        if self
            .case
            .as_ref()
            .is_none_or(|case| case.file.documents.keys().any(|held| held.as_str() == id))
        {
            return;
        }
        let role = if imr { Role::ImrAuthor } else { Role::Coordinator };
        let mut upload = sample::body(Action::BeginUpload);
        upload["document"] = id.into();
        upload["kind"] = if imr { "imr".into() } else { "overview-report".into() };
        upload["agency"] = if imr { "sample-health".into() } else { Value::Null };
        let sealed = json!({ "document": id, "hash": sample::HASH, "size": 1000 });
        let clean =
            json!({ "document": id, "verdict": "no-threats-found", "scanned_at": self.now });
        for (role, action, body) in [
            (role, Action::BeginUpload, upload),
            (role, Action::CompleteUpload, sealed),
            (Role::System, Action::RecordScan, clean),
        ] {
            self.tries(&actor(role), action, body).unwrap();
        }
    }

    pub fn does(&mut self, role: Role, action: Action) -> Vec<EventKind> {
        let body = self.body(action);
        self.does_with(role, action, body)
    }

    pub fn does_with(&mut self, role: Role, action: Action, body: Value) -> Vec<EventKind> {
        let state = self.case.as_ref().map(|case| case.state);
        self.tries(&actor(role), action, body).unwrap_or_else(|refusal| {
            panic!("{} as {} in {state:?}: {refusal:?}", action.name(), role.name())
        })
    }

    /// Tries an act with the revision that stands, and folds what happened.
    pub fn tries(
        &mut self,
        actor: &Actor,
        action: Action,
        body: Value,
    ) -> Result<Vec<EventKind>, Refusal> {
        let command =
            action.read(body).unwrap_or_else(|error| panic!("{}: {error}", action.name()));
        let if_match = match action.guard() {
            Guard::Adds => None,
            Guard::Case => self.case.as_ref().map(|case| case.revision),
            Guard::Item => self.case.as_ref().and_then(|case| item_revision(case, &command)),
        };
        self.tries_at(actor, &command, if_match)
    }

    pub fn tries_at(
        &mut self,
        actor: &Actor,
        command: &Command,
        if_match: Option<u64>,
    ) -> Result<Vec<EventKind>, Refusal> {
        let intake = Intake {
            reference: Reference::from_random([7; 8]),
            csp: csp(),
            rules: self.rules.clone(),
            match_keys: vec!["key".into()],
        };
        let ask = Ask { actor, command, if_match, now: self.now, intake: Some(&intake) };
        let events = decide(self.case.as_ref(), &ask)?;
        Ok(self.happens(events, actor))
    }

    fn happens(&mut self, events: Vec<Event>, actor: &Actor) -> Vec<EventKind> {
        let kinds = events.iter().map(Event::kind).collect::<Vec<_>>();
        if !events.is_empty() {
            let (case, history) = apply(self.case.clone(), events, actor, self.now).unwrap();
            self.case = Some(case);
            self.history.extend(history);
        }
        kinds
    }

    /// One sweep at `now`: everything that is due, until nothing is.
    pub fn sweep(&mut self) {
        for _ in 0..100 {
            let kinds = self.tries(&actor(Role::System), Action::Remind, json!({})).unwrap();
            if kinds.is_empty() {
                return;
            }
        }
        panic!("the sweep does not come to an end");
    }

    /// Sweeps at every tick of `minutes` until `end`.
    pub fn ticks(&mut self, minutes: i64, end: &str) {
        let end = at(end);
        while self.now + TimeDelta::minutes(minutes) <= end {
            self.now += TimeDelta::minutes(minutes);
            if review::next_due(self.case()).is_some_and(|due| due <= self.now) {
                self.sweep();
            }
        }
        self.now = end;
    }

    /// The case as its events alone tell it.
    pub fn folded(&self) -> Option<Case> {
        self.history.iter().fold(None, evolve)
    }

    pub fn clock(&self, name: &str) -> &review::clock::Clock {
        let key = review::clock::ClockKey::try_from(name.to_owned()).unwrap();
        self.case().file.clocks.get(&key).expect("a clock")
    }
}

pub fn names_document(body: &Value) -> bool {
    match body {
        Value::Object(fields) => fields.contains_key("hash") || fields.values().any(names_document),
        Value::Array(items) => items.iter().any(names_document),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn rename_documents(body: &mut Value, id: &str) {
    match body {
        Value::Object(fields) => {
            if fields.contains_key("hash") && fields.contains_key("document") {
                fields.insert("document".into(), id.into());
            }
            fields.values_mut().for_each(|field| rename_documents(field, id));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_documents(item, id)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The straight way from referral to conclusion.
pub const SPINE: &[(Role, Action)] = &[
    (Role::Coordinator, Action::StartScoping),
    (Role::Coordinator, Action::CompleteScoping),
    (Role::CspChair, Action::AgreeReview),
    (Role::CspChair, Action::AppointChair),
    (Role::IndependentChair, Action::FormPanel),
    (Role::IndependentChair, Action::AgreeTerms),
    (Role::IndependentChair, Action::OpenEvidence),
    (Role::ImrAuthor, Action::SubmitImr),
    (Role::AgencySenior, Action::SignOffImr),
    (Role::IndependentChair, Action::QualityCheckImr),
    (Role::IndependentChair, Action::AcceptImr),
    (Role::IndependentChair, Action::WaiveImr),
    (Role::IndependentChair, Action::StartDrafting),
    (Role::IndependentChair, Action::AddAction),
    (Role::IndependentChair, Action::SignOffByPanel),
    (Role::CspChair, Action::SignOffByCsp),
    (Role::Coordinator, Action::SubmitToHomeOffice),
    (Role::HomeOffice, Action::RecordQaMeeting),
    (Role::HomeOffice, Action::ApproveWithChanges),
    (Role::IndependentChair, Action::CompleteChanges),
    (Role::CspChair, Action::PreparePublication),
    (Role::CspChair, Action::ApproveRelease),
    (Role::Coordinator, Action::Publish),
    (Role::AgencySenior, Action::CompleteAction),
    (Role::CspChair, Action::Conclude),
];

/// The states beside the spine: to which, from which, by whom and how.
const DETOURS: &[(State, State, Role, Action)] = &[
    (State::Transferred, State::Referred, Role::Coordinator, Action::Transfer),
    (State::NoReviewDecided, State::ReadyToDecide, Role::CspChair, Action::DecideNoReview),
    (State::HoScrutiny, State::NoReviewDecided, Role::HomeOffice, Action::OpenScrutiny),
    (State::NoReviewFinal, State::HoScrutiny, Role::HomeOffice, Action::AcceptNoReview),
    (State::Directed, State::HoScrutiny, Role::HomeOffice, Action::DirectReview),
    (State::QaApproved, State::QaConsidered, Role::HomeOffice, Action::ApproveQuality),
    (State::QaResubmit, State::QaConsidered, Role::HomeOffice, Action::RequireResubmission),
    (State::PublicationDeferred, State::PrePublication, Role::CspChair, Action::DeferPublication),
    (State::Withheld, State::PrePublication, Role::CspChair, Action::WithholdPublication),
    (State::Redacted, State::PrePublication, Role::CspChair, Action::RedactPublication),
    (State::Disposed, State::Concluded, Role::CspChair, Action::Dispose),
];
