//! What an operator sees: one JSON line per thing handled, and metrics that alarms watch.
//!
//! Log lines hold ids only: references, kinds of command, outbox ids, durations. In Lambda every
//! line carries the request's id, which the runtime's own span adds; [`correlated`] adds the id
//! that whoever called knows it by, [`command`] the case. What a person asks for carries who
//! asked and for which case ([`asked_by`], [`acting`], [`about`]): who looked can be told later.

mod emf;
mod line;
mod metric;
#[cfg(test)]
mod written;

use review::values::{ActorId, Reference};
use review::{Action, Actor};
use tracing::Span;
use tracing::field::Empty;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::clock::Clock;
use crate::config::Config;

pub use metric::Metric;

/// Sends log lines and metrics to standard output, which Lambda gives to `CloudWatch`.
///
/// # Errors
/// Logging was started before.
pub fn init(service: &'static str, config: &Config, clock: &Clock) -> Result<(), TryInitError> {
    let lines = tracing_subscriber::fmt::layer()
        .fmt_fields(JsonFields::new())
        .event_format(line::Format::new(service, clock.clone()))
        .with_filter(config.log.clone().and(filter_fn(|line| line.target() != metric::TARGET)));
    let format = emf::Format::new(service, &config.metrics_namespace, clock.clone());
    let metrics = tracing_subscriber::fmt::layer()
        .event_format(format)
        .with_filter(Targets::new().with_target(metric::TARGET, tracing::Level::INFO));
    tracing_subscriber::registry().with(lines).with(metrics).try_init()?;
    Metric::ColdStart.record(1);
    Ok(())
}

/// The span of one thing handled, under the id that its sender knows it by: API Gateway's of a
/// request, the queue's of a message, the stream's of a record, the bus's of an event.
#[must_use]
pub fn correlated(id: Option<&str>) -> Span {
    tracing::info_span!(
        "handled",
        correlation_id = id,
        actor = Empty,
        role = Empty,
        csp = Empty,
        reference = Empty
    )
}

/// Adds to the lines of what is being handled who asked for it.
pub fn asked_by(actor: &ActorId) {
    Span::current().record("actor", actor.as_str());
}

/// Adds in which role of which partnership.
pub fn acting(actor: &Actor) {
    Span::current().record("role", actor.role.name()).record("csp", actor.csp.as_str());
}

/// Adds which case it is about.
pub fn about(reference: &Reference) {
    Span::current().record("reference", reference.as_str());
}

/// The span of one command. It ends when the command is answered.
#[must_use]
pub fn command(reference: &Reference, action: Action) -> Span {
    tracing::info_span!("command", reference = reference.as_str(), command = action.name())
}
