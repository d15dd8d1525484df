//! Plays a sample case: the acts that its place needs, by the sample people, under the rules that
//! hold for everyone. It is decided in memory and then written in few transactions. Two things
//! are not there: the files, which are recorded as uploaded and clean without having been sent,
//! and the mails, since nobody waits for those of an invented case.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use cloud::Cloud;
use cloud::store::{Append, AppendError, CaseKey, OutboxStatus};
use edge::preconditions::{case_tag, item_tag};
use review::act::{Action, Command, Guard};
use review::actor::{Actor, Role};
use review::case::Case;
use review::dates::{london_date, london_midnight};
use review::decide::{Ask, Intake, decide, item_revision};
use review::event::{Recorded, apply};
use review::process::{State, rule};
use review::sample::{self, CSP, DOCUMENT, HASH};
use review::sight::sight;
use review::values::{ActorId, AgencyId, CspId, Reference};
use serde_json::{Value, json};
use uuid::Uuid;

use super::way::{BEFORE, DETOURS, SPINE};
use crate::LocalError;
use crate::sample::holder;

/// Beside the document of the samples, a case has one of the other sort under this id.
const OTHER: &str = "document-2";

/// Long enough ago that the records of a case may be destroyed.
const KEPT_LONG_ENOUGH: TimeDelta = TimeDelta::days(11 * 366);

/// A death before all of this.
const DIED: &str = "2012-02";

/// Long enough ago that the decision is overdue.
const OVERDUE: TimeDelta = TimeDelta::days(45);

/// A case being played.
pub struct Player {
    now: DateTime<Utc>,
    /// What the samples call their document is an IMR, not a report.
    imr: bool,
    /// The case as it stands.
    pub case: Case,
    /// What happened, act by act, each with the case after it.
    acts: Vec<(Case, Vec<Recorded>)>,
}

impl Player {
    /// A case in which the sample of an act is accepted, and by whom; not written yet.
    ///
    /// # Errors
    /// An act was refused.
    pub fn before(cloud: &Cloud, action: Action) -> Result<(Self, Actor), LocalError> {
        let row = rule(action).ok_or_else(|| broken("an act stands in no row"))?;
        let mut player = Self::refer(cloud, action)?;
        player.goes_to(row.from.first().copied().unwrap_or(State::Referred))?;
        if action == Action::RecordBreachReason {
            player.runs(&Actor::system(player.case.csp.clone()), Action::Remind, json!({}))?;
        }
        player.now = cloud.clock.now();
        let before = BEFORE.iter().filter(|(it, _)| *it == action).flat_map(|(_, steps)| *steps);
        for (role, action) in before {
            if *action != Action::AddAction || player.case.file.actions.is_empty() {
                player.does(*role, *action)?;
            }
        }
        if names_document(&sample::timeless(action)) {
            player.has_document(DOCUMENT)?;
        }
        let today = london_date(player.now);
        let who = row.who.iter().map(|role| person(*role)).collect::<Result<Vec<_>, _>>()?;
        let who = who.into_iter().find(|who| sight(&player.case, who, today).is_some());
        Ok((player, who.ok_or_else(|| broken("nobody may do it"))?))
    }

    fn refer(cloud: &Cloud, action: Action) -> Result<Self, LocalError> {
        let mut now = cloud.clock.now();
        let mut form = sample::timeless(Action::Refer);
        if matches!(action, Action::ProposeDisposal | Action::Dispose) {
            now -= KEPT_LONG_ENOUGH;
            form["death"]["date"] = DIED.into();
        }
        if action == Action::Reopen {
            now = before_the_samples();
            form["death"]["date"] = DIED.into();
        }
        if action == Action::RecordBreachReason {
            form["csp_notified_on"] = london_date(now - OVERDUE).to_string().into();
        }
        let by = person(Role::Referrer)?;
        let intake = Intake {
            reference: Reference::from_random(random()),
            csp: by.csp.clone(),
            rules: cloud.config.rules.clone(),
            match_keys: Vec::new(),
        };
        let command = &Action::Refer.read(form).map_err(|error| broken(&error.to_string()))?;
        let ask = Ask { actor: &by, command, if_match: None, now, intake: Some(&intake) };
        let events = decide(None, &ask).map_err(|refusal| broken(&refusal.to_string()))?;
        let opened = apply(None, events, &by, now);
        let (case, history) = opened.ok_or_else(|| broken("a referral opened no case"))?;
        let imr = matches!(action, Action::SubmitImr | Action::SignOffImr);
        Ok(Self { now, imr, acts: vec![(case.clone(), history)], case })
    }

    /// Writes the case, as many acts at once as go into one transaction.
    ///
    /// # Errors
    /// The table cannot be written.
    pub async fn write(&self, cloud: &Cloud) -> Result<(), LocalError> {
        let (store, key) = (&cloud.store, self.key());
        let mut stored = None;
        let mut from = 0;
        while from < self.acts.len() {
            let mut fits = None;
            for to in from + 1..=self.acts.len() {
                let history: Vec<_> =
                    self.acts[from..to].iter().flat_map(|(_, history)| history.clone()).collect();
                let case = &self.acts[to - 1].0;
                let before = stored.as_ref();
                let append =
                    Append { before, case, history: &history, command: None, referrer: None };
                match store.prepare(append) {
                    Ok(prepared) => fits = Some((to, prepared)),
                    Err(AppendError::TooLarge) => break,
                    Err(error) => return Err(broken(&error.to_string())),
                }
            }
            let (to, prepared) = fits.ok_or_else(|| broken("an act is too large"))?;
            store.append(prepared).await.map_err(|error| broken(&error.to_string()))?;
            stored = store.load(&key.csp, &key.reference).await?;
            from = to;
        }
        for mail in store.outbox_of(&key).await? {
            if mail.status == OutboxStatus::Pending {
                store.suppress(&mail).await?;
            }
        }
        Ok(())
    }

