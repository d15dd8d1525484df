//! Looking at a document: where it stands, what an interrupted upload still needs, and a link to
//! read it. The reading is in the history before the link exists.

use cloud::files::{PART_SIZE, UploadError};
use edge::document::{DocumentView, Nothing, content};
use edge::{Gate, Problem, Request, Response, body, respond};
use lambda_http::http::StatusCode;
use review::Command;
use review::case::{Document, DocumentStanding};
use review::decide::documents::known_to;
use review::records::DocumentRead;
use serde_json::{Value, json};

use crate::parts;
use crate::uploads::{held, named, run};

/// Seconds for which a link opens.
const OPENS_FOR: u64 = 60;

/// `GET /cases/{reference}/documents/{document}`.
pub(crate) async fn show(
    gate: &Gate,
    request: &Request,
    reference: &str,
    id: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let id = named(id)?;
    let (id, document) = known_to(&seen.case, &seen.actor, seen.today)
        .find(|(known, _)| **known == id)
        .ok_or_else(Problem::not_found)?;
    let mut answer = json!({ "document": DocumentView::of(id, document) });
    if matches!(document.standing, DocumentStanding::Uploading) {
        answer["upload"] = progress(gate, document).await?;
    }
    Ok(respond::json(StatusCode::OK, &answer))
}

/// What S3 has of an upload, so that it goes on where it stopped, on whatever machine.
async fn progress(gate: &Gate, document: &Document) -> Result<Value, Problem> {
    let held = match gate.cloud.files.parts(&document.key, &document.upload_id).await {
        Ok(held) => held,
        // All parts are in and made into one, but that could not be recorded: completing does it.
        Err(UploadError::Gone) => return Ok(progress_of(document, &[], &[])),
        Err(UploadError::Fault(fault)) => return Err(fault.into()),
        Err(UploadError::Empty | UploadError::Incomplete) => Vec::new(),
    };
    let missing = parts::missing(document.size, &held);
    let held: Vec<_> = held
        .iter()
        .map(|part| json!({ "number": part.number, "size": part.size, "sha256": part.sha256 }))
        .collect();
    Ok(progress_of(document, &held, &missing))
}

fn progress_of(document: &Document, held: &[Value], missing: &[u64]) -> Value {
    json!({
        "part_size": PART_SIZE,
        "parts": parts::count(document.size),
        "held": held,
        "missing": missing,
    })
}

/// `POST /cases/{reference}/documents/{document}/read`.
pub(crate) async fn read(
    gate: &Gate,
    request: &Request,
    reference: &str,
    id: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let id = named(id)?;
    let Nothing {} = body::record(&body::read_optional(request)?)?;
    let done =
        run(gate, &seen, Command::ReadDocument(DocumentRead { document: id.clone() })).await?;
    let document = held(&done, &id)?;
    let content =
        content(document).ok_or_else(|| Problem::fault("a clean document has no content"))?;
    let url = gate
        .cloud
        .files
        .sign_read(&document.key, content.version_id.as_deref(), document.name.as_str())
        .await?;
    let answer = json!({
        "url": url,
        "expires_in": OPENS_FOR,
        "name": document.name,
        "size": document.size,
        "hash": content.hash,
    });
    Ok(respond::json(StatusCode::OK, &answer))
}
