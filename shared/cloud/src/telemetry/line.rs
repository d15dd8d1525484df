//! Writes a log line as one flat JSON object, under the names that Powertools for AWS Lambda gives
//! in every language, so that queries written for other functions of an account serve here too.

use std::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

use crate::clock::Clock;

/// What the runtime's span calls its fields, and what Powertools calls them.
const RENAMED: [(&str, &str); 2] =
    [("requestId", "function_request_id"), ("xrayTraceId", "xray_trace_id")];

/// The field of the request that a process answers first.
const REQUEST: &str = "function_request_id";

pub(super) struct Format {
    service: &'static str,
    clock: Clock,
    /// The request that this process answered first, which had to wait for it to start.
    first: OnceLock<Value>,
}

impl Format {
    pub(super) const fn new(service: &'static str, clock: Clock) -> Self {
        Self { service, clock, first: OnceLock::new() }
    }

    /// A line's own fields, where a span around it has one of the same name.
    fn line(&self, event: &Event<'_>, around: Map<String, Value>) -> Value {
        let mut line = Line(around);
        if let Some(request) = line.0.get(REQUEST) {
            let cold = self.first.get_or_init(|| request.clone()) == request;
            line.put("cold_start", cold);
        }
        line.put(
            "timestamp",
            self.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        );
        line.put("level", event.metadata().level().as_str());
        line.put("service", self.service);
        line.put("location", event.metadata().target());
        event.record(&mut line);
        line.0.into()
    }
}

impl<S> FormatEvent<S, JsonFields> for Format
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut around = Map::new();
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            let extensions = span.extensions();
            let Some(fields) = extensions.get::<FormattedFields<JsonFields>>() else { continue };
            let fields: Map<String, Value> =
                serde_json::from_str(fields).map_err(|_| fmt::Error)?;
            around.extend(fields.into_iter().map(|(name, value)| (renamed(name), value)));
        }
        writeln!(writer, "{}", self.line(event, around))
    }
}

fn renamed(name: String) -> String {
    let known = RENAMED.iter().find(|(theirs, _)| *theirs == name);
    known.map_or(name, |(_, ours)| (*ours).to_owned())
}

struct Line(Map<String, Value>);

impl Line {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field.name(), format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use tracing_subscriber::layer::SubscriberExt;

    use super::super::correlated;
    use super::super::written::Lines;
    use super::*;

    #[test]
    fn a_line_says_which_request_it_belongs_to_under_the_names_of_powertools() {
        let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = Clock::new(Arc::new(move || at));
        let lines = Lines::default();
        let layer = tracing_subscriber::fmt::layer()
            .fmt_fields(JsonFields::new())
            .event_format(Format::new("casework", clock))
            .with_writer(lines.clone());

        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            for id in ["one", "two"] {
                let runtime = tracing::info_span!(
                    "Lambda runtime invoke",
                    requestId = id,
                    xrayTraceId = "Root=1-1"
                );
                let _runtime = runtime.enter();
                let _request = correlated(Some("gateway-1")).entered();
                tracing::warn!(status = 404_u16, outbox = %"a_b", done = false, "answered");
            }
            tracing::info!("between two requests");
        });

        let line = |request: &str, cold: bool| {
            json!({
                "timestamp": "2027-01-15T08:00:00.000Z", "level": "WARN", "service": "casework",
                "location": module_path!(), "message": "answered",
                "cold_start": cold, "function_request_id": request,
                "xray_trace_id": "Root=1-1", "correlation_id": "gateway-1",
                "status": 404, "outbox": "a_b", "done": false,
            })
        };
        let between = json!({
            "timestamp": "2027-01-15T08:00:00.000Z", "level": "INFO", "service": "casework",
            "location": module_path!(), "message": "between two requests",
        });
        assert_eq!(lines.read(), [line("one", true), line("two", false), between]);
    }
}
