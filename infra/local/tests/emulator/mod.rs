//! As much of an S3 as whoever only lists and reads objects needs of one. It lists one at a time,
//! so that the pages are followed.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::header::CONTENT_TYPE,
    response::IntoResponse,
    routing::get,
};
use tokio::{net::TcpListener, task::JoinHandle};

type Objects = Arc<BTreeMap<String, String>>;

pub struct Emulator {
    pub endpoint: String,
    pub server: JoinHandle<()>,
}

impl Emulator {
    pub async fn serve<const N: usize>(objects: [(&str, String); N]) -> Self {
        let objects = objects.map(|(key, text)| (key.to_owned(), text));
        let app = Router::new()
            .route("/documents", get(list))
            .route("/documents/", get(list))
            .route("/documents/{*key}", get(object))
            .with_state(Arc::new(BTreeMap::from(objects)));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        Self { endpoint, server }
    }
}

async fn list(
    State(objects): State<Objects>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> impl IntoResponse {
    let at = asked.get("continuation-token").map_or(0, |token| token.parse().unwrap());
    let mut xml = String::from("<ListBucketResult>");
    for (key, text) in objects.iter().skip(at).take(1) {
        let size = text.len();
        write!(
            xml,
            "<Contents><Key>{key}</Key><ETag>&quot;e-{key}&quot;</ETag><Size>{size}</Size></Contents>"
        )
        .unwrap();
    }
    let more = at + 1 < objects.len();
    write!(xml, "<IsTruncated>{more}</IsTruncated>").unwrap();
    if more {
        write!(xml, "<NextContinuationToken>{}</NextContinuationToken>", at + 1).unwrap();
    }
    xml.push_str("</ListBucketResult>");
    ([(CONTENT_TYPE, "application/xml")], xml)
}

async fn object(State(objects): State<Objects>, Path(key): Path<String>) -> impl IntoResponse {
    objects[&key].clone()
}