    fn key(&self) -> CaseKey {
        CaseKey { csp: self.case.csp.clone(), reference: self.case.reference.clone() }
    }

    fn goes_to(&mut self, state: State) -> Result<(), LocalError> {
        if let Some((_, from, (role, action))) = DETOURS.iter().find(|(to, ..)| *to == state) {
            self.goes_to(*from)?;
            return self.does(*role, *action);
        }
        for (role, action) in SPINE {
            if self.case.state == state {
                break;
            }
            self.does(*role, *action)?;
        }
        Ok(())
    }

    /// Someone acts, with the sample on today's date.
    fn does(&mut self, role: Role, action: Action) -> Result<(), LocalError> {
        let mut body = sample::fitted(action, london_date(self.now));
        let imr = matches!(action, Action::SubmitImr | Action::SignOffImr);
        if action == Action::WaiveImr {
            body["agency"] = "sample-police".into();
        }
        let publishes = matches!(action, Action::PreparePublication | Action::ApproveRelease);
        if publishes || names_document(&body) {
            let id = if imr == self.imr { DOCUMENT } else { OTHER };
            self.has_document(id)?;
            rename_documents(&mut body, id);
        }
        self.runs(&person(role)?, action, body)
    }

    /// A document is there and clean.
    fn has_document(&mut self, id: &str) -> Result<(), LocalError> {
        if self.case.file.documents.keys().any(|held| held.as_str() == id) {
            return Ok(());
        }
        let imr = (id == DOCUMENT) == self.imr;
        let by = person(if imr { Role::ImrAuthor } else { Role::Coordinator })?;
        let mut upload = sample::body(Action::BeginUpload);
        upload["document"] = id.into();
        upload["key"] = format!("{CSP}/{}", Uuid::new_v4()).into();
        upload["kind"] = if imr { "imr".into() } else { "overview-report".into() };
        upload["agency"] = json!(by.agency);
        let sealed = json!({ "document": id, "hash": HASH, "size": upload["size"] });
        let clean =
            json!({ "document": id, "verdict": "no-threats-found", "scanned_at": self.now });
        self.runs(&by, Action::BeginUpload, upload)?;
        self.runs(&by, Action::CompleteUpload, sealed)?;
        self.runs(&Actor::system(self.case.csp.clone()), Action::RecordScan, clean)
    }

    fn runs(&mut self, by: &Actor, action: Action, body: Value) -> Result<(), LocalError> {
        let state = self.case.state.name();
        let told = |why: String| broken(&format!("{} in {state}: {why}", action.name()));
        let command = &action.read(body).map_err(|error| told(error.to_string()))?;
        let if_match = self.revision(command);
        let ask = Ask { actor: by, command, if_match, now: self.now, intake: None };
        let events = decide(Some(&self.case), &ask).map_err(|refusal| told(refusal.to_string()))?;
        if events.is_empty() {
            return Ok(());
        }
        let applied = apply(Some(self.case.clone()), events, by, self.now);
        let (case, history) = applied.ok_or_else(|| told("it came to nothing".to_owned()))?;
        self.case = case.clone();
        self.acts.push((case, history));
        Ok(())
    }

    fn revision(&self, command: &Command) -> Option<u64> {
        match command.action().guard() {
            Guard::Adds => None,
            Guard::Case => Some(self.case.revision),
            Guard::Item => item_revision(&self.case, command),
        }
    }

    /// The version that the sample of an act is to name.
    pub fn tag(&self, action: Action) -> Result<Option<String>, LocalError> {
        let command =
            action.read(sample::timeless(action)).map_err(|error| broken(&error.to_string()))?;
        let revision = self.revision(&command);
        Ok(revision.map(match action.guard() {
            Guard::Item => item_tag,
            Guard::Adds | Guard::Case => case_tag,
        }))
    }
}

/// The sample person with a role.
fn person(role: Role) -> Result<Actor, LocalError> {
    let invalid = |error: review::values::Invalid| broken(&error.to_string());
    let (name, agency) = holder(role).ok_or_else(|| broken("nobody holds a role"))?;
    Ok(Actor {
        id: ActorId::parse(name).map_err(invalid)?,
        role,
        csp: CspId::parse(CSP).map_err(invalid)?,
        agency: agency.map(AgencyId::parse).transpose().map_err(invalid)?,
    })
}

/// An instant before the day on which, in the samples, everything has happened.
fn before_the_samples() -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(2025, 2, 3).unwrap_or_default();
    london_midnight(day)
}

/// What a reference is drawn from.
fn random() -> [u8; 8] {
    Uuid::new_v4().as_u64_pair().0.to_le_bytes()
}

fn names_document(body: &Value) -> bool {
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

fn broken(why: &str) -> LocalError {
    LocalError::SampleCase(why.to_owned())
}
