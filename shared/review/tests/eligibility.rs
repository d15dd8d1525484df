//! The advice on the statutory test: worked cases and the edges of every limb.

#![allow(clippy::unwrap_used, reason = "a form that does not parse should stop the test")]

use review::eligibility::{Advice, Flag, Opinion, advise};
use review::records::{ChargeStatus, Finding, Referral, Relationship};
use review::{Action, sample};
use serde::Deserialize;
use serde_json::{Value, json};

use Finding::{Met, NotMet, Unclear};

#[path = "eligibility/every_form.rs"]
mod every_form;

/// Where the answers stand that the tests are about.
const VICTIM_BORN: &str = "/victim/born";
const ADDRESS: &str = "/victim/address";
const DIED: &str = "/death/date";
const KIND: &str = "/death/kind";
const BEHAVIOUR: &str = "/death/resulted_from";
const OUTSIDE: &str = "/death/outside_england_and_wales";
const SUSPECTS: &str = "/suspects";
const SUSPECT_BORN: &str = "/suspects/known/0/person/born";
const VICTIM_IS: &str = "/suspects/known/0/victim_is";
const ALIVE: &str = "/suspects/known/0/alive";
const CHARGE: &str = "/suspects/known/0/charge";
const HOUSEHOLD: &str = "/same_household";

/// A wife of 34 killed by her husband of 36, with these answers in place of the sample's.
fn form(answers: &[(&str, Value)]) -> Value {
    let mut form = sample::body(Action::Refer);
    for (pointer, answer) in answers {
        *form.pointer_mut(pointer).unwrap() = answer.clone();
    }
    form
}

fn advice(answers: &[(&str, Value)]) -> Advice {
    advise(&Referral::deserialize(form(answers)).unwrap())
}

/// Both verdicts: the test in force, then the one to come.
fn verdicts(answers: &[(&str, Value)]) -> (Finding, Finding) {
    let advice = advice(answers);
    (advice.s9_of_2004.verdict, advice.s8a_of_2024.verdict)
}

fn known(value: impl Into<Value>) -> Value {
    json!({ "known": value.into() })
}

fn not_known() -> Value {
    json!("not-known")
}

fn shared(shared: bool) -> Value {
    json!({ "known": { "shared": shared } })
}

fn born(date: &str) -> Value {
    json!({ "known": { "date-of-birth": date } })
}

fn aged(years: u8) -> Value {
    json!({ "known": { "estimated-age": years } })
}

fn suspect(born: &Value, victim_is: &Value) -> Value {
    json!({
        "person": { "name": "Example Person-Four", "born": born, "sex": "not-known" },
        "victim_is": victim_is, "alive": "not-known", "charge": "not-known"
    })
}

// The worked cases.

#[test]
fn wife_of_34_killed_by_her_husband() {
    let advice = advice(&[]);
    assert_eq!((advice.s9_of_2004.verdict, advice.s8a_of_2024.verdict), (Met, Met));
    assert!(advice.s9_of_2004.limbs.iter().all(|limb| limb.finding == Met));
}

#[test]
fn lodger_killed_by_an_unrelated_housemate() {
    let lodger = [(VICTIM_IS, known("other-non-relative")), (HOUSEHOLD, shared(true))];
    assert_eq!(verdicts(&lodger), (Met, NotMet));
}

#[test]
fn seventeen_year_old_killed_by_a_boyfriend_of_15() {
    let couple = [
        (VICTIM_BORN, born("2009-03-01")),
        (SUSPECT_BORN, born("2011-03-01")),
        (VICTIM_IS, known("boyfriend-or-girlfriend")),
        (HOUSEHOLD, shared(false)),
    ];
    assert_eq!(verdicts(&couple), (Met, NotMet));
}

#[test]
fn fifteen_year_old_killed_by_a_stepfather_goes_to_a_child_review() {
    let child = [(VICTIM_BORN, born("2011-03-01")), (VICTIM_IS, known("step-child"))];
    assert_eq!(verdicts(&child), (NotMet, NotMet));
    assert_eq!(advice(&child).flags.first(), Some(&Flag::ChildReview));
}

#[test]
fn suicide_after_an_ex_partners_coercive_control() {
    let suicide = [
        (KIND, json!("suspected-suicide")),
        (BEHAVIOUR, known(vec!["controlling-or-coercive"])),
        (VICTIM_IS, known("ex-boyfriend-or-girlfriend")),
        (HOUSEHOLD, shared(false)),
    ];
    assert_eq!(verdicts(&suicide), (Met, Met));
}

