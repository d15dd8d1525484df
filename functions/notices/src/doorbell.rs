//! What was just written is sent at once. A record is brought again only where that can help;
//! whatever is not sent here, the sweep sends.

use cloud::telemetry::correlated;
use cloud::trigger::{BatchResponse, Record};
use cloud::{Budget, Cloud};
use tracing::Instrument as _;

pub(crate) async fn answer(cloud: &Cloud, records: Vec<Record>, budget: &Budget) -> BatchResponse {
    let mut response = BatchResponse::default();
    for record in records {
        let Some(id) = record.new_outbox() else {
            continue;
        };
        let span = correlated(Some(&record.sequence));
        let run = cloud.mail.deliver_all([id], budget).instrument(span).await;
        if run.failed.iter().any(|(_, fault)| fault.is_retryable()) {
            response.again(record.sequence);
        }
    }
    response
}
