//! People, agencies and duties through the handler: who may, on which version, and what is kept.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use chrono::TimeDelta;
use edge::Response;
use futures::future::join_all;
use lambda_http::http::Method;
use review::Role;
use serde_json::{Value, json};

use world::{World, header, json as body};

struct Scene(World);

impl Scene {
    /// Two administrators, a coordinator, and two agencies with a senior and a contact each.
    async fn new() -> Self {
        let world = World::new().await;
        for (actor, role, agency) in [
            ("admin-1", Role::Administrator, None),
            ("admin-2", Role::Administrator, None),
            ("coordinator-1", Role::Coordinator, None),
            ("health-senior", Role::AgencySenior, Some("health")),
            ("health-contact", Role::AgencyContact, Some("health")),
            ("police-senior", Role::AgencySenior, Some("police")),
            ("police-contact", Role::AgencyContact, Some("police")),
        ] {
            world.join(actor, &[role], agency).await;
        }
        let scene = Self(world);
        for agency in ["health", "police"] {
            let path = format!("/directory/agencies/{agency}");
            let made = scene.put("admin-1", &path, None, &json!({ "name": agency })).await;
            assert_eq!(made.status(), 201);
        }
        scene
    }

    async fn send(
        &self,
        who: &str,
        method: Method,
        path: &str,
        tag: Option<&str>,
        sent: Option<&Value>,
    ) -> Response {
        let mut asked = self.0.ask(who, method, path);
        if let Some(tag) = tag {
            asked = asked.header("if-match", tag);
        }
        if let Some(sent) = sent {
            asked = asked.json(sent);
        }
        directory::handle(&self.0.gate, asked.build()).await
    }

    async fn get(&self, who: &str, path: &str) -> Response {
        self.send(who, Method::GET, path, None, None).await
    }

    async fn put(&self, who: &str, path: &str, tag: Option<&str>, sent: &Value) -> Response {
        self.send(who, Method::PUT, path, tag, Some(sent)).await
    }

    async fn delete(&self, who: &str, path: &str, tag: Option<&str>) -> Response {
        self.send(who, Method::DELETE, path, tag, None).await
    }

    async fn tag(&self, person: &str) -> String {
        let shown = self.get("coordinator-1", &of(person)).await;
        assert_eq!(shown.status(), 200, "{person}");
        header(&shown, "etag").to_owned()
    }

