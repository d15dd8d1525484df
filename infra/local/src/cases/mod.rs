//! Sample cases, one for each request of the API that changes something, standing where the
//! example of that request is accepted as it is. They are made when someone asks for them: a
//! fresh system has no case, so that what one sees in it is what one did.

pub mod describe;
mod play;
mod way;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use cloud::Cloud;
use review::act::{Action, Via};
use review::sample;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::LocalError;
use crate::demo::client::{Client, player, text};
use play::Player;

/// The file of the data folder that keeps which cases were made.
pub const FILE: &str = "sample-cases.json";

/// Where one request of the API can be tried with its example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleCase {
    /// The request, by its `operationId`.
    pub operation: String,
    /// The sample person who may make it.
    pub actor: String,
    /// The case.
    pub reference: String,
    /// The document in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What to send as `If-Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<String>,
}

/// The sample cases of a data folder.
pub struct SampleCases {
    file: PathBuf,
    made: Mutex<Vec<SampleCase>>,
}

impl SampleCases {
    /// Those that were made before.
    ///
    /// # Errors
    /// Their file cannot be read.
    pub fn open(data: &Path) -> Result<Self, LocalError> {
        let file = data.join(FILE);
        let made = match fs::read(&file) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| LocalError::file(&file, error))?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(LocalError::file(&file, error)),
        };
        Ok(Self { file, made: Mutex::new(made) })
    }

    /// Those that there are.
    pub async fn list(&self) -> Vec<SampleCase> {
        self.made.lock().await.clone()
    }

    /// Makes them, unless that was done. `base` is where the system serves.
    ///
    /// # Errors
    /// A step was refused, or the file cannot be written.
    pub async fn make(&self, cloud: &Cloud, base: &str) -> Result<Vec<SampleCase>, LocalError> {
        let mut made = self.made.lock().await;
        if made.is_empty() {
            // The file among them waits for the scanner, so it goes first.
            let mut cases = for_documents(cloud, base).await?;
            for &action in Action::ALL.iter().filter(|action| action.via() == Via::Actions) {
                cases.push(for_act(cloud, action).await?);
            }
            let text = serde_json::to_vec(&cases).map_err(std::io::Error::from);
            text.and_then(|text| fs::write(&self.file, text))
                .map_err(|reason| LocalError::file(&self.file, reason))?;
            *made = cases;
        }
        Ok(made.clone())
    }
}

async fn for_act(cloud: &Cloud, action: Action) -> Result<SampleCase, LocalError> {
    let (player, who) = Player::before(cloud, action)?;
    player.write(cloud).await?;
    Ok(SampleCase {
        operation: action.name().to_owned(),
        actor: who.id.to_string(),
        reference: player.case.reference.to_string(),
        document: None,
        if_match: player.tag(action)?,
    })
}

/// The requests about files, whose bytes are really sent.
async fn for_documents(cloud: &Cloud, base: &str) -> Result<Vec<SampleCase>, LocalError> {
    let client = Client::new(base);
    let (player, author) = Player::before(cloud, Action::SubmitImr)?;
    player.write(cloud).await?;
    let reference = player.case.reference.to_string();
    let author = player_of(&author.id.to_string())?;
    let example = sample::body(Action::BeginUpload);
    let size = example["size"].as_u64().and_then(|size| usize::try_from(size).ok());
    let file = vec![b' '; size.unwrap_or_default()];
    let new = json!({ "kind": example["kind"], "name": example["name"], "size": file.len() });
    let documents = format!("/cases/{reference}/documents");
    let case = |operation: &str, document: Option<String>| SampleCase {
        operation: operation.to_owned(),
        actor: author.name.to_owned(),
        reference: reference.clone(),
        document,
        if_match: None,
    };
    let mut cases = vec![case("begin-upload", None)];
    for operation in ["sign-part", "complete-upload", "abandon-upload"] {
        let begun = client.post(author, &documents, &new).await?.ok()?;
        let id = text(&begun["document"]["id"]);
        if operation == "complete-upload" {
            client.part(author, &reference, &id, 1, &file).await?.ok()?;
        }
        cases.push(case(operation, Some(id)));
    }
    let read: Value = client.upload(author, &reference, &new, &file).await?;
    client.mails().await?;
    cases.push(case("read-document", Some(text(&read["document"]))));
    Ok(cases)
}

fn player_of(name: &str) -> Result<crate::demo::client::Player, LocalError> {
    crate::sample::people()
        .find(|person| person.actor == name)
        .map(|person| player(person.actor))
        .ok_or_else(|| LocalError::SampleCase(format!("there is no {name}")))
}
