//! HTTP requests to the mailbox, and what goes back.

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{body::Incoming, service::service_fn};
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    Mailbox,
    answer::{Answer, Refusal},
    query::Query,
    ses::Reply,
};
use crate::backend::serve;

/// The largest message, with every byte of it written as `%XX`, and room for the rest.
const MAX_BODY: usize = 48 * 1024 * 1024;

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped without an answer")]
struct Dropped;

/// Answers requests until it is told to stop and those under way are answered.
pub(super) async fn serve(mailbox: Mailbox, listener: TcpListener, stop: oneshot::Receiver<()>) {
    let service = service_fn(move |request| answer(mailbox.clone(), request));
    serve::serve(listener, service, stop).await;
}

async fn answer(
    mailbox: Mailbox,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Dropped> {
    // Without this any page in a browser could send mail here with a plain form.
    let signed = request.headers().contains_key(header::AUTHORIZATION);
    let body = Limited::new(request.into_body(), MAX_BODY).collect().await;
    let answer = match body {
        _ if !signed => response(Refusal::MissingAuthenticationToken.into()),
        Ok(body) => mailbox.answer(&body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => response(Refusal::TooLong.into()),
        Err(_) => None,
    };
    answer.map(|answer| answer.map(Full::new)).ok_or(Dropped)
}

impl Mailbox {
    /// Answers a request's body, for whoever stands in the same process; `None` where the
    /// connection would drop.
    #[must_use]
    pub fn answer(&self, body: &[u8]) -> Option<Response<Bytes>> {
        match self.reply(&Query::parse(body)) {
            Reply::Answer(answer) => response(answer),
            Reply::Nothing => None,
        }
    }
}

fn response(answer: Answer) -> Option<Response<Bytes>> {
    Response::builder()
        .status(answer.status)
        .header(header::CONTENT_TYPE, "text/xml")
        .header("x-amzn-requestid", answer.request_id)
        .body(answer.xml.into())
        .ok()
}
