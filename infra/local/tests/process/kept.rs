//! What a data folder holds, read without the program.

use std::{collections::BTreeMap, fs, path::Path};

use cloud::{
    Entropy,
    mail::ITEM_TAG,
    store::{CaseKey, OutboxItem, Store, TableNames},
};
use local::{
    backend::{Running, dynamodb, mailbox::MAIL_FILE},
    services::{ACCESS_KEY, sdk},
};
use review::values::{CspId, Reference};
use serde_json::Value;

/// The tables of a data folder that no program uses.
pub struct Kept {
    running: Running,
    client: aws_sdk_dynamodb::Client,
    pub store: Store,
}

impl Kept {
    pub async fn open(data: &Path) -> Self {
        let running = dynamodb::start(Some(data), 0).await.unwrap();
        let client = aws_sdk_dynamodb::Client::new(&sdk(running.endpoint(), ACCESS_KEY));
        let names = TableNames { cases: "cases".to_owned(), events: "events".to_owned() };
        let store = Store::new(client.clone(), names, Entropy::system());
        Self { running, client, store }
    }

    /// Every case, by its reference.
    pub async fn cases(&self) -> Vec<CaseKey> {
        let (mut cases, mut from) = (Vec::new(), None);
        loop {
            let page = self.store.cases(None, from).await.unwrap();
            assert!(page.unreadable.is_empty(), "{:?}", page.unreadable);
            cases.extend(page.cases.into_iter().map(|stored| stored.case.reference));
            from = page.next;
            if from.is_none() {
                return cases.into_iter().map(key).collect();
            }
        }
    }

    /// Every mail that was ever owed.
    pub async fn outbox(&self) -> Vec<OutboxItem> {
        let mut items = Vec::new();
        for case in self.cases().await {
            items.extend(self.store.outbox_of(&case).await.unwrap());
        }
        items
    }

    /// Takes an event away, as no function of ours can.
    pub async fn delete_event(&self, reference: &str, seq: u64) {
        let text = |value: String| aws_sdk_dynamodb::types::AttributeValue::S(value);
        let pk = format!("CASE#{}#{reference}", review::sample::CSP);
        let request = self.client.delete_item().table_name("events").key("pk", text(pk));
        request.key("sk", text(format!("EVENT#{seq:06}"))).send().await.unwrap();
    }

    pub async fn close(self) {
        self.running.stop().await;
    }
}

pub fn key(reference: Reference) -> CaseKey {
    CaseKey { csp: CspId::parse(review::sample::CSP).unwrap(), reference }
}

/// How often each item of the outbox was sent.
pub fn sent(data: &Path) -> BTreeMap<String, usize> {
    let journal = fs::read_to_string(data.join(MAIL_FILE)).unwrap();
    let mut sent = BTreeMap::new();
    for line in journal.lines() {
        let mail: Value = serde_json::from_str(line).unwrap();
        *sent.entry(mail["tags"][ITEM_TAG].as_str().unwrap().to_owned()).or_default() += 1;
    }
    sent
}
