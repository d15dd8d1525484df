//! One case and the people who act on it: the small steps that journeys are told in.

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use review::act::{Action, Guard};
use review::process::State;
use review::sample;
use serde::Deserialize as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::bad_input;
use crate::client::{Answer, Client, Sent, With};
use crate::mail::Mail;
use crate::people::{COORDINATOR, Person, REFERRER};
use crate::stage::Manner;
use crate::world::World;

/// A case as the test follows it.
pub struct Casefile<'w> {
    pub world: &'w World,
    pub reference: String,
    /// Uploads by the name the test gave them: id and hash, as a record names a document.
    files: Mutex<BTreeMap<&'static str, Value>>,
    /// How many mails about it the test has looked at.
    read: Mutex<usize>,
}

impl<'w> Casefile<'w> {
    /// A case that exists already.
    pub fn of(world: &'w World, reference: &str) -> Self {
        let (files, read) = (Mutex::default(), Mutex::default());
        Self { world, reference: reference.to_owned(), files, read }
    }

    /// Given a death that was referred with the sample form.
    pub async fn referred(world: &'w World) -> Self {
        Self::referred_with(world, |_| {}).await.0
    }

    /// The same with a change to the form; also the receipt.
    pub async fn referred_with(world: &'w World, change: impl FnOnce(&mut Value)) -> (Self, Value) {
        let mut form = sample::body(Action::Refer);
        change(&mut form);
        match world.stage.manner() {
            Manner::Wary if world.stage.first_time(Action::Refer) => {
                bad_input::try_every_wrong_referral(world, &form).await;
            }
            Manner::Plain | Manner::Wary => {}
            Manner::Marked(marks) => {
                marks.fill(Action::Refer, &mut form);
                if world.stage.first_time(Action::Refer) {
                    bad_input::try_a_few_wrong_referrals(world, &form).await;
                }
            }
        }
        let key = Uuid::new_v4().to_string();
        let answer = world.client.refer(REFERRER, &key, &form).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let reference = answer.body["reference"].as_str().unwrap().to_owned();
        world.remember(&reference);
        world.settles().await;
        (Self::of(world, &reference), answer.body)
    }

    /// The case's address, and what lies under it.
    pub fn path(&self, rest: &str) -> String {
        format!("/cases/{}{rest}", self.reference)
    }

    pub fn action_path(&self, action: Action) -> String {
        self.path(&format!("/actions/{}", action.name()))
    }

    /// The sample record of an act, with dates that fit today.
    pub async fn record(&self, action: Action) -> Value {
        sample::fitted(action, self.world.today().await)
    }

    /// When someone acts, with the sample record.
    pub async fn does(&self, who: Person, action: Action) -> Value {
        self.does_with(who, action, |_| {}).await
    }

    /// When someone acts on a file that was uploaded before.
    pub async fn does_on(&self, who: Person, action: Action, file: &str) -> Value {
        let document = self.file(file);
        self.does_with(who, action, |record| place(record, &document)).await
    }

    /// When someone acts, with a change to the sample record.
    pub async fn does_with(
        &self,
        who: Person,
        action: Action,
        change: impl FnOnce(&mut Value),
    ) -> Value {
        let mut record = self.record(action).await;
        change(&mut record);
        match self.world.stage.manner() {
            Manner::Wary if self.world.stage.first_time(action) => {
                bad_input::try_everything_wrong(self, who, action, &record).await;
            }
            Manner::Plain | Manner::Wary => {}
            Manner::Marked(marks) => {
                marks.fill(action, &mut record);
                if self.world.stage.first_time(action) {
                    bad_input::try_a_few_things_wrong(self, who, action, &record).await;
                }
            }
        }
        let answer = self.tries(who, action, &record).await;
        assert_eq!(answer.status, 200, "{} as {who}: {}", action.name(), answer.text);
        answer.body
    }

