//! Given a case, when someone asks, then it happens or is refused: every action, every rule.
//! Each rule stands in one line, in the file of its stage; `table` tries all roles in all states.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a scene that does not play should stop the test"
)]

#[path = "../world/mod.rs"]
mod world;

mod decision;
mod documents;
mod evidence;
mod intake;
mod panel;
mod plan;
mod publication;
mod quality;
mod system;
mod table;
mod tracks;
