//! Documents from the first part to the last reader, against an S3 that verifies what it is sent.
#![allow(
    clippy::unwrap_used,
    clippy::assigning_clones,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

#[path = "../../../infra/local/tests/folder/mod.rs"]
mod folder;
#[path = "../../../shared/edge/tests/world/mod.rs"]
mod world;

use aws_sdk_dynamodb::config::Region;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cloud::app::{CommandKey, Refer, Run};
use cloud::files::PART_SIZE;
use edge::Response;
use lambda_http::http::Method;
use lambda_http::{Context, LambdaEvent};
use local::backend::s3::{Credentials, EmbeddedS3, start};
use review::values::{ActorId, CspId, Reference};
use review::{Action, Actor, Command, EventKind, Role, sample};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use folder::Folder;
use world::{Asked, World};

/// A partnership, a case in scoping, and S3.
struct Desk {
    world: World,
    reference: String,
    s3: EmbeddedS3,
    _folder: Folder,
}

const PEOPLE: &[(&str, Role, Option<&str>)] = &[
    ("coordinator", Role::Coordinator, None),
    ("chair", Role::CspChair, None),
    ("referrer", Role::Referrer, None),
    ("health", Role::AgencyContact, Some("sample-health")),
    ("health-too", Role::AgencyContact, Some("sample-health")),
    ("council", Role::AgencyContact, Some("sample-council")),
    ("police", Role::Police, Some("sample-police")),
    ("subgroup", Role::DecisionSubgroup, None),
    ("home-office", Role::HomeOffice, None),
];

impl Desk {
    async fn new() -> Self {
        let folder = Folder::new();
        let credentials =
            Credentials { access_key_id: "test".to_owned(), secret_access_key: "test".to_owned() };
        let s3 = start(folder.path(), 0, &credentials).await.unwrap();
        s3.ensure_bucket("documents").await.unwrap();
        let endpoint = s3.endpoint().to_owned();
        let world = World::with("sample-csp=Sample Partnership", |_, sdk| {
            sdk.clone()
                .into_builder()
                .endpoint_url(endpoint)
                .region(Region::new("eu-west-2"))
                .build()
        })
        .await;
        for (actor, role, agency) in PEOPLE {
            world.join(actor, &[*role], *agency).await;
        }
        let mut desk = Self { world, reference: String::new(), s3, _folder: folder };
        desk.refer().await;
        desk.run(Action::StartScoping, Some(1)).await;
        desk
    }

    async fn refer(&mut self) {
        let actor = ActorId::parse("referrer").unwrap();
        let refer = Refer {
            csp: CspId::parse(world::CSP).unwrap(),
            referral: sample::referral().unwrap(),
            key: CommandKey::parse(&actor, "test", "k").unwrap(),
            reply: &|case, _| json!(case.reference),
            actor,
        };
        let done = self.world.gate.cloud.app.refer(refer).await.unwrap();
        self.reference = done.reply.as_str().unwrap().to_owned();
    }

    /// The coordinator does something.
    async fn run(&self, action: Action, if_match: Option<u64>) {
        let today = review::dates::london_date(self.world.gate.cloud.clock.now());
        let command: Command = action.read(sample::fitted(action, today)).unwrap();
        let csp = CspId::parse(world::CSP).unwrap();
        let actor = Actor {
            id: ActorId::parse("coordinator").unwrap(),
            role: Role::Coordinator,
            csp: csp.clone(),
            agency: None,
        };
        let reference = Reference::parse(&self.reference).unwrap();
        let run = Run {
            actor: &actor,
            csp: &csp,
            reference: &reference,
            command: &command,
            if_match,
            version: None,
            key: None,
            reply: &|_, _| Value::Null,
        };
        self.world.gate.cloud.app.run(run).await.unwrap();
    }

    fn path(&self, rest: &str) -> String {
        format!("/cases/{}/documents{rest}", self.reference)
    }

    async fn send(&self, asked: Asked) -> Response {
        documents::handle(&self.world.gate, asked.build()).await
    }

    async fn post(&self, actor: &str, rest: &str, body: Option<&Value>) -> Response {
        let asked = self.world.ask(actor, Method::POST, &self.path(rest));
        self.send(body.map_or(asked, |_| {
            self.world.ask(actor, Method::POST, &self.path(rest)).json(body.unwrap())
        }))
        .await
    }

    async fn get(&self, actor: &str, rest: &str) -> Response {
        self.send(self.world.ask(actor, Method::GET, &self.path(rest))).await
    }

