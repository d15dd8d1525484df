//! The simulator: the real handlers and clients of every function in one thread, on a clock of
//! its own, over services in this process, with every fault that the outside can have. Nothing
//! but the seed decides what happens, so a run that failed can be played again:
//!
//! ```text
//! SEED=n cargo test simulation
//! ```
//!
//! `SEEDS=n` plays n runs instead of the usual number.

mod acts;
mod between;
mod chance;
mod checks;
mod crashes;
mod faults;
mod history;
mod ledger;
mod life;
mod lists;
mod mutants;
mod outages;
mod people;
mod post;
mod reminders;
mod run;
mod seeds;
mod story;
mod stream;
mod tables;
mod wire;
mod world;

/// The tables and the bucket.
const CASES: &str = "cases";
const EVENTS: &str = "events";
const BUCKET: &str = "documents";
