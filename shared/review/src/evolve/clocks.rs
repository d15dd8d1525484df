//! Starts, meets, ends and moves the clocks of a case, as `DEADLINES` says.

use chrono::{DateTime, NaiveDate, Utc};

use crate::act::Event;
use crate::case::{Case, File};
use crate::clock::{Clock, ClockKey, Standing, Step};
use crate::dates::london_date;
use crate::deadlines::{DEADLINES, Deadline, Row, Scope, anchors, row, settles};
use crate::process::State;
use crate::values::ItemId;

pub(super) fn apply(case: &mut Case, event: &Event, now: DateTime<Utc>) {
    let today = london_date(now);
    let table = case.deadline_table();
    let rows = || {
        DEADLINES.iter().filter(move |row| row.scope == Scope::Case && row.tables.contains(&table))
    };
    for row in rows().filter(|row| row.met_by.contains(&event.kind())) {
        close(case, row, event, Standing::Met(today));
    }
    for row in rows().filter(|row| row.ended_by.contains(&event.kind())) {
        close(case, row, event, Standing::Ended(today));
    }
    for row in rows().filter(|row| row.starts.contains(&event.kind())) {
        start(case, row, event, today, now);
    }
    if case.state.is_end() || case.state == State::Concluded {
        for (key, clock) in &mut case.file.clocks {
            if clock.runs() && !row(table, key.deadline).is_some_and(|row| row.outlives) {
                clock.standing = Standing::Ended(today);
            }
        }
    }
}

fn close(case: &mut Case, row: &Row, event: &Event, standing: Standing) {
    let Some(item) = settles(row.deadline, event) else { return };
    for (key, clock) in &mut case.file.clocks {
        let meant = key.deadline == row.deadline && (item.is_none() || key.item == item);
        if meant && clock.runs() {
            clock.standing = standing;
        }
    }
}

fn start(case: &mut Case, row: &Row, event: &Event, today: NaiveDate, now: DateTime<Utc>) {
    for anchor in anchors(row.deadline, event, case, today) {
        let due = row.due(anchor.from, anchor.named);
        let key = ClockKey { deadline: row.deadline, item: anchor.item };
        case.file.clocks.insert(key, Clock::start(anchor.from, due, now));
    }
}

/// Steps of a clock were said, or overtaken.
pub(super) fn settle(file: &mut File, key: &ClockKey, steps: &[Step]) {
    if let Some(clock) = file.clocks.get_mut(key) {
        for step in steps {
            clock.settle(*step);
        }
    }
}

/// The original date of a clock has passed.
pub(super) fn passed(file: &mut File, key: &ClockKey) {
    if let Some(clock) = file.clocks.get_mut(key) {
        clock.passed = true;
    }
}

/// Another date for the report, where one is named.
pub(super) fn retarget_report(file: &mut File, target: Option<NaiveDate>, now: DateTime<Utc>) {
    retarget(file, &ClockKey { deadline: Deadline::Report, item: None }, target, now);
}

/// Another date for an action, where one is named.
pub(super) fn retarget_action(
    file: &mut File,
    id: &ItemId,
    target: Option<NaiveDate>,
    now: DateTime<Utc>,
) {
    let key = ClockKey { deadline: Deadline::Action, item: Some(id.to_string()) };
    retarget(file, &key, target, now);
}

fn retarget(file: &mut File, key: &ClockKey, target: Option<NaiveDate>, now: DateTime<Utc>) {
    if let (Some(clock), Some(target)) = (file.clocks.get_mut(key), target)
        && clock.runs()
    {
        clock.retarget(target, now);
    }
}