    /// Begins an upload and gives its id.
    async fn begin(&self, actor: &str, kind: &str, size: usize) -> String {
        let body = json!({ "kind": kind, "name": "Sample return.pdf", "size": size });
        let response = self.post(actor, "", Some(&body)).await;
        let begun = good(&response, 201);
        begun["document"]["id"].as_str().unwrap().to_owned()
    }

    /// Sends one part of a file to where the service says.
    async fn part(&self, actor: &str, id: &str, file: &[u8], number: usize) -> Value {
        let part = cut(file, number);
        let body = json!({ "number": number, "size": part.len(), "sha256": sha256(part) });
        let link = good(&self.post(actor, &format!("/{id}/parts"), Some(&body)).await, 200);
        assert_eq!(put(&link, part).await, 200);
        link
    }

    /// Uploads a whole file and gives its id.
    async fn upload(&self, actor: &str, kind: &str, file: &[u8]) -> String {
        let id = self.begin(actor, kind, file.len()).await;
        for number in 1..=file.chunks(part_size()).count() {
            self.part(actor, &id, file, number).await;
        }
        good(&self.post(actor, &format!("/{id}/complete"), None).await, 200);
        id
    }

    /// The key of a document, from the case as it is stored.
    async fn key(&self, id: &str) -> String {
        let csp = CspId::parse(world::CSP).unwrap();
        let reference = Reference::parse(&self.reference).unwrap();
        let case = self.world.gate.cloud.store.load(&csp, &reference).await.unwrap().unwrap().case;
        let id = review::values::DocumentId::parse(id).unwrap();
        case.file.documents[&id].key.clone()
    }

    async fn event(&self, id: &str, verdict: &str) -> Value {
        let key = self.key(id).await;
        json!({
            "version": "0",
            "id": format!("{id}-{}", verdict.to_ascii_lowercase()),
            "detail-type": "GuardDuty Malware Protection Object Scan Result",
            "source": "aws.guardduty",
            "time": "2027-01-04T10:00:30Z",
            "detail": {
                "scanStatus": "COMPLETED",
                "s3ObjectDetails": { "bucketName": "documents", "objectKey": key, "versionId": null },
                "scanResultDetails": { "scanResultStatus": verdict, "threats": null },
            },
        })
    }

    async fn scan(&self, id: &str, verdict: &str) {
        documents::scanned(&self.world.gate.cloud, &self.event(id, verdict).await).await.unwrap();
    }

    async fn kinds(&self) -> Vec<EventKind> {
        let csp = CspId::parse(world::CSP).unwrap();
        let reference = Reference::parse(&self.reference).unwrap();
        let page = self.world.gate.cloud.store.history(&csp, &reference, 0, 100).await.unwrap();
        page.entries.iter().map(|entry| entry.envelope.kind).collect()
    }

    fn objects(&self) -> usize {
        self.s3.objects().completed().len()
    }
}

fn part_size() -> usize {
    usize::try_from(PART_SIZE).unwrap()
}

fn cut(file: &[u8], number: usize) -> &[u8] {
    file.chunks(part_size()).nth(number - 1).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

/// S3's composite SHA-256: the recipe that the documentation gives.
fn composite(file: &[u8]) -> String {
    let digests: Vec<u8> = file.chunks(part_size()).flat_map(Sha256::digest).collect();
    format!("{}-{}", sha256(&digests), file.chunks(part_size()).count())
}

fn file(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251).to_le_bytes()[0]).collect()
}

fn good(response: &Response, status: u16) -> Value {
    let body = world::json(response);
    assert_eq!(response.status(), status, "{body}");
    body
}

