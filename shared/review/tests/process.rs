//! The tables as tables: no two rows compete, every state is reachable, every deadline can be
//! met, and the published picture of the process is the one that the code follows.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use review::act::{Action, EventKind, Guard, Via};
use review::actor::Role;
use review::deadlines::{DEADLINES, Deadline, DeadlineTable, Scope, Within, row};
use review::notices::{NOTICES, Notice};
use review::process::{Next, PROCESS, State, rule};

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
    let current = document();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/process.md is stale; run: UPDATE=1 cargo test -p review --test process"
    );
}

fn document() -> String {
    let mut md = String::from(
        "# The process\n\nGenerated from `PROCESS`, `DEADLINES` and `NOTICES` in `shared/review`; a test fails when it is\nstale. To write it anew: `UPDATE=1 cargo test -p review --test process`.\n\n## States\n\n```mermaid\nstateDiagram-v2\n    [*] --> REFERRED: refer\n",
    );
    for rule in PROCESS {
        if let Next::To(next) = rule.next {
            for from in rule.from {
                writeln!(md, "    {} --> {}: {}", from.name(), next.name(), rule.action.name())
                    .unwrap();
            }
        }
    }
    for state in State::ALL.iter().filter(|state| state.is_end()) {
        writeln!(md, "    {} --> [*]", state.name()).unwrap();
    }
    md.push_str("```\n\n## Who may do what\n\nActions that change one thing a person must have read need `If-Match`: the case's `ETag`, or the\n`etag` of the IMR or action.\n\n| Action | In | By | Leads to | `If-Match` | Source |\n| --- | --- | --- | --- | --- | --- |\n");
    for rule in PROCESS {
        let from: Vec<_> = rule.from.iter().map(|state| state.name()).collect();
        let from = match from.len() {
            0 => "no case yet".to_owned(),
            n if n > 8 => {
                let missing: Vec<_> = State::ALL
                    .iter()
                    .filter(|state| !rule.from.contains(state))
                    .map(|state| state.name())
                    .collect();
                format!("all but {}", missing.join(", "))
            }
            _ => from.join(", "),
        };
        let who: Vec<_> = rule.who.iter().map(|role| role.name()).collect();
        let next = match rule.next {
            Next::To(state) => state.name(),
            Next::Stay => "stays",
        };
        let guard = match rule.action.guard() {
            Guard::Case => "case",
            Guard::Item => "item",
            Guard::Adds => "no",
        };
        writeln!(
            md,
            "| `{}` | {from} | {} | {next} | {guard} | {} |",
            rule.action.name(),
            who.join(", "),
            rule.source
        )
        .unwrap();
    }
    md.push_str("\n## Permissions\n\n| Action |");
    let people: Vec<_> = Role::ALL
        .iter()
        .filter(|role| !matches!(role, Role::System | Role::Administrator))
        .collect();
    for role in &people {
        write!(md, " {} |", role.name()).unwrap();
    }
    md.push_str("\n| --- |");
    md.push_str(&" --- |".repeat(people.len()));
    md.push('\n');
    for rule in PROCESS.iter().filter(|rule| rule.who != [Role::System]) {
        write!(md, "| `{}` |", rule.action.name()).unwrap();
        for role in &people {
            md.push_str(if rule.who.contains(role) { " yes |" } else { " |" });
        }
        md.push('\n');
    }
    md.push_str("\n## Deadlines\n\nMonths follow the corresponding-date rule from the original anchor. Reminders go at 09:00 London;\na case is overdue from 00:00 London on the day after.\n\n| Deadline | Starts with | Length | Met by | Reminders before | Then | Source |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for row in DEADLINES {
        let within = match row.within {
            Within::Length(length) => length.to_string(),
            Within::Named => "the day named".to_owned(),
            Within::Hours(hours) => format!("{hours} hours"),
        };
        let within = if row.tables.len() == 1 {
            format!("{within} ({})", table_name(row.tables[0]))
        } else {
            within
        };
        let before: Vec<_> = row.before.iter().map(ToString::to_string).collect();
        let again = match (row.missed, row.again) {
            (Some(_), Some(length)) => format!("missed, then every {length}"),
            (Some(_), None) => "missed".to_owned(),
            (None, _) => String::new(),
        };
        writeln!(
            md,
            "| {} | {} | {within} | {} | {} | {again} | {} |",
            row.deadline.name(),
            kinds(row.starts),
            kinds(row.met_by),
            before.join(", "),
            row.source
        )
        .unwrap();
    }
    md.push_str("\n## E-mails\n\n| When | What | To |\n| --- | --- | --- |\n");
    for row in NOTICES {
        let to: Vec<_> = row.to.iter().map(|to| format!("{to:?}")).collect();
        writeln!(md, "| {} | {} | {} |", kinds(&[row.on]), word(&row.notice), to.join(", "))
            .unwrap();
    }
    for row in DEADLINES {
        for (when, notice) in
            [("before", row.reminder.map(|it| it.0)), ("after", row.missed.map(|it| it.0))]
        {
            if let Some(notice) = notice {
                let lists: Vec<_> = match when {
                    "before" => row.reminder.map(|it| format!("{:?}", it.1)).into_iter().collect(),
                    _ => row
                        .missed
                        .into_iter()
                        .flat_map(|it| it.1.iter().map(|list| format!("{list:?}")))
                        .collect(),
                };
                writeln!(
                    md,
                    "| {when} {} | {} | {} |",
                    row.deadline.name(),
                    word(&notice),
                    lists.join(", then also ")
                )
                .unwrap();
            }
        }
    }
    md
}

fn table_name(table: DeadlineTable) -> &'static str {
    match table {
        DeadlineTable::Guidance2016 => "guidance of 2016",
        DeadlineTable::Proposal2024 => "proposal of 2024",
    }
}

fn word(code: &impl serde::Serialize) -> String {
    serde_json::to_value(code).unwrap().as_str().unwrap().to_owned()
}

fn kinds(kinds: &[EventKind]) -> String {
    kinds.iter().map(word).collect::<Vec<_>>().join(", ")
}
