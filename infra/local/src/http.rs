//! The gateway: takes requests on loopback as API Gateway does and hands each to the function it
//! belongs to, and adds what only the local system has, under `/local`.

use axum::Router;
use axum::body::{Body as AxumBody, to_bytes};
use axum::extract::{FromRef, Request as AxumRequest, State};
use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use axum::response::Response as AxumResponse;
use axum::routing::{any, get, post};
use chrono::{DateTime, SecondsFormat, Utc};
use edge::{Kind, Problem, Request, Response, body, respond};
use lambda_http::Body;
use review::values::ActorId;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::time::sleep;

use crate::cases::{SampleCase, describe};
use crate::system::System;
use crate::{LocalError, sample, tokens};

/// API Gateway's own limit on a request's body, in bytes.
const LARGEST: usize = 10 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    actor: String,
}

/// How long a stop waits for requests under way, and for connections on which nothing is said, as
/// browsers like to keep them.
const GRACE: Duration = Duration::from_secs(5);

/// How many requests are carried out at a time. The embedded database does one thing at a time, so
/// of more at once each would wait longer than the AWS clients are willing to.
const AT_ONCE: usize = 16;

/// What the handlers share.
#[derive(Clone)]
struct Gateway {
    system: Arc<System>,
    turns: Arc<Semaphore>,
}

impl FromRef<Gateway> for Arc<System> {
    fn from_ref(gateway: &Gateway) -> Self {
        Self::clone(&gateway.system)
    }
}

/// Serves until `stop` is done; requests under way are answered.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    system: Arc<System>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stopping = Arc::new(Notify::new());
    let told = Arc::clone(&stopping);
    let stop = async move {
        stop.await;
        told.notify_one();
    };
    let serving = axum::serve(listener, router(system)).with_graceful_shutdown(stop);
    tokio::select! {
        served = serving => served,
        () = async { stopping.notified().await; sleep(GRACE).await } => Ok(()),
    }
}

fn router(system: Arc<System>) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/referrals", any(functions))
        .route("/local/clock", get(clock).post(move_clock))
        .route("/local/mail", get(mail))
        .route("/local/token", post(token))
        .route("/local/actors", get(actors))
        .route("/local/environment", get(environment))
        .route("/local/sample-cases", get(cases).post(make_cases))
        .route("/openapi.json", get(openapi).fallback(functions))
        .fallback(functions)
        .with_state(Gateway { system, turns: Arc::new(Semaphore::new(AT_ONCE)) })
}

/// Hands a request to the function that API Gateway's routes would choose.
async fn functions(State(gateway): State<Gateway>, request: AxumRequest) -> AxumResponse {
    let Gateway { system, turns } = gateway;
    let request = match read(request).await {
        Ok(request) => request,
        Err(problem) => return answer(problem.into_response()),
    };
    // It is never closed, and a request without a turn would still be answered.
    let turn = turns.acquire().await.ok();
    let path = request.uri().path();
    let documents =
        path.strip_prefix("/cases/").and_then(|rest| rest.split('/').nth(1)) == Some("documents");
    let functions = &system.functions;
    let response = if path == "/referrals" {
        referrals::handle(&functions.referrals, request).await
    } else if path.starts_with("/directory/") {
        directory::handle(&functions.directory, request).await
    } else if documents {
        documents::handle(&functions.documents, request).await
    } else {
        casework::handle(&functions.casework, request).await
    };
    drop(turn);
    system.triggers.ring();
    answer(response)
}

/// A page for whoever opens the address in a browser.
async fn front(State(system): State<Arc<System>>) -> AxumResponse {
    let endpoints = system
        .services
        .endpoints()
        .iter()
        .map(|(name, url)| format!("<li>{name}: {url}</li>"))
        .collect::<Vec<_>>()
        .concat();
    let page = format!(
        "<!doctype html><html lang=\"en-GB\"><meta charset=\"utf-8\"><title>DHR casework, local</title>\
         <h1>DHR casework</h1><p>This is the local system. Everything in it is invented.</p>\
         <ul><li><a href=\"/local/mail\">Sent mail</a></li><li><a href=\"/local/actors\">Sample people</a></li>\
         <li><a href=\"/openapi.json\">API description</a></li></ul><h2>AWS services</h2><ul>{endpoints}</ul></html>"
    );
    answer(respond::text(StatusCode::OK, "text/html; charset=utf-8", page))
}

async fn clock(State(system): State<Arc<System>>) -> AxumResponse {
    answer(respond::json(StatusCode::OK, &shown(&system)))
}

fn shown(system: &System) -> Value {
    json!({ "now": system.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true) })
}

async fn move_clock(State(system): State<Arc<System>>, request: AxumRequest) -> AxumResponse {
    let wanted: Result<Move, Problem> = record(request).await;
    answer(match wanted {
        Err(problem) => problem.into_response(),
        Ok(wanted) => match system.triggers.move_to(wanted.now).await {
            Ok(()) => respond::json(StatusCode::OK, &shown(&system)),
            Err(error @ LocalError::Backwards { .. }) => {
                Problem::field("/now", format!("Choose a later time: {error}.")).into_response()
            }
            Err(error) => Problem::fault(error.to_string()).into_response(),
        },
    })
}

