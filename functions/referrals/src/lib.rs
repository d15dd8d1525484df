//! `POST /referrals`: a professional reports a death and gets a receipt. The only function that
//! may create a case; it reads none, not even its own, and says nothing of what others wrote.

mod receipt;

use cloud::app::Refer;
use cloud::config::Config;
use edge::{Gate, Kind, Problem, Request, Response, body, path, preconditions, respond};
use lambda_http::http::{Method, StatusCode};
use review::records::Referral;
use review::values::CspId;

const ROUTE: &str = "POST /referrals";

/// Answers a request.
pub async fn handle(gate: &Gate, request: Request) -> Response {
    respond::answer(&request, async { (ROUTE, refer(gate, &request).await) }).await
}

async fn refer(gate: &Gate, request: &Request) -> Result<Response, Problem> {
    match (path::segments(request).as_slice(), request.method()) {
        (["referrals"], &Method::POST) => {}
        (["referrals"], _) => return Err(Problem::method("POST")),
        (_, _) => return Err(Problem::no_route()),
    }
    let actor = gate.subject(request.headers()).await?;
    let key = preconditions::command_key(request.headers(), &actor, ROUTE)?.ok_or_else(|| {
        Problem::new(
            Kind::Header,
            "Send an Idempotency-Key, such as a random UUID, and the same one when you repeat the request.",
        )
    })?;
    let referral: Referral = body::record(&body::read(request)?)?;
    let csp = partnership(&gate.cloud.config, &referral)?;
    let refer = Refer { actor, csp, referral, key, reply: &receipt::of };
    let done = gate.cloud.app.refer(refer).await?;
    let receipt = respond::json(StatusCode::CREATED, &done.reply);
    match receipt::address(&done.reply) {
        Some(address) => respond::located(receipt, &address),
        None => Err(Problem::fault("a receipt without a reference")),
    }
}

/// The partnership told: the one named, or the only one there is.
fn partnership(config: &Config, referral: &Referral) -> Result<CspId, Problem> {
    let sentence = match (&referral.csp, config.only_csp()) {
        (Some(named), _) if config.csps.contains_key(named) => return Ok(named.clone()),
        (None, Some(only)) => return Ok(only.clone()),
        (Some(_), _) => "This partnership is not here. Name one of",
        (None, None) => "Name the partnership that was told; it is one of",
    };
    let ids: Vec<_> = config.csps.keys().map(CspId::as_str).collect();
    Err(Problem::field("/csp", format!("{sentence}: {}.", ids.join(", "))))
}
