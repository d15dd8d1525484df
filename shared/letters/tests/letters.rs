//! Every letter, read whole in `snapshots/`, and the rules that no wording may break: what leaves
//! by e-mail cannot be called back.

#![allow(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{Days, NaiveDate};
use letters::{Context, Letter, render};
use proptest::prelude::*;
use review::case::DisplayName;
use review::deadlines::DEADLINES;
use review::notices::Notice;
use review::values::Reference;

const LINK: &str = "https://reviews.example.gov.uk/cases/DHR-7KQ4-M6XD";
const PARTNERSHIP: &str = "Anyshire Community Safety Partnership";

/// Beginnings of words that could tell something about a person, that blame, or that count from
/// the day of reading. The review's and the Commissioner's names are taken out before they are
/// looked for.
#[rustfmt::skip]
const BANNED: &[&str] = &[
    "victim", "suspect", "perpetrator", "offender", "deceased", "kill", "murder", "homicide",
    "manslaughter", "death", "died", "dead", "suicide", "abuse", "violen", "neglect", "injur",
    "weapon", "date of birth", "born", "address of", "husband", "wife", "ex-partner", "mother",
    "father", "son", "daughter", "child", "health", "please", "fail", "blame", "fault", "sorry",
    "unfortunately", "simply", "just", "urgent", "asap", "chase", "tomorrow", "yesterday", "today",
    "this week", "next week",
];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn reference() -> Reference {
    Reference::parse("DHR-7KQ4-M6XD").expect("a reference")
}

fn context(reference: &Reference) -> Context<'_> {
    Context {
        reference,
        display_name: DisplayName::Dhr,
        due_on: None,
        days_late: None,
        link: LINK,
        partnership: PARTNERSHIP,
        today: day(2027, 3, 5),
    }
}

/// A notice's letter without a date, 14 days before it, and 5 days after it.
fn times(notice: Notice) -> [(&'static str, Letter); 3] {
    let reference = reference();
    let undated = context(&reference);
    let before = Context { due_on: Some(day(2027, 3, 19)), ..undated };
    let after = Context { due_on: Some(day(2027, 2, 28)), days_late: Some(5), ..undated };
    [("without a date", undated), ("before the date", before), ("after the date", after)]
        .map(|(when, context)| (when, render(notice, &context).expect("a letter")))
}

/// The notice's name, which is its folder's.
fn name(notice: Notice) -> String {
    serde_json::to_value(notice).expect("JSON").as_str().expect("a word").to_owned()
}

fn names() -> BTreeSet<String> {
    Notice::ALL.iter().copied().map(name).collect()
}

fn entries(folder: &str) -> Vec<fs::DirEntry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry")).collect()
}

#[test]
fn every_letter_reads_as_approved() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        for &notice in Notice::ALL {
            let mut times = times(notice).to_vec();
            times.dedup_by(|next, last| next.1 == last.1);
            let shown: Vec<_> = times
                .iter()
                .map(|(when, letter)| format!("=== {when}\n{}\n\n{}", letter.subject, letter.text))
                .collect();
            insta::assert_snapshot!(name(notice), shown.join("\n"));
        }
    });
}

#[test]
fn pages_read_as_approved() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        for notice in [Notice::DecisionDue, Notice::ImmediateRisk, Notice::FamilyNews] {
            let [_, (_, letter), _] = times(notice);
            insta::assert_snapshot!(format!("{}.html", name(notice)), letter.html);
        }
    });
}

#[test]
fn no_snapshot_is_left_of_a_letter_that_is_gone() {
    let names = names();
    for entry in entries("tests/snapshots") {
        let file = entry.file_name().into_string().expect("UTF-8");
        let letter = file.trim_end_matches(".snap").trim_end_matches(".html");
        assert!(names.contains(letter), "{file} belongs to no notice");
    }
}