#[test]
fn partner_leaves_an_injured_woman_untreated() {
    let neglect = [
        (KIND, json!("other")),
        (BEHAVIOUR, known(vec!["neglect"])),
        (VICTIM_IS, known("common-law-spouse")),
    ];
    assert_eq!(verdicts(&neglect), (Met, Unclear));
    let with_violence = [(BEHAVIOUR, known(vec!["neglect", "economic"]))];
    assert_eq!(verdicts(&with_violence), (Met, Met));
}

#[test]
fn mother_of_70_killed_by_a_psychotic_son() {
    let mother = [
        (VICTIM_BORN, aged(70)),
        (VICTIM_IS, known("parent")),
        ("/suspects/known/0/person/disability", known("Psychosis, under treatment")),
    ];
    assert_eq!(verdicts(&mother), (Met, Met));
    assert!(advice(&mother).flags.contains(&Flag::MentalHealthReview));
    assert!(!advice(&[]).flags.contains(&Flag::MentalHealthReview));
}

#[test]
fn acquittal_changes_nothing_nor_does_any_other_charge_or_death_of_the_suspect() {
    for charge in ChargeStatus::ALL {
        for alive in [known(true), known(false), not_known()] {
            let charged = [(CHARGE, known(json!(charge))), (ALIVE, alive)];
            assert_eq!(advice(&charged), advice(&[]), "{charge:?}");
        }
    }
}

#[test]
fn man_kills_his_ex_wifes_new_partner() {
    let partner = [(VICTIM_IS, known("other-non-relative")), (HOUSEHOLD, shared(false))];
    assert_eq!(verdicts(&partner), (NotMet, NotMet));
    assert!(advice(&partner).flags.contains(&Flag::NoConnection));
    let one_house = [(VICTIM_IS, known("other-non-relative")), (HOUSEHOLD, shared(true))];
    assert_eq!(verdicts(&one_house), (Met, NotMet), "a limb fits");
    assert!(!advice(&one_house).flags.contains(&Flag::NoConnection));
}

#[test]
fn unexplained_death_with_a_history_of_abuse() {
    let unexplained = [(KIND, json!("unexplained")), (BEHAVIOUR, not_known())];
    assert_eq!(verdicts(&unexplained), (Unclear, Unclear));
    let none_named = [(KIND, json!("unexplained")), (BEHAVIOUR, known(json!([])))];
    assert_eq!(verdicts(&none_named), (Unclear, Unclear));
}

#[test]
fn two_adults_and_a_child_of_8_killed_are_tested_one_by_one() {
    let linked = ("/linked", json!("Three deaths on one day."));
    let deaths = [
        (born("1990-01-01"), "spouse-or-civil-partner", (Met, Met)),
        (born("1960-01-01"), "parent", (Met, Met)),
        (born("2018-06-01"), "son-or-daughter", (NotMet, NotMet)),
    ];
    for (victim, victim_is, expected) in deaths {
        let death = [(VICTIM_BORN, victim), (VICTIM_IS, known(victim_is)), linked.clone()];
        assert_eq!(verdicts(&death), expected);
        let flags = advice(&death).flags;
        assert!(flags.contains(&Flag::LinkedCases));
        assert_eq!(flags.contains(&Flag::ChildReview), expected.0 == NotMet);
    }
}

#[test]
fn resident_killed_abroad_is_a_question_for_the_home_office() {
    let abroad = [(OUTSIDE, known(true))];
    assert_eq!(verdicts(&abroad), (Unclear, Unclear));
    assert_eq!(advice(&abroad).flags.first(), Some(&Flag::LinkedCases));
    assert!(advice(&abroad).flags.contains(&Flag::OutsideEnglandAndWales));
    for here in [known(false), not_known(), json!("not-asked")] {
        assert_eq!(verdicts(&[(OUTSIDE, here)]), (Met, Met));
    }
}

#[test]
fn lived_in_one_place_and_died_in_another_both_are_kept_and_neither_changes_the_test() {
    let elsewhere = [(ADDRESS, known("9 Other Road")), ("/death/place", json!("2 Sample Lane"))];
    let referral = Referral::deserialize(form(&elsewhere)).unwrap();
    assert_eq!(referral.victim.address.value().unwrap().as_str(), "9 Other Road");
    assert_eq!(referral.death.place.as_str(), "2 Sample Lane");
    assert_eq!(advise(&referral), advice(&[]));
    let unrecorded = advice(&[(ADDRESS, not_known())]);
    assert_eq!(unrecorded.s9_of_2004.verdict, Met);
    assert!(unrecorded.flags.contains(&Flag::ResidenceNotRecorded));
}

