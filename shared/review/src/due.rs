//! What time has made true. Nothing is skipped for having been late: of all steps that have
//! passed, the one that is true now is sent and the others stand in the history as overtaken.

use chrono::{DateTime, Utc};

use crate::act::Event;
use crate::case::Case;
use crate::clock::{Clock, ClockKey, Step};
use crate::dates::{Length, london_date, london_midnight, london_nine};
use crate::deadlines::{Row, row};
use crate::records::{Overtaken, Passed, Reminder};

/// At most this many clocks are dealt with in one go, so that a transaction stays far below
/// `DynamoDB`'s hundred items; the sweep comes back while anything is due.
const CLOCKS_AT_ONCE: usize = 5;

/// The events that are due at `now`, oldest target first; empty when nothing is.
#[must_use]
pub fn due(case: &Case, now: DateTime<Utc>) -> Vec<Event> {
    let mut clocks: Vec<_> = running(case)
        .filter(|(_, clock, row)| wake(clock, row).is_some_and(|at| at <= now))
        .collect();
    clocks.sort_by_key(|(key, clock, row)| (!row.breach, clock.target, (*key).clone()));
    clocks
        .into_iter()
        .take(CLOCKS_AT_ONCE)
        .flat_map(|(key, clock, row)| events(key, clock, row, now))
        .collect()
}

/// When the case next wants attention, or `None` if it owes nothing.
#[must_use]
pub fn next_due(case: &Case) -> Option<DateTime<Utc>> {
    let unmatched =
        (!case.file.matched && !case.file.match_keys.is_empty()).then_some(case.opened_at);
    running(case).filter_map(|(_, clock, row)| wake(clock, row)).chain(unmatched).min()
}

fn running(case: &Case) -> impl Iterator<Item = (&ClockKey, &Clock, &'static Row)> {
    let table = case.deadline_table();
    case.file
        .clocks
        .iter()
        .filter(|(_, clock)| clock.runs())
        .filter_map(move |(key, clock)| row(table, key.deadline).map(|row| (key, clock, row)))
}

/// The next instant at which this clock has something to record.
fn wake(clock: &Clock, row: &Row) -> Option<DateTime<Utc>> {
    let passing = (row.breach && !clock.passed).then(|| after_midnight(clock.original));
    steps(clock, row).map(|(_, at)| at.max(clock.born_at)).chain(passing).min()
}

fn after_midnight(date: chrono::NaiveDate) -> DateTime<Utc> {
    london_midnight(Length::Days(1).after(date))
}

/// The steps not yet dealt with, each with its instant; of the repetitions only the next.
fn steps(clock: &Clock, row: &Row) -> impl Iterator<Item = (Step, DateTime<Utc>)> {
    let before =
        row.reminder.is_some().then(|| row.before.iter().zip(0_u8..)).into_iter().flatten();
    let missed_on = Length::Days(1).after(clock.target);
    let again = match (row.missed, row.again, clock.done.contains(&Step::Missed)) {
        (Some(_), Some(_), true) => again(clock, row, clock.again + 1),
        (Some(_) | None, Some(_) | None, true | false) => None,
    };
    before
        .map(|(length, n)| (Step::Before(n), london_nine(length.before(clock.target))))
        .chain(row.missed.map(|_| (Step::Missed, london_nine(missed_on))))
        .filter(|(step, _)| !clock.done.contains(step))
        .chain(again)
}

/// The n-th repetition: n lengths after the day of the first, counted in one step.
fn again(clock: &Clock, row: &Row, n: u32) -> Option<(Step, DateTime<Utc>)> {
    let missed_on = Length::Days(1).after(clock.target);
    let length = row.again?.times(n);
    Some((Step::Again(n), london_nine(length.after(missed_on))))
}

fn events(key: &ClockKey, clock: &Clock, row: &Row, now: DateTime<Utc>) -> Vec<Event> {
    let mut events = Vec::new();
    if row.breach && !clock.passed && now >= after_midnight(clock.original) {
        let passed = Passed { clock: key.clone(), original: clock.original };
        events.push(Event::DeadlinePassed(passed));
    }
    let mut passed: Vec<_> = steps(clock, row).filter(|(_, at)| *at <= now).collect();
    if passed.iter().any(|(step, _)| *step == Step::Missed) {
        let repeated = (1..).map_while(|n| again(clock, row, n)).take_while(|(_, at)| *at <= now);
        passed.extend(repeated);
    } else if let Some(&(Step::Again(next), _)) = passed.last() {
        let later = (next + 1..).map_while(|n| again(clock, row, n));
        passed.extend(later.take_while(|(_, at)| *at <= now));
    }
    let send = true_now(&passed, clock, now);
    let overtaken: Vec<_> =
        passed.iter().map(|(step, _)| *step).filter(|step| Some(*step) != send).collect();
    if !overtaken.is_empty() {
        events.push(Event::RemindersOvertaken(Overtaken { clock: key.clone(), steps: overtaken }));
    }
    if let Some(step) = send {
        events.push(Event::Reminded(Reminder { clock: key.clone(), step, due_on: clock.target }));
    }
    events
}

/// The step that is still true: "missed" if it was not said yet, else the latest repetition;
/// before the target the latest reminder, unless it had passed when the deadline was born.
fn true_now(passed: &[(Step, DateTime<Utc>)], clock: &Clock, now: DateTime<Utc>) -> Option<Step> {
    let over = london_date(now) > clock.target;
    if passed.iter().any(|(step, _)| *step == Step::Missed) {
        return Some(Step::Missed);
    }
    passed
        .iter()
        .filter(|(step, at)| match step {
            Step::Before(_) => !over && *at > clock.born_at,
            Step::Missed | Step::Again(_) => true,
        })
        .max_by_key(|(_, at)| *at)
        .map(|(step, _)| *step)
}
