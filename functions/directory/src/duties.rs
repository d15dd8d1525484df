//! Where the partnership's duties can be reached: offices, not people.

use edge::directory::DutyView;
use edge::{Gate, Kind, Problem, Request, Response, body, respond};
use lambda_http::http::StatusCode;
use review::administration::{Changed, Deed, DutyAddress};
use review::notices::Duty;
use serde_json::json;

use crate::change::{self, ATTEMPTS, Stopped};

/// `GET /directory/duties/{duty}`.
pub(crate) async fn show(gate: &Gate, request: &Request, name: &str) -> Result<Response, Problem> {
    let actor = change::entitled(gate, request, Deed::SeeDuty).await?;
    let duty = named(name)?;
    let email = gate.cloud.store.duty(&actor.csp, duty).await?;
    Ok(respond::json(StatusCode::OK, &json!(DutyView { duty, email: email.as_ref() })))
}

/// `PUT /directory/duties/{duty}`.
pub(crate) async fn put(gate: &Gate, request: &Request, name: &str) -> Result<Response, Problem> {
    let actor = change::entitled(gate, request, Deed::SetDuty).await?;
    let duty = named(name)?;
    let DutyAddress { email } = body::record(&body::read(request)?)?;
    for _ in 0..ATTEMPTS {
        let change = change::record(gate, &actor, vec![Deed::SetDuty], Changed::Duty { duty });
        let written = gate.cloud.store.change_duty(&actor.csp, duty, &email, &change).await;
        match written.map_err(change::stopped) {
            Ok(()) => {
                let view = DutyView { duty, email: Some(&email) };
                return Ok(respond::json(StatusCode::OK, &json!(view)));
            }
            Err(Stopped::Refused(problem)) => return Err(problem),
            Err(Stopped::Contended) => {}
        }
    }
    Err(change::overtaken())
}

fn named(name: &str) -> Result<Duty, Problem> {
    Duty::parse(name).ok_or_else(|| {
        let names: Vec<_> = Duty::ALL.iter().map(|duty| duty.name()).collect();
        let sentence = format!("There is no such duty. There are {}.", names.join(", "));
        Problem::new(Kind::NotFound, sentence)
    })
}
