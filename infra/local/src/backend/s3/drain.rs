//! A refused upload is still read to its end. A server that answers and closes while the sender is
//! writing resets the connection, and the sender never reads why it was refused.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// More than a part: whoever sends more to no avail is cut off.
const LIMIT: usize = 64 * 1024 * 1024;

/// A request's body that can be read on by another when its reader gave up.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Incoming>>);

impl Shared {
    pub fn new(body: Incoming) -> Self {
        Self(Arc::new(Mutex::new(body)))
    }

    /// Reads what is left.
    pub async fn drain(mut self) {
        let mut length = 0;
        while length < LIMIT
            && let Some(Ok(frame)) = self.frame().await
        {
            length += frame.data_ref().map_or(0, Bytes::len);
        }
    }

    fn with<T>(&self, act: impl FnOnce(Pin<&mut Incoming>) -> T) -> T {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(Pin::new(&mut body))
    }
}

impl Body for Shared {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.with(|body| body.poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.with(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.with(|body| body.size_hint())
    }
}
