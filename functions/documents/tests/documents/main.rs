//! Documents from the first part to the last reader, against an S3 that verifies what it is sent.
#![allow(
    clippy::unwrap_used,
    clippy::assigning_clones,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod desk;
#[path = "../../../../infra/local/tests/folder/mod.rs"]
mod folder;
mod reading;
mod scans;
mod uploads;
#[path = "../../../../shared/edge/tests/world/mod.rs"]
mod world;
