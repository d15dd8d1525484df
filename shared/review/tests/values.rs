//! Values that are read once and are then known to be good.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;

use review::sample;
use review::values::{Email, Hash, Line, PartialDate, Prose, Reference};

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

const ALPHABET: &str = "34679CDFGHJKMNPQRTX";

#[test]
fn a_reference_is_read_as_it_is_shown_and_as_people_type_it() {
    let reference = Reference::parse("DHR-7KQ4-M6XD").unwrap();
    for typed in ["DHR-7KQ4-M6XD", "dhr-7kq4-m6xd", "  DHR-7KQ4-M6XD\n"] {
        assert_eq!(Reference::parse(typed).unwrap(), reference, "{typed}");
    }
    assert_eq!(reference.as_str(), "DHR-7KQ4-M6XD");
    assert_eq!(reference.to_string(), "DHR-7KQ4-M6XD");
    assert_eq!(serde_json::to_value(&reference).unwrap(), "DHR-7KQ4-M6XD");
    for wrong in [
        "",
        "7KQ4-M6XD",
        "DHR-7KQ4M6XD",
        "DHR-7KQ4-M6X",
        "DHR-7KQ-4M6XD",
        "DHR-7KQ4M-6XD",
        "DHR-7KQ0-M6XD",
    ] {
        let refusal = Reference::parse(wrong).unwrap_err().to_string();
        assert!(refusal.contains("Enter a reference such as"), "{wrong}: {refusal}");
    }
}

#[test]
fn one_mistyped_character_or_two_exchanged_ones_are_noticed() {
    let good = "DHR-7KQ4-M6XD";
    let places: Vec<_> = (4..8).chain(9..13).collect();
    let mut tried = 0;
    let mut refused = |typed: &[u8]| {
        let typed = String::from_utf8(typed.to_vec()).unwrap();
        if typed != good {
            let refusal = Reference::parse(&typed).unwrap_err().to_string();
            assert!(refusal.contains("mistyped"), "{typed}: {refusal}");
            tried += 1;
        }
    };
    for &place in &places {
        for symbol in ALPHABET.bytes() {
            let mut typed = good.as_bytes().to_vec();
            typed[place] = symbol;
            refused(&typed);
        }
    }
    for pair in places.windows(2) {
        let mut typed = good.as_bytes().to_vec();
        typed.swap(pair[0], pair[1]);
        refused(&typed);
    }
    assert_eq!(tried, 8 * 18 + 7);
}

#[test]
fn references_are_drawn_from_all_there_are() {
    let drawn = |number: u64| Reference::from_random(number.to_le_bytes());
    let all: BTreeSet<_> = (0..5000).map(|n| drawn(n * 178_777).to_string()).collect();
    assert_eq!(all.len(), 5000);
    for place in (4..8).chain(9..13) {
        let symbols: BTreeSet<_> = all.iter().map(|text| text.as_bytes()[place]).collect();
        assert_eq!(symbols, ALPHABET.bytes().collect(), "at {place}");
    }
    for text in &all {
        assert_eq!(Reference::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn a_hash_is_what_s3_gives_for_an_upload_in_parts() {
    let hash = |digest: &str, parts: &str| Hash::parse(&format!("{digest}-{parts}"));
    let (digest, _) = sample::HASH.rsplit_once('-').unwrap();
    for parts in ["1", "2", "10000"] {
        assert_eq!(hash(digest, parts).unwrap().as_str(), format!("{digest}-{parts}"));
    }
    for parts in ["", "0", "01", "+1", "10001", "x", "-1"] {
        assert!(hash(digest, parts).is_err(), "{parts}");
    }
    let without = digest.trim_end_matches('=');
    assert_eq!(without.len(), 43);
    for wrong in [
        without.to_owned(),
        format!("{without}=="),
        format!("{without}A"),
        format!("{}=", "-".repeat(43)),
        format!("{}é=", &without[..41]),
        format!("{}=", &without[..42]),
        String::new(),
    ] {
        assert!(hash(&wrong, "1").is_err(), "{wrong}");
    }
    assert!(hash(&format!("{}=", "+/".repeat(21) + "a"), "1").is_ok());
    assert!(Hash::parse(digest).is_err());
}

#[test]
fn an_address_is_one_that_mail_can_be_sent_to() {
    let long = |length: usize| format!("{}@agency.example", "x".repeat(length - 15));
    for (raw, read) in [
        ("jo@agency.example", "jo@agency.example"),
        (" Jo.Smith+DHR@Agency.Example ", "jo.smith+dhr@agency.example"),
        ("o'neil@sub.agency.example", "o'neil@sub.agency.example"),
    ] {
        assert_eq!(Email::parse(raw).unwrap().as_str(), read);
    }
    assert_eq!(Email::parse(&long(254)).unwrap().as_str().len(), 254);
    for wrong in [
        "",
        "jo",
        "@agency.example",
        "jo@agency",
        "jo@",
        "jo@.example",
        "jo@agency..example",
        "jo@agency.example.",
        "jo@smith@agency.example",
        "jö@agency.example",
        "jo smith@agency.example",
        "jo\u{7}@agency.example",
        "Jo <jo@agency.example>",
        "jo@agency.example,al@agency.example",
        "jo;al@agency.example",
        &long(255),
    ] {
        let refusal = Email::parse(wrong).unwrap_err().to_string();
        assert!(refusal.contains("Enter an e-mail address"), "{wrong}: {refusal}");
    }
}

#[test]
fn text_is_trimmed_and_no_longer_than_it_may_be() {
    assert_eq!(Line::<5>::parse("  abcde ").unwrap().as_str(), "abcde");
    assert_eq!(Line::<5>::parse("ééééé").unwrap().as_str().chars().count(), 5);
    assert_eq!(Line::<5>::parse("e\u{301}").unwrap().as_str(), "é");
    assert_eq!(Prose::<5>::parse("a\r\nb\tc").unwrap().as_str(), "a\nb\tc");
    for (raw, says) in
        [("abcdef", "5 characters"), (" \n", "cannot be empty"), ("", "cannot be empty")]
    {
        let line = Line::<5>::parse(raw).unwrap_err().to_string();
        let prose = Prose::<5>::parse(raw).unwrap_err().to_string();
        assert!(line.contains(says) && prose.contains(says), "{raw:?}: {line} {prose}");
    }
    for raw in ["a\nb", "a\tb"] {
        assert!(Line::<5>::parse(raw).unwrap_err().to_string().contains("one line"), "{raw:?}");
    }
}

#[test]
fn no_character_makes_a_record_read_otherwise_than_it_is() {
    let hidden =
        "\u{0}\u{7}\u{1B}\u{7F}\u{9B}\r\u{61C}\u{200B}\u{200F}\u{2028}\u{202E}\u{2066}\u{FEFF}";
    for c in hidden.chars() {
        let refusal = Prose::<9>::parse(&format!("a{c}b")).unwrap_err().to_string();
        assert!(refusal.contains("Remove control characters"), "{c:?}: {refusal}");
    }
    // What names are written with, in Welsh and Arabic too.
    for name in ["Siân Ŵyn", "O’Neil-Smith", "محمد", "李", "a\u{200D}b"] {
        assert_eq!(Line::<20>::parse(name).unwrap().as_str(), name);
    }
}
