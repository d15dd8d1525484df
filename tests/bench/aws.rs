//! A stand-in for AWS: one TLS endpoint that answers as DynamoDB, S3, SES and the issuer of tokens
//! do, at once and from memory, and counts what it is asked. Its authority lives for one run.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::Outcome;
use crate::table::Table;

/// What DynamoDB calls its operations.
const DYNAMODB: &str = "DynamoDB_20120810.";

pub struct Aws {
    port: u16,
    authority: PathBuf,
    table: Arc<Mutex<Table>>,
}

impl Aws {
    pub async fn start() -> Outcome<Self> {
        let (acceptor, authority) = tls()?;
        let file = std::env::temp_dir().join(format!("dhr-bench-{}.pem", std::process::id()));
        std::fs::write(&file, authority)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let table = Arc::new(Mutex::new(Table::of_people()));
        let served = Arc::clone(&table);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).ok();
                let (acceptor, table) = (acceptor.clone(), Arc::clone(&served));
                tokio::spawn(async move {
                    // A function that is ended breaks its connections off.
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(move |request| answer(Arc::clone(&table), request));
                    let http = hyper::server::conn::http1::Builder::new();
                    http.serve_connection(TokioIo::new(stream), service).await.ok();
                });
            }
        });
        Ok(Self { port, authority: file, table })
    }

    /// What is stored, and what was asked for.
    pub fn table(&self) -> MutexGuard<'_, Table> {
        locked(&self.table)
    }

    /// What sends a function here. By name, as AWS is; S3's buckets would be names of their own.
    pub fn settings(&self) -> Vec<(String, String)> {
        let port = self.port;
        [
            ("AWS_ENDPOINT_URL", format!("https://localhost:{port}")),
            ("AWS_ENDPOINT_URL_S3", format!("https://127.0.0.1:{port}")),
            ("AWS_CA_BUNDLE", self.authority.display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Where the issuer publishes its keys.
    pub fn keys(&self) -> String {
        format!("https://localhost:{}/.well-known/jwks.json", self.port)
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        std::fs::remove_file(&self.authority).ok();
    }
}

fn locked(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server's side of TLS, and who must be trusted for it.
fn tls() -> Outcome<(TlsAcceptor, String)> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &authority)?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(
        vec![certificate.der().clone()],
        PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
    )?;
    Ok((TlsAcceptor::from(Arc::new(config)), authority.pem()))
}

async fn answer(
    table: Arc<Mutex<Table>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let asked = target.and_then(|target| target.strip_prefix(DYNAMODB)).map(str::to_owned);
    let address = head.uri.to_string();
    let mut table = locked(&table);
    let (operation, kind, answer) = if let Some(operation) = asked {
        let answer = if table.reads(&operation) {
            let request = serde_json::from_slice(&body).unwrap_or(Value::Null);
            table.dynamodb(&operation, &request).to_string()
        } else {
            "{}".to_owned()
        };
        (format!("DynamoDB {operation}"), "application/x-amz-json-1.0", answer)
    } else if address.ends_with("jwks.json") {
        ("issuer GetKeys".to_owned(), "application/json", table.keys.clone())
    } else {
        let (operation, answer) = xml(&head.method, &address, &body);
        (operation.to_owned(), "text/xml", answer)
    };
    let sent = address.len() + size(&head.headers) + body.len();
    let mut response = Response::new(Full::new(Bytes::from(answer.clone())));
    response.headers_mut().insert("content-type", http::HeaderValue::from_static(kind));
    table.count(operation, sent, size(response.headers()) + answer.len());
    Ok(response)
}

/// The bytes of a head, to the few of its first line.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// What S3 and SES answer.
fn xml(method: &Method, address: &str, body: &[u8]) -> (&'static str, String) {
    if *method == Method::POST && body.starts_with(b"Action=Send") {
        let id = "<SendEmailResult><MessageId>sample-1</MessageId></SendEmailResult>";
        return ("SES SendEmail", format!("<SendEmailResponse>{id}</SendEmailResponse>"));
    }
    if *method == Method::POST && address.contains("uploads") {
        let id = "<UploadId>sample-upload</UploadId>";
        let answer = format!("<InitiateMultipartUploadResult>{id}</InitiateMultipartUploadResult>");
        return ("S3 CreateMultipartUpload", answer);
    }
    if address.contains("list-type=2") {
        let none = "<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>";
        return ("S3 ListObjectsV2", format!("<ListBucketResult>{none}</ListBucketResult>"));
    }
    if *method == Method::PUT { ("S3 PutObject", String::new()) } else { ("other", String::new()) }
}
