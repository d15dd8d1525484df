//! The wire between the SDK clients and the services: an HTTP client without sockets. Every call
//! of every function passes here, is numbered, and meets its fault.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use local::backend::mailbox::{self, Mailbox};
use local::backend::s3::InProcess;
use serde_json::{Value, json};

use super::faults::{Called, Fault, Faults};
use super::life::Life;
use super::mutants::Mutant;
use super::post::Post;
use super::tables::Tables;

/// The wire of one run; clones are the same one.
#[derive(Clone)]
pub struct Wire(Arc<Inner>);

struct Inner {
    tables: Tables,
    mailbox: Mailbox,
    objects: Option<InProcess>,
    mutant: Option<Mutant>,
    post: Post,
    faults: Mutex<Faults>,
    calls: AtomicU64,
    /// What each shard of each index answered at some earlier time.
    earlier: Mutex<BTreeMap<String, String>>,
    /// What every call said and met, in one number.
    course: Mutex<DefaultHasher>,
    /// What was said in the calls about mail that met a fault.
    troubled: Mutex<Vec<Vec<u8>>>,
    deaths: AtomicU64,
    traced: bool,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

/// What lies behind the wire.
pub struct Behind {
    pub tables: Tables,
    pub mailbox: Mailbox,
    pub objects: Option<InProcess>,
    pub post: Post,
    pub mutant: Option<Mutant>,
    /// Whether every call is told.
    pub traced: bool,
}

impl Wire {
    pub fn new(behind: Behind) -> Self {
        let Behind { tables, mailbox, objects, post, mutant, traced } = behind;
        Self(Arc::new(Inner {
            tables,
            mailbox,
            objects,
            mutant,
            post,
            faults: Mutex::new(Faults::Never),
            calls: AtomicU64::new(0),
            earlier: Mutex::default(),
            course: Mutex::default(),
            troubled: Mutex::default(),
            deaths: AtomicU64::new(0),
            traced,
        }))
    }

    pub fn meets(&self, faults: Faults) {
        *self.0.faults.lock().unwrap() = faults;
    }

    /// How many calls were made so far.
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// How many processes have died at a call.
    pub fn deaths(&self) -> u64 {
        self.0.deaths.load(Ordering::Relaxed)
    }

    /// What every call said and met so far, in one number: two plays of a seed come to the same.
    pub fn course(&self) -> u64 {
        self.0.course.lock().unwrap().finish()
    }

    /// Whether something went wrong with a call that names this attempt to send a mail, so that
    /// what came of it can be in doubt. That a receipt is lost is not of this kind.
    pub fn was_troubled(&self, attempt: &str) -> bool {
        let troubled = self.0.troubled.lock().unwrap();
        troubled.iter().any(|said| String::from_utf8_lossy(said).contains(attempt))
    }

    pub fn note(&self, line: impl FnOnce() -> String) {
        if self.0.traced {
            println!("{}", line());
        }
    }

    async fn call(
        self,
        request: HttpRequest,
        life: Option<Life>,
    ) -> Result<HttpResponse, ConnectorError> {
        let call = Arc::new(Call::read(request));
        let tries = match *call {
            Call::Mail { .. } => self.0.mutant.map_or(1, Mutant::sends),
            Call::Table { .. } | Call::Object { .. } => 1,
        };
        let mut answer = Err(broken());
        for _ in 0..tries {
            answer = self.attempt(&call, life.clone()).await;
            if answer.as_ref().is_ok_and(|it| it.status().is_success()) {
                break;
            }
        }
        answer
    }

