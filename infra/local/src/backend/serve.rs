//! HTTP on loopback until told to stop. It is hyper itself, because a handler here may have to
//! drop its connection without an answer, which no framework above hyper allows.

use std::{error::Error, pin::pin, time::Duration};

use hyper::{
    body::{Body, Incoming},
    server::conn::http1,
    service::HttpService,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    task::JoinSet,
};

/// How long to wait when no connection can be taken, which is when file handles have run out.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers requests until `stop`, and then those under way. A service that fails drops the
/// connection without an answer.
pub(crate) async fn serve<S>(listener: TcpListener, service: S, mut stop: oneshot::Receiver<()>)
where
    S: HttpService<Incoming, Future: Send> + Clone + Send + 'static,
    S::ResBody: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, service.clone(), stopped.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection could be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
    drop((listener, stopping));
    while connections.join_next().await.is_some() {}
}

async fn converse<S>(stream: TcpStream, service: S, mut stopping: watch::Receiver<()>)
where
    S: HttpService<Incoming>,
    S::ResBody: Body<Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
