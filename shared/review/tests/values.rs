//! Values that are read once and are then known to be good.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use review::values::PartialDate;

#[test]
fn a_date_may_be_known_in_part_and_is_written_in_full_figures() {
    for (raw, first, last) in [
        ("1992", "1992-01-01", "1992-12-31"),
        ("1992-02", "1992-02-01", "1992-02-29"),
        ("1993-02", "1993-02-01", "1993-02-28"),
        ("1992-05-17", "1992-05-17", "1992-05-17"),
        ("1900", "1900-01-01", "1900-12-31"),
        ("2199-12", "2199-12-01", "2199-12-31"),
    ] {
        let date = PartialDate::parse(raw).unwrap();
        assert_eq!(date.to_string(), raw);
        let (earliest, latest) = (date.earliest().to_string(), date.latest().to_string());
        assert_eq!((earliest.as_str(), latest.as_str()), (first, last), "{raw}");
    }
    assert_eq!(PartialDate::parse(" 1992-05 ").unwrap().to_string(), "1992-05");
}

#[test]
fn what_is_no_date_is_refused_with_what_to_do() {
    for (raw, says) in [
        ("", "YYYY-MM-DD"),
        ("92", "YYYY-MM-DD"),
        ("1992-5", "YYYY-MM-DD"),
        ("1992-+5", "YYYY-MM-DD"),
        ("1992-05-7", "YYYY-MM-DD"),
        ("01992-05", "YYYY-MM-DD"),
        ("1992-05-17-01", "YYYY-MM-DD"),
        ("May 1992", "YYYY-MM-DD"),
        ("1992-02-30", "does not exist"),
        ("1992-13", "does not exist"),
        ("1899", "between 1900 and 2199"),
        ("2200", "between 1900 and 2199"),
    ] {
        let refusal = PartialDate::parse(raw).unwrap_err().to_string();
        assert!(refusal.contains(says), "{raw}: {refusal}");
    }
}
