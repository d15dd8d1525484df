//! `cargo run -- verify`: every history in the data folder, held to its chain and to the anchors.
//! It starts the services on the folder and nothing else, and changes nothing in the tables.

use std::path::Path;
use std::sync::Arc;

use cloud::Budget;
use cloud::audit::Scope;

use crate::LocalError;
use crate::backend::dynamodb;
use crate::backend::mailbox::{self, Mailbox};
use crate::clock::{LocalClock, Wall};
use crate::outside::{Outside, environment};
use crate::services::{NAMES_FILE, Origin, Services};
use crate::system::claim;
use crate::tokens::Tokens;

/// Prints one line for each finding and a last one that says what was looked at. Gives whether
/// there was none.
///
/// # Errors
/// The folder holds nothing, another copy of the program uses it, or it cannot be read.
pub async fn run(data: &Path, from: Origin<'_>, wall: Wall) -> Result<bool, LocalError> {
    let kept_in = if from.emulator.is_some() { NAMES_FILE } else { dynamodb::FILE };
    if !data.join(kept_in).exists() {
        return Err(LocalError::Nothing { path: data.to_owned() });
    }
    let _lock = claim(data)?;
    let clock = LocalClock::open(data, Arc::clone(&wall), None)?;
    let tokens = Tokens::open(data, Arc::clone(&wall))?;
    let shown = clock.clone();
    let mailbox = Mailbox::open(None, mailbox::Settings::new(Arc::new(move || shown.now())))?;
    let services = Services::start(data, from, &mailbox).await?;
    let clocks = [clock.domain(), cloud::Clock::new(wall)];
    let outside = Outside::new(&environment(0, &tokens, &services), clocks, &services)?;
    let cloud = outside.open(None).await?.cloud;
    let verified = cloud.audit.verify(Scope::All, &Budget::endless()).await;
    services.stop().await;
    let verified = verified.map_err(|fault| LocalError::Unverified(fault.chain()))?;
    for finding in &verified.findings {
        println!("{finding}");
    }
    println!(
        "cases {}, events {}, anchors {}, findings {}",
        verified.cases,
        verified.events,
        verified.anchors,
        verified.findings.len()
    );
    Ok(verified.findings.is_empty())
}
