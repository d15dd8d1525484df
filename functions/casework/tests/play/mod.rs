//! A partnership with people and cases, and requests as those people make them.

#![allow(dead_code, reason = "each test uses a part")]

use cloud::app::{CommandKey, Refer};
use edge::Response;
use lambda_http::http::Method;
use review::values::{ActorId, CspId};
use review::{Action, Role, sample};
use serde_json::{Value, json};

use crate::world::{self, Asked, World};

/// People by their role; agencies' people by agency.
const PEOPLE: &[(&str, &[Role], Option<&str>)] = &[
    ("chair", &[Role::CspChair], None),
    ("coordinator", &[Role::Coordinator], None),
    ("subgroup", &[Role::DecisionSubgroup], None),
    ("referrer", &[Role::Referrer], None),
    ("police", &[Role::Police], Some("sample-police")),
    ("health", &[Role::AgencyContact], Some("sample-health")),
    ("council", &[Role::AgencyContact], Some("sample-council")),
    ("home-office", &[Role::HomeOffice], None),
    ("qa", &[Role::QaMember], None),
    ("commissioner", &[Role::Commissioner], None),
    ("independent", &[Role::IndependentChair], None),
    ("administrator", &[Role::Administrator], None),
    ("both", &[Role::Coordinator, Role::CspChair], None),
];

/// The people, in the sample partnership.
pub async fn people() -> World {
    let world = World::of("sample-csp=Sample Partnership;other-csp=Other Partnership").await;
    for (actor, roles, agency) in PEOPLE {
        world.join(actor, roles, *agency).await;
    }
    world.enrol("neighbour", "other-csp", &[Role::Coordinator], None, true).await;
    world
}

/// Opens a case and gives its reference.
pub async fn refer(world: &World, actor: &str, key: &str) -> String {
    let actor = ActorId::parse(actor).unwrap();
    let refer = Refer {
        csp: CspId::parse(world::CSP).unwrap(),
        referral: sample::referral().unwrap(),
        key: CommandKey::parse(&actor, "test", key).unwrap(),
        reply: &|case, _| json!(case.reference),
        actor,
    };
    let done = world.gate.cloud.app.refer(refer).await.unwrap();
    done.reply.as_str().unwrap().to_owned()
}

pub async fn get(world: &World, actor: &str, path: &str) -> Response {
    casework::handle(&world.gate, world.ask(actor, Method::GET, path).build()).await
}

/// The JSON of a good answer.
pub async fn shown(world: &World, actor: &str, path: &str) -> Value {
    let response = get(world, actor, path).await;
    let body = world::json(&response);
    assert_eq!(response.status(), 200, "{actor} {path}: {body}");
    body
}

/// A request for an action, with its sample.
pub fn asked(world: &World, actor: &str, reference: &str, action: Action) -> Asked {
    let today = review::dates::london_date(world.gate.cloud.clock.now());
    bare(world, actor, reference, action.name()).json(&sample::fitted(action, today))
}

/// A request for an action without a body.
pub fn bare(world: &World, actor: &str, reference: &str, action: &str) -> Asked {
    world.ask(actor, Method::POST, &format!("/cases/{reference}/actions/{action}"))
}

pub async fn send(world: &World, asked: Asked) -> Response {
    casework::handle(&world.gate, asked.build()).await
}

/// Does an action on the case as it stands.
pub async fn act(world: &World, actor: &str, reference: &str, action: Action) -> Response {
    let case = get(world, actor, &format!("/cases/{reference}")).await;
    let etag = world::header(&case, "etag").to_owned();
    let response =
        send(world, asked(world, actor, reference, action).header("if-match", &etag)).await;
    assert_eq!(response.status(), 200, "{}: {}", action.name(), world::json(&response));
    response
}