    async fn attempt(
        &self,
        call: &Arc<Call>,
        life: Option<Life>,
    ) -> Result<HttpResponse, ConnectorError> {
        let number = self.0.calls.fetch_add(1, Ordering::Relaxed);
        let fault = self.0.faults.lock().unwrap().of(number, call.called());
        self.note(|| format!("  {number:>4} {} {fault:?}", call.said()));
        (number, call.letters(), fault).hash(&mut *self.0.course.lock().unwrap());
        if fault.is_some_and(|fault| fault != Fault::ReceiptLost) {
            self.0.troubled.lock().unwrap().push(call.body().to_owned());
        }
        match fault {
            None => self.done(call, false).await,
            Some(Fault::KilledBefore) => self.die(life).await,
            Some(Fault::KilledAfter) => {
                self.done(call, true).await?;
                self.die(life).await
            }
            Some(Fault::Dropped) => Err(broken()),
            Some(Fault::AnswerLost) => {
                self.done(call, true).await?;
                Err(broken())
            }
            Some(Fault::Twice) => {
                self.done(call, true).await?;
                self.done(call, true).await
            }
            Some(Fault::Late(by)) => {
                // What is under way arrives, whether its sender still waits or not.
                let (wire, late) = (self.clone(), Arc::clone(call));
                let arriving = tokio::spawn(async move {
                    tokio::time::sleep(by).await;
                    wire.done(&late, true).await
                });
                arriving.await.unwrap_or_else(|_| Err(broken()))
            }
            Some(Fault::Throttled) => Ok(call.throttled()),
            Some(Fault::Broken) => Ok(call.internal_error()),
            Some(Fault::Refused) => Ok(mail_error(400, "MessageRejected")),
            Some(Fault::Conflict) => Ok(call.conflict()),
            Some(Fault::Stale) => Ok(self.stale(call)),
            Some(Fault::Unheard) => {
                self.0.mailbox.fail_next(mailbox::Fault::LoseReceipt);
                self.done(call, true).await?;
                Err(broken())
            }
            Some(Fault::ReceiptLost) => {
                self.0.mailbox.fail_next(mailbox::Fault::LoseReceipt);
                self.done(call, true).await
            }
        }
    }

    /// The service does what it is asked. `unlucky` says that the call meets a fault besides.
    async fn done(&self, call: &Call, unlucky: bool) -> Result<HttpResponse, ConnectorError> {
        let answer = match call {
            Call::Table { operation, body } => {
                let tables = &self.0.tables;
                let (status, answer) = match self.0.mutant {
                    None => tables.answer(operation, body),
                    Some(mutant) => mutant.answer(tables, operation, body, unlucky),
                };
                if let Some(shard) = call.shard().filter(|_| status == 200) {
                    self.0.earlier.lock().unwrap().entry(shard).or_insert_with(|| answer.clone());
                }
                response(status, "application/x-amz-json-1.0", answer.into_bytes())
            }
            Call::Mail { body } => {
                let answer = self.0.mailbox.answer(body).ok_or_else(broken)?;
                if answer.status().is_success() {
                    self.0.post.accepted(body);
                }
                let (head, body) = answer.into_parts();
                response(head.status.as_u16(), "text/xml", body.to_vec())
            }
            Call::Object { request } => {
                let objects = self.0.objects.as_ref().unwrap_or_else(|| panic!("no bucket here"));
                let request = request.try_clone().unwrap().try_into_http1x().unwrap();
                let answer = objects.call(request.map(|body| body.bytes().unwrap().to_vec())).await;
                let (head, body) = answer.unwrap().into_parts();
                let mut response = response(head.status.as_u16(), "application/xml", body);
                for (name, value) in &head.headers {
                    let value = value.to_str().unwrap().to_owned();
                    response.headers_mut().insert(name.as_str().to_owned(), value);
                }
                response
            }
        };
        Ok(answer)
    }

    async fn die(&self, life: Option<Life>) -> Result<HttpResponse, ConnectorError> {
        self.0.deaths.fetch_add(1, Ordering::Relaxed);
        life.unwrap_or_else(|| panic!("only functions die")).end();
        std::future::pending().await
    }

    /// The index as it was at some earlier time, or empty if it was never asked.
    fn stale(&self, call: &Call) -> HttpResponse {
        let shard = call.shard().unwrap();
        let answer = self.0.earlier.lock().unwrap().remove(&shard);
        let empty = || json!({ "Items": [], "Count": 0, "ScannedCount": 0 }).to_string();
        response(200, "application/x-amz-json-1.0", answer.unwrap_or_else(empty).into_bytes())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().call(request, Life::current()))
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn broken() -> ConnectorError {
    ConnectorError::io("the connection broke".into())
}

fn response(status: u16, content_type: &'static str, body: Vec<u8>) -> HttpResponse {
    let status = status.try_into().unwrap();
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", content_type);
    response
}

/// One call.
enum Call {
    Table { operation: String, body: String },
    Mail { body: Vec<u8> },
    Object { request: Box<HttpRequest> },
}

impl Call {
    fn read(request: HttpRequest) -> Self {
        let text = |name| request.headers().get(name).unwrap_or_default().to_owned();
        let body = || request.body().bytes().unwrap_or_default().to_vec();
        if let Some((_, operation)) = text("x-amz-target").split_once('.') {
            return Self::Table {
                operation: operation.to_owned(),
                body: String::from_utf8(body()).unwrap(),
            };
        }
        if text("content-type").starts_with("application/x-www-form-urlencoded") {
            return Self::Mail { body: body() };
        }
        Self::Object { request: Box::new(request) }
    }

