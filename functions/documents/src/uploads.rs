//! An upload from its beginning to its end. Each step asks the domain first, with the very
//! command that will be recorded, and touches S3 only when the answer is yes.

use cloud::app::{Done, Failure, Run};
use cloud::files::{PART_SIZE, UploadError, key};
use cloud::telemetry;
use edge::document::{DocumentView, NewPart, NewUpload, Nothing};
use edge::gate::Seen;
use edge::{Gate, Kind, Problem, Request, Response, body, respond};
use lambda_http::http::StatusCode;
use review::case::{Document, DocumentStanding};
use review::records::{Upload, UploadAbandoned, UploadCompletion};
use review::values::DocumentId;
use review::{Action, Ask, Case, Command, Refusal, decide};
use serde_json::{Value, json};
use tracing::Instrument as _;

use crate::parts;

/// Everything is kept as bytes and given out as an attachment; what a file claims to be is never
/// believed.
const CONTENT_TYPE: &str = "application/octet-stream";

/// `POST /cases/{reference}/documents`.
pub(crate) async fn begin(
    gate: &Gate,
    request: &Request,
    reference: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    seen.may(Action::BeginUpload)?;
    let new: NewUpload = body::record(&body::read(request)?)?;
    let mut upload = plan(gate, &seen, new)?;
    permit(gate, &seen, &Command::BeginUpload(upload.clone()))?;
    upload.upload_id = gate.cloud.files.begin(&upload.key, CONTENT_TYPE).await?;
    let (key, upload_id, id) =
        (upload.key.clone(), upload.upload_id.clone(), upload.document.clone());
    match run(gate, &seen, Command::BeginUpload(upload)).await {
        Ok(done) => {
            let document = held(&done, &id)?;
            let address = format!("/cases/{}/documents/{id}", seen.case.reference);
            let begun = json!({
                "document": DocumentView::of(&id, document),
                "href": address,
                "part_size": PART_SIZE,
                "parts": parts::count(document.size),
            });
            respond::located(respond::json(StatusCode::CREATED, &begun), &address)
        }
        Err(failure) => {
            // Where it is not known whether the upload was recorded, S3's own rule for uploads
            // that come to nothing clears it away.
            if !matches!(failure, Failure::Fault(_)) {
                gate.cloud.files.abort(&key, &upload_id).await?;
            }
            Err(failure.into())
        }
    }
}

/// `POST /cases/{reference}/documents/{document}/parts`.
pub(crate) async fn part(
    gate: &Gate,
    request: &Request,
    reference: &str,
    id: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let id = named(id)?;
    permit(gate, &seen, &abandonment(&id))?;
    let new: NewPart = body::record(&body::read(request)?)?;
    let document = uploading(&seen.case, &id)?;
    parts::check(document.size, &new)?;
    let number = i32::from(new.number);
    let files = &gate.cloud.files;
    let signed =
        files.sign_part(&document.key, &document.upload_id, number, &new.sha256, new.size).await?;
    // The client's own software sets the host.
    let headers = signed.headers.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("host"));
    let headers: Value = headers.map(|(name, value)| (name, Value::String(value))).collect();
    let answer = json!({
        "number": new.number,
        "method": "PUT",
        "url": signed.url,
        "headers": headers,
        "expires_in": signed.expires_in,
    });
    Ok(respond::json(StatusCode::OK, &answer))
}

/// `POST /cases/{reference}/documents/{document}/complete`. Asked again, it answers the same.
pub(crate) async fn complete(
    gate: &Gate,
    request: &Request,
    reference: &str,
    id: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let id = named(id)?;
    let Nothing {} = body::record(&body::read_optional(request)?)?;
    if let Some(view) = completed(gate, &seen, &id)? {
        return Ok(view);
    }
    let document = uploading(&seen.case, &id)?;
    let files = &gate.cloud.files;
    match files.parts(&document.key, &document.upload_id).await {
        Ok(held) => all_there(&parts::missing(document.size, &held))?,
        // Completed by an earlier request that could not record it.
        Err(UploadError::Gone) => {}
        Err(error) => return Err(problem(error)),
    }
    let whole = files.complete(&document.key, &document.upload_id).await.map_err(problem)?;
    let command = Command::CompleteUpload(UploadCompletion {
        document: id.clone(),
        hash: whole.hash,
        size: whole.size,
        version_id: whole.version_id,
    });
    shown(&run(gate, &seen, command).await?, &id)
}

/// `POST /cases/{reference}/documents/{document}/abandon`.
pub(crate) async fn abandon(
    gate: &Gate,
    request: &Request,
    reference: &str,
    id: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let id = named(id)?;
    let Nothing {} = body::record(&body::read_optional(request)?)?;
    let done = run(gate, &seen, abandonment(&id)).await?;
    let document = held(&done, &id)?;
    gate.cloud.files.abort(&document.key, &document.upload_id).await?;
    shown(&done, &id)
}

