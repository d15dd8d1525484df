//! `POST /cases/{reference}/actions/{action}`: every act of the process, by its name and with its
//! record as the body.

use cloud::app::Run;
use cloud::telemetry;
use edge::{Gate, Problem, Request, Response, body, gate, preconditions, respond};
use lambda_http::http::StatusCode;
use review::act::{Guard, Via};
use review::dates::london_date;
use review::decide::item_revision;
use review::sight::sight;
use review::{Action, Actor, Case, Command, Recorded};
use serde_json::{Value, json};
use tracing::Instrument as _;

use crate::history::summary;
use crate::view;

/// The action of an address; one that nobody has heard of is no address.
pub(crate) fn named(name: &str) -> Option<Action> {
    let known = |action: &Action| action.name() == name && action.via() == Via::Actions;
    Action::ALL.iter().copied().find(known)
}

/// Answers the request.
pub(crate) async fn act(
    gate: &Gate,
    request: &Request,
    reference: &str,
    action: Action,
) -> Result<Response, Problem> {
    let headers = request.headers();
    let actor = gate.actor_on_case(headers).await?;
    let reference = gate::named(reference)?;
    let if_match = preconditions::if_match(headers, action.guard())?;
    let key = preconditions::command_key(headers, &actor.id, &route(action))?;
    let json = body::read_optional(request)?;
    let command = match body::command(action, &json) {
        Ok(command) => command,
        Err(fields) => {
            gate.look(actor, &reference).await?.may(action)?;
            return Err(fields);
        }
    };
    let done = gate
        .cloud
        .app
        .run(Run {
            csp: &actor.csp,
            actor: &actor,
            reference: &reference,
            command: &command,
            if_match,
            version: None,
            key,
            reply: &|case, history| reply(gate, &actor, &command, case, history),
        })
        .instrument(telemetry::command(&reference, action))
        .await?;
    let etag = done.reply.get("etag").and_then(Value::as_str).unwrap_or_default().to_owned();
    respond::tagged(respond::json(StatusCode::OK, &done.reply), &etag)
}

/// The scope of an idempotency key.
fn route(action: Action) -> String {
    format!("POST /cases/{{reference}}/actions/{}", action.name())
}

/// What is answered, and answered again to a repetition: where the case stands now and what was
/// recorded, but nothing that this person could not see.
fn reply(
    gate: &Gate,
    actor: &Actor,
    command: &Command,
    case: &Case,
    history: &[Recorded],
) -> Value {
    let today = london_date(gate.cloud.clock.now());
    let state = sight(case, actor, today).map(|sight| view::standing(case, &sight));
    let item = item_revision(case, command).map(preconditions::item_tag);
    let etag = match (command.action().guard(), &item) {
        (Guard::Item, Some(item)) => item.clone(),
        (Guard::Item, None) | (Guard::Case | Guard::Adds, _) => {
            preconditions::case_tag(case.revision)
        }
    };
    let events: Vec<_> = history
        .iter()
        .map(|recorded| {
            let envelope = &recorded.envelope;
            json!({ "seq": envelope.seq, "kind": envelope.kind, "summary": summary(envelope.kind) })
        })
        .collect();
    json!({
        "reference": case.reference,
        "state": state,
        "revision": case.revision,
        "etag": etag,
        "events": events,
    })
}
