//! No text that people type leaves the case: every field is filled with words that stand nowhere
//! else, and they are looked for in all mail, all refusals and all log lines.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use proptest::test_runner::{Config, TestRunner};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
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
    "casework",
    "documents",
    "deadlines",
    "notices",
    "receipts",
    "local",
];
const CASES: u32 = 2;

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Keeps what this thread logs from now on, until the guard is dropped.
    fn kept(&self) -> DefaultGuard {
        let ours = OURS.iter().map(|name| (*name, LevelFilter::DEBUG)).collect::<Targets>();
        let lines = tracing_subscriber::fmt::layer().json().with_writer(self.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(ours).with(lines))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
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
    let log = Log::default();
    let kept = log.kept();
    let stage = Stage::new(Manner::Marked(marks));
    for journey in &ALL {
        (journey.play)(stage.clone()).await;
    }
    drop(kept);
    let Manner::Marked(marks) = stage.manner() else { unreachable!("it was made so") };
    let seen = stage.seen();

    assert!(marks.minted().len() > 100, "only {} fields were marked", marks.minted().len());
    let records = seen.records.to_lowercase();
    let unused: Vec<_> =
        marks.minted().into_iter().filter(|mark| !records.contains(mark)).collect();
    assert!(unused.is_empty(), "these marks were never recorded: {unused:?}");
    let log = log.text();
    assert!(log.lines().count() > 1000, "the log was not kept");
    for secret in ["X-Amz-Signature", "Bearer ", "@sample-csp.example"] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    let mails: String = seen.mails.iter().map(|mail| mail.everything.as_str()).collect();
    let problems = seen.problems.concat();
    assert!(seen.mails.len() > 100 && seen.problems.len() > 100);
    assert_nowhere(marks, &[("a mail", &mails), ("a refusal", &problems), ("the log", &log)]);
}
