//! A whole partnership administered through the API: people come, see their part and no more,
//! and what they had ends the moment it is taken away.

use review::act::Action::*;
use serde_json::{Value, json};

use crate::casefile::Casefile;
use crate::mail::told;
use crate::people::*;
use crate::world::World;

const NEWCOMER: Person = "newcomer-1";
const DEPUTY: Person = "deputy-1";

fn of(person: Person) -> String {
    format!("/directory/people/{person}")
}

fn entry(person: Person, role: &str, agency: Option<&str>) -> Value {
    json!({
        "roles": [role], "agency": agency, "active": true,
        "email": format!("{person}@sample-csp.example"),
    })
}

#[tokio::test]
async fn an_agency_contact_is_invited_sees_their_part_is_suspended_and_removed() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let client = &world.client;
    let health = entry(NEWCOMER, "agency-contact", Some("sample-health"));
    let invited = client.put_at(HEALTH_SENIOR, &of(NEWCOMER), None, &health).await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    let case = Casefile::referred(&world).await;
    case.read_by(NEWCOMER).await.refused(404);
    let only = json!([{ "agency": "sample-health" }]);
    case.does_with(COORDINATOR, StartScoping, |record| record["requests"] = only).await;
    let view = case.read_by(NEWCOMER).await.ok();
    assert_eq!((&view["sight"], &view["agency"]), (&json!("agency"), &json!("sample-health")));
    assert!(is_told(&case, NEWCOMER).await, "mail goes to the newcomer");

    let mut suspended = health.clone();
    suspended["active"] = json!(false);
    let stale = client.put_at(HEALTH_SENIOR, &of(NEWCOMER), Some("\"d1\""), &suspended).await;
    stale.refused(412);
    client.put_at(HEALTH_SENIOR, &of(NEWCOMER), None, &suspended).await.refused(428);
    let tag = invited.etag.as_deref();
    let answer = client.put_at(HEALTH_SENIOR, &of(NEWCOMER), tag, &suspended).await;
    let tag = answer.etag.clone();
    assert_eq!(answer.ok()["active"], json!(false));
    case.read_by(NEWCOMER).await.refused(404);
    client.get(NEWCOMER, "/cases").await.refused(403);
    // Past the day on which the agency's contacts are reminded.
    world.days_pass(30).await;
    let mails = case.new_mails().await;
    assert!(told(&mails).iter().any(|(to, _)| to == HEALTH_CONTACT), "the others are told");
    assert!(told(&mails).iter().all(|(to, _)| to != NEWCOMER), "the suspended are not");

    let gone = client.delete(HEALTH_SENIOR, &of(NEWCOMER), tag.as_deref()).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    case.read_by(NEWCOMER).await.refused(404);
    client.get(ADMINISTRATOR, &of(NEWCOMER)).await.refused(404);
    assert_eq!(deeds(&world).await, ["remove", "suspend", "invite"]);
    world.end().await;
}

#[tokio::test]
async fn a_partnership_is_administered_whole() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let client = &world.client;
    let probation = "/directory/agencies/sample-probation";
    let name = json!({ "name": "Sample Probation" });
    assert_eq!(client.put_at(ADMINISTRATOR, probation, None, &name).await.status, 201);
    let senior = entry(NEWCOMER, "agency-senior", Some("sample-probation"));
    let invited = client.put_at(ADMINISTRATOR, &of(NEWCOMER), None, &senior).await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    let contact = entry(DEPUTY, "agency-contact", Some("sample-probation"));
    assert_eq!(client.put_at(NEWCOMER, &of(DEPUTY), None, &contact).await.status, 201);
    client.delete(ADMINISTRATOR, probation, None).await.refused(409);

    // A senior reaches no other agency, and nobody raises themselves.
    let elsewhere = entry("another-1", "agency-contact", Some("sample-police"));
    client.put_at(NEWCOMER, "/directory/people/another-1", None, &elsewhere).await.refused(403);
    client.get(NEWCOMER, &of(POLICE_CONTACT)).await.refused(404);
    client.delete(NEWCOMER, &of(POLICE_CONTACT), Some("\"d1\"")).await.refused(404);
    for who in [NEWCOMER, COORDINATOR, ADMINISTRATOR] {
        let shown = client.get(ADMINISTRATOR, &of(who)).await;
        let tag = shown.etag.clone();
        let mut raised = entry(who, "csp-chair", None);
        raised["email"] = shown.ok()["email"].clone();
        client.put_at(who, &of(who), tag.as_deref(), &raised).await.refused(403);
    }

    let own = client.get(ADMINISTRATOR, &of(ADMINISTRATOR)).await.etag;
    client.delete(ADMINISTRATOR, &of(ADMINISTRATOR), own.as_deref()).await.refused(409);
    let tag = client.get(ADMINISTRATOR, &of(DEPUTY)).await.etag;
    let deputy = entry(DEPUTY, "administrator", None);
    client.put_at(ADMINISTRATOR, &of(DEPUTY), tag.as_deref(), &deputy).await.ok();
    let gone = client.delete(DEPUTY, &of(ADMINISTRATOR), own.as_deref()).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    client.get(ADMINISTRATOR, "/directory/people").await.refused(403);

    let duty = "/directory/duties/dpo";
    let address = json!({ "email": "new-dpo@sample-csp.example" });
    client.put_at(DEPUTY, duty, None, &address).await.ok();
    assert_eq!(client.get(COORDINATOR, duty).await.ok()["email"], address["email"]);
    let history = client.get(DEPUTY, "/directory/history").await;
    assert!(!history.text.contains('@'), "no address is remembered: {}", history.text);
    let people = client.get(DEPUTY, "/directory/people?limit=100").await.ok();
    let ids: Vec<_> = people["people"].as_array().unwrap().iter().map(|it| &it["actor"]).collect();
    assert!(ids.contains(&&json!(NEWCOMER)) && !ids.contains(&&json!(ADMINISTRATOR)));
    world.end().await;
}

/// Whether a person had mail about the case since the test last looked.
async fn is_told(case: &Casefile<'_>, person: Person) -> bool {
    told(&case.new_mails().await).iter().any(|(to, _)| to == person)
}

/// What administrators did, the latest first.
async fn deeds(world: &World) -> Vec<String> {
    let history = world.client.get(ADMINISTRATOR, "/directory/history").await.ok();
    let changes = history["changes"].as_array().unwrap().clone();
    changes.iter().map(|it| it["deeds"][0].as_str().unwrap().to_owned()).collect()
}
