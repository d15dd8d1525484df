//! A wire before a server: the requests that go over it are counted, and it breaks for those
//! that a test names.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// The wire, and what has gone over it.
#[derive(Clone)]
pub struct Wire {
    endpoint: String,
    requests: Arc<AtomicU64>,
    breaks_at: Arc<Mutex<Option<String>>>,
}

impl Wire {
    /// Stands before a server until the test ends.
    pub async fn before(server: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let wire = Self { endpoint, requests: Arc::default(), breaks_at: Arc::default() };
        let here = wire.clone();
        tokio::spawn(async move {
            let address = server.strip_prefix("http://").unwrap();
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(address).await.unwrap();
                tokio::spawn(here.clone().relay(client, server));
            }
        });
        wire
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// How many requests have gone over it, those among them for which it broke.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// From now on it breaks when a request holds this text: no answer comes.
    pub fn break_at(&self, text: &str) {
        *self.breaks_at.lock().unwrap() = Some(text.to_owned());
    }

    /// From now on it breaks no more.
    pub fn mend(&self) {
        *self.breaks_at.lock().unwrap() = None;
    }

    /// Hands bytes on in both directions. A client sends its next request after the answer to the
    /// last, so each request begins a piece of what is read; JSON never begins so.
    async fn relay(self, client: TcpStream, server: TcpStream) {
        let ((mut asked, mut answer), (mut answered, mut ask)) =
            (client.into_split(), server.into_split());
        let back = tokio::spawn(async move {
            // Either end may hang up.
            copy(&mut answered, &mut answer).await.ok();
        });
        let mut piece = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = asked.read(&mut piece).await {
            let piece = &piece[..length];
            if piece.starts_with(b"POST ") {
                self.requests.fetch_add(1, Ordering::SeqCst);
            }
            if self.breaks(piece) || ask.write_all(piece).await.is_err() {
                break;
            }
        }
        // With it goes what holds the connection open.
        back.abort();
    }

    fn breaks(&self, piece: &[u8]) -> bool {
        let text = self.breaks_at.lock().unwrap();
        text.as_ref().is_some_and(|text| String::from_utf8_lossy(piece).contains(text))
    }
}