/// Sends bytes to a signed link with the headers it names.
async fn put(link: &Value, bytes: &[u8]) -> u16 {
    let mut request =
        reqwest::Client::new().put(link["url"].as_str().unwrap()).body(bytes.to_vec());
    for (name, value) in link["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_file_is_uploaded_checked_and_read() {
    let desk = Desk::new().await;
    let file = file(part_size() + 1000);
    let body = json!({ "kind": "scoping-return", "name": "Return \"1\".pdf", "size": file.len() });
    let response = desk.post("health", "", Some(&body)).await;
    let begun = good(&response, 201);
    let id = begun["document"]["id"].as_str().unwrap();
    assert_eq!(world::header(&response, "location"), desk.path(&format!("/{id}")));
    assert_eq!((&begun["part_size"], &begun["parts"]), (&json!(PART_SIZE), &json!(2)));
    assert_eq!(begun["document"]["agency"], "sample-health");
    assert_eq!(begun["document"]["status"], "uploading");
    for number in 1..=2 {
        desk.part("health", id, &file, number).await;
    }
    let complete = format!("/{id}/complete");
    let done = good(&desk.post("health", &complete, None).await, 200);
    assert_eq!(done["document"]["status"], "being-checked");
    assert_eq!(done["document"]["hash"], composite(&file));
    assert_eq!(good(&desk.post("health", &complete, Some(&json!({}))).await, 200), done);
    let read = format!("/{id}/read");
    assert_eq!(desk.post("health", &read, None).await.status(), 409);
    desk.scan(id, "NO_THREATS_FOUND").await;
    let opened = desk.post("health", &read, None).await;
    let link = good(&opened, 200);
    assert_eq!(link["expires_in"], 60);
    assert_eq!(link["hash"], composite(&file));
    assert!(link["url"].as_str().unwrap().contains("X-Amz-Expires=60"));
    let answer = reqwest::get(link["url"].as_str().unwrap()).await.unwrap();
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"Return _1_.pdf\""), "{disposition}");
    assert_eq!(answer.bytes().await.unwrap(), file);
    assert_eq!(
        desk.kinds().await[2..],
        [
            EventKind::UploadBegun,
            EventKind::UploadCompleted,
            EventKind::ScanRecorded,
            EventKind::DocumentRead
        ]
    );
    // Each reading is recorded.
    good(&desk.post("coordinator", &read, None).await, 200);
    assert_eq!(desk.kinds().await.last(), Some(&EventKind::DocumentRead));
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_where_it_stopped() {
    let desk = Desk::new().await;
    let file = file(2 * part_size() + 5);
    let id = desk.begin("health", "chronology", file.len()).await;
    desk.part("health", &id, &file, 2).await;
    let shown = good(&desk.get("health-too", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([1, 3]));
    assert_eq!(
        shown["upload"]["held"],
        json!([{ "number": 2, "size": part_size(), "sha256": sha256(cut(&file, 2)) }])
    );
    let early = desk.post("health", &format!("/{id}/complete"), None).await;
    assert_eq!(early.status(), 409);
    assert!(world::json(&early)["detail"].as_str().unwrap().contains("1, 3"));
    // A colleague at another machine sends the rest.
    desk.part("health-too", &id, &file, 3).await;
    desk.part("health-too", &id, &file, 1).await;
    let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([]));
    let done = good(&desk.post("health-too", &format!("/{id}/complete"), None).await, 200);
    assert_eq!(done["document"]["hash"], composite(&file));
}

#[tokio::test]
async fn an_upload_that_s3_completed_but_nobody_recorded_is_recorded_by_the_next_try() {
    let desk = Desk::new().await;
    let file = file(1000);
    let id = desk.begin("health", "scoping-return", file.len()).await;
    desk.part("health", &id, &file, 1).await;
    let csp = CspId::parse(world::CSP).unwrap();
    let reference = Reference::parse(&desk.reference).unwrap();
    let case = desk.world.gate.cloud.store.load(&csp, &reference).await.unwrap().unwrap().case;
    let document = case.file.documents.values().next().unwrap();
    desk.world.gate.cloud.files.complete(&document.key, &document.upload_id).await.unwrap();
    // The scanner may be faster than the person who tries again: its result is kept for later.
    let early =
        documents::scanned(&desk.world.gate.cloud, &desk.event(&id, "NO_THREATS_FOUND").await)
            .await;
    assert!(early.unwrap_err().is_retryable());
    let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([]));
    let done = good(&desk.post("health", &format!("/{id}/complete"), None).await, 200);
    assert_eq!(done["document"]["hash"], composite(&file));
    desk.scan(&id, "NO_THREATS_FOUND").await;
    good(&desk.post("health", &format!("/{id}/read"), None).await, 200);
}

