//! What holds for every form, however little is known: the advice is total, fixed in its words,
//! and never turns a death away for want of an answer.

use proptest::prelude::*;
use review::eligibility::{Advice, Flag, advise};
use review::records::{Behaviour, DeathKind, Finding, Referral, Relationship};
use serde::Deserialize;
use serde_json::{Value, json};

use Finding::{Met, NotMet, Unclear};

use super::{
    ADDRESS, BEHAVIOUR, DIED, HOUSEHOLD, KIND, OUTSIDE, SUSPECTS, VICTIM_BORN, aged, born, form,
    known, not_known, suspect,
};

fn birth() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(not_known()),
        (0_u8..=130).prop_map(aged),
        (10_u8..=22).prop_map(aged),
        date(1900..2024).prop_map(|date| born(&date)),
        date(2006..2013).prop_map(|date| born(&date)),
    ]
}

/// A date, or as much of one as is known.
fn date(years: std::ops::Range<u16>) -> impl Strategy<Value = String> {
    prop_oneof![
        years.clone().prop_map(|year| year.to_string()),
        (years.clone(), 1_u8..=12).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (years, 1_u8..=12, 1_u8..=28)
            .prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
    ]
}

fn maybe(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![3 => value.prop_map(known), 1 => Just(not_known()), 1 => Just(json!("not-asked"))]
}

fn any_suspect() -> impl Strategy<Value = Value> {
    let relationship = proptest::sample::select(Relationship::ALL);
    (birth(), maybe(relationship.prop_map(|relationship| json!(relationship))))
        .prop_map(|(born, victim_is)| suspect(&born, &victim_is))
}

prop_compose! {
    fn any_form()(
        victim in birth(),
        died in date(2024..2029),
        estimated in any::<bool>(),
        kind in proptest::sample::select(DeathKind::ALL),
        behaviour in maybe(proptest::sample::subsequence(Behaviour::ALL.to_vec(), 0..=6).prop_map(|list| json!(list))),
        outside in maybe(any::<bool>().prop_map(Value::from)),
        suspects in maybe(proptest::collection::vec(any_suspect(), 0..4).prop_map(Value::from)),
        household in maybe(any::<bool>().prop_map(|shared| json!({ "shared": shared }))),
        address in maybe(Just(json!("1 Sample Street"))),
        why in "\\PC{1,40}[a-z]",
    ) -> Value {
        form(&[
            (VICTIM_BORN, victim),
            (DIED, json!(died)),
            ("/death/date_estimated", json!(estimated)),
            (KIND, json!(kind)),
            (BEHAVIOUR, behaviour),
            (OUTSIDE, outside),
            (SUSPECTS, suspects),
            (HOUSEHOLD, household),
            (ADDRESS, address),
            ("/why", json!(why)),
        ])
    }
}

/// Every place in a form that may be answered "not-known".
fn inputs(form: &Value) -> Vec<String> {
    let suspects = form.pointer("/suspects/known").and_then(Value::as_array).map_or(0, Vec::len);
    let fixed = [VICTIM_BORN, ADDRESS, BEHAVIOUR, OUTSIDE, SUSPECTS, HOUSEHOLD];
    let each = (0..suspects).flat_map(|n| {
        ["person/born", "victim_is", "alive", "charge"]
            .map(|input| format!("/suspects/known/{n}/{input}"))
    });
    fixed.into_iter().map(str::to_owned).chain(each).collect()
}

/// Only the year of the death is known any more.
fn less_of_the_date(form: &Value) -> Value {
    let mut less = form.clone();
    let date = less.pointer_mut(DIED).unwrap();
    *date = json!(date.as_str().unwrap().get(..4).unwrap());
    less
}

fn read(form: &Value) -> Option<Referral> {
    Referral::deserialize(form.clone()).ok()
}

fn pair(advice: &Advice) -> [Finding; 2] {
    [advice.s9_of_2004.verdict, advice.s8a_of_2024.verdict]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Knowing less never turns a death away.
    #[test]
    fn not_knowing_never_turns_into_not_met(form in any_form()) {
        let Some(referral) = read(&form) else { return Ok(()) };
        let before = pair(&advise(&referral));
        let mut lesser = vec![less_of_the_date(&form)];
        for input in inputs(&form) {
            let mut less = form.clone();
            *less.pointer_mut(&input).unwrap() = not_known();
            lesser.push(less);
        }
        for less in lesser {
            let after = pair(&advise(&read(&less).unwrap()));
            for (before, after) in before.into_iter().zip(after) {
                prop_assert!(before == NotMet || after != NotMet, "{before:?} became {after:?}");
            }
        }
    }

    /// Naming one more suspected person never weakens the advice.
    #[test]
    fn another_suspect_never_takes_met_away(form in any_form(), another in any_suspect()) {
        let Some(referral) = read(&form) else { return Ok(()) };
        let mut more = form.clone();
        if let Some(suspects) = more.pointer_mut("/suspects/known").and_then(Value::as_array_mut) {
            suspects.push(another);
        }
        let after = pair(&advise(&read(&more).unwrap()));
        for (before, after) in pair(&advise(&referral)).into_iter().zip(after) {
            prop_assert!(before != Met || after == Met);
        }
    }

    /// Each criterion once; the verdict says no more than its limbs; nothing personal is repeated.
    #[test]
    fn the_verdict_follows_from_the_limbs(form in any_form()) {
        let Some(referral) = read(&form) else { return Ok(()) };
        let advice = advise(&referral);
        for opinion in [&advice.s9_of_2004, &advice.s8a_of_2024] {
            let has = |finding| opinion.limbs.iter().any(|limb| limb.finding == finding);
            prop_assert_eq!(opinion.limbs.len(), 3);
            match opinion.verdict {
                Met => prop_assert!(!has(NotMet) && !has(Unclear)),
                NotMet => prop_assert!(has(NotMet) && !has(Unclear)),
                Unclear => prop_assert!(has(Unclear) || advice.flags.contains(&Flag::OutsideEnglandAndWales)),
            }
        }
        let said = serde_json::to_string(&advice).unwrap();
        prop_assert!(!said.contains("Sample Person") && !said.contains("Sample Street"));
    }
}
