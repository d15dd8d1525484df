//! Lengths of time as the tables name them: repeated, and read aloud.
#![allow(clippy::unwrap_used, reason = "tests")]

use review::dates::Length;

#[test]
fn a_length_is_repeated_in_its_own_unit() {
    use Length::{Days, Months, Weeks, WorkingDays};
    for (one, three) in [
        (Months(2), Months(6)),
        (Weeks(2), Weeks(6)),
        (Days(5), Days(15)),
        (WorkingDays(4), WorkingDays(12)),
    ] {
        assert_eq!(one.times(3), three);
    }
    let (january, april) = ("2027-01-31".parse().unwrap(), "2027-04-30".parse().unwrap());
    // The third month after 31 January is not three times "28 days later".
    assert_eq!(Months(1).times(3).after(january), april);
}

#[test]
fn lengths_read_as_words() {
    for (length, words) in [
        (Length::Months(1), "1 month"),
        (Length::Months(6), "6 months"),
        (Length::Weeks(8), "8 weeks"),
        (Length::Days(0), "0 days"),
        (Length::WorkingDays(1), "1 working day"),
        (Length::WorkingDays(10), "10 working days"),
    ] {
        assert_eq!(length.to_string(), words);
    }
    assert_eq!(Length::Weeks(8).count(), 8);
}
