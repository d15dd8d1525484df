//! Many runs, each from a seed, on all cores.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Once, OnceLock};
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use cloud::store::{Store, TableNames, create_tables};
use cloud::{Clock, Entropy};
use tokio::runtime::Builder;
use uuid::Uuid;

use super::acts;
use super::chance::Chance;
use super::checks::Tally;
use super::mutants::Mutant;
use super::post::Post;
use super::run::play;
use super::story;
use super::tables::Tables;
use super::wire::{Behind, Wire};
use super::world::{RATE, Setting, sdk};
use super::{CASES, EVENTS};

/// Runs of an ordinary `cargo test`; `.ci/run` asks for thousands.
const USUAL: u64 = 120;
/// In so many runs nearly every act is accepted some time.
const MANY: u64 = 5_000;
/// How many seeds are played twice.
const REPLAYED: u64 = 20;
/// Unoptimised, the clients' futures need more than a thread usually has, in bytes.
pub const STACK: usize = 64 * 1024 * 1024;
/// In one run in so many every receipt is noted in time.
const TIMELY: u64 = 4;
/// The name of the threads that play.
const WORKER: &str = "simulated";
/// One run in so many has documents, which take longer.
const WITH_DOCUMENTS: u64 = 9;
/// One run in so many, if it has no documents of its own, begins in a chapter of the story.
const LATE: u64 = 5;

/// A folder of this process, gone with the machine's other build products.
pub fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let name = format!("simulation-{}", Uuid::new_v4());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    })
}

/// A folder that nobody else has.
pub fn named_folder(name: &str) -> PathBuf {
    folder().join(format!("{name}-{}", Uuid::new_v4()))
}

/// Tables with the sample directory and nothing else.
pub fn directory() -> &'static PathBuf {
    static KEPT: OnceLock<PathBuf> = OnceLock::new();
    KEPT.get_or_init(|| {
        let tables = Tables::new();
        block_on(async {
            let base: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
            let clock = Clock::new(std::sync::Arc::new(move || base));
            let post = Post::none(tables.clone(), clock);
            let settings =
                local::backend::mailbox::Settings::new(std::sync::Arc::new(move || base));
            let mailbox = local::backend::mailbox::Mailbox::open(None, settings).unwrap();
            let (tables, mutant) = (tables.clone(), None);
            let wire =
                Wire::new(Behind { tables, mailbox, objects: None, post, mutant, traced: false });
            let client = aws_sdk_dynamodb::Client::new(&sdk(&wire));
            let names = TableNames { cases: CASES.to_owned(), events: EVENTS.to_owned() };
            create_tables(&client, &names).await.unwrap();
            let store = Store::new(client, names, Entropy::system());
            local::sample::seed(&store).await.unwrap();
        });
        tables.keep(folder().join("directory.sqlite"))
    })
}

/// Runs a future on a clock that moves only when nothing else can happen.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(future)
}

const fn has_documents(seed: u64) -> bool {
    seed % WITH_DOCUMENTS == 7
}

/// How a seed's run begins.
fn setting(seed: u64, mutant: Option<Mutant>, traced: bool) -> Setting {
    // Winter and summer, month ends and clock changes.
    let day = Chance::of(seed).number(0..730);
    let first: DateTime<Utc> = "2027-01-04T02:10:00Z".parse().unwrap();
    let now = first + TimeDelta::days(i64::try_from(day).unwrap());
    let setting = Setting {
        tables: directory().clone(),
        timely: seed % TIMELY == 3,
        now,
        bucket: None,
        mutant,
        ses_takes: Some(RATE),
        traced,
        chapter: None,
    };
    if mutant.is_some() {
        return setting;
    }
    if has_documents(seed) {
        return Setting { bucket: Some(named_folder("bucket")), ..setting };
    }
    if seed % LATE == 1 {
        let chapter = Chance::of(seed).of_these(story::chapters());
        let (tables, now) = (chapter.tables.clone(), chapter.now + TimeDelta::minutes(1));
        return Setting { tables, now, chapter: Some(chapter), ..setting };
    }
    setting
}

