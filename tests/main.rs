//! The whole system, seen from outside: every test starts its own, and talks to it as an agency's
//! software would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::similar_names,
    reason = "a test ends at the first surprise; people are named after what they are"
)]

mod bad_input;
mod casefile;
mod client;
mod journeys;
mod mail;
mod marks;
mod people;
mod simulation;
mod stage;
mod world;
