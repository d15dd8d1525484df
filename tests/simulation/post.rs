//! What SES took, as the simulator sees it: which item, which attempt, when, and whether the mail
//! was true at that moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use cloud::Clock;
use cloud::store::OutboxId;
use review::Case;
use review::dates::london_date;
use review::notices::Recipient;
use serde_json::{Value, json};

use super::CASES;
use super::lists::{self, Addressed};
use super::tables::Tables;

/// A mail that SES took.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub item: OutboxId,
    pub attempt: String,
    pub at: DateTime<Utc>,
    /// Whether it went to the address of the one whom it is for.
    pub is_addressed: bool,
    /// Whether it was true and its recipient entitled when it was taken.
    pub is_true: bool,
}

/// Every mail of a run; clones are the same post.
#[derive(Clone)]
pub struct Post(Arc<Inner>);

struct Inner {
    tables: Tables,
    clock: Clock,
    /// Items that were sent before this run began.
    earlier: BTreeSet<String>,
    accepted: Mutex<Vec<Accepted>>,
    /// When a receipt of an attempt was noted first.
    receipts: Mutex<BTreeMap<String, DateTime<Utc>>>,
}

impl Post {
    pub fn new(tables: Tables, clock: Clock) -> Self {
        let (accepted, receipts) = (Mutex::default(), Mutex::default());
        let sent = |item: &Value| item["status"]["S"] == "SENT";
        let earlier = tables.all(CASES).into_iter().filter(sent);
        let earlier = earlier.map(|item| item["id"]["S"].as_str().unwrap().to_owned()).collect();
        Self(Arc::new(Inner { tables, clock, earlier, accepted, receipts }))
    }

    /// The post of tables that do not exist yet.
    pub fn none(tables: Tables, clock: Clock) -> Self {
        let (accepted, receipts) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { tables, clock, earlier: BTreeSet::new(), accepted, receipts }))
    }

    /// SES took what this form says.
    pub fn accepted(&self, form: &[u8]) {
        let fields: BTreeMap<String, String> = form_urlencoded::parse(form).into_owned().collect();
        let tag = |wanted: &str| {
            (1..=10)
                .find(|n| {
                    fields.get(&format!("Tags.member.{n}.Name")).is_some_and(|it| it == wanted)
                })
                .map_or_else(
                    || panic!("a mail without the tag {wanted}"),
                    |n| fields[&format!("Tags.member.{n}.Value")].clone(),
                )
        };
        let item = OutboxId::parse(&tag("obx")).unwrap();
        let to = &fields["Destination.ToAddresses.member.1"];
        let (is_addressed, is_true) = self.judged(&item, to);
        let (attempt, at) = (tag("aid"), self.0.clock.now());
        let accepted = Accepted { item, attempt, at, is_addressed, is_true };
        self.0.accepted.lock().unwrap().push(accepted);
    }

    /// A receipt of an attempt was noted.
    pub fn noted(&self, attempt: &str) {
        let now = self.0.clock.now();
        self.0.receipts.lock().unwrap().entry(attempt.to_owned()).or_insert(now);
    }

    /// Whether an item was sent, in this run or before it.
    pub fn sent(&self, item: &str) -> bool {
        let accepted = self.0.accepted.lock().unwrap();
        self.0.earlier.contains(item) || accepted.iter().any(|it| it.item.to_string() == item)
    }

    pub fn all(&self) -> Vec<Accepted> {
        self.0.accepted.lock().unwrap().clone()
    }

    /// When a receipt of the attempt was noted.
    pub fn receipt_of(&self, attempt: &str) -> Option<DateTime<Utc>> {
        self.0.receipts.lock().unwrap().get(attempt).copied()
    }

    /// Whether this is the address of the one whom an item is for, and whether it is true for them.
    fn judged(&self, id: &OutboxId, to: &str) -> (bool, bool) {
        let tables = &self.0.tables;
        let pk = format!("CASE#{}#{}", id.csp, id.reference);
        let asked = json!({
            "TableName": CASES,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :event)",
            "ExpressionAttributeValues": {
                ":pk": { "S": pk }, ":event": { "S": format!("OUTBOX#{:06}#", id.seq) },
            },
        });
        let found = tables.ask("Query", &asked);
        let items = found["Items"].as_array().unwrap();
        let item = items.iter().find(|item| lists::id(item) == *id).unwrap();
        let addressed = Addressed::of(item, items.iter());
        let case = tables.item(CASES, &pk, "CASE").unwrap();
        let case: Case = serde_json::from_str(case["body"]["S"].as_str().unwrap()).unwrap();
        let member = addressed.person.as_ref().map(|person| {
            tables.item(CASES, &format!("ACTOR#{person}"), &format!("MEMBER#{}", id.csp)).unwrap()
        });
        let duty = || {
            let Recipient::Duty(duty) = lists::effect(item).to else {
                panic!("{id} is for nobody")
            };
            tables
                .item(CASES, &format!("CSP#{}", id.csp), &format!("DUTY#{}", duty.name()))
                .unwrap()
        };
        let active = member.as_ref().is_none_or(|it| it["active"]["BOOL"] == true);
        let today = london_date(self.0.clock.now());
        let is_true = active && addressed.is_true(&case, today);
        (member.unwrap_or_else(duty)["email"]["S"] == to, is_true)
    }
}
