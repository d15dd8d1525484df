//! What the stand-in for AWS stores: sample people, and the one case that a function wrote to it
//! before anything was measured, so that what the others read is what this system writes. It
//! answers as DynamoDB does where this system can tell; conditions always hold.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::figures::Tally;
use crate::subjects::CSP;

/// Those who ask, with the roles they hold.
const PEOPLE: &[(&str, &str)] = &[
    ("referrer-1", "referrer"),
    ("coordinator-1", "coordinator"),
    ("csp-chair-1", "csp-chair"),
    ("administrator-1", "administrator"),
];

#[derive(Default)]
pub struct Table {
    /// The issuer's key set.
    pub keys: String,
    /// By table, partition key and sort key.
    items: BTreeMap<(String, String, String), Value>,
    learning: bool,
    asked: BTreeMap<String, Tally>,
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(|attribute| attribute.get("S")?.as_str()).unwrap_or_default()
}

impl Table {
    pub fn of_people() -> Self {
        let mut table = Self::default();
        for (actor, role) in PEOPLE {
            let email = format!("{actor}@{CSP}.example");
            let member = json!({
                "email": {"S": email}, "active": {"BOOL": true}, "version": {"N": "1"},
                "roles": {"SS": [role]},
            });
            let listed = json!({"email": {"S": email}});
            table.put(&format!("ACTOR#{actor}"), &format!("MEMBER#{CSP}"), member.clone());
            table.put(&format!("CSP#{CSP}"), &format!("PERSON#{actor}"), member);
            table.put(&format!("CSP#{CSP}"), &format!("ROLE#{role}#-#{actor}"), listed);
        }
        table
    }

    fn put(&mut self, pk: &str, sk: &str, mut item: Value) {
        item["pk"] = json!({"S": pk});
        item["sk"] = json!({"S": sk});
        self.items.insert(("cases".to_owned(), pk.to_owned(), sk.to_owned()), item);
    }

    /// Whether to keep what is written from now on.
    pub fn learn(&mut self, learning: bool) {
        self.learning = learning;
    }

    /// The reference of the case there is.
    pub fn reference(&self) -> Option<String> {
        let (_, pk, _) = self.items.keys().find(|(_, _, sk)| sk == "CASE")?;
        pk.rsplit('#').next().map(str::to_owned)
    }

    /// Counts a request.
    pub fn count(&mut self, operation: String, sent: usize, received: usize) {
        let tally = self.asked.entry(operation).or_default();
        tally.requests += 1;
        tally.sent += sent;
        tally.received += received;
    }

    /// What was asked since this was last asked.
    pub fn asked(&mut self) -> BTreeMap<String, Tally> {
        std::mem::take(&mut self.asked)
    }

    /// Whether an answer depends on what is asked. A transaction is the longest request, and what
    /// it takes to read it would be taken for the function's time.
    pub fn reads(&self, operation: &str) -> bool {
        self.learning || operation != "TransactWriteItems"
    }

    /// The answer to a request.
    pub fn dynamodb(&mut self, operation: &str, request: &Value) -> Value {
        match operation {
            "GetItem" => {
                self.at(request, &request["Key"]).map_or(json!({}), |item| json!({"Item": item}))
            }
            "Query" => counted(&self.queried(request)),
            "Scan" => counted(&self.scanned(request)),
            "UpdateItem" => json!({"Attributes": self.updated(request)}),
            "TransactWriteItems" => {
                self.transact(request);
                json!({})
            }
            "BatchGetItem" | "TransactGetItems" => json!({"Responses": {}}),
            _ => json!({}),
        }
    }

    fn at(&self, request: &Value, key: &Value) -> Option<&Value> {
        let table = request["TableName"].as_str().unwrap_or_default();
        let key = (table.to_owned(), text(key, "pk").to_owned(), text(key, "sk").to_owned());
        self.items.get(&key)
    }

    fn of<'a>(&'a self, request: &Value) -> impl Iterator<Item = &'a Value> {
        let table = request["TableName"].as_str().unwrap_or_default().to_owned();
        self.items.iter().filter(move |((of, _, _), _)| *of == table).map(|(_, item)| item)
    }

    /// By the index of what is due or of the outbox; otherwise a partition, or the part of it
    /// whose sort keys begin with something.
    fn queried(&self, request: &Value) -> Vec<Value> {
        let values = &request["ExpressionAttributeValues"];
        let shard = match request["IndexName"].as_str() {
            Some("due") => "due_shard",
            Some(_) => "outbox_shard",
            None => {
                let (pk, prefix) = (text(values, ":pk"), text(values, ":prefix"));
                let found =
                    |item: &&Value| text(item, "pk") == pk && text(item, "sk").starts_with(prefix);
                return self.of(request).filter(found).cloned().collect();
            }
        };
        let wanted = text(values, ":shard");
        let since = if shard == "due_shard" { "next_due" } else { "not_before" };
        let found = |item: &&Value| {
            !wanted.is_empty()
                && text(item, shard) == wanted
                && text(item, since) <= text(values, ":now")
        };
        self.of(request).filter(found).cloned().collect()
    }

    fn scanned(&self, request: &Value) -> Vec<Value> {
        let wanted = text(&request["ExpressionAttributeValues"], ":case");
        let found = |item: &&Value| wanted.is_empty() || text(item, "sk") == wanted;
        self.of(request).filter(found).cloned().collect()
    }

    /// An item as an update would leave it: each `:name` is the value of the attribute `name`.
    fn updated(&self, request: &Value) -> Value {
        let mut item = self.at(request, &request["Key"]).cloned().unwrap_or_else(|| json!({}));
        let values = request["ExpressionAttributeValues"].as_object();
        let expression = request["UpdateExpression"].as_str().unwrap_or_default();
        for (name, value) in values.into_iter().flatten() {
            if expression.contains(&format!("= {name}")) {
                item[name.trim_start_matches(':')] = value.clone();
            }
        }
        item
    }

    fn transact(&mut self, request: &Value) {
        let writes = request["TransactItems"].as_array().into_iter().flatten();
        for put in writes.filter_map(|write| write.get("Put")).filter(|_| self.learning) {
            let table = put["TableName"].as_str().unwrap_or_default().to_owned();
            let item = put["Item"].as_object().cloned().unwrap_or_else(Map::new);
            let item = Value::Object(item);
            let key = (table, text(&item, "pk").to_owned(), text(&item, "sk").to_owned());
            self.items.insert(key, item);
        }
    }
}

fn counted(items: &[Value]) -> Value {
    let count = items.len();
    json!({"Items": items, "Count": count, "ScannedCount": count})
}