#[test]
fn each_notice_has_a_folder_of_its_own_and_each_folder_a_notice() {
    let folders: BTreeSet<_> = entries("templates")
        .into_iter()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    assert_eq!(folders, names());

    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let list = fs::read_to_string(templates.join("letters.txt")).expect("the list of letters");
    for &notice in Notice::ALL {
        let name = name(notice);
        let arm = format!(
            "when Notice::{notice:?} -%}}\n\
             {{% include \"{name}/subject.txt\" %}}\n{{% include \"{name}/body.txt\" %}}\n"
        );
        assert!(list.contains(&arm), "letters.txt has no such arm:\n{arm}");
        let files: BTreeSet<_> = entries(&format!("templates/{name}"))
            .into_iter()
            .map(|entry| entry.file_name().into_string().expect("UTF-8"))
            .collect();
        assert_eq!(files, ["body.txt", "subject.txt"].map(str::to_owned).into(), "in {name}");
    }
}

#[test]
fn subjects_carry_the_marking_the_message_and_the_reference() {
    let reference = reference();
    let mut seen = BTreeSet::new();
    for &notice in Notice::ALL {
        for (when, letter) in times(notice) {
            let subject = &letter.subject;
            let topic = subject
                .strip_prefix("OFFICIAL-SENSITIVE: ")
                .and_then(|rest| rest.strip_suffix(&format!(" ({reference})")))
                .unwrap_or_else(|| panic!("{notice:?} {when}: {subject}"));
            assert!(topic.starts_with(char::is_uppercase), "{subject}");
            assert!(!topic.ends_with('.'), "{subject}");
            assert!(subject.len() <= 78, "{subject} has {} characters", subject.len());
            assert!(subject.is_ascii(), "{subject} would be sent encoded");
            seen.insert(topic.to_owned());
        }
    }
    assert!(seen.len() >= Notice::ALL.len(), "subjects should tell letters apart");
}

#[test]
fn the_first_paragraph_carries_the_message_and_the_last_the_warning() {
    let reference = reference();
    for &notice in Notice::ALL {
        for (when, letter) in times(notice) {
            let text = &letter.text;
            let first = text.lines().next().expect("a line");
            assert!(first.contains(reference.as_str()), "{notice:?} {when}: {first}");
            assert!(text.contains(&format!("\n\nSign in: {LINK}\n\n{PARTNERSHIP}\n5 March 2027")));
            assert!(text.trim_end().ends_with(
                "If you were not expecting this e-mail, tell the coordinator. \
                 Do not reply with details of the case."
            ));
            assert!(!text.contains("  ") && !text.contains("\n\n\n"), "{notice:?} {when}: {text}");
            assert!(!text.contains(" .") && !text.contains(".."), "{notice:?} {when}: {text}");
        }
    }
}

#[test]
fn what_a_letter_says_of_its_date_is_true_before_and_after_it() {
    for &notice in Notice::ALL {
        let [(_, undated), (_, before), (_, after)] = times(notice);
        if before != undated {
            assert!(before.text.contains(" on 19 March 2027."), "{notice:?}: {}", before.text);
            assert!(!before.text.contains(" ago"), "{notice:?}: {}", before.text);
            assert!(!before.subject.contains("overdue"), "{}", before.subject);
        }
        if after != undated {
            let passed = " on 28 February 2027, 5 days ago.";
            assert!(after.text.contains(passed), "{notice:?}: {}", after.text);
            assert!(!after.text.contains("by 28 February"), "{notice:?}: {}", after.text);
            assert!(!after.subject.contains("28 February"), "{}", after.subject);
        }
    }
}

#[test]
fn what_time_sends_states_its_date() {
    for row in DEADLINES {
        let reminder = row.reminder.map(|(notice, _)| notice);
        let missed = row.missed.map(|(notice, _)| notice);
        for notice in reminder.into_iter().chain(missed) {
            let [(_, undated), (_, before), (_, after)] = times(notice);
            assert!(before != undated && after != undated, "{notice:?} of {:?}", row.deadline);
        }
    }
}

