//! The date arithmetic against worked examples, and against a calendar that shares no code with it.
//!
//! The oracle walks one day at a time with its own month lengths, leap years and days of the week,
//! from a Thursday, 1 January 2009. chrono only names the dates so that the two can be compared.

#![allow(clippy::unwrap_used, reason = "a date that does not exist should stop the test")]

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::prelude::*;
use review::dates::*;

/// A day as the oracle knows it; `number` is its day of the month, `weekday` counts from 0 on Monday.
struct Day {
    year: i32,
    month: u32,
    number: u32,
    weekday: u32,
    name: NaiveDate,
}

/// Every day from 2009 to 2103: the anchors of 2011 to 2100, with room to walk either way.
static CALENDAR: LazyLock<Vec<Day>> = LazyLock::new(|| {
    let mut days = Vec::new();
    let (mut year, mut month, mut day, mut weekday) = (2009, 1, 1, 3);
    while year <= 2103 {
        days.push(Day {
            year,
            month,
            number: day,
            weekday,
            name: NaiveDate::from_ymd_opt(year, month, day).unwrap(),
        });
        weekday = (weekday + 1) % 7;
        day += 1;
        if day > month_length(year, month) {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    days
});

fn month_length(year: i32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Where in the oracle's calendar the anchors to try are.
fn anchors() -> impl Iterator<Item = usize> {
    (0..CALENDAR.len()).filter(|i| (2011..=2100).contains(&CALENDAR[*i].year))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn months_run_to_the_corresponding_date() {
    for (anchor, months, due) in [
        ("2027-01-31", 1, "2027-02-28"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-30", 1, "2025-02-28"),
        ("2025-02-28", 1, "2025-03-28"),
        ("2024-02-29", 6, "2024-08-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        // Dodds v Walker [1981] 1 WLR 1027: notice of 30 September, and 31 January was a day late.
        ("1978-09-30", 4, "1979-01-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-05-14", 0, "2025-05-14"),
    ] {
        assert_eq!(months_after(date(anchor), months), date(due), "{anchor}");
    }
    // In one step from the anchor: a chain of single months arrives early.
    let january = date("2027-01-31");
    assert_eq!(months_after(january, 2), date("2027-03-31"));
    assert_eq!(months_after(months_after(january, 1), 1), date("2027-03-28"));
}

#[test]
fn months_before_clamp_and_ignore_weekends() {
    for (target, months, earlier) in [
        ("2025-03-31", 1, "2025-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-05-31", 3, "2026-02-28"),
        ("2025-02-28", 3, "2024-11-28"),
        ("2025-01-15", 1, "2024-12-15"), // a Sunday, and it stays one
    ] {
        assert_eq!(months_before(date(target), months), date(earlier), "{target}");
    }
}

#[test]
fn late_evening_in_summer_is_already_tomorrow_in_london() {
    for (told, day, due) in [
        ("2027-06-30T23:30:00Z", "2027-07-01", "2027-08-01"),
        ("2025-06-30T23:30:00Z", "2025-07-01", "2025-08-01"),
        ("2025-06-30T22:59:59Z", "2025-06-30", "2025-07-30"),
        ("2025-12-31T23:30:00Z", "2025-12-31", "2026-01-31"),
    ] {
        assert_eq!(london_date(instant(told)), date(day), "{told}");
        assert_eq!(months_after(london_date(instant(told)), 1), date(due));
    }
    for (day, midnight, nine) in [
        ("2027-08-02", "2027-08-01T23:00:00Z", "2027-08-02T08:00:00Z"),
        ("2027-03-28", "2027-03-28T00:00:00Z", "2027-03-28T08:00:00Z"), // clocks go forward
        ("2027-10-31", "2027-10-30T23:00:00Z", "2027-10-31T09:00:00Z"), // clocks go back
        ("2027-12-01", "2027-12-01T00:00:00Z", "2027-12-01T09:00:00Z"),
        // London left its own mean time by skipping this day's first 75 seconds.
        ("1847-12-01", "1847-12-01T00:01:15Z", "1847-12-01T09:00:00Z"),
    ] {
        assert_eq!(london_midnight(date(day)), instant(midnight), "{day}");
        assert_eq!(london_nine(date(day)), instant(nine), "{day}");
    }
}

#[test]
fn every_month_length_agrees_with_the_walk() {
    let mut compared = 0;
    for i in anchors() {
        let anchor = &CALENDAR[i];
        let mut forwards = 0;
        for j in i + 1.. {
            let (day, last) = (&CALENDAR[j], CALENDAR[j + 1].number == 1);
            forwards += u32::from(day.number == 1);
            if forwards > 24 {
                break;
            }
            if forwards > 0 && (day.number == anchor.number || last && day.number < anchor.number) {
                assert_eq!(months_after(anchor.name, forwards), day.name);
                assert_eq!(Length::Months(forwards).after(anchor.name), day.name);
                compared += 1;
            }
        }
        let mut backwards = 0;
        for j in (0..i).rev() {
            let (day, last) = (&CALENDAR[j], CALENDAR[j + 1].number == 1);
            backwards += u32::from(last);
            if backwards > 24 {
                break;
            }
            if backwards > 0 && (day.number == anchor.number || last && day.number < anchor.number)
            {
                assert_eq!(months_before(anchor.name, backwards), day.name);
                assert_eq!(Length::Months(backwards).before(anchor.name), day.name);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, anchors().count() * 24 * 2);
}

/// Walks UTC an hour at a time and turns the clocks at 01:00 on the last Sundays of March and October,
/// to the end of 2099, where the time zone tables stop.
#[test]
fn london_agrees_with_the_summer_time_rule() {
    let mut hour_start = instant("2011-01-01T00:00:00Z");
    let mut summer = 0;
    for i in anchors().filter(|i| CALENDAR[*i].year < 2100) {
        let (today, tomorrow) = (&CALENDAR[i], &CALENDAR[i + 1]);
        let last_sunday = today.weekday == 6 && today.number > 24;
        for hour in 0..24 {
            match (today.month, last_sunday, hour) {
                (3, true, 1) => summer = 1,
                (10, true, 1) => summer = 0,
                _ => (),
            }
            let shown = hour + summer;
            let here = if shown < 24 { today } else { tomorrow };
            assert_eq!(london_date(hour_start), here.name, "{hour_start}");
            let hour_end = hour_start + Duration::seconds(3599);
            assert_eq!(london_date(hour_end), here.name, "{hour_end}");
            if shown % 24 == 0 {
                assert_eq!(london_midnight(here.name), hour_start);
            }
            if shown == 9 {
                assert_eq!(london_nine(here.name), hour_start);
            }
            hour_start += Duration::hours(1);
        }
    }
}

/// The anonymous Gregorian algorithm (Nature, 20 April 1876): the month and day of Easter Sunday.
fn easter(year: u32) -> (u32, u32) {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let lunar = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + lunar + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let sum = moon + sunday + 114 - 7 * late;
    (sum / 31, sum % 31 + 1)
}

/// Bank holidays by rule: the 1971 Act and the yearly proclamations, then the years that differed.
static BY_RULE: LazyLock<BTreeSet<NaiveDate>> = LazyLock::new(|| {
    let mut holidays = BTreeSet::new();
    for (i, day) in CALENDAR.iter().enumerate() {
        if !(2018..=2028).contains(&day.year) {
            continue;
        }
        // New Year's Day, or the Monday after it where it is at a weekend.
        let new_year = day.month == 1 && (day.number == 1 || day.weekday == 0 && day.number <= 3);
        let early_may = day.month == 5 && day.weekday == 0 && day.number <= 7;
        let last_monday = matches!(day.month, 5 | 8) && day.weekday == 0 && day.number > 24;
        // Both days, and on the 27th and 28th a Monday or Tuesday that stands for one at a weekend.
        let christmas = day.month == 12
            && match day.number {
                25 | 26 => true,
                27 | 28 => matches!(day.weekday, 0 | 1),
                _ => false,
            };
        let is_easter = |d: &Day| (d.month, d.number) == easter(d.year.cast_unsigned());
        let at_easter = is_easter(&CALENDAR[i + 2]) || is_easter(&CALENDAR[i - 1]);
        if day.weekday < 5 && (new_year || early_may || last_monday || christmas || at_easter) {
            holidays.insert(day.name);
        }
    }
    for moved in ["2020-05-04", "2022-05-30"] {
        assert!(holidays.remove(&date(moved)));
    }
    for proclaimed in [
        "2020-05-08", // 75 years since VE Day, for 4 May
        "2022-06-02", // Platinum Jubilee, for 30 May
        "2022-06-03", // Platinum Jubilee
        "2022-09-19", // state funeral of Queen Elizabeth II
        "2023-05-08", // coronation of King Charles III
    ] {
        assert!(holidays.insert(date(proclaimed)));
    }
    holidays
});

#[test]
fn the_bank_holiday_table_agrees_with_the_rules() {
    let table = include_str!("../src/dates/bank_holidays.csv");
    let rows: Vec<_> = table.lines().filter(|l| !l.starts_with('#')).collect();
    assert_eq!(rows[0], "date,title,note");
    let listed: Vec<_> = rows[1..]
        .iter()
        .map(|row| {
            let cells: Vec<_> = row.split(',').collect();
            assert!(cells.len() == 3 && !cells[1].is_empty(), "{row}");
            date(cells[0])
        })
        .collect();
    assert!(listed.is_sorted_by(|a, b| a < b));
    assert_eq!(listed, BY_RULE.iter().copied().collect::<Vec<_>>());
    assert_eq!(listed.len(), 11 * 8 + 3);
    assert_eq!(bank_holidays_known_until(), date("2028-12-31"));
}

#[test]
fn working_days_agree_with_the_walk() {
    let works = |i: usize| CALENDAR[i].weekday < 5 && !BY_RULE.contains(&CALENDAR[i].name);
    for i in anchors() {
        let here = CALENDAR[i].name;
        assert_eq!(is_working_day(here), works(i), "{here}");
        let back = (0..=i).rev().find(|j| works(*j)).unwrap();
        assert_eq!(act_by(here), CALENDAR[back].name);
        let on = (i..CALENDAR.len()).find(|j| works(*j)).unwrap();
        assert_eq!(roll_forward(here), CALENDAR[on].name);
        let strictly_back = (0..i).rev().find(|j| works(*j)).unwrap();
        assert_eq!(working_day_before(here), CALENDAR[strictly_back].name);
        let (mut ahead, mut behind) = (i, i);
        for n in 0..=10 {
            if matches!(n, 0 | 1 | 2 | 5 | 10) {
                assert_eq!(working_days_after(here, n), CALENDAR[ahead].name);
                let before = Length::WorkingDays(n).before(here);
                assert_eq!(before, CALENDAR[behind].name);
            }
            ahead = (ahead + 1..CALENDAR.len()).find(|j| works(*j)).unwrap();
            behind = (0..behind).rev().find(|j| works(*j)).unwrap();
        }
    }
}

#[test]
fn a_due_date_stays_and_only_access_requests_roll() {
    // Christmas 2027 is a Saturday, so Monday and Tuesday are its substitutes.
    let due = months_after(date("2027-11-27"), 1);
    assert_eq!(due, date("2027-12-27"));
    assert_eq!(act_by(due), date("2027-12-24"));
    assert_eq!(roll_forward(due), date("2027-12-29"));
    assert_eq!(working_days_after(date("2027-12-24"), 1), roll_forward(due));
    // On a working day both stay; the last reminder still goes strictly before.
    let friday = date("2027-07-30");
    assert_eq!((act_by(friday), roll_forward(friday)), (friday, friday));
    assert_eq!(working_day_before(friday), date("2027-07-29"));
    // Past the table only weekends count.
    assert!(is_working_day(date("2029-12-25")));
    assert!(is_working_day(date("2017-12-25")));
}

#[test]
fn the_ends_of_the_calendar_stand_in_for_what_lies_beyond() {
    let (first, last) = (NaiveDate::MIN, NaiveDate::MAX);
    for n in [1, 600, u32::MAX] {
        for length in [Length::Months(n), Length::Weeks(n), Length::Days(n)] {
            assert_eq!((length.after(last), length.before(first)), (last, first));
        }
        assert_eq!(Length::WorkingDays(n).after(last), last);
        assert_eq!(Length::WorkingDays(n).before(first), first);
    }
    assert_eq!(working_day_before(first), first);
    assert!(act_by(first) <= roll_forward(first) && act_by(last) <= roll_forward(last));
    assert_eq!(london_date(DateTime::<Utc>::MIN_UTC), first);
    assert_eq!(london_date(DateTime::<Utc>::MAX_UTC), last);
    for end in [first, last] {
        assert_eq!(london_date(london_midnight(end)), end);
        assert_eq!(london_date(london_nine(end)), end);
    }
}

/// Dates from 1801 to 2300, some of them outside the bank holiday and time zone tables.
fn dates() -> impl Strategy<Value = NaiveDate> {
    (0..182_600_i64).prop_map(|days| date("1801-01-01") + Duration::days(days))
}

proptest! {
    #[test]
    fn working_days_surround_a_date(d in dates()) {
        prop_assert!(working_day_before(d) < d);
        prop_assert!(act_by(d) <= d && d <= roll_forward(d));
        for found in [working_day_before(d), act_by(d), roll_forward(d)] {
            prop_assert!(is_working_day(found));
        }
        prop_assert_eq!(act_by(d) == d, is_working_day(d));
        prop_assert_eq!(roll_forward(d) == d, is_working_day(d));
        prop_assert_eq!(Length::WorkingDays(1).before(d), working_day_before(d));
    }

    #[test]
    fn there_and_back(d in dates(), n in 0..600_u32) {
        for length in [Length::Days(n), Length::Weeks(n)] {
            prop_assert_eq!(length.before(length.after(d)), d);
            prop_assert_eq!(length.after(length.before(d)), d);
        }
        // Clamping loses days, never gains them.
        let months = Length::Months(n);
        prop_assert!(months.before(months.after(d)) <= d);
        prop_assert!(months.after(months.before(d)) <= d);
        // Only a working day is reached again by counting back.
        let working = Length::WorkingDays(n);
        prop_assert_eq!(working.before(working.after(act_by(d))), act_by(d));
        prop_assert_eq!(working.after(working.before(act_by(d))), act_by(d));
    }

    #[test]
    fn later_anchors_are_never_due_earlier(d in dates(), gap in 0..40_i64, n in 0..60_u32) {
        let later = d + Duration::days(gap);
        for length in [Length::Months(n), Length::Weeks(n), Length::Days(n), Length::WorkingDays(n)] {
            prop_assert!(length.after(d) <= length.after(later));
            prop_assert!(length.before(d) <= length.before(later));
            prop_assert!(length.before(d) <= d && d <= length.after(d));
        }
    }

    #[test]
    fn a_london_day_holds_its_own_hours(d in dates()) {
        let midnight = london_midnight(d);
        prop_assert_eq!(london_date(midnight), d);
        prop_assert!(london_date(midnight - Duration::seconds(1)) < d);
        prop_assert_eq!(london_date(london_nine(d)), d);
        prop_assert!(midnight < london_nine(d));
    }
}