    /// When someone tries to act, having read the version that the act needs.
    pub async fn tries(&self, who: Person, action: Action, record: &Value) -> Answer {
        let tag = self.tag(who, action, record).await;
        self.sends(who, action, tag.as_deref(), Sent::json(record)).await
    }

    /// When someone sends this, whatever it is, with that `If-Match`.
    pub async fn sends(
        &self,
        who: Person,
        action: Action,
        if_match: Option<&str>,
        body: Sent,
    ) -> Answer {
        let with = With { if_match, ..With::default() };
        self.world.client.post_with(who, &self.action_path(action), with, body).await
    }

    /// The `ETag` of what an act changes, as this person reads it.
    pub async fn tag(&self, who: Person, action: Action, record: &Value) -> Option<String> {
        match action.guard() {
            Guard::Adds => None,
            Guard::Case => self.read_by(who).await.etag,
            Guard::Item => item_tag(&self.read_by(who).await.body, record),
        }
    }

    /// What someone sees of it.
    pub async fn read_by(&self, who: Person) -> Answer {
        self.world.client.get(who, &self.path("")).await
    }

    /// What the coordinator sees of it: everything.
    pub async fn view(&self) -> Value {
        self.read_by(COORDINATOR).await.ok()
    }

    pub async fn state(&self) -> State {
        State::deserialize(&self.view().await["state"]).unwrap()
    }

    pub async fn is(&self, state: State) {
        assert_eq!(self.state().await, state);
    }

    /// One deadline as the coordinator sees it.
    pub async fn clock(&self, name: &str) -> Value {
        let view = self.view().await;
        let clocks = view["clocks"].as_array().unwrap();
        let found = clocks.iter().find(|clock| clock["name"] == name);
        found.unwrap_or_else(|| panic!("no clock {name}")).clone()
    }

    /// Every event, page by page, as the coordinator reads it.
    pub async fn history(&self) -> Vec<Value> {
        self.history_for(COORDINATOR).await
    }

    pub async fn history_for(&self, who: Person) -> Vec<Value> {
        let mut events = Vec::new();
        let mut after = String::new();
        loop {
            let path = self.path(&format!("/history?limit=200{after}"));
            let page = self.world.client.get(who, &path).await.ok();
            events.extend(page["events"].as_array().unwrap().iter().cloned());
            match page["next"].as_u64() {
                Some(next) => after = format!("&after={next}"),
                None => return events,
            }
        }
    }

    /// The kinds of all events, in order.
    pub async fn kinds(&self) -> Vec<String> {
        let kind = |event: &Value| event["kind"].as_str().unwrap().to_owned();
        self.history().await.iter().map(kind).collect()
    }

    /// How many events it has, once nothing more is under way.
    pub async fn events(&self) -> usize {
        self.world.settles().await;
        self.history().await.len()
    }

    /// Mails about this case since the last time they were looked at.
    pub async fn new_mails(&self) -> Vec<Mail> {
        let mails: Vec<_> = self.mails().await;
        let mut read = self.read.lock().unwrap();
        let new = mails[*read..].to_vec();
        *read = mails.len();
        new
    }

    /// Every mail about this case.
    pub async fn mails(&self) -> Vec<Mail> {
        let mails = self.world.mails().await.into_iter();
        mails.filter(|mail| mail.reference == self.reference).collect()
    }

    /// A file as a record names it.
    pub fn file(&self, name: &str) -> Value {
        self.files.lock().unwrap()[name].clone()
    }

    /// When someone uploads a small file, and it is found clean.
    pub async fn uploads(&self, who: Person, kind: &str, name: &'static str) -> Value {
        let file = format!("%PDF-1.7 {name} of {}: an invented document.\n", self.reference);
        let document = self.uploads_bytes(who, kind, name, file.as_bytes()).await;
        let path = self.path(&format!("/documents/{}", document["document"].as_str().unwrap()));
        let shown = self.world.client.get(who, &path).await.ok();
        assert_eq!(shown["document"]["status"], "clean", "{shown}");
        document
    }

