//! The outside world: the only crate that names an AWS service. It stores, sends and keeps
//! files; what may happen to a case is decided in [`review`] and nowhere here.

pub mod app;
pub mod audit;
pub mod budget;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod fault;
pub mod files;
pub mod jwks;
pub mod mail;
pub mod matching;
mod start;
pub mod store;
mod system;
pub mod telemetry;
pub mod trigger;

pub use budget::Budget;
pub use clock::Clock;
pub use config::Config;
pub use entropy::Entropy;
pub use fault::Fault;
pub use start::{Cloud, OnUse, start};
