//! `docs/process.md`, written from the tables.

use std::fmt::Write as _;

use review::act::{EventKind, Guard};
use review::actor::Role;
use review::deadlines::{DEADLINES, DeadlineTable, Row, Scope, Within};
use review::notices::NOTICES;
use review::process::{Next, PROCESS, State};

/// The whole page.
pub fn page() -> String {
    let mut md = String::from(
        "# The process\n\nGenerated from `PROCESS`, `DEADLINES` and `NOTICES` in `shared/review`; a test fails when it is\nstale. To write it anew: `UPDATE=1 cargo test -p review --test process`.\n",
    );
    for part in [states, acts, permissions, deadlines, notices] {
        md.push('\n');
        part(&mut md);
    }
    md
}

/// A line of a table.
fn line(md: &mut String, cells: &[String]) {
    writeln!(md, "| {} |", cells.join(" | ")).unwrap();
}

fn states(md: &mut String) {
    md.push_str("## States\n\n```mermaid\nstateDiagram-v2\n    [*] --> REFERRED: refer\n");
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
    md.push_str("```\n");
}

fn acts(md: &mut String) {
    md.push_str("## Who may do what\n\nActions that change one thing a person must have read need `If-Match`: the case's `ETag`, or the\n`etag` of the IMR or action.\n\n| Action | In | By | Leads to | `If-Match` | Source |\n| --- | --- | --- | --- | --- | --- |\n");
    for rule in PROCESS {
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
        let action = format!("`{}`", rule.action.name());
        let cells = [action, from(rule.from), who.join(", "), next.into(), guard.into()];
        line(md, &[&cells[..], &[rule.source.to_owned()]].concat());
    }
}

/// The states an act is possible in, or those it is not when they are fewer.
fn from(states: &[State]) -> String {
    let names = |states: Vec<&State>| {
        states.into_iter().map(|state| state.name()).collect::<Vec<_>>().join(", ")
    };
    match states.len() {
        0 => "no case yet".to_owned(),
        1..=8 => names(states.iter().collect()),
        9.. => {
            let missing = State::ALL.iter().filter(|state| !states.contains(state));
            format!("all but {}", names(missing.collect()))
        }
    }
}

fn permissions(md: &mut String) {
    md.push_str("## Permissions\n\n| Action |");
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
}

fn deadlines(md: &mut String) {
    md.push_str("## Deadlines\n\nMonths follow the corresponding-date rule from the original anchor. Reminders go at 09:00 London;\na case is overdue from 00:00 London on the day after.\n\n| Deadline | Whose | Starts with | Length | Met by | Ended unmet by | Reminders before | Then | Besides | Source |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for row in DEADLINES {
        let before: Vec<_> = row.before.iter().map(ToString::to_string).collect();
        let again = match (row.missed, row.again) {
            (Some(_), Some(length)) => format!("missed, then every {length}"),
            (Some(_), None) => "missed".to_owned(),
            (None, Some(_) | None) => String::new(),
        };
        let cells = [
            row.deadline.name().to_owned(),
            whose(row.scope).to_owned(),
            kinds(row.starts),
            within(row),
            kinds(row.met_by),
            kinds(row.ended_by),
            before.join(", "),
            again,
            besides(row),
            row.source.to_owned(),
        ];
        line(md, &cells);
    }
}

const fn whose(scope: Scope) -> &'static str {
    match scope {
        Scope::Case => "the case's",
        Scope::Partnership => "the partnership's",
    }
}

fn besides(row: &Row) -> String {
    let breach = row.breach.then_some("passing the original date is a breach");
    let outlives = row.outlives.then_some("outlives the review");
    breach.into_iter().chain(outlives).collect::<Vec<_>>().join("; ")
}

fn within(row: &Row) -> String {
    let within = match row.within {
        Within::Length(length) => length.to_string(),
        Within::Named => "the day named".to_owned(),
        Within::Hours(hours) => format!("{hours} hours"),
    };
    match row.tables {
        [DeadlineTable::Guidance2016] => format!("{within} (guidance of 2016)"),
        [DeadlineTable::Proposal2024] => format!("{within} (proposal of 2024)"),
        [] | [_, _, ..] => within,
    }
}

fn notices(md: &mut String) {
    md.push_str("## E-mails\n\n| When | What | To |\n| --- | --- | --- |\n");
    for row in NOTICES {
        let to: Vec<_> = row.to.iter().map(|to| format!("{to:?}")).collect();
        line(md, &[kinds(&[row.on]), word(&row.notice), to.join(", ")]);
    }
    for row in DEADLINES {
        let name = row.deadline.name();
        if let Some((notice, to)) = row.reminder {
            line(md, &[format!("before {name}"), word(&notice), format!("{to:?}")]);
        }
        if let Some((notice, lists)) = row.missed {
            let lists: Vec<_> = lists.iter().map(|list| format!("{list:?}")).collect();
            line(md, &[format!("after {name}"), word(&notice), lists.join(", then also ")]);
        }
    }
}

/// A code as the API writes it.
fn word(code: &impl serde::Serialize) -> String {
    serde_json::to_value(code).unwrap().as_str().unwrap().to_owned()
}

fn kinds(kinds: &[EventKind]) -> String {
    kinds.iter().map(word).collect::<Vec<_>>().join(", ")
}
