//! How fast histories are verified: a million events, each sealed and walked by the code that
//! does it in production; only DynamoDB is left out. `cargo bench -p cloud --bench verify`; a
//! number after `--` is another number of events.

use std::error::Error;
use std::time::{Duration, Instant};

use cloud::store::{Anchored, ChainFault, Digest, Link, Walk};
use review::event::Envelope;
use review::process::State;
use review::values::{ActorId, CspId, Reference};
use review::{EventKind, Role, sample};

/// How many, where nothing else is asked for.
const EVENTS: u64 = 1_000_000;

/// How many a case has.
const PER_CASE: u64 = 250;

/// About as long as records are: most are shorter, a decision is longer.
const RECORD: usize = 1000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    // Cargo adds `--bench` to what was asked for.
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let cases = asked.unwrap_or(EVENTS).div_ceil(PER_CASE);
    let csp = CspId::parse(sample::CSP)?;
    let (mut events, mut walking, mut bytes) = (0, Duration::ZERO, 0);
    for case in 0..cases {
        let reference = Reference::from_random(case.to_be_bytes());
        let history = history(&csp, &reference)?;
        let anchored = anchors(&history);
        bytes += history.iter().map(|link| link.envelope.len() + RECORD).sum::<usize>();
        let begun = Instant::now();
        let mut walk = Walk::new(&csp, &reference, &anchored);
        for link in &history {
            walk.step(link)
                .map_err(|fault| format!("event {}: {}", walk.events() + 1, fault.words()))?;
        }
        walk.end().map_err(ChainFault::words)?;
        walking += begun.elapsed();
        events += walk.events();
    }
    let seconds = walking.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate has a few digits")]
    let rate = events as f64 / seconds;
    println!(
        "verified {events} events of {cases} cases ({} MB) in {seconds:.2} s: {rate:.0} events a second",
        bytes / 1_000_000
    );
    Ok(())
}

/// A case's events, as they would be stored.
fn history(csp: &CspId, reference: &Reference) -> Outcome<Vec<Link>> {
    let mut head = Digest::START;
    (1..=PER_CASE)
        .map(|seq| {
            let envelope = Envelope {
                csp: csp.clone(),
                reference: reference.clone(),
                seq,
                at: "2027-01-04T10:00:00.123Z".parse()?,
                actor: ActorId::parse("coordinator-1")?,
                role: Role::Coordinator,
                agency: None,
                kind: EventKind::InformationAdded,
                from: Some(State::Referred),
                to: State::Referred,
                revision: seq,
            };
            let record = format!("{{\"text\":\"{}\"}}", "x".repeat(RECORD));
            let salt = Digest::of(&seq.to_be_bytes());
            let envelope = serde_json::to_string(&envelope)?;
            let link = Link::seal((csp, reference, seq), head, envelope, (record, salt));
            head = link.hash;
            Ok(link)
        })
        .collect()
}

/// An anchor of every tenth event.
fn anchors(history: &[Link]) -> Vec<Anchored> {
    let numbered = (1..).zip(history);
    numbered
        .filter(|(seq, _)| seq % 10 == 0)
        .map(|(seq, link)| Anchored { seq, head: link.hash })
        .collect()
}
