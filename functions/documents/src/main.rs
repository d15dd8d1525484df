//! Wires the documents function to Lambda.
#![allow(clippy::disallowed_methods, reason = "the one place that reads clock and environment")]

use std::sync::Arc;

use chrono::Utc;
use cloud::{Clock, Config, telemetry};
use edge::Gate;
use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Config::from(|name| std::env::var(name).ok())?;
    let clock = Clock::new(Arc::new(Utc::now));
    telemetry::init("documents", &config, &clock)?;
    let cloud = cloud::start(config, clock.clone()).await?;
    cloud.files.warm_up();
    let gate = &Gate::open(cloud, clock).await?;
    run(service_fn(move |event| documents::invoke(gate, event))).await
}
