//! What AWS does between the functions in a run: brings records of the stream, receipts and scan
//! results, late, twice and out of order, and takes back what a function did not take.

use std::collections::BTreeSet;

use local::backend::mailbox::{QueuedNotification, sqs_event};
use review::case::DocumentStanding;
use serde_json::{Value, json};

use super::BUCKET;
use super::stream::{self, Reader};
use super::world::{Function, World};

/// The most messages of the queue in one batch.
const RECEIPTS: usize = 10;
/// After so many receipts a message goes to the dead letters.
const RECEIVES: u64 = 5;

impl World {
    /// One batch of the stream for one of its readers; whether there was one.
    pub async fn stream_flows(&self, reader: Reader) -> bool {
        let batch = {
            let mut stream = self.stream.borrow_mut();
            stream.flow(&self.tables);
            stream.batch(reader, &self.chance)
        };
        if batch.is_empty() {
            return false;
        }
        let function = match reader {
            Reader::NewCases => Function::Deadlines,
            Reader::Doorbell => Function::Notices,
        };
        let answered = self.event(function, &stream::event(&batch)).await;
        let again: Vec<_> = match answered {
            Err(()) => batch,
            Ok(response) => {
                let failed: BTreeSet<_> = response.failures().map(str::to_owned).collect();
                let number = |record: &Value| record["dynamodb"]["SequenceNumber"].clone();
                let twice = self.chance.once_in(0.05);
                batch
                    .into_iter()
                    .filter(|(record, _)| {
                        twice || failed.contains(number(record).as_str().unwrap())
                    })
                    .collect()
            }
        };
        self.stream.borrow_mut().again(reader, again);
        true
    }

    /// One batch of the queue of receipts; whether there was one.
    pub async fn receipts_arrive(&self) -> bool {
        let mut batch = self.mailbox.take_notifications(RECEIPTS);
        if batch.is_empty() {
            return false;
        }
        self.chance.shuffle(&mut batch);
        let answered = self.event(Function::Receipts, &sqs_event(&batch)).await;
        let failed: BTreeSet<String> = match answered {
            Err(()) => batch.iter().map(|message| message.id.clone()).collect(),
            Ok(response) => response.failures().map(str::to_owned).collect(),
        };
        for message in &batch {
            let taken = !failed.contains(&message.id);
            if taken {
                self.post.noted(&attempt(message));
            }
            let given_up = receives(message) >= RECEIVES;
            if (taken && !self.chance.once_in(0.05)) || given_up {
                self.mailbox.ack(&message.id).unwrap();
            }
        }
        true
    }

    /// GuardDuty reports on a document that was not scanned yet, or on one again.
    pub async fn a_scan_ends(&self, reference: &str, clean: bool) -> bool {
        let Some(case) = self.case(reference) else { return false };
        let waits =
            |standing: &DocumentStanding| matches!(standing, DocumentStanding::Unscanned(_));
        let held = case.file.documents.iter().find(|(_, document)| waits(&document.standing));
        let Some((id, document)) = held else { return false };
        let results = ["THREATS_FOUND", "UNSUPPORTED", "ACCESS_DENIED", "FAILED"];
        let result = if clean || self.chance.once_in(0.6) {
            "NO_THREATS_FOUND"
        } else {
            *self.chance.of_these(&results)
        };
        self.scans.borrow_mut().entry(id.to_string()).or_default().push(result);
        let event = json!({
            "id": format!("scan-{}", self.chance.number(0..u64::MAX)),
            "detail-type": "GuardDuty Malware Protection Object Scan Result",
            "source": "aws.guardduty",
            "time": self.now(),
            "detail": {
                "s3ObjectDetails": { "bucketName": BUCKET, "objectKey": document.key, "versionId": null },
                "scanResultDetails": { "scanResultStatus": result },
            },
        });
        // Lambda tries an event again twice, and sometimes brings one twice for no reason.
        for _ in 0..3 {
            let taken = self.event(Function::Documents, &event).await.is_ok();
            if taken && !self.chance.once_in(0.1) {
                break;
            }
        }
        true
    }
}

fn attempt(message: &QueuedNotification) -> String {
    let envelope: Value = serde_json::from_str(message.record["body"].as_str().unwrap()).unwrap();
    let document: Value = serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap();
    document["mail"]["tags"]["aid"][0].as_str().unwrap().to_owned()
}

fn receives(message: &QueuedNotification) -> u64 {
    let count = &message.record["attributes"]["ApproximateReceiveCount"];
    count.as_str().unwrap().parse().unwrap()
}
