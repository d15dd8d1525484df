//! The protocol with one thing wrong, as it looks on the wire. A simulator that does not notice
//! each of these would notice nothing.

use serde_json::{Map, Value, json};

use super::tables::{Answer, Tables};
use super::{CASES, EVENTS};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// A send that had no answer is repeated at once, as the SDK would by default.
    SdkRetriesOn,
    /// A claim keeps nobody away.
    NoLease,
    /// A claim is made whether or not another stands.
    UnconditionalClaim,
    /// A claimed item is not found again if its worker dies.
    ClaimLeavesTheIndex,
    /// The mails a command owes are written after its transaction, if it comes to that.
    OutboxOutsideTheTransaction,
    /// The sweep asks only for what fell due lately.
    SweepWithALowerBound,
    /// A case keeps its place in the index of what is due when what was due is done.
    NextDueNotCleared,
    /// A mail counts as sent before it is.
    MarkBeforeSend,
    /// Two transactions on a case go under one token.
    TokenReused,
    /// What SES reports changes nothing.
    ReceiptIgnored,
    /// A refused condition counts as success.
    ConflictSwallowed,
}

impl Mutant {
    pub const ALL: &'static [Self] = &[
        Self::SdkRetriesOn,
        Self::NoLease,
        Self::UnconditionalClaim,
        Self::ClaimLeavesTheIndex,
        Self::OutboxOutsideTheTransaction,
        Self::SweepWithALowerBound,
        Self::NextDueNotCleared,
        Self::MarkBeforeSend,
        Self::TokenReused,
        Self::ReceiptIgnored,
        Self::ConflictSwallowed,
    ];

    /// How often a send is tried.
    pub fn sends(self) -> u32 {
        if self == Self::SdkRetriesOn { 3 } else { 1 }
    }

    /// Carries an operation out wrongly. `unlucky` says that this call meets a fault as well.
    pub fn answer(self, tables: &Tables, operation: &str, body: &str, unlucky: bool) -> Answer {
        let mut asked: Value = serde_json::from_str(body).unwrap();
        let claims = operation == "UpdateItem" && asked["ConditionExpression"] == CLAIM;
        let index = asked["IndexName"].as_str() == Some("due");
        match (self, operation) {
            (Self::NoLease, _) if claims => {
                let values = &mut asked["ExpressionAttributeValues"];
                values[":not_before"] = values[":now"].clone();
            }
            (Self::UnconditionalClaim, _) if claims => {
                asked["ConditionExpression"] = "attribute_exists(pk)".into();
                let values = asked["ExpressionAttributeValues"].as_object_mut().unwrap();
                values.remove(":pending");
                values.remove(":now");
            }
            (Self::ClaimLeavesTheIndex, _) if claims => {
                let change = asked["UpdateExpression"].as_str().unwrap();
                asked["UpdateExpression"] = format!("{change} REMOVE outbox_shard").into();
            }
            (Self::MarkBeforeSend, _) if claims => return marked(tables, asked),
            (Self::OutboxOutsideTheTransaction, "TransactWriteItems") => {
                return outside(tables, asked, unlucky);
            }
            (Self::SweepWithALowerBound, "Query") if index => {
                asked["KeyConditionExpression"] =
                    "#shard = :shard AND #since BETWEEN :low AND :now".into();
                let now = asked["ExpressionAttributeValues"][":now"]["S"].as_str().unwrap();
                let now: chrono::DateTime<chrono::Utc> = now.parse().unwrap();
                let low = (now - chrono::TimeDelta::minutes(30)).format("%Y-%m-%dT%H:%M:%SZ");
                asked["ExpressionAttributeValues"][":low"] = json!({ "S": low.to_string() });
            }
            (Self::NextDueNotCleared, "TransactWriteItems") => keep_next_due(tables, &mut asked),
            (Self::TokenReused, "TransactWriteItems") => {
                asked["ClientRequestToken"] = partition(&asked).into();
            }
            (Self::ReceiptIgnored, "UpdateItem") if notes_a_receipt(&asked) => {
                let key = asked["Key"].clone();
                let text = |name: &str| key[name]["S"].as_str().unwrap().to_owned();
                let item = tables.item(CASES, &text("pk"), &text("sk"));
                return (200, json!({ "Attributes": item }).to_string());
            }
            (Self::ConflictSwallowed, "TransactWriteItems") => {
                let answer = tables.answer(operation, body);
                let refused = answer.0 == 400 && answer.1.contains("ConditionalCheckFailed");
                return if refused { (200, "{}".to_owned()) } else { answer };
            }
            (_, _) => {}
        }
        tables.answer(operation, &asked.to_string())
    }
}

/// The condition by which a claim is told from other updates.
const CLAIM: &str = "#status = :pending AND #not_before <= :now";

fn notes_a_receipt(asked: &Value) -> bool {
    asked["UpdateExpression"].as_str().is_some_and(|change| change.contains(":outcome"))
}

