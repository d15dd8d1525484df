//! The HTTP edge that the functions share: who asks, what they send, which version they saw,
//! and how they are answered. It turns requests into the domain's values and the domain's
//! refusals into RFC 9457 problems, and knows nothing of what the values are for.
//!
//! A [`Request`] is API Gateway's, in either payload format; the local system and the tests
//! build the same type, so that every handler runs unchanged everywhere.

pub mod body;
pub mod directory;
pub mod document;
pub mod gate;
pub mod identity;
pub mod path;
pub mod preconditions;
pub mod problem;
pub mod respond;

pub use gate::Gate;
pub use problem::{Kind, Problem};

/// A request as every handler takes it.
pub type Request = lambda_http::Request;

/// A response as every handler gives it.
pub type Response = lambda_http::Response<lambda_http::Body>;
