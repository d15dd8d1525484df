//! The metrics that code under test reports on this thread.
//!
//! One subscriber serves the whole process, because subscribers that come and go on several
//! threads at once hide each other's events; what it sees it keeps by thread, and each test has
//! a thread of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Once;

use cloud::telemetry::Metric;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

thread_local! {
    static SEEN: RefCell<BTreeMap<String, Vec<u64>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Everything reported on this thread since this was made.
pub struct Metrics(());

struct Watch;

#[derive(Default)]
struct Figure(String, u64);

/// Begins to keep what is reported; before anything is, so that nothing is reported unseen.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Watch);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

impl Metrics {
    pub fn watch() -> Self {
        SEEN.take();
        Self(())
    }

    /// The values reported for a metric, in order.
    #[allow(clippy::unused_self, reason = "only who watches may ask")]
    pub fn of(&self, metric: Metric) -> Vec<u64> {
        SEEN.with_borrow(|seen| seen.get(metric.name()).cloned().unwrap_or_default())
    }
}

impl<S: Subscriber> Layer<S> for Watch {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "metric" {
            let mut figure = Figure::default();
            event.record(&mut figure);
            SEEN.with_borrow_mut(|seen| seen.entry(figure.0).or_default().push(figure.1));
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
