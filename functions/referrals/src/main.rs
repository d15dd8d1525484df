//! Wires the referrals function to Lambda.
#![allow(clippy::disallowed_methods, reason = "the one place that reads clock and environment")]

use std::sync::Arc;

use chrono::Utc;
use cloud::{Clock, Config, telemetry};
use edge::Gate;
use edge::respond::Answer;
use lambda_http::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Config::from(|name| std::env::var(name).ok())?;
    let clock = Clock::new(Arc::new(Utc::now));
    telemetry::init("referrals", &config, &clock)?;
    let gate = &Gate::open(cloud::start(config, clock.clone()).await?, clock).await?;
    run(service_fn(async |request| Ok::<_, Error>(Answer(referrals::handle(gate, request).await))))
        .await
}
