//! The history of a case, event by event, with the hashes that chain it. Those who see the whole
//! case see every event and its record; everyone else sees what they or their agency did.

mod words;

use cloud::store::HistoryEntry;
use edge::gate::Seen;
use edge::{Gate, Kind, Problem, Request, Response, path, respond};
use lambda_http::http::StatusCode;
use review::Event;
use review::act::EventKind;
use review::dates::london_date;
use review::event::Envelope;
use review::sight::Sight;
use serde_json::{Value, json};

pub(crate) use words::summary;

/// Events on a page unless the request says otherwise.
const PAGE: u16 = 100;
/// Events on a page at most.
pub(crate) const LARGEST_PAGE: u16 = 200;
/// Pages looked through for one answer; where none shows an event, the next request goes on.
const LOOKS: usize = 5;

/// `GET /cases/{reference}/history`.
pub(crate) async fn show(
    gate: &Gate,
    request: &Request,
    reference: &str,
) -> Result<Response, Problem> {
    let seen = gate.see(request.headers(), reference).await?;
    let limit = number(request, "limit", 1, LARGEST_PAGE)?.unwrap_or(PAGE);
    let mut after = number(request, "after", 0, u64::MAX)?;
    let mut entries = Vec::new();
    for _ in 0..LOOKS {
        let store = &gate.cloud.store;
        let page =
            store.history(&seen.case.csp, &seen.case.reference, after.unwrap_or(0), limit).await?;
        for entry in page.entries.iter().filter(|entry| is_shown(&seen, &entry.envelope)) {
            entries.push(shown(&seen, entry)?);
        }
        after = page.next;
        if after.is_none() || !entries.is_empty() {
            break;
        }
    }
    let body = json!({ "reference": seen.case.reference, "events": entries, "next": after });
    let response = respond::json(StatusCode::OK, &body);
    match after {
        None => Ok(response),
        Some(after) => {
            let next =
                format!("/cases/{}/history?limit={limit}&after={after}", seen.case.reference);
            respond::followed(response, &next)
        }
    }
}

/// The default is one's own acts. An agency's people answer for each other; a referrer who
/// belongs to an agency still sees the own referral only.
fn is_shown(seen: &Seen, envelope: &Envelope) -> bool {
    match &seen.sight {
        Sight::Whole => true,
        Sight::Agency(agency) => {
            envelope.agency.as_ref() == Some(agency) || envelope.actor == seen.actor.id
        }
        Sight::Intake
        | Sight::OwnReferral
        | Sight::Panel
        | Sight::Family
        | Sight::Submission
        | Sight::FinalPack => envelope.actor == seen.actor.id,
    }
}

fn shown(seen: &Seen, entry: &HistoryEntry) -> Result<Value, Problem> {
    let envelope = &entry.envelope;
    let mut shown = json!({
        "seq": envelope.seq,
        "at": envelope.at,
        "on": london_date(envelope.at),
        "actor": envelope.actor,
        "role": envelope.role,
        "agency": envelope.agency,
        "kind": envelope.kind,
        "summary": summary(envelope.kind),
        "from": envelope.from,
        "to": envelope.to,
        "commit": entry.commit.to_string(),
        "prev": entry.prev.to_string(),
        "hash": entry.hash.to_string(),
    });
    if seen.sight == Sight::Whole {
        shown["erased"] = json!(entry.event.is_none());
        shown["record"] = entry.event.as_ref().map(record).transpose()?.unwrap_or_default();
    }
    Ok(shown)
}

/// The record of an event, without where files are kept and how duplicates are found.
fn record(event: &Event) -> Result<Value, Problem> {
    let unwritable = |error: serde_json::Error| {
        Problem::fault(format!("an event cannot be written: {:?}", error.classify()))
    };
    let mut record = match serde_json::to_value(event).map_err(unwritable)? {
        Value::Object(mut event) => event.remove("record").unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Value::Null
        }
    };
    let hidden: &[&str] = match event.kind() {
        EventKind::Opened => &["match_keys"],
        EventKind::UploadBegun => &["key", "upload_id"],
        _ => &[],
    };
    if let Some(fields) = record.as_object_mut() {
        for name in hidden {
            fields.remove(*name);
        }
    }
    Ok(record)
}

fn number<T>(request: &Request, name: &str, least: T, most: T) -> Result<Option<T>, Problem>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    path::parameter(request, name)
        .map(|text| {
            text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
                Problem::new(
                    Kind::Header,
                    format!("Ask for {name} as a number from {least} to {most}."),
                )
            })
        })
        .transpose()
}