// The edges.

#[test]
fn an_age_is_reached_at_the_start_of_the_birthday() {
    // Died on 2 November 2026.
    for (birth, expected) in [
        ("2010-11-01", Met),
        ("2010-11-02", Met),
        ("2010-11-03", NotMet),
        ("2010-10", Met),
        ("2010-11", Unclear),
        ("2010-12", NotMet),
        ("2009", Met),
        ("2010", Unclear),
        ("2011", NotMet),
        ("2027-01-01", Unclear),
    ] {
        assert_eq!(verdicts(&[(VICTIM_BORN, born(birth))]).0, expected, "{birth}");
    }
    let leap = |died: &str| verdicts(&[(VICTIM_BORN, born("2008-02-29")), (DIED, json!(died))]).0;
    assert_eq!((leap("2024-02-28"), leap("2024-02-29")), (NotMet, Met));
}

#[test]
fn an_estimated_age_near_16_needs_a_person() {
    for (age, expected) in [(13, NotMet), (14, Unclear), (16, Unclear), (18, Unclear), (19, Met)] {
        assert_eq!(verdicts(&[(VICTIM_BORN, aged(age))]).0, expected, "{age}");
    }
}

#[test]
fn an_estimated_date_of_death_near_the_birthday_needs_a_person() {
    let estimated = |birth: &str| {
        verdicts(&[(VICTIM_BORN, born(birth)), ("/death/date_estimated", json!(true))]).0
    };
    assert_eq!(estimated("2010-06-01"), Unclear);
    assert_eq!(estimated("2011-06-01"), Unclear);
    assert_eq!(estimated("2009-06-01"), Met);
    assert_eq!(estimated("2012-06-01"), NotMet);
}

#[test]
fn abuse_that_may_have_begun_before_16_needs_a_person_under_the_2024_test() {
    let young = |victim: &str, suspect: &str, kind: &str, behaviour: &str| {
        verdicts(&[
            (VICTIM_BORN, born(victim)),
            (SUSPECT_BORN, born(suspect)),
            (KIND, json!(kind)),
            (BEHAVIOUR, known(vec![behaviour])),
        ])
        .1
    };
    let coercive = "controlling-or-coercive";
    assert_eq!(young("2009-06-01", "1990-01-01", "suspected-suicide", coercive), Unclear);
    assert_eq!(young("1990-01-01", "2009-06-01", "suspected-suicide", coercive), Unclear);
    assert_eq!(young("2008-06-01", "1990-01-01", "suspected-suicide", coercive), Met);
    assert_eq!(young("2009-06-01", "1990-01-01", "homicide", coercive), Unclear);
    // The killing itself is the behaviour, and both were 16 by then.
    assert_eq!(young("2009-06-01", "2009-01-01", "homicide", "physical-or-sexual"), Met);
}

#[test]
fn what_is_not_known_is_unclear_in_each_test_it_belongs_to() {
    for (pointer, expected) in [
        (VICTIM_BORN, (Unclear, Unclear)),
        (BEHAVIOUR, (Unclear, Unclear)),
        (SUSPECTS, (Unclear, Unclear)),
        (SUSPECT_BORN, (Met, Unclear)),
        (VICTIM_IS, (Met, Unclear)),
        (HOUSEHOLD, (Met, Met)),
    ] {
        for answer in [not_known(), json!("not-asked")] {
            assert_eq!(verdicts(&[(pointer, answer)]), expected, "{pointer}");
        }
    }
    let minimal = Referral::deserialize(sample::minimal_referral()).unwrap();
    let advice = advise(&minimal);
    assert_eq!((advice.s9_of_2004.verdict, advice.s8a_of_2024.verdict), (Unclear, Unclear));
}

