//! Lambda's runtime API, as much of it as a function uses: it asks for the next event, answers it,
//! or says why it cannot.

use std::convert::Infallible;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::Outcome;

/// How long any function may take for anything.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct RuntimeApi {
    /// Host and port.
    pub address: String,
    calls: mpsc::UnboundedReceiver<Call>,
}

enum Call {
    Next(Poll),
    Answer(Answer),
    Failed(String),
}

/// The function waits for an event.
pub struct Poll {
    pub at: Instant,
    give: oneshot::Sender<Bytes>,
}

/// What it made of one.
pub struct Answer {
    pub at: Instant,
    pub body: Bytes,
}

impl Poll {
    /// A function that has ended meanwhile is noticed by whoever waits for its answer.
    pub fn give(self, event: &Bytes) {
        self.give.send(event.clone()).ok();
    }
}

impl RuntimeApi {
    pub async fn start() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (tell, calls) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).ok();
                let tell = tell.clone();
                let service = service_fn(move |request| answer(tell.clone(), request));
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(Self { address, calls })
    }

    /// Forgets what a function that has ended still asked.
    pub fn forget(&mut self) {
        while self.calls.try_recv().is_ok() {}
    }

    pub async fn next(&mut self) -> Outcome<Poll> {
        match self.call().await? {
            Call::Next(poll) => Ok(poll),
            Call::Answer(_) => Err("it answered what it was not asked".into()),
            Call::Failed(why) => Err(why.into()),
        }
    }

    pub async fn answer(&mut self) -> Outcome<Answer> {
        match self.call().await? {
            Call::Answer(answer) => Ok(answer),
            Call::Next(_) => Err("it asked for more before it had answered".into()),
            Call::Failed(why) => Err(why.into()),
        }
    }

    async fn call(&mut self) -> Outcome<Call> {
        let call = timeout(PATIENCE, self.calls.recv()).await.map_err(|_| "no call in time")?;
        call.ok_or_else(|| "the runtime API has ended".into())
    }
}

async fn answer(
    tell: mpsc::UnboundedSender<Call>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let answer = if request.method() == Method::GET && path.ends_with("/invocation/next") {
        let (give, given) = oneshot::channel();
        tell.send(Call::Next(Poll { at: Instant::now(), give })).ok();
        given.await.map_or_else(|_| Response::default(), invocation)
    } else {
        let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        let at = Instant::now();
        let body = body.unwrap_or_default();
        let call = if path.ends_with("/response") {
            Call::Answer(Answer { at, body })
        } else {
            Call::Failed(format!("POST {path}: {}", String::from_utf8_lossy(&body)))
        };
        tell.send(call).ok();
        status(StatusCode::ACCEPTED, Bytes::from_static(b"{\"status\":\"OK\"}"))
    };
    Ok(answer)
}

fn invocation(event: Bytes) -> Response<Full<Bytes>> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let deadline = (now + PATIENCE).as_millis();
    let mut answer = status(StatusCode::OK, event);
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-trace-id", TRACE.to_owned()),
        ("lambda-runtime-invoked-function-arn", ARN.to_owned()),
    ];
    for (name, value) in headers {
        if let Ok(value) = value.try_into() {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

const ARN: &str = "arn:aws:lambda:eu-west-2:111122223333:function:dhr-casework-bench";
const TRACE: &str = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";

fn status(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    answer.headers_mut().insert(http::header::CONTENT_TYPE, json);
    answer
}
