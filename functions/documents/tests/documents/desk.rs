//! A partnership with its people, a case in scoping, and S3; files and how they are sent.

use aws_sdk_dynamodb::config::Region;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cloud::app::{CommandKey, Refer, Run};
use cloud::files::PART_SIZE;
use edge::Response;
use lambda_http::http::Method;
use local::backend::s3::{Credentials, EmbeddedS3, start};
use review::values::{ActorId, CspId, Reference};
use review::{Action, Actor, Command, EventKind, Role, sample};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::folder::Folder;
use crate::world::{self, Asked, World};

/// A partnership, a case in scoping, and S3.
pub struct Desk {
    pub world: World,
    pub reference: String,
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
    pub async fn new() -> Self {
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

    pub async fn refer(&mut self) {
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
    pub async fn run(&self, action: Action, if_match: Option<u64>) {
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

    pub fn path(&self, rest: &str) -> String {
        format!("/cases/{}/documents{rest}", self.reference)
    }

    pub async fn send(&self, asked: Asked) -> Response {
        documents::handle(&self.world.gate, asked.build()).await
    }

    pub async fn post(&self, actor: &str, rest: &str, body: Option<&Value>) -> Response {
        let asked = self.world.ask(actor, Method::POST, &self.path(rest));
        self.send(body.map_or(asked, |_| {
            self.world.ask(actor, Method::POST, &self.path(rest)).json(body.unwrap())
        }))
        .await
    }

    pub async fn get(&self, actor: &str, rest: &str) -> Response {
        self.send(self.world.ask(actor, Method::GET, &self.path(rest))).await
    }

    /// Begins an upload and gives its id.
    pub async fn begin(&self, actor: &str, kind: &str, size: usize) -> String {
        let body = json!({ "kind": kind, "name": "Sample return.pdf", "size": size });
        let response = self.post(actor, "", Some(&body)).await;
        let begun = good(&response, 201);
        begun["document"]["id"].as_str().unwrap().to_owned()
    }

    /// Sends one part of a file to where the service says.
    pub async fn part(&self, actor: &str, id: &str, file: &[u8], number: usize) -> Value {
        let part = cut(file, number);
        let body = json!({ "number": number, "size": part.len(), "sha256": sha256(part) });
        let link = good(&self.post(actor, &format!("/{id}/parts"), Some(&body)).await, 200);
        assert_eq!(put(&link, part).await, 200);
        link
    }

    /// Uploads a whole file and gives its id.
    pub async fn upload(&self, actor: &str, kind: &str, file: &[u8]) -> String {
        let id = self.begin(actor, kind, file.len()).await;
        for number in 1..=file.chunks(part_size()).count() {
            self.part(actor, &id, file, number).await;
        }
        good(&self.post(actor, &format!("/{id}/complete"), None).await, 200);
        id
    }

    /// The key of a document, from the case as it is stored.
    pub async fn key(&self, id: &str) -> String {
        let csp = CspId::parse(world::CSP).unwrap();
        let reference = Reference::parse(&self.reference).unwrap();
        let case = self.world.gate.cloud.store.load(&csp, &reference).await.unwrap().unwrap().case;
        let id = review::values::DocumentId::parse(id).unwrap();
        case.file.documents[&id].key.clone()
    }

    pub async fn event(&self, id: &str, verdict: &str) -> Value {
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

    pub async fn scan(&self, id: &str, verdict: &str) {
        documents::scanned(&self.world.gate.cloud, &self.event(id, verdict).await).await.unwrap();
    }

    pub async fn kinds(&self) -> Vec<EventKind> {
        let csp = CspId::parse(world::CSP).unwrap();
        let reference = Reference::parse(&self.reference).unwrap();
        let page = self.world.gate.cloud.store.history(&csp, &reference, 0, 100).await.unwrap();
        page.entries.iter().map(|entry| entry.envelope.kind).collect()
    }

    pub fn objects(&self) -> usize {
        self.s3.objects().completed().len()
    }
}
pub fn part_size() -> usize {
    usize::try_from(PART_SIZE).unwrap()
}

pub fn cut(file: &[u8], number: usize) -> &[u8] {
    file.chunks(part_size()).nth(number - 1).unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

/// S3's composite SHA-256: the recipe that the documentation gives.
pub fn composite(file: &[u8]) -> String {
    let digests: Vec<u8> = file.chunks(part_size()).flat_map(Sha256::digest).collect();
    format!("{}-{}", sha256(&digests), file.chunks(part_size()).count())
}

pub fn file(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251).to_le_bytes()[0]).collect()
}

pub fn good(response: &Response, status: u16) -> Value {
    let body = world::json(response);
    assert_eq!(response.status(), status, "{body}");
    body
}

/// Sends bytes to a signed link with the headers it names.
pub async fn put(link: &Value, bytes: &[u8]) -> u16 {
    let mut request =
        reqwest::Client::new().put(link["url"].as_str().unwrap()).body(bytes.to_vec());
    for (name, value) in link["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.send().await.unwrap().status().as_u16()
}
