//! Writes a metric as `CloudWatch`'s embedded metric format: a log line that a figure is read
//! from, so that no function needs the right or the time to call `CloudWatch`.

use std::fmt;

use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::clock::Clock;

/// The one dimension of every metric, as Powertools for AWS Lambda calls it.
const DIMENSION: &str = "service";

pub(super) struct Format {
    service: &'static str,
    namespace: String,
    clock: Clock,
}

impl Format {
    pub(super) fn new(service: &'static str, namespace: &str, clock: Clock) -> Self {
        Self { service, namespace: namespace.to_owned(), clock }
    }

    fn line(&self, figure: &Figure) -> Value {
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": self.clock.now().timestamp_millis(),
                "CloudWatchMetrics": [{
                    "Namespace": self.namespace,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": [{ "Name": figure.name, "Unit": figure.unit }],
                }],
            }),
        );
        line.insert(DIMENSION.to_owned(), self.service.into());
        line.insert(figure.name.clone(), figure.value.into());
        line.into()
    }
}

impl<S, N> FormatEvent<S, N> for Format
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut figure = Figure::default();
        event.record(&mut figure);
        writeln!(writer, "{}", self.line(&figure))
    }
}

/// A metric as the event carries it.
#[derive(Default)]
struct Figure {
    name: String,
    unit: String,
    value: u64,
}

impl Visit for Figure {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "value" {
            self.value = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "name" => value.clone_into(&mut self.name),
            "unit" => value.clone_into(&mut self.unit),
            _ => (),
        }
    }

    /// A metric has no other fields.
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::super::Metric;
    use super::super::written::Lines;
    use super::*;

    #[test]
    fn a_metric_is_one_line_that_cloudwatch_can_read() {
        let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = Clock::new(Arc::new(move || at));
        let lines = Lines::default();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(Format::new("deadlines", "dhr", clock))
            .with_writer(lines.clone());

        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            Metric::OldestOverdueSeconds.record(90);
        });

        assert_eq!(
            lines.read(),
            [json!({
                "_aws": {
                    "Timestamp": 1_800_000_000_000_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "dhr",
                        "Dimensions": [["service"]],
                        "Metrics": [{ "Name": "OldestOverdueSeconds", "Unit": "Seconds" }],
                    }],
                },
                "service": "deadlines",
                "OldestOverdueSeconds": 90,
            })]
        );
    }
}
