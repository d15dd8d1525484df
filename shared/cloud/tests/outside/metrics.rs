//! The metrics that code under test reports on this thread.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use cloud::telemetry::Metric;
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// Everything reported since this was made.
pub struct Metrics {
    seen: Arc<Mutex<BTreeMap<String, Vec<u64>>>>,
    _guard: DefaultGuard,
}

struct Watch(Arc<Mutex<BTreeMap<String, Vec<u64>>>>);

#[derive(Default)]
struct Figure(String, u64);

impl Metrics {
    pub fn watch() -> Self {
        let seen = Arc::default();
        let watch = Watch(Arc::clone(&seen));
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(watch));
        Self { seen, _guard: guard }
    }

    /// The values reported for a metric, in order.
    pub fn of(&self, metric: Metric) -> Vec<u64> {
        self.seen.lock().unwrap().get(metric.name()).cloned().unwrap_or_default()
    }
}

impl<S: Subscriber> Layer<S> for Watch {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "metric" {
            let mut figure = Figure::default();
            event.record(&mut figure);
            self.0.lock().unwrap().entry(figure.0).or_default().push(figure.1);
        }
    }
}

impl Visit for Figure {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "value" {
            self.1 = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "name" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