#[test]
fn lateness_is_counted_in_days_and_from_today_if_it_is_not_given() {
    let reference = reference();
    let due = day(2027, 3, 4);
    let late = |due_on, days_late| {
        let context = Context { due_on: Some(due_on), days_late, ..context(&reference) };
        render(Notice::DecisionMissed, &context).expect("a letter").text
    };
    let sentence = "It was due on 4 March 2027, 1 day ago.";
    assert!(late(due, Some(1)).contains(sentence));
    assert!(late(due, None).contains(sentence));
    assert!(late(due + Days::new(1), Some(0)).contains("It is due on 5 March 2027."));
    assert!(late(due + Days::new(1), None).contains("It is due on 5 March 2027."));
}

#[test]
fn a_review_goes_by_the_name_that_the_partnership_gives_it() {
    let reference = reference();
    let context = Context { display_name: DisplayName::Dardr, ..context(&reference) };
    let text = render(Notice::PanelInvited, &context).expect("a letter").text;
    assert!(text.contains("a Domestic Abuse Related Death Review."), "{text}");
}

#[test]
fn the_page_escapes_what_it_is_given() {
    let reference = reference();
    let context = Context {
        partnership: "<script>alert('A & B')</script>",
        link: "https://reviews.example.gov.uk/?a=\"><img src=x>&b",
        ..context(&reference)
    };
    for &notice in Notice::ALL {
        let letter = render(notice, &context).expect("a letter");
        assert!(!letter.html.contains("<script"), "{}", letter.html);
        assert!(!letter.html.contains("<img"), "{}", letter.html);
        assert!(letter.html.contains("&#60;script&#62;alert(&#39;A &#38; B&#39;)"));
        assert!(letter.text.contains("\n<script>alert('A & B')</script>\n"), "text is not a page");
    }
}

#[test]
fn no_letter_says_what_it_may_not() {
    for &notice in Notice::ALL {
        for (when, letter) in times(notice) {
            let said = format!("{}\n{}", letter.subject, letter.text)
                .replace("Domestic Homicide Review", "")
                .replace("Domestic Abuse Commissioner", "")
                .to_lowercase();
            assert!(!said.contains('!'), "{notice:?} {when} shouts:\n{said}");
            let words: Vec<_> = said.split_whitespace().collect();
            let said = format!(" {}", words.join(" "));
            for banned in BANNED {
                let found = said.contains(&format!(" {banned}"));
                assert!(!found, "{notice:?} {when} says {banned:?}:\n{said}");
            }
            for said in words.windows(3) {
                let counts_ahead = said[0] == "in"
                    && said[1].starts_with(|first: char| first.is_ascii_digit())
                    && ["day", "week", "month"].iter().any(|unit| said[2].starts_with(unit));
                assert!(!counts_ahead, "{notice:?} {when} says {said:?}");
            }
        }
    }
}

proptest! {
    /// Whatever it is given, a letter keeps its form.
    #[test]
    fn every_letter_keeps_its_form(
        random: [u8; 8],
        due in prop::option::of(0_u64..4000),
        days_late in prop::option::of(-5_i64..4000),
        today in 0_u64..4000,
        partnership in "[A-Z][a-z]{2,12}[ \n&<'é]{1,3}Partnership",
    ) {
        let reference = Reference::from_random(random);
        let date = |days| day(2026, 1, 1) + Days::new(days);
        let link = format!("https://reviews.example.gov.uk/cases/{reference}");
        let context = Context {
            due_on: due.map(date),
            days_late,
            link: &link,
            partnership: &partnership,
            today: date(today),
            ..context(&reference)
        };
        for &notice in Notice::ALL {
            let letter = render(notice, &context).expect("a letter");
            prop_assert_eq!(letter.subject.lines().count(), 1);
            prop_assert!(letter.subject.len() <= 78, "{}", letter.subject);
            prop_assert!(letter.subject.contains(reference.as_str()));
            for body in [&letter.text, &letter.html] {
                prop_assert!(body.contains(&link) && body.contains(reference.as_str()));
                prop_assert!(!body.contains("{{") && !body.contains(" 0 days"), "{}", body);
            }
        }
    }
}
