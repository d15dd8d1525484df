//! The agencies of a partnership.

use edge::directory::AgencyView;
use edge::{Gate, Kind, Problem, Request, Response, body, respond};
use lambda_http::http::StatusCode;
use review::Actor;
use review::administration::{AgencyName, Changed, Deed};
use review::values::{AgencyId, Line};
use serde_json::json;

use crate::change::{self, ATTEMPTS, Stopped};

/// `GET /directory/agencies`: all of them; a partnership has a few dozen.
pub(crate) async fn list(gate: &Gate, request: &Request) -> Result<Response, Problem> {
    let actor = change::entitled(gate, request, Deed::SeeAgencies).await?;
    let agencies = gate.cloud.store.agencies(&actor.csp).await?;
    let views: Vec<_> =
        agencies.iter().map(|it| AgencyView { agency: &it.id, name: &it.name }).collect();
    Ok(respond::json(StatusCode::OK, &json!({ "agencies": views })))
}

/// `PUT /directory/agencies/{agency}`: adds or renames.
pub(crate) async fn put(gate: &Gate, request: &Request, id: &str) -> Result<Response, Problem> {
    let actor = change::entitled(gate, request, Deed::SetAgency).await?;
    let agency = named(id)?;
    let AgencyName { name } = body::record(&body::read(request)?)?;
    let new = written(gate, &actor, &agency, Some(&name)).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(respond::json(status, &json!(AgencyView { agency: &agency, name: &name })))
}

/// `DELETE /directory/agencies/{agency}`.
pub(crate) async fn remove(gate: &Gate, request: &Request, id: &str) -> Result<Response, Problem> {
    let actor = change::entitled(gate, request, Deed::RemoveAgency).await?;
    let agency = named(id)?;
    written(gate, &actor, &agency, None).await.map(|_| respond::nothing())
}

/// Writes it, and tells whether it is new.
async fn written(
    gate: &Gate,
    actor: &Actor,
    agency: &AgencyId,
    name: Option<&Line<120>>,
) -> Result<bool, Problem> {
    for _ in 0..ATTEMPTS {
        match attempt(gate, actor, agency, name).await {
            Ok(new) => return Ok(new),
            Err(Stopped::Refused(problem)) => return Err(problem),
            Err(Stopped::Contended) => {}
        }
    }
    Err(change::overtaken())
}

async fn attempt(
    gate: &Gate,
    actor: &Actor,
    agency: &AgencyId,
    name: Option<&Line<120>>,
) -> Result<bool, Stopped> {
    let store = &gate.cloud.store;
    let before = store.agency(&actor.csp, agency).await?;
    let (former, version) = before.map(|(agency, version)| (agency.name, version)).unzip();
    if name.is_none() {
        if former.is_none() {
            return Err(unknown().into());
        }
        // Whoever joins the agency from here on gives it another version.
        if store.is_spoken_for(&actor.csp, agency).await? {
            return Err(Problem::new(
                Kind::Unmet,
                "People speak for this agency, suspended ones perhaps. Remove them, or give them another agency, first.",
            )
            .into());
        }
    }
    if former.as_ref() == name {
        return Ok(false);
    }
    let deed = if name.is_some() { Deed::SetAgency } else { Deed::RemoveAgency };
    let new = former.is_none();
    let about = Changed::Agency { agency: agency.clone(), before: former, after: name.cloned() };
    let change = change::record(gate, actor, vec![deed], about);
    store
        .change_agency(&actor.csp, agency, version, name, &change)
        .await
        .map_err(change::stopped)?;
    Ok(new)
}

fn named(id: &str) -> Result<AgencyId, Problem> {
    AgencyId::parse(id).map_err(|_| unknown())
}

fn unknown() -> Problem {
    Problem::new(
        Kind::NotFound,
        "There is no such agency in this partnership. GET /directory/agencies lists them.",
    )
}
