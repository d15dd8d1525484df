//! A new case is compared with the others at once; the sweep would find it within its quarter of
//! an hour.

use cloud::Cloud;
use cloud::telemetry::correlated;
use cloud::trigger::{BatchResponse, Record};
use tracing::Instrument as _;

use crate::catch_up::catch_up;

pub(crate) async fn answer(cloud: &Cloud, records: Vec<Record>) -> BatchResponse {
    let mut response = BatchResponse::default();
    for record in records {
        let Some(key) = record.new_case() else {
            continue;
        };
        let span = correlated(Some(&record.sequence));
        if let Err(fault) = catch_up(cloud, &key).instrument(span).await {
            let reference = key.reference.as_str();
            tracing::error!(reference, fault = fault.chain(), "a new case could not be compared");
            if fault.is_retryable() {
                response.again(record.sequence);
            }
        }
    }
    response
}
