//! The AWS services that the product stands on, as real protocol servers inside this process:
//! the same SDK code runs against them as in production, only the endpoint differs.

pub mod dynamodb;
pub mod error;
pub mod mailbox;
pub mod running;
pub mod s3;
pub mod scanner;
mod serve;

pub use error::BackendError;
pub use running::Running;
