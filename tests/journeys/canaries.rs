//! No text that people type leaves the case: every field is filled with words that stand nowhere
//! else, and they are looked for in all mail, all refusals and all log lines.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use proptest::test_runner::{Config, TestRunner};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{FilterExt as _, Targets, dynamic_filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;

use super::ALL;
use crate::bad_input::assert_nowhere;
use crate::marks::Marks;
use crate::stage::{Manner, Stage};

/// Our own crates. Whatever they log, at whatever level, must not name anyone.
const OURS: &[&str] = &[
    "review",
    "letters",
    "cloud",
    "edge",
    "referrals",
    "audit",
    "casework",
    "documents",
    "directory",
    "deadlines",
    "notices",
    "receipts",
    "local",
];
const CASES: u32 = 2;

thread_local! {
    /// What this thread has logged since it began to keep it. A test's whole system runs on the
    /// test's own thread.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to the log of the thread that logs.
struct ThisThread;

impl Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| {
            if let Some(log) = log {
                log.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From now on this thread's log is kept.
fn keep_log() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let ours = OURS.iter().map(|name| (*name, LevelFilter::DEBUG)).collect::<Targets>();
        let kept = dynamic_filter_fn(|_, _| LOG.with_borrow(Option::is_some));
        let lines = tracing_subscriber::fmt::layer().json().with_writer(|| ThisThread);
        let subscriber = tracing_subscriber::registry().with(lines.with_filter(ours.and(kept)));
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    LOG.set(Some(Vec::new()));
}

/// What was kept since.
fn kept_log() -> String {
    String::from_utf8(LOG.take().unwrap()).unwrap()
}

#[test]
fn no_text_of_any_record_reaches_mail_refusals_or_logs() {
    // Short enough for every field; characters that JSON, HTML, headers and logs may escape.
    let around = "[a-zé'’&<\"%]{0,3}";
    let config = Config {
        cases: CASES,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&("[a-z0-9]{6}", around), |(seed, around)| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(nothing_leaks(Marks::new(seed, around)));
            Ok(())
        })
        .unwrap();
}

async fn nothing_leaks(marks: Marks) {
    keep_log();
    let stage = Stage::new(Manner::Marked(marks));
    for journey in &ALL {
        (journey.play)(stage.clone()).await;
    }
    let log = kept_log();
    let Manner::Marked(marks) = stage.manner() else { unreachable!("it was made so") };
    let seen = stage.seen();

    assert!(marks.minted().len() > 100, "only {} fields were marked", marks.minted().len());
    let records = seen.records.to_lowercase();
    let unused: Vec<_> =
        marks.minted().into_iter().filter(|mark| !records.contains(mark)).collect();
    assert!(unused.is_empty(), "these marks were never recorded: {unused:?}");
    for heard in ["edge", "cloud", "deadlines", "notices", "receipts"] {
        assert!(log.contains(&format!("\"target\":\"{heard}::")), "nothing was heard of {heard}");
    }
    for secret in ["X-Amz-Signature", "Bearer ", "@sample-csp.example"] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    let mails: String = seen.mails.iter().map(|mail| mail.everything.as_str()).collect();
    let problems = seen.problems.concat();
    assert!(seen.mails.len() > 100 && seen.problems.len() > 100);
    assert_nowhere(marks, &[("a mail", &mails), ("a refusal", &problems), ("the log", &log)]);
}
