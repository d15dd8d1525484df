//! A server of the plainest HTTP, which can also do what no proper server does: take a request
//! and break the connection off without an answer.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status, headers and body.
    Say(u16, Vec<(&'static str, String)>, String),
    /// Nothing; the connection is broken off.
    Drop,
}

/// Serves `answer` on a free port until the test ends, and gives the endpoint.
pub async fn serve<F>(answer: impl Fn(Request) -> F + Send + Sync + 'static) -> String
where
    F: Future<Output = Answer> + Send,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                while let Some(request) = read(&mut stream).await {
                    let head = request.method == "HEAD";
                    match answer(request).await {
                        Answer::Drop => return,
                        Answer::Say(status, headers, body) => {
                            write(&mut stream, status, &headers, &body, head).await;
                        }
                    }
                }
            });
        }
    });
    endpoint
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if stream.read_line(&mut line).await.ok()? == 0 {
        return None;
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { method, path, body })
}

async fn write(
    stream: &mut BufReader<TcpStream>,
    status: u16,
    headers: &[(&'static str, String)],
    body: &str,
    head: bool,
) {
    let length = ("content-length", body.len().to_string());
    let given = headers.iter().any(|(name, _)| *name == "content-length");
    let lines: String = headers
        .iter()
        .chain((!given).then_some(&length))
        .flat_map(|(name, value)| [*name, ": ", value, "\r\n"])
        .collect();
    let body = if head { "" } else { body };
    let text = format!("HTTP/1.1 {status} .\r\n{lines}\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
}
