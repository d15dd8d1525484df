//! How much mail is owed and since when. Sending it is another function's work; seeing that it
//! is not sent must not depend on that function.

use chrono::{DateTime, Utc};
use cloud::Cloud;
use cloud::telemetry::Metric;

use crate::sweep::seconds;

pub(crate) async fn report(cloud: &Cloud, now: DateTime<Utc>) {
    match cloud.mail.owed(now).await {
        Ok(owed) => {
            let oldest = owed.first().map_or(0, |item| seconds(now - item.since));
            Metric::OutboxOwed.record(u64::try_from(owed.len()).unwrap_or(u64::MAX));
            Metric::OldestOwedSeconds.record(oldest);
        }
        Err(fault) => tracing::error!(fault = fault.chain(), "the outbox could not be read"),
    }
}
