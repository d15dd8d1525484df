//! What is measured: each function with a payload of `infra/events`, and what it may cost.

use bytes::Bytes;
use serde_json::Value;

use crate::Outcome;
use crate::tokens::{AUDIENCE, ISSUER, Signer};

pub const CSP: &str = "sample-csp";

/// The references in the recorded payloads; that of the case in the tables takes their place.
const RECORDED: &[&str] = &["DHR-7KQ4-M6XD", "DHR-3333-3333"];

/// A function, and what it is given.
pub struct Subject {
    pub label: &'static str,
    pub function: &'static str,
    payload: &'static str,
    /// Who asks and the status that they get; `None` for an event.
    http: Option<(&'static str, i64)>,
    /// Whether the issuer's keys are fetched rather than configured.
    fetches_keys: bool,
    pub budget: Option<Budget>,
}

/// The most that a function may cost.
pub struct Budget {
    /// As a multiple of the function that does nothing, from its start to the first answer.
    pub first_answer: f64,
    pub first_answer_held: Option<f64>,
    /// For a request after the first, in milliseconds of a core.
    pub cpu: Option<f64>,
    /// For the first request.
    pub dynamodb: Option<u32>,
    /// In megabytes.
    pub peak: f64,
    pub zip: f64,
}

const REFERRALS: Option<Budget> = Some(Budget {
    first_answer: 2.5,
    first_answer_held: Some(2.5),
    cpu: Some(0.5),
    dynamodb: Some(1),
    peak: 12.0,
    zip: 3.0,
});

const OTHERS: Option<Budget> = Some(Budget {
    first_answer: 4.0,
    first_answer_held: None,
    cpu: None,
    dynamodb: None,
    peak: 20.0,
    zip: 5.0,
});

const fn event(function: &'static str, payload: &'static str) -> Subject {
    Subject { label: function, function, payload, http: None, fetches_keys: false, budget: OTHERS }
}

const fn request(
    function: &'static str,
    payload: &'static str,
    actor: &'static str,
    status: i64,
) -> Subject {
    let http = Some((actor, status));
    Subject { label: function, function, payload, http, fetches_keys: false, budget: OTHERS }
}

/// In the order of the table. The first writes the case that the others read.
pub const SUBJECTS: &[Subject] = &[
    Subject { budget: REFERRALS, ..request("referrals", "apigw-v1-referral", "referrer-1", 201) },
    Subject { budget: None, ..event("noop", "scheduler-sweep") },
    Subject {
        label: "referrals, keys fetched",
        fetches_keys: true,
        budget: None,
        ..request("referrals", "apigw-v1-referral", "referrer-1", 201)
    },
    request("casework", "apigw-v1-case", "coordinator-1", 200),
    request("documents", "apigw-v1-document", "coordinator-1", 201),
    request("directory", "apigw-v1-people", "administrator-1", 200),
    event("deadlines", "stream-new-case"),
    event("notices", "stream-outbox"),
    event("receipts", "ses-delivery-sns-sqs"),
    event("audit", "scheduler-anchor"),
];

impl Subject {
    pub fn is_noop(&self) -> bool {
        self.function == "noop"
    }

    pub fn is_first(&self) -> bool {
        self.label == "referrals"
    }

    /// Settings beside those that all have.
    pub fn settings(&self, published: String) -> Vec<(String, String)> {
        if !self.fetches_keys {
            return Vec::new();
        }
        let settings = [("TOKEN_JWKS", String::new()), ("TOKEN_JWKS_URI", published)];
        settings.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// The payload, with a token and with the case there is.
    pub fn event(&self, signer: &Signer, reference: Option<String>) -> Outcome<Bytes> {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/events");
        let mut text = std::fs::read_to_string(format!("{root}/{}.json", self.payload))?;
        if let Some((actor, _)) = self.http {
            text = text.replace("REPLACE-ME", &signer.token(actor)?);
        }
        if let Some(reference) = reference {
            for recorded in RECORDED {
                text = text
                    .replace(recorded, &reference)
                    .replace(&recorded.to_lowercase(), &reference.to_lowercase());
            }
        }
        Ok(Bytes::from(text))
    }

    /// Whether an answer is the one that was to come.
    pub fn check(&self, answer: &[u8]) -> Outcome<()> {
        let answer: Value = serde_json::from_slice(answer)?;
        let good = match self.http {
            Some((_, status)) => answer["statusCode"] == status,
            None => answer["batchItemFailures"].as_array().is_none_or(Vec::is_empty),
        };
        if good { Ok(()) } else { Err(format!("it answered {answer}").into()) }
    }
}

/// What all functions are set to.
pub fn settings(jwks: &str) -> Vec<(String, String)> {
    let settings = [
        ("AWS_ACCESS_KEY_ID", "sample"),
        ("AWS_SECRET_ACCESS_KEY", "sample"),
        ("AWS_SESSION_TOKEN", "sample"),
        ("AWS_REGION", "eu-west-2"),
        ("AWS_LAMBDA_FUNCTION_NAME", "dhr-casework-bench"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/dhr-casework-bench"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "sample"),
        ("CASES_TABLE", "cases"),
        ("EVENTS_TABLE", "events"),
        ("CSPS", "sample-csp=Sample Partnership"),
        ("MATCH_KEY", "sample-sample-sample-sample-sample"),
        ("DOCUMENTS_BUCKET", "dhr-casework-documents-111122223333"),
        ("ANCHORS_BUCKET", "dhr-casework-anchors-111122223333"),
        ("MAIL_SENDER", "DHR casework <dhr@sample-csp.example>"),
        ("MAIL_CONFIGURATION_SET", "dhr-casework"),
        ("MAIL_RATE_PER_SECOND", "500"),
        ("LINK_BASE", "https://dhr.sample-csp.example"),
        ("TOKEN_ISSUER", ISSUER),
        ("TOKEN_AUDIENCE", AUDIENCE),
        ("TOKEN_JWKS", jwks),
    ];
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}