#[tokio::test]
async fn a_part_is_signed_for_exactly_its_content() {
    let desk = Desk::new().await;
    let file = file(1000);
    let id = desk.begin("health", "scoping-return", file.len()).await;
    let parts = format!("/{id}/parts");
    let digest = sha256(&file);
    for (body, pointer) in [
        (json!({ "number": 0, "size": 1000, "sha256": digest }), "/number"),
        (json!({ "number": 2, "size": 1000, "sha256": digest }), "/number"),
        (json!({ "number": -1, "size": 1000, "sha256": digest }), "/number"),
        (json!({ "number": 1, "size": 999, "sha256": digest }), "/size"),
        (json!({ "number": 1, "size": 1000, "sha256": "x" }), "/sha256"),
        (json!({ "number": 1, "size": 1000, "sha256": &digest[..43] }), "/sha256"),
        (json!({ "number": 1, "size": 1000 }), "/sha256"),
        (json!({ "number": 1, "size": 1000, "sha256": digest, "key": "other" }), ""),
    ] {
        let problem = good(&desk.post("health", &parts, Some(&body)).await, 422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let body = json!({ "number": 1, "size": 1000, "sha256": digest });
    let link = good(&desk.post("health", &parts, Some(&body)).await, 200);
    let mut other = file.clone();
    other[0] ^= 1;
    assert!(put(&link, &other).await >= 400);
    let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
    assert_eq!(shown["upload"]["missing"], json!([1]));
    assert_eq!(put(&link, &file).await, 200);
}

#[tokio::test]
async fn only_a_clean_document_can_be_read() {
    let desk = Desk::new().await;
    for (verdict, status, says) in [
        ("NO_THREATS_FOUND", "clean", ""),
        ("THREATS_FOUND", "infected", "malware"),
        ("UNSUPPORTED", "locked", "password"),
        ("ACCESS_DENIED", "not-checked", "again"),
        ("FAILED", "not-checked", "again"),
    ] {
        let id = desk.upload("health", "scoping-return", &file(100)).await;
        let before = desk.kinds().await.len();
        desk.scan(&id, verdict).await;
        desk.scan(&id, verdict).await;
        let infected = usize::from(verdict == "THREATS_FOUND");
        assert_eq!(desk.kinds().await.len(), before + 1 + infected, "{verdict}");
        let shown = good(&desk.get("health", &format!("/{id}")).await, 200);
        assert_eq!(shown["document"]["status"], status);
        let read = desk.post("coordinator", &format!("/{id}/read"), None).await;
        if status == "clean" {
            good(&read, 200);
        } else {
            let problem = good(&read, 409);
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
            assert_eq!(desk.kinds().await.len(), before + 1 + infected);
        }
    }
}

#[tokio::test]
async fn an_agency_never_sees_anothers_document() {
    let desk = Desk::new().await;
    let id = desk.upload("health", "scoping-return", &file(100)).await;
    let going_on = desk.begin("health", "chronology", 1000).await;
    desk.scan(&id, "NO_THREATS_FOUND").await;
    let part = json!({ "number": 1, "size": 1000, "sha256": sha256(&file(1000)) });
    let before = desk.kinds().await;
    for actor in ["council", "police", "referrer", "home-office"] {
        for (real, rest, body) in [
            (&id, "", None),
            (&id, "/read", None),
            (&id, "/complete", None),
            (&going_on, "", None),
            (&going_on, "/parts", Some(&part)),
            (&going_on, "/complete", None),
            (&going_on, "/abandon", None),
        ] {
            let ask = async |id: &str| match rest {
                "" => desk.get(actor, &format!("/{id}")).await,
                _ => desk.post(actor, &format!("/{id}{rest}"), body).await,
            };
            let (theirs, absent) = (ask(real).await, ask("0d5f").await);
            assert_eq!(world::json(&theirs), world::json(&absent), "{actor} {rest}");
            assert!(matches!(theirs.status().as_u16(), 403 | 404), "{actor} {rest}");
        }
    }
    assert_eq!(desk.get("council", &format!("/{id}")).await.status(), 404);
    assert_eq!(desk.kinds().await, before);
    let named =
        json!({ "kind": "scoping-return", "name": "x.pdf", "size": 10, "agency": "sample-health" });
    let problem = good(&desk.post("council", "", Some(&named)).await, 422);
    assert_eq!(problem["errors"][0]["pointer"], "/agency");
    good(&desk.get("coordinator", &format!("/{id}")).await, 200);
}

#[tokio::test]
async fn nothing_is_begun_in_s3_that_the_domain_refuses() {
    let desk = Desk::new().await;
    let before = desk.world.items().await;
    for (actor, body, status) in [
        ("health", json!({ "kind": "overview-report", "name": "x", "size": 1 }), 422),
        ("health", json!({ "kind": "scoping-return", "name": "x", "size": 0 }), 422),
        (
            "health",
            json!({ "kind": "scoping-return", "name": "x", "size": 3_000_000_000_u64 }),
            422,
        ),
        ("health", json!({ "kind": "scoping-return", "name": "x\u{202e}fdp.exe", "size": 1 }), 422),
        ("health", json!({ "kind": "novel", "name": "x", "size": 1 }), 422),
        ("health", json!({ "kind": "scoping-return", "name": "x", "size": 1, "key": "k" }), 422),
        ("health", json!({ "kind": "scoping-return", "name": "x" }), 422),
        (
            "coordinator",
            json!({ "kind": "letter", "name": "x", "size": 1, "agency": "sample-health" }),
            422,
        ),
        ("subgroup", json!({ "kind": "letter", "name": "x", "size": 1 }), 403),
        ("home-office", json!({ "kind": "letter", "name": "x", "size": 1 }), 404),
        ("stranger", json!({ "kind": "letter", "name": "x", "size": 1 }), 404),
    ] {
        let problem = good(&desk.post(actor, "", Some(&body)).await, status);
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{problem}");
    }
    assert_eq!(desk.world.items().await, before);
    assert_eq!(desk.objects(), 0);
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let desk = Desk::new().await;
    let file = file(1000);
    let id = desk.begin("coordinator", "letter", file.len()).await;
    let link = desk.part("coordinator", &id, &file, 1).await;
    let given_up = good(&desk.post("coordinator", &format!("/{id}/abandon"), None).await, 200);
    assert_eq!(given_up["document"]["status"], "abandoned");
    assert_eq!(
        good(&desk.post("coordinator", &format!("/{id}/abandon"), None).await, 200),
        given_up
    );
    assert!(put(&link, &file).await >= 400);
    for rest in ["/complete", "/read"] {
        assert_eq!(
            desk.post("coordinator", &format!("/{id}{rest}"), None).await.status(),
            409,
            "{rest}"
        );
    }
}

#[tokio::test]
async fn scan_results_that_are_not_ours_change_nothing() {
    let desk = Desk::new().await;
    let id = desk.upload("health", "scoping-return", &file(100)).await;
    let before = desk.kinds().await;
    let event = desk.event(&id, "NO_THREATS_FOUND").await;
    let key = desk.key(&id).await;
    let with = |pointer: &str, value: &str| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).unwrap() = value.into();
        event
    };
    let object = "/detail/s3ObjectDetails/objectKey";
    for other in [
        with("/detail/s3ObjectDetails/bucketName", "another"),
        with(object, "report.pdf"),
        with(object, &key.replace("sample-health", "sample-council")),
        with(object, &key.replace("sample-csp", "other-csp")),
        with(object, &key.replace(&id, "0d5f")),
        with("/detail-type", "Another event"),
    ] {
        documents::scanned(&desk.world.gate.cloud, &other).await.unwrap();
    }
    assert_eq!(desk.kinds().await, before);
    for unreadable in [
        json!({ "detail-type": "x" }),
        with("/detail/scanResultDetails/scanResultStatus", "PROBABLY_FINE"),
        with("/time", "today"),
    ] {
        let fault = documents::scanned(&desk.world.gate.cloud, &unreadable).await.unwrap_err();
        assert!(!fault.is_retryable());
    }
    assert_eq!(desk.kinds().await, before);
}