/// The id in an address.
///
/// # Errors
/// 404: a name that cannot be an id is a document that does not exist.
pub(crate) fn named(id: &str) -> Result<DocumentId, Problem> {
    DocumentId::parse(id).map_err(|_| Problem::not_found())
}

/// Carries a command out as the person who asks.
pub(crate) async fn run(gate: &Gate, seen: &Seen, command: Command) -> Result<Done, Failure> {
    let run = Run {
        actor: &seen.actor,
        csp: &seen.case.csp,
        reference: &seen.case.reference,
        command: &command,
        if_match: None,
        version: None,
        key: None,
        reply: &|_, _| Value::Null,
    };
    let span = telemetry::command(&seen.case.reference, command.action());
    gate.cloud.app.run(run).instrument(span).await
}

/// The document in the case as a command left it.
///
/// # Errors
/// A fault if it is not there.
pub(crate) fn held<'a>(done: &'a Done, id: &DocumentId) -> Result<&'a Document, Problem> {
    done.case
        .as_ref()
        .and_then(|case| case.file.documents.get(id))
        .ok_or_else(|| Problem::fault("a document is not in its case"))
}

fn shown(done: &Done, id: &DocumentId) -> Result<Response, Problem> {
    let document = held(done, id)?;
    Ok(respond::json(StatusCode::OK, &json!({ "document": DocumentView::of(id, document) })))
}

/// The upload as it will be recorded, but for S3's id of it.
fn plan(gate: &Gate, seen: &Seen, new: NewUpload) -> Result<Upload, Problem> {
    let document = DocumentId::parse(&gate.cloud.entropy.uuid()?.to_string())
        .map_err(|invalid| Problem::fault(invalid.0))?;
    let agency = new.agency.or_else(|| seen.actor.agency.clone());
    let key = key::of(&seen.case.csp, &seen.case.reference, agency.as_ref(), &document);
    Ok(Upload {
        document,
        kind: new.kind,
        agency,
        name: new.name,
        size: new.size,
        upload_id: String::new(),
        key,
    })
}

/// Asks the domain whether a command would be accepted now.
fn permit(gate: &Gate, seen: &Seen, command: &Command) -> Result<(), Problem> {
    let now = gate.cloud.clock.now();
    let ask = Ask { actor: &seen.actor, command, if_match: None, now, intake: None };
    decide(Some(&seen.case), &ask)?;
    Ok(())
}

/// Whoever may give an upload up may also go on with it; this asks without knowing the hash.
fn abandonment(id: &DocumentId) -> Command {
    Command::AbandonUpload(UploadAbandoned { document: id.clone() })
}

/// The answer for an upload that is complete already; `None` for one that may go on.
fn completed(gate: &Gate, seen: &Seen, id: &DocumentId) -> Result<Option<Response>, Problem> {
    // In the same words whether or not the document exists.
    seen.may(Action::CompleteUpload)?;
    let Some(content) = seen.case.file.documents.get(id).and_then(edge::document::content) else {
        permit(gate, seen, &abandonment(id))?;
        return Ok(None);
    };
    let again = UploadCompletion {
        document: id.clone(),
        hash: content.hash.clone(),
        size: 0,
        version_id: content.version_id.clone(),
    };
    permit(gate, seen, &Command::CompleteUpload(again))?;
    let document = seen.case.file.documents.get(id).map(|document| DocumentView::of(id, document));
    Ok(Some(respond::json(StatusCode::OK, &json!({ "document": document }))))
}

fn uploading<'a>(case: &'a Case, id: &DocumentId) -> Result<&'a Document, Problem> {
    let document = case.file.documents.get(id).ok_or_else(Problem::not_found)?;
    match document.standing {
        DocumentStanding::Uploading => Ok(document),
        DocumentStanding::Unscanned(_)
        | DocumentStanding::Scanned { .. }
        | DocumentStanding::Abandoned => {
            Err(Refusal::unmet("This upload has ended; begin another.").into())
        }
    }
}

fn all_there(missing: &[u64]) -> Result<(), Problem> {
    if missing.is_empty() {
        return Ok(());
    }
    let listed: Vec<_> = missing.iter().take(10).map(u64::to_string).collect();
    let more = if missing.len() > listed.len() { " and others" } else { "" };
    Err(Refusal::unmet(format!(
        "Send the parts that are missing first: {}{more}.",
        listed.join(", ")
    ))
    .into())
}

fn problem(error: UploadError) -> Problem {
    match error {
        UploadError::Gone => {
            Problem::new(Kind::Unmet, "The store has given this upload up; begin another.")
        }
        UploadError::Empty => Problem::new(Kind::Unmet, "Send the parts first."),
        UploadError::Incomplete => Problem::new(
            Kind::Unmet,
            "The parts do not make a whole file. Send those that are missing, or begin again.",
        ),
        UploadError::Fault(fault) => fault.into(),
    }
}