/// What the form does not say is asked for; where it says something, that is what to look into.
#[test]
fn an_age_that_is_unclear_says_what_to_find_out() {
    let of_victim = |born: Value| advice(&[(VICTIM_BORN, born)]).s9_of_2004;
    let of_suspect = |born: Value| advice(&[(SUSPECT_BORN, born)]).s8a_of_2024;
    let why = |test: Opinion| {
        let unclear = test.limbs.into_iter().find(|limb| limb.finding == Unclear);
        unclear.expect("one limb is unclear").because
    };
    for (of, whom) in [
        (&of_victim as &dyn Fn(Value) -> Opinion, "the person who died"),
        (&of_suspect, "suspected person"),
    ] {
        for (born, says) in [
            (not_known(), "gives neither"),
            (json!("not-asked"), "gives neither"),
            (aged(16), "leave open"),
        ] {
            let because = why(of(born));
            assert!(because.contains(says) && because.contains(whom), "{because}");
            assert!(because.ends_with("find out."), "{because}");
        }
    }
}

/// Under the 2004 Act with no shared household, under it with one, and under the 2024 test.
#[test]
fn each_relationship_has_its_place_in_each_list() {
    for relationship in Relationship::ALL {
        let expected = match relationship {
            Relationship::SpouseOrCivilPartner
            | Relationship::ExSpouseOrCivilPartner
            | Relationship::CommonLawSpouse
            | Relationship::Engaged
            | Relationship::BoyfriendOrGirlfriend
            | Relationship::ExBoyfriendOrGirlfriend
            | Relationship::Parent
            | Relationship::SonOrDaughter
            | Relationship::Sibling
            | Relationship::StepParent
            | Relationship::StepChild
            | Relationship::StepSibling
            | Relationship::Grandparent
            | Relationship::Grandchild => (Met, Met, Met),
            Relationship::CoParent => (Unclear, Met, Met),
            Relationship::OtherRelative => (Met, Met, Unclear),
            Relationship::Cohabitant => (Unclear, Met, Unclear),
            Relationship::OtherNonRelative => (NotMet, Met, NotMet),
        };
        let with = |household| {
            verdicts(&[(VICTIM_IS, known(json!(relationship))), (HOUSEHOLD, shared(household))])
        };
        let found = (with(false).0, with(true).0, with(false).1);
        assert_eq!(found, expected, "{relationship:?}");
        let unknown = [(VICTIM_IS, known(json!(relationship))), (HOUSEHOLD, not_known())];
        let unsure = if expected.0 == NotMet { Unclear } else { expected.0 };
        assert_eq!(verdicts(&unknown).0, unsure, "{relationship:?}");
        assert_eq!(with(false).1, with(true).1, "a household does not count in the 2024 test");
    }
}

#[test]
fn one_of_several_suspects_is_enough_but_must_meet_every_limb() {
    let stranger = suspect(&aged(40), &known("other-non-relative"));
    let young_son = suspect(&aged(12), &known("parent"));
    let son = suspect(&aged(40), &known("parent"));
    let with = |suspects: Vec<Value>| {
        let answers = [(SUSPECTS, known(suspects)), (HOUSEHOLD, shared(false))];
        verdicts(&answers)
    };
    assert_eq!(with(vec![stranger.clone()]), (NotMet, NotMet));
    assert_eq!(with(vec![stranger.clone(), son]), (Met, Met));
    // Old enough but a stranger, a relative but too young: nobody meets the 2024 test.
    assert_eq!(with(vec![stranger, young_son]), (Met, NotMet));
}

#[test]
fn a_connected_suspect_is_shown_even_where_the_verdict_is_the_same() {
    let stranger = suspect(&aged(40), &known("other-non-relative"));
    let stepfather = suspect(&aged(40), &known("step-child"));
    let child = advice(&[
        (VICTIM_BORN, born("2012-01-01")),
        (SUSPECTS, known(vec![stranger, stepfather])),
        (HOUSEHOLD, shared(false)),
    ]);
    assert_eq!(child.s9_of_2004.verdict, NotMet);
    assert!(!child.flags.contains(&Flag::NoConnection));
}

#[test]
fn the_advice_is_codes_and_fixed_sentences() {
    let advice = serde_json::to_value(advice(&[])).unwrap();
    assert_eq!(advice["s9_of_2004"]["verdict"], "met");
    assert_eq!(
        advice["s9_of_2004"]["limbs"][2],
        json!({
            "criterion": "connection",
            "finding": "met",
            "because": "They were, or had been, in an intimate personal relationship."
        })
    );
    assert_eq!(advice["flags"], json!(["linked-cases"]));
    for flag in Flag::ALL {
        assert!(flag.sentence().ends_with('.'));
    }
}