async fn mail(State(system): State<Arc<System>>, request: AxumRequest) -> AxumResponse {
    if let Err(error) = system.triggers.settle().await {
        return answer(Problem::fault(error.to_string()).into_response());
    }
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    answer(if accept.is_some_and(|accept| accept.contains("text/html")) {
        respond::text(StatusCode::OK, "text/html; charset=utf-8", system.mailbox.page())
    } else {
        match serde_json::to_value(system.mailbox.list()) {
            Ok(mails) => respond::json(StatusCode::OK, &mails),
            Err(error) => Problem::fault(error.to_string()).into_response(),
        }
    })
}

async fn token(State(system): State<Arc<System>>, request: AxumRequest) -> AxumResponse {
    let wanted: Result<Wanted, Problem> = record(request).await;
    let token = match wanted {
        Err(problem) => Err(problem),
        Ok(wanted) => signed_in(&system, &wanted.actor).await,
    };
    answer(match token {
        Err(problem) => problem.into_response(),
        Ok(token) => respond::json(
            StatusCode::OK,
            &json!({ "token": token, "token_type": "Bearer", "expires_in": tokens::LIFETIME }),
        ),
    })
}

/// A token for a sample actor, or for someone who was invited since.
async fn signed_in(system: &System, actor: &str) -> Result<String, Problem> {
    let unknown =
        || Problem::field("/actor", "There is no such sample actor; GET /local/actors lists them.");
    if !sample::people().any(|person| person.actor == actor) {
        let id = ActorId::parse(actor).map_err(|_| unknown())?;
        if system.gate.cloud.store.member(&id).await?.is_empty() {
            return Err(unknown());
        }
    }
    system.tokens.issue(actor).map_err(|error| Problem::fault(error.to_string()))
}

async fn actors() -> AxumResponse {
    let people: Vec<_> = sample::people().collect();
    answer(match serde_json::to_value(people) {
        Ok(people) => respond::json(StatusCode::OK, &people),
        Err(error) => Problem::fault(error.to_string()).into_response(),
    })
}

/// What functions in containers would have to find in their environment, as `sam local` takes it.
async fn environment(State(system): State<Arc<System>>) -> AxumResponse {
    answer(respond::json(StatusCode::OK, &json!({ "Parameters": system.environment })))
}

async fn cases(State(system): State<Arc<System>>) -> AxumResponse {
    answer(listed(&system.cases.list().await))
}

async fn make_cases(State(system): State<Arc<System>>) -> AxumResponse {
    let cloud = &system.gate.cloud;
    let base = cloud.config.mailing().map(|mailing| mailing.link_base.clone());
    let made = match base {
        Ok(base) => system.cases.make(cloud, &base).await,
        Err(error) => Err(LocalError::Settings(error.to_string())),
    };
    system.triggers.ring();
    answer(match made {
        Ok(cases) => listed(&cases),
        Err(error) => Problem::fault(error.to_string()).into_response(),
    })
}

fn listed(cases: &[SampleCase]) -> Response {
    match serde_json::to_value(cases) {
        Ok(cases) => respond::json(StatusCode::OK, &cases),
        Err(error) => Problem::fault(error.to_string()).into_response(),
    }
}

/// The document as the function gives it, with the sample cases in its examples.
async fn openapi(State(system): State<Arc<System>>, request: AxumRequest) -> AxumResponse {
    let request = match read(request).await {
        Ok(request) => request,
        Err(problem) => return answer(problem.into_response()),
    };
    let response = casework::handle(&system.functions.casework, request).await;
    let described = match response.body() {
        Body::Text(text) => serde_json::from_str::<Value>(text).ok(),
        _ => None,
    };
    answer(match described {
        Some(mut document) => {
            describe::put(&mut document, &system.cases.list().await);
            respond::json(StatusCode::OK, &document)
        }
        None => response,
    })
}

async fn record<T: for<'de> Deserialize<'de>>(request: AxumRequest) -> Result<T, Problem> {
    body::record(&body::read(&read(request).await?)?)
}

/// The request as the gateway would hand it on.
async fn read(request: AxumRequest) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST).await.map_err(|_| {
        Problem::new(Kind::TooLarge, "The body is larger than 10 MB, or ended early. Send files to the address that an upload gives.")
    })?;
    let body = match String::from_utf8(bytes.into()) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(binary) => Body::Binary(binary.into_bytes()),
    };
    Ok(Request::from_parts(parts, body))
}

fn answer(response: Response) -> AxumResponse {
    response.map(|body| match body {
        Body::Text(text) => AxumBody::from(text),
        Body::Binary(bytes) => AxumBody::from(bytes),
        // Nothing, or a kind of body that no handler of ours makes.
        _ => AxumBody::empty(),
    })
}
