//! A rule in one line: `given` a state, `when` someone asks, then it is so.

use chrono::{NaiveDate, TimeDelta};
use review::act::{Action, Command, EventKind, Guard};
use review::actor::{Actor, Role};
use review::decide::item_revision;
use review::process::State;
use review::refusal::Refusal;
use review::sample;
use review::values::{AgencyId, CspId};
use serde_json::{Value, json};

use super::{World, actor, names_document};

/// When every scene plays.
pub const NOW: &str = "2027-01-31T10:00:00Z";

/// What must have been done in a state before the sample of an action is accepted there.
const BEFORE: &[(Action, &[(Role, Action)])] = &[
    (Action::SignOffImr, &[(Role::ImrAuthor, Action::SubmitImr)]),
    (Action::ReturnImr, &[(Role::ImrAuthor, Action::SubmitImr)]),
    (
        Action::QualityCheckImr,
        &[(Role::ImrAuthor, Action::SubmitImr), (Role::AgencySenior, Action::SignOffImr)],
    ),
    (Action::AcceptImr, CHECKED),
    (
        Action::StartDrafting,
        &[
            (Role::ImrAuthor, Action::SubmitImr),
            (Role::AgencySenior, Action::SignOffImr),
            (Role::IndependentChair, Action::QualityCheckImr),
            (Role::IndependentChair, Action::AcceptImr),
            (Role::IndependentChair, Action::WaiveImr),
        ],
    ),
    (Action::Publish, &[(Role::CspChair, Action::ApproveRelease)]),
    (Action::Conclude, &[(Role::AgencySenior, Action::CompleteAction)]),
    (Action::Dispose, &[(Role::Coordinator, Action::ProposeDisposal)]),
    (Action::ChangeHold, &[(Role::CspChair, Action::StartHold)]),
    (Action::EndHold, &[(Role::CspChair, Action::StartHold)]),
];

/// Actions that act on an action of the plan.
const PLANNED: &[Action] = &[Action::UpdateAction, Action::CompleteAction, Action::CloseAction];

/// A document that waits for the scanner.
const UNSCANNED: &str = "document-9";

/// The sample IMR as far as its quality check.
pub const CHECKED: &[(Role, Action)] = &[
    (Role::ImrAuthor, Action::SubmitImr),
    (Role::AgencySenior, Action::SignOffImr),
    (Role::IndependentChair, Action::QualityCheckImr),
];

/// A case in a state, with everyone let in who is let in case by case, one deadline missed and
/// one document waiting for the scanner.
pub fn given(state: State) -> World {
    let mut world = World::new(NOW);
    let mut form = sample::body(Action::Refer);
    form["csp_notified_on"] = "2026-12-01".into();
    world.refers(form);
    world.sweep();
    for role in [Role::IndependentChair, Role::PanelMember, Role::Specialist, Role::FamilyAdvocate]
    {
        let id = actor(role).id;
        let grant = json!({ "actor": id, "role": role.name(), "until": "2060-01-01" });
        world.does_with(Role::Coordinator, Action::GrantAccess, grant);
    }
    world.uploaded(UNSCANNED, Role::Coordinator, "minutes");
    world.goes_to(state);
    world
}

/// Someone with this role in another partnership.
pub fn elsewhere(role: Role) -> Actor {
    Actor { csp: CspId::parse("other-csp").unwrap(), ..actor(role) }
}

/// Someone with this role at another agency.
pub fn at_agency(role: Role, agency: &str) -> Actor {
    let id = review::values::ActorId::parse(&format!("{agency}-{}", role.name())).unwrap();
    Actor { id, agency: Some(AgencyId::parse(agency).unwrap()), ..actor(role) }
}

impl World {
    /// The case after some acts, each with its sample.
    pub fn after(mut self, acts: &[(Role, Action)]) -> Self {
        for (role, action) in acts {
            self.does(*role, *action);
        }
        self
    }

    /// The case some days later.
    pub fn later(mut self, days: i64) -> Self {
        self.now += TimeDelta::days(days);
        self
    }

    /// The day this many days from today.
    pub fn day(&self, days: i64) -> NaiveDate {
        self.today() + TimeDelta::days(days)
    }

    /// What the sample of an action needs to be accepted in this state.
    pub fn prepared(mut self, action: Action) -> Self {
        if matches!(action, Action::ProposeDisposal | Action::Dispose) {
            self = self.later(11 * 366);
        }
        if PLANNED.contains(&action) && self.case().file.actions.is_empty() {
            self.does(Role::Coordinator, Action::AddAction);
        }
        let before = BEFORE.iter().filter(|(it, _)| *it == action);
        before.fold(self, |world, (_, acts)| world.after(acts))
    }

    /// Uploads a document that waits for the scanner.
    pub fn uploaded(&mut self, id: &str, role: Role, kind: &str) {
        let by = actor(role);
        let mut upload = sample::body(Action::BeginUpload);
        upload["document"] = id.into();
        upload["kind"] = kind.into();
        upload["agency"] = json!(by.agency);
        self.does_with(role, Action::BeginUpload, upload);
        let sealed = json!({ "document": id, "hash": sample::HASH, "size": 1000 });
        self.does_with(role, Action::CompleteUpload, sealed);
    }

    /// Records the scanner's verdict.
    pub fn scanned(&mut self, id: &str, verdict: &str) -> Vec<EventKind> {
        let scan = json!({ "document": id, "verdict": verdict, "scanned_at": self.now });
        self.does_with(Role::System, Action::RecordScan, scan)
    }

