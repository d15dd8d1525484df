//! Starts the function: environment, clock, clients, and the loop that Lambda calls.
#![expect(clippy::disallowed_methods, reason = "clock and environment come in here")]

use std::sync::Arc;

use chrono::Utc;
use cloud::{Budget, Clock, Config, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let clock = Clock::new(Arc::new(Utc::now));
    let config = Config::from(|name| std::env::var(name).ok())?;
    config.mailing()?;
    telemetry::init("notices", &config, &clock)?;
    let cloud = &cloud::start(config, clock).await?;
    cloud.mail.warm_up();
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let budget = Budget::until_millis(event.context.deadline, &cloud.clock);
        notices::handle(cloud, &event.payload, &budget).await
    }))
    .await
}