    fn called(&self) -> Called {
        match self {
            Self::Table { operation, .. } if operation == "TransactWriteItems" => {
                Called::Transaction
            }
            Self::Table { .. } if self.shard().is_some() => Called::Index,
            Self::Table { .. } => Called::Table,
            Self::Mail { .. } => Called::Mail,
            Self::Object { .. } => Called::Object,
        }
    }

    fn body(&self) -> &[u8] {
        match self {
            Self::Table { body, .. } => body.as_bytes(),
            Self::Mail { body } => body,
            Self::Object { request } => request.uri().as_bytes(),
        }
    }

    /// What it says but for the order, which the clients leave to the order of their hash maps.
    fn letters(&self) -> Vec<u8> {
        let mut letters = self.body().to_vec();
        letters.sort_unstable();
        letters
    }

    fn said(&self) -> String {
        match self {
            Self::Table { operation, body } => {
                let asked: Value = serde_json::from_str(body).unwrap();
                let key = asked["Key"].to_string();
                let change = asked["UpdateExpression"].as_str().unwrap_or_default().to_owned();
                let index = self.shard().unwrap_or_default();
                format!("{operation} {index} {key} {change}")
            }
            Self::Mail { .. } => "SendEmail".to_owned(),
            Self::Object { request } => format!("{} {}", request.method(), request.uri()),
        }
    }

    /// The index and its shard, for a query of one.
    fn shard(&self) -> Option<String> {
        let Self::Table { body, .. } = self else { return None };
        if !body.contains("\"IndexName\"") {
            return None;
        }
        let asked: Value = serde_json::from_str(body).unwrap();
        let index = asked["IndexName"].as_str()?;
        Some(format!("{index}/{}", asked["ExpressionAttributeValues"][":shard"]["S"]))
    }

    fn throttled(&self) -> HttpResponse {
        match self {
            Self::Table { .. } => table_error(400, "ThrottlingException"),
            Self::Mail { .. } => mail_error(400, "Throttling"),
            Self::Object { .. } => object_error(503, "SlowDown"),
        }
    }

    fn internal_error(&self) -> HttpResponse {
        match self {
            Self::Table { .. } => table_error(500, "InternalServerError"),
            Self::Mail { .. } => mail_error(500, "InternalFailure"),
            Self::Object { .. } => object_error(500, "InternalError"),
        }
    }

    /// Another transaction holds one of the items.
    fn conflict(&self) -> HttpResponse {
        let Self::Table { body, .. } = self else { panic!("only transactions conflict") };
        let asked: Value = serde_json::from_str(body).unwrap();
        let parts = asked["TransactItems"].as_array().unwrap().len();
        let mut reasons = vec![json!({ "Code": "None" }); parts];
        reasons[0] = json!({ "Code": "TransactionConflict", "Message": "held by another" });
        let answer = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled",
            "CancellationReasons": reasons,
        });
        response(400, "application/x-amz-json-1.0", answer.to_string().into_bytes())
    }
}

fn table_error(status: u16, code: &str) -> HttpResponse {
    let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
    let answer = json!({ "__type": kind, "message": "simulated" }).to_string();
    response(status, "application/x-amz-json-1.0", answer.into_bytes())
}

fn mail_error(status: u16, code: &str) -> HttpResponse {
    let kind = if status < 500 { "Sender" } else { "Receiver" };
    let answer = format!(
        "<ErrorResponse><Error><Type>{kind}</Type><Code>{code}</Code><Message>simulated</Message>\
         </Error><RequestId>0</RequestId></ErrorResponse>"
    );
    response(status, "text/xml", answer.into_bytes())
}

fn object_error(status: u16, code: &str) -> HttpResponse {
    let answer = format!("<Error><Code>{code}</Code><Message>simulated</Message></Error>");
    response(status, "application/xml", answer.into_bytes())
}
