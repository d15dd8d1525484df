//! The tables as tables: no two rows compete, every state is reachable, every deadline can be
//! met, and the published picture of the process is the one that the code follows.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::collections::BTreeSet;

use review::act::{Action, Guard, Via};
use review::actor::Role;
use review::deadlines::{DEADLINES, Deadline, DeadlineTable, Scope, Within, row};
use review::notices::{NOTICES, Notice};
use review::process::{Next, PROCESS, State, rule};

#[path = "process/page.rs"]
mod page;

#[test]
fn every_action_has_exactly_one_row_in_the_same_order() {
    let rows: Vec<_> = PROCESS.iter().map(|rule| rule.action).collect();
    assert_eq!(rows.len(), Action::ALL.len());
    let unique: BTreeSet<_> = rows.iter().collect();
    assert_eq!(unique.len(), rows.len(), "two rows compete for one action");
    for action in Action::ALL {
        assert!(rule(*action).is_some(), "{} has no row", action.name());
    }
}

#[test]
fn every_state_is_reachable_from_the_referral() {
    let mut reached = BTreeSet::new();
    let mut wave = vec![State::Referred];
    while let Some(state) = wave.pop() {
        if reached.insert(state) {
            wave.extend(PROCESS.iter().filter(|rule| rule.from.contains(&state)).filter_map(
                |rule| match rule.next {
                    Next::To(next) => Some(next),
                    Next::Stay => None,
                },
            ));
        }
    }
    assert_eq!(reached, State::ALL.iter().copied().collect());
}

#[test]
fn end_states_are_left_only_by_disposal_or_a_challenge() {
    for rule in PROCESS {
        for state in rule.from.iter().filter(|state| state.is_end()) {
            let leaves = matches!(rule.next, Next::To(_));
            let allowed = matches!(rule.action, Action::Dispose | Action::Reopen);
            assert!(!leaves || allowed, "{} leaves {}", rule.action.name(), state.name());
        }
    }
    assert!(PROCESS.iter().all(|rule| !rule.from.contains(&State::Disposed)));
}

#[test]
fn every_row_names_its_source_its_roles_and_its_states_once() {
    for rule in PROCESS {
        let name = rule.action.name();
        assert!(!rule.source.is_empty(), "{name} has no source");
        assert!(!rule.who.is_empty(), "nobody may {name}");
        assert_eq!(
            rule.who.iter().collect::<BTreeSet<_>>().len(),
            rule.who.len(),
            "{name} repeats a role"
        );
        assert_eq!(
            rule.from.iter().collect::<BTreeSet<_>>().len(),
            rule.from.len(),
            "{name} repeats a state"
        );
        assert_eq!(rule.from.is_empty(), rule.action == Action::Refer, "{name}");
        let system = rule.who == [Role::System];
        assert_eq!(system, rule.action.via() == Via::Trigger, "{name}");
    }
}

#[test]
fn acts_that_move_the_spine_name_the_version_they_saw() {
    for rule in PROCESS {
        if matches!(rule.next, Next::To(_)) && rule.action != Action::Refer {
            assert_eq!(rule.action.guard(), Guard::Case, "{}", rule.action.name());
        }
    }
}

#[test]
fn the_administrator_sees_and_does_nothing_on_a_case() {
    assert!(PROCESS.iter().all(|rule| !rule.who.contains(&Role::Administrator)));
}

#[test]
fn deadline_rows_are_unique_per_table_and_consistent() {
    for table in DeadlineTable::ALL {
        for deadline in Deadline::ALL {
            let rows = DEADLINES
                .iter()
                .filter(|row| row.deadline == *deadline && row.tables.contains(table));
            assert_eq!(rows.count(), 1, "{} in {table:?}", deadline.name());
        }
    }
    for row in DEADLINES {
        let name = row.deadline.name();
        assert!(!row.source.is_empty(), "{name} has no source");
        assert_eq!(
            row.scope == Scope::Case,
            !row.starts.is_empty(),
            "{name}: case clocks start with an event"
        );
        assert_eq!(
            row.scope == Scope::Case,
            !row.met_by.is_empty(),
            "{name}: case clocks can be met"
        );
        assert_eq!(row.before.is_empty(), row.reminder.is_none(), "{name}: reminders have days");
        assert!(row.again.is_none() || row.missed.is_some(), "{name}: repeats follow a miss");
        let days: Vec<_> =
            row.before.iter().map(|length| length.before(day("2027-06-30"))).collect();
        assert!(days.is_sorted(), "{name}: reminders come longest first");
    }
}

#[test]
fn the_report_has_twelve_months_only_under_the_proposal() {
    let within = |table| row(table, Deadline::Report).map(|row| row.within);
    assert_eq!(
        within(DeadlineTable::Guidance2016),
        Some(Within::Length(review::dates::Length::Months(6)))
    );
    assert_eq!(
        within(DeadlineTable::Proposal2024),
        Some(Within::Length(review::dates::Length::Months(12)))
    );
}

#[test]
fn every_notice_is_caused_by_an_event_or_a_deadline() {
    let mut caused: BTreeSet<Notice> = NOTICES.iter().map(|row| row.notice).collect();
    caused.extend(DEADLINES.iter().flat_map(|row| {
        row.reminder
            .map(|(notice, _)| notice)
            .into_iter()
            .chain(row.missed.map(|(notice, _)| notice))
    }));
    assert_eq!(caused, Notice::ALL.iter().copied().collect());
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn docs_process_md_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/process.md");
    let current = page::page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/process.md is stale; run: UPDATE=1 cargo test -p review --test process"
    );
}