    /// Someone asks for something, with the sample and the documents it needs.
    pub fn when(mut self, role: Role, action: Action) -> Scene {
        let body = self.body(action);
        let scene = Scene { body, ..self.asked(role, action) };
        if action == Action::AddAction && !scene.world.case().file.actions.is_empty() {
            return scene.set("/id", "action-2");
        }
        scene.fitted()
    }

    /// Someone asks for something, with the bare sample.
    pub fn asked(self, role: Role, action: Action) -> Scene {
        let body = sample::fitted(action, self.today());
        Scene { world: self, actor: actor(role), action, body }.fitted()
    }
}

/// Someone about to ask for something.
#[derive(Clone, Debug)]
pub struct Scene {
    pub world: World,
    pub actor: Actor,
    pub action: Action,
    pub body: Value,
}

impl Scene {
    /// The sample as this person sends it: an agency answers for itself.
    fn fitted(mut self) -> Self {
        if self.action == Action::RecordScopingReturn && self.actor.agency.is_some() {
            self.body["agency"] = json!(self.actor.agency);
        }
        if self.action == Action::RecordScan {
            self.body["document"] = UNSCANNED.into();
            self.body["version_id"] = Value::Null;
        }
        self
    }

    /// It is someone else who asks.
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// The record says something else.
    pub fn set(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = self.body.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.into(),
            Value::Object(fields) => {
                fields.insert(key.into(), value.into());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                panic!("{pointer} has no parent")
            }
        }
        self
    }

    /// A day so many days from today, in a field.
    pub fn set_day(self, pointer: &str, days: i64) -> Self {
        let day = self.world.day(days).to_string();
        self.set(pointer, day)
    }

    /// The record is another one.
    pub fn with(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    /// The command as it will be asked.
    pub fn command(&self) -> Command {
        let name = self.action.name();
        self.action.read(self.body.clone()).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The version that counts now.
    pub fn revision(&self) -> Option<u64> {
        match self.action.guard() {
            Guard::Adds => None,
            Guard::Case => self.world.case.as_ref().map(|case| case.revision),
            Guard::Item => item_revision(self.world.case(), &self.command()),
        }
    }

    fn who(&self) -> String {
        let state = self.world.case.as_ref().map(|case| case.state.name());
        format!("{} by {} in {state:?}", self.action.name(), self.actor.role.name())
    }

    /// It is accepted; what is then so.
    pub fn accepted(mut self) -> World {
        let (who, command, revision) = (self.who(), self.command(), self.revision());
        let kinds = self.world.tries_at(&self.actor, &command, revision);
        let kinds = kinds.unwrap_or_else(|refusal| panic!("{who}: {refusal:?}"));
        let first = kinds.first().and_then(|kind| kind.caused_by());
        assert!(first == Some(self.action) || self.action == Action::Remind, "{who}: {kinds:?}");
        self.world
    }

    /// It is accepted, and nothing happens.
    pub fn nothing(mut self) {
        let (who, command, revision) = (self.who(), self.command(), self.revision());
        let kinds = self.world.tries_at(&self.actor, &command, revision);
        assert_eq!(kinds, Ok(vec![]), "{who}");
    }

    /// It is refused with this version, and nothing happens.
    pub fn refused_at_version(&self, revision: Option<u64>) -> Refusal {
        let mut world = self.world.clone();
        let refusal = world.tries_at(&self.actor, &self.command(), revision);
        let refusal = refusal.expect_err(&self.who());
        assert!(world.case == self.world.case, "{}: a refusal changes nothing", self.who());
        refusal
    }

    /// It is refused, and nothing happens.
    pub fn refused(&self) -> Refusal {
        self.refused_at_version(self.revision())
    }

    /// It is refused for one field.
    pub fn wrong(self, pointer: &str) {
        let refusal = self.refused();
        let Refusal::Fields(fields) = &refusal else { panic!("{}: {refusal:?}", self.who()) };
        let pointers: Vec<_> = fields.iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer], "{}", self.who());
        assert!(fields.iter().all(|field| field.sentence.ends_with('.')), "{}", self.who());
    }

    /// It is refused because something must come first.
    pub fn unmet(self) {
        let refusal = self.refused();
        assert!(matches!(refusal, Refusal::Unmet(_)), "{}: {refusal:?}", self.who());
    }

    /// It is refused as if nothing were there.
    pub fn not_found(self) {
        assert_eq!(self.refused(), Refusal::NotFound, "{}", self.who());
    }

    /// It is refused to the role.
    pub fn forbidden(self) {
        let forbidden = Refusal::Forbidden { action: self.action, role: self.actor.role };
        assert_eq!(self.refused(), forbidden, "{}", self.who());
    }

    /// It is refused in the state.
    pub fn wrong_state(self) {
        let state = self.world.state();
        let wrong = Refusal::WrongState { action: self.action, state };
        assert_eq!(self.refused(), wrong, "{}", self.who());
    }

    /// Refused for a document that is not there, not clean, or another file than was meant.
    pub fn needs_clean_document(self, pointer: &str) {
        assert!(names_document(&self.body), "{} names no document", self.who());
        let id = format!("{pointer}/document");
        self.clone().set(&id, "no-such-document").wrong(&id);
        let mut dirty = self.clone();
        dirty.world.uploaded("dirty-1", Role::Coordinator, "minutes");
        let dirty = dirty.set(&id, "dirty-1");
        dirty.clone().wrong(&id);
        let mut infected = dirty;
        infected.world.scanned("dirty-1", "threats-found");
        infected.wrong(&id);
        let other = sample::HASH.replace("47DEQ", "48DEQ");
        self.set(&format!("{pointer}/hash"), other).wrong(&format!("{pointer}/hash"));
    }
}
