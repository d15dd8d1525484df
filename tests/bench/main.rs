//! What each function costs: how soon it answers for the first time, what a request costs it after
//! that, how much memory it takes, how large it is, and what it asks of AWS.
//!
//! `cargo bench -p bench --profile stand-in` measures what `cargo lambda build` has
//! built, beside a function that does nothing; a number after `--` is how often each is started,
//! a word the function that is measured alone. `docs/performance.md` says what the figures mean.
//!
//! It speaks Lambda's runtime API to the functions, and stands in for AWS over TLS.
#![allow(clippy::disallowed_methods, reason = "it measures time and is told by the environment")]

mod aws;
mod figures;
mod process;
mod quota;
mod report;
mod runtime;
mod subjects;
mod table;
mod tokens;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aws::Aws;
use figures::{Asked, Figures, Run};
use process::Process;
use quota::Quota;
use runtime::RuntimeApi;
use subjects::{SUBJECTS, Subject};

/// What goes wrong ends the benchmark, with a sentence.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often each function is started where nothing else is asked for.
const ROUNDS: usize = 30;

/// Requests after the first, at full speed.
const WARM: usize = 30;

/// The same under the quota, so far apart that the quota of one does not pay for the other.
const WARM_HELD: usize = 5;
const APART: Duration = Duration::from_millis(50);

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Outcome<()> {
    // Cargo adds `--bench` to what was asked for.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let rounds = words.iter().find_map(|word| word.parse().ok()).unwrap_or(ROUNDS);
    let chosen = |subject: &&Subject| {
        let names: Vec<_> = words.iter().filter(|word| word.parse::<usize>().is_err()).collect();
        names.is_empty() || subject.is_noop() || names.iter().any(|name| subject.label == **name)
    };
    let mut bench = Bench::open().await?;
    let mut figures = BTreeMap::new();
    let chosen: Vec<_> = SUBJECTS.iter().filter(chosen).collect();
    for subject in &chosen {
        figures.insert(subject.label, Figures::of(&bench.bootstrap(subject))?);
    }
    bench.rehearse(&mut figures).await?;
    // In turn, so that whatever else the machine does meanwhile meets all of them alike.
    for _ in 0..rounds {
        for subject in &chosen {
            let free = bench.run(subject, false, WARM).await?;
            let held = match &bench.quota {
                Some(_) => Some(bench.run(subject, true, WARM_HELD).await?),
                None => None,
            };
            if let Some(figures) = figures.get_mut(subject.label) {
                figures.free.push(free);
                figures.held.extend(held);
            }
        }
    }
    report::print(rounds, bench.quota.as_ref(), &figures);
    Ok(())
}

/// What the functions run in.
struct Bench {
    folder: PathBuf,
    settings: Vec<(String, String)>,
    aws: Aws,
    runtime: RuntimeApi,
    quota: Option<Quota>,
    token: tokens::Signer,
}

impl Bench {
    async fn open() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder =
            std::env::var_os("LAMBDA_DIR").map_or(root.join("target/lambda"), PathBuf::from);
        let aws = Aws::start().await?;
        let runtime = RuntimeApi::start().await?;
        let token = tokens::Signer::new()?;
        let mut settings = subjects::settings(&token.jwks());
        settings.extend(aws.settings());
        aws.table().keys = token.jwks();
        settings.push(("AWS_LAMBDA_RUNTIME_API".to_owned(), runtime.address.clone()));
        let quota = Quota::find();
        Ok(Self { folder, settings, aws, runtime, quota, token })
    }

    fn bootstrap(&self, subject: &Subject) -> PathBuf {
        self.folder.join(subject.function).join("bootstrap")
    }

    /// Each once before it counts: that it answers as it should, and what it asks of AWS. The
    /// first takes a referral in, and what it writes is what the others then find in the tables.
    async fn rehearse(&mut self, figures: &mut BTreeMap<&str, Figures>) -> Outcome<()> {
        self.aws.table().learn(true);
        for subject in SUBJECTS {
            let bootstrap = self.bootstrap(subject);
            if !bootstrap.is_file() {
                let shown = bootstrap.display();
                return Err(format!("there is no {shown}: run cargo lambda build --release").into());
            }
            if figures.contains_key(subject.label) || subject.is_first() {
                let run = self.run(subject, false, 1).await?;
                if let Some(figures) = figures.get_mut(subject.label) {
                    figures.asked = run.asked;
                }
            }
            self.aws.table().learn(false);
        }
        Ok(())
    }

    /// Starts a function, and gives it one request and then more; `held` to the quota from when it
    /// asks for the first.
    async fn run(&mut self, subject: &Subject, held: bool, warm: usize) -> Outcome<Run> {
        let event = subject.event(&self.token, self.aws.table().reference())?;
        let own = subject.settings(self.aws.keys());
        let bootstrap = self.bootstrap(subject);
        let quota = if held { self.quota.as_ref() } else { None };
        self.runtime.forget();
        self.aws.table().asked();
        let begun = Instant::now();
        let process = Process::start(&bootstrap, self.settings.iter().chain(&own))?;
        let outcome = async {
            let polled = self.runtime.next().await?;
            let first_poll = polled.at - begun;
            // The kernel takes its time over this, and the function waits meanwhile.
            let holding = Instant::now();
            if let Some(quota) = quota {
                quota.hold(process.id())?;
            }
            let held_up = holding.elapsed();
            let at_start = self.aws.table().asked();
            polled.give(&event);
            let answer = self.runtime.answer().await?;
            let first_answer = (answer.at - begun).saturating_sub(held_up);
            subject.check(&answer.body)?;
            let in_first = self.aws.table().asked();
            let mut warm_calls = Vec::with_capacity(warm);
            let mut next = self.runtime.next().await?;
            let first_cpu = process.cpu()?;
            for _ in 0..warm {
                if held {
                    tokio::time::sleep(APART).await;
                }
                let given = Instant::now();
                next.give(&event);
                let answer = self.runtime.answer().await?;
                warm_calls.push(answer.at - given);
                subject.check(&answer.body)?;
                next = self.runtime.next().await?;
            }
            let cpu = process.cpu()?.saturating_sub(first_cpu) / u32::try_from(warm.max(1))?;
            let peak = process.peak()?;
            let asked = Asked { at_start, in_first };
            Ok(Run { first_poll, first_answer, first_cpu, warm: warm_calls, cpu, peak, asked })
        };
        let outcome: Outcome<Run> = outcome.await;
        outcome.map_err(|error| format!("{}: {error}\n{}", subject.label, process.log()).into())
    }
}
