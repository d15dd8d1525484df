//! Every refusal as `application/problem+json` (RFC 9457): a stable type for programs, a
//! sentence for people, a JSON pointer for each field. No sentence repeats what was sent, and
//! none tells how the system is built.

use cloud::Fault;
use cloud::app::Failure;
use cloud::store::ListError;
use lambda_http::Body;
use lambda_http::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use lambda_http::http::{HeaderMap, StatusCode};
use review::Refusal;
use review::refusal::FieldError;
use serde_json::{Map, Value, json};

use crate::{Response, respond};

/// How long a client should wait before it tries again, in seconds.
const SOON: u32 = 1;

/// What kind of problem it is; each has one status and one type for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The body is not readable JSON.
    Syntax,
    /// A header or parameter is missing or cannot be read.
    Header,
    /// Nobody is signed in.
    SignIn,
    /// The role may never do this.
    Forbidden,
    /// Absent, or not for this person: both look the same.
    NotFound,
    /// The address is right, the method is not.
    Method,
    /// Not in this state.
    WrongState,
    /// Something else must be done first.
    Unmet,
    /// Others changed the case again and again meanwhile.
    Conflict,
    /// Another version was read.
    Stale,
    /// The body is too large.
    TooLarge,
    /// The body is not JSON by its own account.
    MediaType,
    /// Fields that cannot be so.
    Fields,
    /// The idempotency key was used for something else.
    KeyReused,
    /// No version was named.
    NoVersion,
    /// Try again.
    Unavailable,
    /// Trying again will not help; someone must look.
    Fault,
}

impl Kind {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Syntax | Self::Header => StatusCode::BAD_REQUEST,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongState | Self::Unmet | Self::Conflict => StatusCode::CONFLICT,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Fields | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoVersion => StatusCode::PRECONDITION_REQUIRED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The type, a URI reference that never changes.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Syntax => "/problems/syntax",
            Self::Header => "/problems/header",
            Self::SignIn => "/problems/sign-in",
            Self::Forbidden => "/problems/forbidden",
            Self::NotFound => "/problems/not-found",
            Self::Method => "/problems/method",
            Self::WrongState => "/problems/wrong-state",
            Self::Unmet => "/problems/unmet",
            Self::Conflict => "/problems/conflict",
            Self::Stale => "/problems/stale",
            Self::TooLarge => "/problems/too-large",
            Self::MediaType => "/problems/media-type",
            Self::Fields => "/problems/fields",
            Self::KeyReused => "/problems/key-reused",
            Self::NoVersion => "/problems/no-version",
            Self::Unavailable => "/problems/unavailable",
            Self::Fault => "/problems/fault",
        }
    }

    /// The title: what this kind of problem is, in a few words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Syntax => "The body cannot be read",
            Self::Header => "A header or parameter cannot be used",
            Self::SignIn => "Sign in",
            Self::Forbidden => "Your role cannot do this",
            Self::NotFound => "Not found",
            Self::Method => "Not this method",
            Self::WrongState => "Not possible now",
            Self::Unmet => "Something must be done first",
            Self::Conflict => "Changed by others",
            Self::Stale => "Changed since you read it",
            Self::TooLarge => "Too large",
            Self::MediaType => "Send JSON",
            Self::Fields => "Check the fields",
            Self::KeyReused => "The key was used before",
            Self::NoVersion => "Say which version you read",
            Self::Unavailable => "Try again",
            Self::Fault => "Something went wrong",
        }
    }
}

/// A header that goes with a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    None,
    RetryAfter(u32),
    Authenticate(&'static str),
    Allow(&'static str),
}

/// A refusal on its way to the client.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    errors: Vec<FieldError>,
    hint: Hint,
    /// For the log only.
    cause: Option<String>,
}