    async fn listed(&self, who: &str) -> Vec<String> {
        let (mut all, mut path) = (Vec::new(), "/directory/people?limit=2".to_owned());
        loop {
            let page = body(&self.get(who, &path).await);
            let people = page["people"].as_array().unwrap();
            assert!(people.len() <= 2);
            all.extend(people.iter().map(|it| it["actor"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => path = format!("/directory/people?limit=2&cursor={next}"),
                None => return all,
            }
        }
    }
}

fn of(person: &str) -> String {
    format!("/directory/people/{person}")
}

fn contact(agency: &str) -> Value {
    json!({ "roles": ["agency-contact"], "agency": agency, "email": "jo@sample.example" })
}

#[tokio::test]
async fn someone_is_invited_changed_suspended_and_removed() {
    let scene = Scene::new().await;
    let made = scene.put("admin-1", &of("jo"), None, &contact("health")).await;
    assert_eq!(made.status(), 201);
    let first = header(&made, "etag").to_owned();
    let shown = body(&made);
    assert_eq!((&shown["actor"], &shown["active"]), (&json!("jo"), &json!(true)));
    // The answer may have been lost: the same again is answered alike and written once.
    let again = scene.put("admin-1", &of("jo"), None, &contact("health")).await;
    assert_eq!((again.status().as_u16(), header(&again, "etag")), (200, first.as_str()));

    scene.0.pass(TimeDelta::minutes(1));
    let mut changed = contact("health");
    changed["active"] = json!(false);
    assert_eq!(scene.put("admin-1", &of("jo"), None, &changed).await.status(), 428);
    assert_eq!(scene.put("admin-1", &of("jo"), Some("\"d1\""), &changed).await.status(), 412);
    assert_eq!(scene.put("admin-1", &of("jo"), Some("d1"), &changed).await.status(), 400);
    let suspended = scene.put("admin-1", &of("jo"), Some(&first), &changed).await;
    assert_eq!(suspended.status(), 200);
    let second = header(&suspended, "etag").to_owned();
    assert_ne!(first, second);
    assert_eq!(scene.get("jo", "/directory/people").await.status(), 403);

    scene.0.pass(TimeDelta::minutes(1));
    assert_eq!(scene.delete("admin-1", &of("jo"), None).await.status(), 428);
    assert_eq!(scene.delete("admin-1", &of("jo"), Some(&first)).await.status(), 412);
    assert_eq!(scene.delete("admin-1", &of("jo"), Some(&second)).await.status(), 204);
    assert_eq!(scene.delete("admin-1", &of("jo"), Some(&second)).await.status(), 404);
    assert_eq!(scene.get("admin-1", &of("jo")).await.status(), 404);
    assert!(!scene.listed("admin-1").await.contains(&"jo".to_owned()));

    let page = body(&scene.get("admin-1", "/directory/history?limit=3").await);
    let deeds: Vec<_> =
        page["changes"].as_array().unwrap().iter().map(|it| it["deeds"].clone()).collect();
    assert_eq!(deeds, [json!(["remove"]), json!(["suspend"]), json!(["invite"])], "latest first");
    let all = body(&scene.get("admin-1", "/directory/history?limit=100").await);
    let text = all.to_string();
    for deed in ["invite", "suspend", "remove"] {
        assert_eq!(text.matches(&format!("\"{deed}\"")).count(), 1, "{deed}");
    }
    assert!(!text.contains('@'), "no address is remembered: {text}");
    for other in ["coordinator-1", "health-senior", "police-contact"] {
        assert_eq!(scene.get(other, "/directory/history").await.status(), 403);
    }
}

#[tokio::test]
async fn whoever_was_removed_and_invited_again_has_no_former_version() {
    let scene = Scene::new().await;
    let made = scene.put("admin-1", &of("jo"), None, &contact("health")).await;
    let tag = header(&made, "etag").to_owned();
    assert_eq!(scene.delete("admin-1", &of("jo"), Some(&tag)).await.status(), 204);
    scene.0.pass(TimeDelta::seconds(1));
    let again = scene.put("admin-1", &of("jo"), None, &contact("health")).await;
    assert_eq!(again.status(), 201);
    let stale = scene.put("admin-1", &of("jo"), Some(&tag), &contact("police")).await;
    assert_eq!(stale.status(), 412);
}

#[tokio::test]
async fn of_several_changes_at_once_one_is_made_and_the_others_are_told_why() {
    let scene = Scene::new().await;
    let tag = scene.tag("health-contact").await;
    let wanted: Vec<_> = (0..4)
        .map(|n| {
            let mut moved = contact("police");
            moved["email"] = json!(format!("moved-{n}@sample.example"));
            moved
        })
        .collect();
    let path = of("health-contact");
    let answers =
        join_all(wanted.iter().map(|sent| scene.put("admin-1", &path, Some(&tag), sent))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412], "the others had read what is no more");
}

#[tokio::test]
async fn a_senior_reaches_contacts_and_authors_of_the_own_agency_alone() {
    let scene = Scene::new().await;
    assert_eq!(scene.listed("health-senior").await, ["health-contact", "health-senior"]);
    assert_eq!(scene.listed("coordinator-1").await.len(), 7);
    let made = scene.put("health-senior", &of("jo"), None, &contact("health")).await;
    assert_eq!(made.status(), 201);
    let (jo, own) = (scene.tag("jo").await, scene.tag("health-senior").await);
    let other = scene.tag("police-contact").await;
    let mut raised = contact("health");
    for role in Role::ALL {
        raised["roles"] = json!([role.name()]);
        let expected =
            if [Role::AgencyContact, Role::ImrAuthor].contains(role) { 201 } else { 403 };
        let id = format!("new-{}", role.name());
        let answer = scene.put("health-senior", &of(&id), None, &raised).await;
        assert_eq!(answer.status(), expected, "{role:?}");
        if expected == 403 {
            let answer = scene.put("health-senior", &of("jo"), Some(&jo), &raised).await;
            assert_eq!(answer.status(), 403, "{role:?}");
            let answer =
                scene.put("health-senior", &of("health-senior"), Some(&own), &raised).await;
            assert_eq!(answer.status(), 403, "{role:?}");
        }
    }
    for method in [Method::GET, Method::DELETE] {
        let mut answers = Vec::new();
        for id in ["police-contact", "nobody"] {
            let path = of(id);
            let sent = scene.send("health-senior", method.clone(), &path, Some(&other), None);
            let answer = sent.await;
            answers.push((answer.status().as_u16(), body(&answer)));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].0, 404);
    }
    for wanted in [contact("health"), contact("police")] {
        let answer = scene.put("health-senior", &of("police-contact"), Some(&other), &wanted).await;
        assert_eq!(answer.status(), 403);
    }
    assert_eq!(scene.delete("health-senior", &of("health-senior"), Some(&own)).await.status(), 403);
    assert_eq!(scene.delete("health-senior", &of("jo"), Some(&jo)).await.status(), 204);
    assert_eq!(scene.tag("police-contact").await, other);
}

