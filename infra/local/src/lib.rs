//! The whole product on a laptop: the functions that run in Lambda, the same SDK clients and
//! transactions, with AWS's services embedded behind loopback addresses, sample people, a clock
//! that can be moved, and the triggers that clock drives.

pub mod args;
pub mod backend;
pub mod calls;
pub mod cases;
pub mod clock;
pub mod demo;
pub mod error;
pub mod functions;
pub mod http;
pub mod outside;
pub mod sample;
pub mod schedule;
pub mod services;
pub mod system;
pub mod tokens;
pub mod triggers;
pub mod verify;

pub use error::LocalError;
pub use system::{Settings, System};