/// Plays one seed; what it found wrong, if anything.
pub fn one(seed: u64, mutant: Option<Mutant>, traced: bool) -> Result<Tally, String> {
    let setting = setting(seed, mutant, traced);
    let played = caught(|| block_on(play(seed, &setting))).and_then(|tally| {
        let doubled = setting.timely && tally.doubled > 0;
        if doubled {
            Err("mails went out twice although every receipt came".to_owned())
        } else {
            Ok(tally)
        }
    });
    if let Some(bucket) = &setting.bucket {
        std::fs::remove_dir_all(bucket).ok();
    }
    played
}

/// Does something; what it found wrong, if anything.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| said(panic.as_ref()))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Plays work items numbered from 0 on all cores, until one fails; the sum, or the first failure.
pub fn on_all_cores(
    count: u64,
    play: impl Fn(u64) -> Result<Tally, String> + Sync,
) -> Result<Tally, (u64, String)> {
    workers_fail_silently();
    let next = AtomicU64::new(0);
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(tally);
            }
            match play(number) {
                Ok(one) => tally.add(one),
                Err(why) => {
                    next.store(count, Ordering::Relaxed);
                    return Err((number, why));
                }
            }
        }
    };
    let outcomes: Vec<_> = thread::scope(|scope| {
        let worker = |_| {
            let thread = thread::Builder::new().name(WORKER.to_owned()).stack_size(STACK);
            thread.spawn_scoped(scope, work).unwrap()
        };
        let workers: Vec<_> = (0..cores).map(worker).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut sum = Tally::default();
    for outcome in outcomes {
        sum.add(outcome?);
    }
    Ok(sum)
}

/// What a worker finds wrong is told once, by the test that asked.
fn workers_fail_silently() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(WORKER) {
                told(panic);
            }
        }));
    });
}

/// A setting of whoever starts the test.
#[allow(clippy::disallowed_methods, reason = "seeds and numbers come from whoever starts the test")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap())
}

#[test]
fn nothing_is_lost_repeated_or_untrue_whatever_goes_wrong() {
    if let Some(seed) = number("SEED") {
        match on_all_cores(1, |_| one(seed, None, true)) {
            Ok(tally) => println!("seed {seed}: {tally:?}"),
            Err((_, why)) => panic!("seed {seed}: {why}"),
        }
        return;
    }
    let seeds = number("SEEDS").unwrap_or(USUAL);
    match on_all_cores(seeds, |seed| one(seed, None, false)) {
        Ok(tally) => {
            println!("{tally:?}");
            if seeds >= USUAL {
                everything_happened(&tally, seeds);
            }
        }
        Err((seed, why)) => {
            panic!("seed {seed}: {why}\nplay it again: SEED={seed} cargo test simulation")
        }
    }
}

/// Runs in which nothing happened would keep every promise.
fn everything_happened(tally: &Tally, seeds: u64) {
    let each = [tally.events / 5, tally.mails / 2, tally.acts.values().sum::<u64>()];
    assert!(each.iter().all(|count| *count >= seeds), "{tally:?}");
    let some = [tally.suppressed, tally.doubled, tally.refused];
    assert!(some.iter().all(|count| *count > 0), "{tally:?}");
    if seeds >= MANY {
        assert!(tally.human > 0 && tally.readings > 0, "{tally:?}");
        let never: Vec<_> = acts::ACTS
            .iter()
            .map(|action| action.name())
            .filter(|name| !tally.acts.contains_key(name))
            .collect();
        println!("never accepted: {never:?}");
        assert!(never.len() * 10 <= acts::ACTS.len(), "never accepted: {never:?}");
    }
}

/// Call for call. Runs with documents are left out: their S3 works in threads of its own.
#[test]
fn a_seed_plays_the_same_again() {
    for seed in (0..REPLAYED).filter(|seed| !has_documents(*seed)) {
        let play = || on_all_cores(1, |_| one(seed, None, false)).unwrap();
        assert_eq!(play(), play(), "seed {seed}");
    }
}