#[tokio::test]
async fn nobody_raises_themselves() {
    let scene = Scene::new().await;
    for who in ["admin-1", "coordinator-1", "health-senior", "health-contact"] {
        let tag = scene.tag(who).await;
        let shown = body(&scene.get("admin-2", &of(who)).await);
        let mut roles = shown["roles"].as_array().unwrap().clone();
        roles.push(json!("csp-chair"));
        let sent = json!({ "roles": roles, "agency": shown["agency"], "email": shown["email"] });
        assert_eq!(scene.put(who, &of(who), Some(&tag), &sent).await.status(), 403, "{who}");
        assert_eq!(scene.tag(who).await, tag, "{who}");
    }
    let tag = scene.tag("admin-1").await;
    let sent = json!({ "roles": ["administrator"], "email": "new@sample.example" });
    assert_eq!(scene.put("admin-1", &of("admin-1"), Some(&tag), &sent).await.status(), 200);
}

#[tokio::test]
async fn a_partnership_never_loses_its_last_administrator() {
    let scene = Scene::new().await;
    let (one, two) = (scene.tag("admin-1").await, scene.tag("admin-2").await);
    let answers = join_all([
        scene.delete("admin-1", "/directory/people/admin-2", Some(&two)),
        scene.delete("admin-2", "/directory/people/admin-1", Some(&one)),
        scene.delete("admin-1", "/directory/people/admin-1", Some(&one)),
        scene.delete("admin-2", "/directory/people/admin-2", Some(&two)),
    ])
    .await;
    let gone = answers.iter().filter(|answer| answer.status() == 204).count();
    assert_eq!(gone, 1, "{:?}", answers.iter().map(Response::status).collect::<Vec<_>>());
    let left = if scene.get("coordinator-1", &of("admin-1")).await.status() == 200 {
        "admin-1"
    } else {
        "admin-2"
    };
    let tag = scene.tag(left).await;
    let mut suspended = json!({ "roles": ["administrator"], "email": "a@sample.example" });
    suspended["active"] = json!(false);
    for answer in [
        scene.delete(left, &of(left), Some(&tag)).await,
        scene.put(left, &of(left), Some(&tag), &suspended).await,
    ] {
        assert_eq!(
            (answer.status().as_u16(), &body(&answer)["type"]),
            (409, &json!("/problems/unmet"))
        );
    }
    let next = json!({ "roles": ["administrator"], "email": "b@sample.example" });
    assert_eq!(scene.put(left, &of("admin-3"), None, &next).await.status(), 201);
    assert_eq!(scene.delete(left, &of(left), Some(&tag)).await.status(), 204);
}

#[tokio::test]
async fn an_agency_goes_only_when_nobody_speaks_for_it() {
    let scene = Scene::new().await;
    let path = "/directory/agencies/charity";
    let unknown = scene.put("admin-1", &of("jo"), None, &contact("charity")).await;
    assert_eq!(unknown.status(), 422);
    assert_eq!(body(&unknown)["errors"][0]["pointer"], "/agency");
    assert_eq!(
        scene.put("admin-1", path, None, &json!({ "name": "A charity" })).await.status(),
        201
    );
    assert_eq!(
        scene.put("admin-1", path, None, &json!({ "name": "The charity" })).await.status(),
        200
    );
    assert_eq!(scene.put("admin-1", &of("jo"), None, &contact("charity")).await.status(), 201);
    assert_eq!(scene.delete("admin-1", path, None).await.status(), 409);
    let mut suspended = contact("charity");
    suspended["active"] = json!(false);
    let tag = scene.tag("jo").await;
    assert_eq!(scene.put("admin-1", &of("jo"), Some(&tag), &suspended).await.status(), 200);
    assert_eq!(scene.delete("admin-1", path, None).await.status(), 409);
    let tag = scene.tag("jo").await;
    assert_eq!(scene.delete("admin-1", &of("jo"), Some(&tag)).await.status(), 204);
    for who in ["coordinator-1", "health-senior"] {
        assert_eq!(scene.delete(who, path, None).await.status(), 403);
    }
    // An invitation and the deletion at once: one of them gives way.
    let wanted = contact("charity");
    let (invited, deleted) = tokio::join!(
        scene.put("admin-1", "/directory/people/jo", None, &wanted),
        scene.delete("admin-2", path, None),
    );
    let outcome = (invited.status().as_u16(), deleted.status().as_u16());
    assert!([(201, 409), (422, 204)].contains(&outcome), "{outcome:?}");
    let agencies = body(&scene.get("coordinator-1", "/directory/agencies").await).to_string();
    assert_eq!(agencies.contains("charity"), outcome.0 == 201);
    assert_eq!(scene.delete("admin-1", "/directory/agencies/none", None).await.status(), 404);
}