/// Claims the item as sent, and says that it is being sent.
fn marked(tables: &Tables, mut asked: Value) -> Answer {
    asked["ExpressionAttributeValues"][":status"] = json!({ "S": "SENT" });
    let change = asked["UpdateExpression"].as_str().unwrap();
    asked["UpdateExpression"] = format!("{change} REMOVE outbox_shard").into();
    let (status, answer) = tables.answer("UpdateItem", &asked.to_string());
    (status, answer.replace("{\"S\":\"SENT\"}", "{\"S\":\"SENDING\"}"))
}

/// Writes what a transaction holds but the outbox, and the outbox afterwards.
fn outside(tables: &Tables, mut asked: Value, unlucky: bool) -> Answer {
    let parts = asked["TransactItems"].as_array_mut().unwrap();
    let is_mail = |part: &Value| {
        part["Put"]["Item"]["sk"]["S"].as_str().is_some_and(|sk| sk.starts_with("OUTBOX#"))
    };
    // Fanning one out is not a command.
    if parts.iter().any(|part| part.get("Update").is_some() || part.get("ConditionCheck").is_some())
    {
        return tables.answer("TransactWriteItems", &asked.to_string());
    }
    let (mails, rest): (Vec<_>, Vec<_>) = parts.drain(..).partition(is_mail);
    asked["TransactItems"] = rest.into();
    let answer = tables.answer("TransactWriteItems", &asked.to_string());
    if answer.0 == 200 && !unlucky {
        for mail in mails {
            let put = json!({ "TableName": CASES, "Item": mail["Put"]["Item"] });
            tables.ask("PutItem", &put);
        }
    }
    answer
}

fn keep_next_due(tables: &Tables, asked: &mut Value) {
    for part in asked["TransactItems"].as_array_mut().unwrap() {
        let item = part.get_mut("Put").and_then(|put| put["Item"].as_object_mut());
        let Some(item) = item.filter(|item| is_case(item)) else {
            continue;
        };
        let pk = item["pk"]["S"].as_str().unwrap();
        if let Some(before) = tables.item(CASES, pk, "CASE") {
            for name in ["next_due", "due_shard"] {
                if let Some(value) = before.get(name) {
                    item.insert(name.to_owned(), value.clone());
                }
            }
        }
    }
}

fn is_case(item: &Map<String, Value>) -> bool {
    item["sk"]["S"] == "CASE"
}

/// The partition a transaction writes events to, or its first.
fn partition(asked: &Value) -> String {
    let parts = asked["TransactItems"].as_array().unwrap();
    let put = |part: &&Value| part["Put"]["TableName"] == EVENTS;
    let part = parts.iter().find(put).unwrap_or(&parts[0]);
    let pk = part["Put"]["Item"]["pk"]["S"].as_str().unwrap_or("other");
    pk.chars().rev().take(36).collect()
}

#[cfg(test)]
mod tests {
    use super::super::checks::Tally;
    use super::super::seeds::{on_all_cores, one};
    use super::*;

    /// So many runs are played before a mutant counts as unnoticed.
    const PATIENCE: u64 = 600;

    /// A mutant must break the promise that it is about, whatever else it breaks besides.
    fn is_noticed(mutant: Mutant, promise: &str) {
        let keeps_it = |seed| match one(seed, Some(mutant), false) {
            Err(why) if why.contains(promise) => Err(why),
            Err(_) => Ok(Tally::default()),
            kept => kept,
        };
        match on_all_cores(PATIENCE, keeps_it) {
            Ok(_) => panic!("{mutant:?} was not noticed in {PATIENCE} runs as {promise:?}"),
            Err((seed, why)) => println!("{mutant:?} is noticed by seed {seed}: {why}"),
        }
    }

    macro_rules! noticed {
        ($($name:ident: $mutant:ident breaks $promise:literal;)*) => {
            $(#[test]
            fn $name() {
                is_noticed(Mutant::$mutant, $promise);
            })*

            #[test]
            fn every_mutant_has_its_test() {
                assert_eq!(Mutant::ALL, [$(Mutant::$mutant),*]);
            }
        };
    }

    noticed! {
        a_send_that_the_sdk_repeats: SdkRetriesOn breaks "went out twice within";
        a_claim_without_a_lease: NoLease breaks "went out twice within";
        a_claim_without_a_condition: UnconditionalClaim breaks "went out twice within";
        a_claim_that_leaves_the_index: ClaimLeavesTheIndex breaks "is SENDING";
        an_outbox_outside_the_transaction: OutboxOutsideTheTransaction breaks "owes other mails than";
        a_sweep_with_a_lower_bound: SweepWithALowerBound breaks "two sweeps have passed";
        a_date_that_is_not_cleared: NextDueNotCleared breaks "is due at another time than it says";
        a_mark_before_the_send: MarkBeforeSend breaks "counts as sent and was not";
        a_token_used_twice: TokenReused breaks "two sweeps have passed";
        a_receipt_that_is_ignored: ReceiptIgnored breaks "went out again after its receipt";
        a_conflict_that_is_swallowed: ConflictSwallowed breaks "acknowledged and lost";
    }
}