impl Problem {
    /// A problem with a sentence that says what to do.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), hint: Hint::None, cause: None }
    }

    /// One field that is not accepted.
    pub fn field(pointer: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { pointer: pointer.into(), sentence: sentence.into() }])
    }

    /// Fields that are not accepted.
    #[must_use]
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.sentence.clone(),
            [] | [_, _, ..] => "Correct the fields listed and send it again.".to_owned(),
        };
        Self { errors, ..Self::new(Kind::Fields, detail) }
    }

    /// Absent or not for this person.
    #[must_use]
    pub fn not_found() -> Self {
        Self::from(Refusal::NotFound)
    }

    /// An address that does not exist.
    #[must_use]
    pub fn no_route() -> Self {
        Self::new(
            Kind::NotFound,
            "There is nothing at this address. GET /openapi.json lists what there is.",
        )
    }

    /// An address that exists, for other methods: `allow` lists them.
    #[must_use]
    pub fn method(allow: &'static str) -> Self {
        Self {
            hint: Hint::Allow(allow),
            ..Self::new(Kind::Method, format!("This address answers to {allow}."))
        }
    }

    /// Nobody is signed in; `challenge` is the `WWW-Authenticate` header (RFC 6750).
    pub fn sign_in(challenge: &'static str, detail: impl Into<String>) -> Self {
        Self { hint: Hint::Authenticate(challenge), ..Self::new(Kind::SignIn, detail) }
    }

    /// Something outside failed and may work the next time. The cause is for the log only.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            hint: Hint::RetryAfter(SOON),
            cause: Some(cause.into()),
            ..Self::new(
                Kind::Unavailable,
                "The service is busy. Try again; with the same Idempotency-Key it will not be done twice.",
            )
        }
    }

    /// Something is broken and trying again will not help. The cause is for the log only.
    pub fn fault(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(
                Kind::Fault,
                "This could not be done, and we have been told. If it is urgent, ask the coordinator.",
            )
        }
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The sentence.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What lies behind it, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The response.
    #[must_use]
    pub fn into_response(self) -> Response {
        let status = self.kind.status();
        let mut body = Map::from_iter([
            ("type".to_owned(), json!(self.kind.uri())),
            ("title".to_owned(), json!(self.kind.title())),
            ("status".to_owned(), json!(status.as_u16())),
            ("detail".to_owned(), json!(self.detail)),
        ]);
        if !self.errors.is_empty() {
            let errors = self
                .errors
                .iter()
                .map(|error| json!({ "pointer": error.pointer, "detail": error.sentence }));
            body.insert("errors".to_owned(), errors.collect());
        }
        let mut response = Response::new(Body::Text(Value::Object(body).to_string()));
        *response.status_mut() = status;
        respond::secure(response.headers_mut());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.hint.write(headers);
        response
    }
}

impl Hint {
    fn write(self, headers: &mut HeaderMap) {
        match self {
            Self::None => None,
            Self::RetryAfter(seconds) => headers.insert(RETRY_AFTER, HeaderValue::from(seconds)),
            Self::Authenticate(challenge) => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
            }
            Self::Allow(methods) => headers.insert(ALLOW, HeaderValue::from_static(methods)),
        };
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let kind = match &refusal {
            Refusal::NotFound => Kind::NotFound,
            Refusal::Forbidden { .. } => Kind::Forbidden,
            Refusal::WrongState { .. } => Kind::WrongState,
            Refusal::Unmet(_) => Kind::Unmet,
            Refusal::NoVersion => Kind::NoVersion,
            Refusal::Stale => Kind::Stale,
            Refusal::Fields(_) => Kind::Fields,
        };
        let detail = refusal.to_string();
        match refusal {
            Refusal::Fields(errors) => Self::fields(errors),
            Refusal::NotFound
            | Refusal::Forbidden { .. }
            | Refusal::WrongState { .. }
            | Refusal::Unmet(_)
            | Refusal::NoVersion
            | Refusal::Stale => Self::new(kind, detail),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        if fault.is_retryable() {
            Self::unavailable(fault.chain())
        } else {
            Self::fault(fault.chain())
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let sentence = failure.to_string();
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::KeyReused => Self::new(Kind::KeyReused, sentence),
            Failure::NotMember => Self::new(Kind::Forbidden, sentence),
            Failure::TooLarge => Self::new(Kind::TooLarge, sentence),
            Failure::Conflict => {
                Self { hint: Hint::RetryAfter(SOON), ..Self::new(Kind::Conflict, sentence) }
            }
            Failure::Fault(fault) => fault.into(),
        }
    }
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Cursor => Self::new(Kind::Header, error.to_string()),
            ListError::Fault(fault) => fault.into(),
        }
    }
}