#[tokio::test]
async fn duties_have_addresses() {
    let scene = Scene::new().await;
    let path = "/directory/duties/dpo";
    assert_eq!(body(&scene.get("coordinator-1", path).await)["email"], Value::Null);
    for address in ["dpo@sample.example", "new@sample.example", "new@sample.example"] {
        let set = scene.put("admin-1", path, None, &json!({ "email": address })).await;
        assert_eq!(set.status(), 200);
        assert_eq!(body(&scene.get("coordinator-1", path).await)["email"], address);
    }
    assert_eq!(
        scene.put("coordinator-1", path, None, &json!({ "email": "a@b.example" })).await.status(),
        403
    );
    assert_eq!(scene.get("admin-1", "/directory/duties/none").await.status(), 404);
    assert_eq!(scene.get("health-senior", path).await.status(), 403);
}

#[tokio::test]
async fn what_cannot_be_so_is_refused_by_its_field() {
    let scene = Scene::new().await;
    for (sent, pointer) in [
        (json!({ "roles": [], "email": "a@b.example" }), "/roles"),
        (json!({ "roles": ["system"], "email": "a@b.example" }), "/roles"),
        (json!({ "roles": ["agency-contact"], "email": "a@b.example" }), "/agency"),
        (json!({ "roles": ["king"], "email": "a@b.example" }), "/roles/0"),
        (json!({ "roles": ["referrer"], "email": "nowhere" }), "/email"),
        (json!({ "roles": ["referrer"] }), "/email"),
        (json!({ "roles": ["referrer"], "email": "a@b.example", "active": "yes" }), "/active"),
        (json!({ "roles": ["referrer"], "email": "a@b.example", "agency": "No Id" }), "/agency"),
    ] {
        let answer = scene.put("admin-1", &of("jo"), None, &sent).await;
        assert_eq!(answer.status(), 422, "{sent}");
        assert_eq!(body(&answer)["errors"][0]["pointer"], pointer, "{sent}");
    }
    assert_eq!(scene.get("admin-1", &of("jo")).await.status(), 404);
    assert_eq!(scene.get("admin-1", &of("No-Id")).await.status(), 404);
    assert_eq!(
        scene.put("admin-1", &of("jo"), Some("\"d7\""), &contact("health")).await.status(),
        412
    );
    for query in ["limit=0", "limit=101", "limit=x", "cursor=x"] {
        assert_eq!(scene.get("admin-1", &format!("/directory/people?{query}")).await.status(), 400);
    }
    let posted = scene.send("admin-1", Method::POST, &of("jo"), None, Some(&json!({}))).await;
    assert_eq!((posted.status().as_u16(), header(&posted, "allow")), (405, "GET, PUT, DELETE"));
    assert_eq!(scene.get("admin-1", "/directory").await.status(), 404);
}

#[tokio::test]
async fn each_partnership_has_its_own_directory() {
    let scene = Scene::new().await;
    scene.0.enrol("stranger", "other-csp", &[Role::Administrator], None, true).await;
    assert_eq!(scene.listed("stranger").await, ["stranger"]);
    assert_eq!(scene.get("stranger", &of("admin-1")).await.status(), 404);
    let tag = scene.tag("admin-1").await;
    assert_eq!(scene.delete("stranger", &of("admin-1"), Some(&tag)).await.status(), 404);
    let cursor = body(&scene.get("admin-1", "/directory/people?limit=2").await)["next"].clone();
    let path = format!("/directory/people?cursor={}", cursor.as_str().unwrap());
    assert_eq!(scene.get("stranger", &path).await.status(), 400);
    // The same person may be invited by both, and each sees its own.
    let sent = json!({ "roles": ["referrer"], "email": "j@other.example" });
    assert_eq!(scene.put("stranger", &of("admin-1"), None, &sent).await.status(), 201);
    assert_eq!(scene.tag("admin-1").await, tag);
}
