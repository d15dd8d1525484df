//! Which reminders a history must hold, worked out from the table alone and not by the function
//! that the system itself asks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use review::Case;
use review::act::Event;
use review::clock::{Clock, ClockKey, Step};
use review::dates::{Length, london_midnight, london_nine};
use review::deadlines::{Row, row};
use review::event::Recorded;

/// One run of a clock to one target.
type Lap = (ClockKey, NaiveDate, DateTime<Utc>);

/// Every step that has passed was sent or overtaken, and none twice.
pub fn all(folded: &[Case], history: &[Recorded], now: DateTime<Utc>) {
    let mut steps: BTreeMap<Lap, BTreeSet<Step>> = BTreeMap::new();
    for (place, recorded) in history.iter().enumerate() {
        // The clock as it stood before the event says which lap its steps belong to.
        let before = place.checked_sub(1).map(|place| &folded[place]);
        let (key, passed): (_, Vec<Step>) = match &recorded.body {
            Some(Event::Reminded(it)) => (&it.clock, vec![it.step]),
            Some(Event::RemindersOvertaken(it)) => (&it.clock, it.steps.clone()),
            _ => continue,
        };
        let clock = &before.unwrap().file.clocks[key];
        let lap = steps.entry((key.clone(), clock.target, clock.born_at)).or_default();
        for step in passed {
            assert!(lap.insert(step), "{key}: {step:?} stands twice in the history");
        }
    }
    let passed_once = lapses(history);
    let case = folded.last().unwrap();
    for (key, clock) in case.file.clocks.iter().filter(|(_, clock)| clock.runs()) {
        let row = row(case.deadline_table(), key.deadline).unwrap();
        let lap = (key.clone(), clock.target, clock.born_at);
        let dealt_with = steps.remove(&lap).unwrap_or_default();
        for step in passed(clock, row, now) {
            assert!(dealt_with.contains(&step), "{key}: {step:?} of {clock:?} is missing at {now}");
        }
        let over = row.breach && london_midnight(Length::Days(1).after(clock.original)) <= now;
        let told = passed_once.contains(&(key.clone(), clock.original));
        assert_eq!(told, over, "{key}: whether {} passed, at {now}", clock.original);
    }
}

/// The original dates that the history says have passed, none of them twice.
fn lapses(history: &[Recorded]) -> BTreeSet<(ClockKey, NaiveDate)> {
    let mut lapses = BTreeSet::new();
    for recorded in history {
        if let Some(Event::DeadlinePassed(it)) = &recorded.body {
            let fresh = lapses.insert((it.clock.clone(), it.original));
            assert!(fresh, "{}: {} passed twice", it.clock, it.original);
        }
    }
    lapses
}

/// The steps whose time has come.
fn passed(clock: &Clock, row: &Row, now: DateTime<Utc>) -> Vec<Step> {
    let mut steps = Vec::new();
    if row.reminder.is_some() {
        for (n, length) in row.before.iter().enumerate() {
            if london_nine(length.before(clock.target)) <= now {
                steps.push(Step::Before(u8::try_from(n).unwrap()));
            }
        }
    }
    let day_after = Length::Days(1).after(clock.target);
    if row.missed.is_some() && london_nine(day_after) <= now {
        steps.push(Step::Missed);
        let every =
            row.again.into_iter().flat_map(|length| (1..).map(move |n| (n, times(length, n))));
        let repeated = every.take_while(|(_, length)| london_nine(length.after(day_after)) <= now);
        steps.extend(repeated.map(|(n, _)| Step::Again(n)));
    }
    steps
}

fn times(length: Length, n: u32) -> Length {
    match length {
        Length::Months(count) => Length::Months(count * n),
        Length::Weeks(count) => Length::Weeks(count * n),
        Length::Days(count) => Length::Days(count * n),
        Length::WorkingDays(count) => Length::WorkingDays(count * n),
    }
}