#[tokio::test]
async fn the_function_takes_requests_and_scan_results() {
    let desk = Desk::new().await;
    let token = format!("Bearer {}", desk.world.signer.token("coordinator"));
    for event in [
        include_str!("../../../infra/events/apigw-v1-document.json"),
        include_str!("../../../infra/events/apigw-v2-document.json"),
    ] {
        let event =
            event.replace("DHR-3333-3333", &desk.reference).replace("Bearer REPLACE-ME", &token);
        let payload: Value = serde_json::from_str(&event).unwrap();
        let event = LambdaEvent::new(payload, Context::default());
        let answer = documents::invoke(&desk.world.gate, event).await.unwrap();
        assert_eq!(answer["statusCode"], 201, "{answer}");
        let begun: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(begun["document"]["kind"], "letter");
    }
    let id = desk.upload("health", "scoping-return", &file(100)).await;
    let scanned = LambdaEvent::new(desk.event(&id, "NO_THREATS_FOUND").await, Context::default());
    assert_eq!(documents::invoke(&desk.world.gate, scanned).await.unwrap(), Value::Null);
    assert_eq!(desk.kinds().await.last(), Some(&EventKind::ScanRecorded));
    let nonsense = LambdaEvent::new(json!({ "hello": "world" }), Context::default());
    assert!(documents::invoke(&desk.world.gate, nonsense).await.is_err());
}

#[tokio::test]
async fn the_sample_scan_results_can_be_read() {
    let desk = Desk::new().await;
    for event in [
        include_str!("../../../infra/events/guardduty-clean.json"),
        include_str!("../../../infra/events/guardduty-threats.json"),
        include_str!("../../../infra/events/guardduty-unsupported.json"),
        include_str!("../../../infra/events/guardduty-access-denied.json"),
        include_str!("../../../infra/events/guardduty-failed.json"),
    ] {
        let event: Value = serde_json::from_str(event).unwrap();
        documents::scanned(&desk.world.gate.cloud, &event).await.unwrap();
    }
}
