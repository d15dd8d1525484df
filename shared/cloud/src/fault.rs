//! What goes wrong outside: a service that does not answer, or data that cannot be read. Every
//! caller needs to know one thing first, whether trying again can help.
//!
//! A fault is made to be logged, so nothing from a stored item or a request enters it: a
//! service's error keeps its code and message, a decoding error its place.

use std::error::Error;

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// A failure outside the domain.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The same request may succeed later: a time-out, a throttle, a server error. Whether it
    /// was carried out is not known.
    #[error("{0}; it may work later")]
    Retry(#[source] Cause),
    /// Repeating it cannot help: a refused request, data that cannot be read.
    #[error("{0}; repeating it will not help")]
    GiveUp(#[source] Cause),
}

/// What was being done, and what came in the way.
#[derive(Debug, thiserror::Error)]
#[error("could not {doing}")]
pub struct Cause {
    /// The end of a sentence that begins "could not".
    pub doing: &'static str,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

/// A service's own answer, without what it may quote of the request.
#[derive(Debug, thiserror::Error)]
#[error("{code} ({status}): {message}")]
struct Answer {
    code: String,
    status: u16,
    message: String,
}

/// Where stored JSON stops making sense; the text itself may be personal.
#[derive(Debug, thiserror::Error)]
#[error("{category:?} error in JSON at line {line}, column {column}")]
struct Json {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
}

/// Error codes by which the services say "not now".
const PASSING: &[&str] = &[
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

impl Fault {
    /// A fault that may pass. `doing` ends a sentence that begins "could not".
    pub fn retry(doing: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Retry(Cause { doing, source: source.into() })
    }

    /// A fault that stays. `doing` ends a sentence that begins "could not".
    pub fn give_up(doing: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::GiveUp(Cause { doing, source: source.into() })
    }

    /// The fault behind an SDK's error.
    pub fn sdk<E>(doing: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match error {
            SdkError::ServiceError(answer) => {
                let code = answer.err().code().unwrap_or("UnknownError").to_owned();
                let message = answer.err().message().unwrap_or_default().to_owned();
                let status = answer.raw().status().as_u16();
                let passing = status >= 500 || status == 429 || PASSING.contains(&code.as_str());
                let answer = Answer { code, status, message };
                if passing { Self::retry(doing, answer) } else { Self::give_up(doing, answer) }
            }
            SdkError::ConstructionFailure(_) => Self::give_up(doing, plain(error)),
            _ => Self::retry(doing, plain(error)),
        }
    }

    /// The fault of stored JSON that cannot be read, or of a value that cannot be written.
    #[must_use]
    pub fn json(doing: &'static str, error: &serde_json::Error) -> Self {
        Self::give_up(
            doing,
            Json { category: error.classify(), line: error.line(), column: error.column() },
        )
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Retry(_) => true,
            Self::GiveUp(_) => false,
        }
    }

    /// The whole chain of causes on one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut cause = self.source().and_then(Error::source);
        while let Some(next) = cause {
            line.push_str(": ");
            line.push_str(&next.to_string());
            cause = next.source();
        }
        line
    }
}

/// What an SDK's error carries when no service answered: a connection's or a timer's error.
fn plain<E>(error: SdkError<E, HttpResponse>) -> Box<dyn Error + Send + Sync>
where
    E: Error + Send + Sync + 'static,
{
    error.into_source().unwrap_or_else(|error| error.to_string().into())
}
