//! Starts, meets, ends and moves the clocks of a case, as `DEADLINES` says.

use chrono::{DateTime, NaiveDate, Utc};

use crate::act::Event;
use crate::case::Case;
use crate::clock::{Clock, ClockKey, Standing};
use crate::dates::london_date;
use crate::deadlines::{DEADLINES, Deadline, Row, Scope, anchors, row, settles};
use crate::process::State;

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
    progress(case, event, now);
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

/// Events that move a clock on rather than start or stop it.
fn progress(case: &mut Case, event: &Event, now: DateTime<Utc>) {
    let clocks = &mut case.file.clocks;
    let report = ClockKey { deadline: Deadline::Report, item: None };
    match event {
        Event::Reminded(reminder) => {
            if let Some(clock) = clocks.get_mut(&reminder.clock) {
                clock.settle(reminder.step);
            }
        }
        Event::RemindersOvertaken(overtaken) => {
            if let Some(clock) = clocks.get_mut(&overtaken.clock) {
                overtaken.steps.iter().for_each(|step| clock.settle(*step));
            }
        }
        Event::DeadlinePassed(passed) => {
            if let Some(clock) = clocks.get_mut(&passed.clock) {
                clock.passed = true;
            }
        }
        Event::ReportDateAgreed(agreed) => {
            retarget(clocks.get_mut(&report), Some(agreed.target), now);
        }
        Event::HoldStarted(hold) | Event::HoldChanged(hold) => {
            retarget(clocks.get_mut(&report), hold.report_target, now);
        }
        Event::HoldEnded(end) => retarget(clocks.get_mut(&report), end.report_target, now),
        Event::ActionUpdated(update) => {
            let key = ClockKey { deadline: Deadline::Action, item: Some(update.id.to_string()) };
            retarget(clocks.get_mut(&key), update.target_on, now);
        }
        _ => {}
    }
}

fn retarget(clock: Option<&mut Clock>, target: Option<NaiveDate>, now: DateTime<Utc>) {
    if let (Some(clock), Some(target)) = (clock, target)
        && clock.runs()
    {
        clock.retarget(target, now);
    }
}