    /// When someone uploads a file and the scanner has had its turn.
    pub async fn uploads_bytes(
        &self,
        who: Person,
        kind: &str,
        name: &'static str,
        file: &[u8],
    ) -> Value {
        let document = self.uploads_unscanned(who, kind, name, file).await;
        self.world.settles().await;
        document
    }

    /// When someone uploads a file at which the scanner may not have looked yet.
    pub async fn uploads_unscanned(
        &self,
        who: Person,
        kind: &str,
        name: &'static str,
        file: &[u8],
    ) -> Value {
        let begun = self.begins_upload(who, kind, name, file.len()).await;
        let client = &self.world.client;
        let id = begun["document"]["id"].as_str().unwrap();
        let size = usize::try_from(begun["part_size"].as_u64().unwrap()).unwrap();
        for (number, part) in (1..).zip(file.chunks(size)) {
            self.sends_part(client, who, id, number, part).await.ok();
        }
        let path = self.path(&format!("/documents/{id}/complete"));
        let done = client.post(who, &path, &json!({})).await.ok();
        let document = json!({ "document": id, "hash": done["document"]["hash"] });
        self.files.lock().unwrap().insert(name, document.clone());
        document
    }

    /// When someone announces a file.
    pub async fn begins_upload(&self, who: Person, kind: &str, name: &str, size: usize) -> Value {
        let name = match self.world.stage.manner() {
            Manner::Plain | Manner::Wary => format!("{name}.pdf"),
            Manner::Marked(marks) => marks.file_name(),
        };
        let new = json!({ "kind": kind, "name": name, "size": size });
        let answer = self.world.client.post(who, &self.path("/documents"), &new).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body
    }

    /// When a part goes to the store, by whichever client.
    pub async fn sends_part(
        &self,
        client: &Client,
        who: Person,
        id: &str,
        number: u16,
        part: &[u8],
    ) -> Answer {
        self.sends_part_as(client, who, id, (number, part), part).await
    }

    /// When a part is announced and other bytes of the same length may follow.
    pub async fn sends_part_as(
        &self,
        client: &Client,
        who: Person,
        id: &str,
        (number, announced): (u16, &[u8]),
        sent: &[u8],
    ) -> Answer {
        let sha256 = STANDARD.encode(Sha256::digest(announced));
        let wanted = json!({ "number": number, "sha256": sha256, "size": announced.len() });
        let path = self.path(&format!("/documents/{id}/parts"));
        let signed = client.post(who, &path, &wanted).await.ok();
        client.put(signed["url"].as_str().unwrap(), &signed["headers"], sent.to_vec()).await
    }
}

/// Puts a document wherever a record names one.
pub fn place(record: &mut Value, document: &Value) {
    match record {
        Value::Object(fields) if fields.contains_key("document") && fields.contains_key("hash") => {
            *record = document.clone();
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| place(field, document)),
        Value::Array(items) => items.iter_mut().for_each(|item| place(item, document)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The `ETag` of the IMR or action that a record is about, wherever a view shows it.
pub fn item_tag(view: &Value, record: &Value) -> Option<String> {
    let lists = [&view["imrs"], &view["plan"]].into_iter().filter_map(Value::as_array).flatten();
    let items = lists.chain([&view["imr"]]);
    let about = |item: &&Value| {
        let same = |name: &str| record[name].is_string() && record[name] == item[name];
        same("id") || same("agency")
    };
    items.filter(about).find_map(|item| item["etag"].as_str().map(str::to_owned))
}

/// Asserts that the events are numbered without a gap and each follows the one before.
#[track_caller]
pub fn assert_chained(history: &[Value]) {
    let mut head = json!("0".repeat(64));
    for (number, event) in (1..).zip(history) {
        assert_eq!(event["seq"], number, "{event}");
        assert_eq!(event["prev"], head, "{event}");
        head = event["hash"].clone();
    }
}
