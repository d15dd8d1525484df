//! The decision, and what the Home Office makes of a refusal.

use review::act::Action;
use review::actor::Role::{self, Coordinator, CspChair, HomeOffice};
use review::case::Outcome;
use review::process::State;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::scene::{NOW, given};

const BOTH: [Action; 2] = [Action::AgreeReview, Action::DecideNoReview];

#[test]
fn the_form_finds_on_each_criterion_once() {
    for action in BOTH {
        let scene = || given(State::ReadyToDecide).when(CspChair, action);
        let all = scene().body["criteria"].as_array().unwrap().clone();
        scene().set("/criteria", json!([])).wrong("/criteria");
        scene().set("/criteria", json!(all[..2])).wrong("/criteria");
        scene().set("/criteria/1/criterion", "connection").wrong("/criteria");
        scene().set("/criteria", json!([all[0], all[1], all[2], all[0]])).wrong("/criteria");
        scene().set("/criteria", json!([all[2], all[0], all[1]])).accepted();
    }
}

#[test]
fn partners_are_consulted_and_the_law_is_the_one_the_case_started_under() {
    for action in BOTH {
        let scene = || given(State::ReadyToDecide).when(CspChair, action);
        scene().set("/consulted", json!([])).wrong("/consulted");
        scene().set("/ruleset", "s8a-of-2024").wrong("/ruleset");
    }
}

#[test]
fn the_decision_is_dated_between_the_notice_and_today() {
    for action in BOTH {
        let scene = || given(State::ReadyToDecide).when(CspChair, action);
        scene().set_day("/decided_on", 1).wrong("/decided_on");
        scene().set("/decided_on", "2026-11-30").wrong("/decided_on");
        let world = scene().set("/decided_on", "2026-12-01").accepted();
        assert_eq!(world.case().file.decisions[0].on, "2026-12-01".parse().unwrap());
    }
    let world = given(State::ReadyToDecide)
        .when(CspChair, Action::AgreeReview)
        .set("/decided_on", "2026-12-31")
        .accepted();
    assert_eq!(world.clock("report").target, "2027-06-30".parse().unwrap());
}

#[test]
fn a_refusal_gives_reasons_and_another_way_to_learn() {
    let scene = || given(State::ReadyToDecide).when(CspChair, Action::DecideNoReview);
    scene().set("/reasons", "é".repeat(49)).wrong("/reasons");
    scene().set("/reasons", format!("  {}  ", "é".repeat(49))).wrong("/reasons");
    scene().set("/reasons", "é".repeat(50)).accepted();
    scene().set("/learning_route", Value::Null).wrong("/learning_route");
    given(State::ReadyToDecide)
        .when(CspChair, Action::AgreeReview)
        .set("/reasons", "Met.")
        .accepted();
}

#[test]
fn nobody_decides_but_the_chair() {
    for action in BOTH {
        for role in [Coordinator, Role::DecisionSubgroup, Role::AgencySenior] {
            given(State::ReadyToDecide).when(role, action).forbidden();
        }
    }
}

#[test]
fn a_breach_is_explained_only_after_it_happened() {
    let scene = |world: World| world.when(Coordinator, Action::RecordBreachReason);
    scene(World::in_state(State::Referred, NOW)).unmet();
    scene(World::in_state(State::Referred, NOW).later(28)).unmet(); // 28 February, the last day
    scene(World::in_state(State::Referred, NOW).later(29)).accepted();
    scene(given(State::ReviewAgreed)).accepted(); // the decision was late, and made
}

#[test]
fn letters_and_notices_are_not_dated_after_today() {
    for (state, role, action, field) in [
        (State::ReviewAgreed, Coordinator, Action::NotifyHomeOffice, "/sent_on"),
        (State::NoReviewDecided, HomeOffice, Action::OpenScrutiny, "/dated"),
        (State::HoScrutiny, HomeOffice, Action::AcceptNoReview, "/dated"),
        (State::HoScrutiny, Coordinator, Action::DirectReview, "/directed_on"),
        (State::NoReviewFinal, CspChair, Action::Reopen, "/csp_notified_on"),
    ] {
        given(state).when(role, action).set_day(field, 1).wrong(field);
        given(state).when(role, action).set_day(field, 0).accepted();
    }
}

#[test]
fn the_six_months_of_a_directed_review_run_from_the_direction() {
    let directed = given(State::HoScrutiny)
        .when(HomeOffice, Action::DirectReview)
        .set("/directed_on", "2027-01-10")
        .accepted();
    let world = directed.later(20).when(CspChair, Action::AcknowledgeDirection).accepted();
    assert_eq!(world.clock("report").original, "2027-07-10".parse().unwrap());
    assert_eq!(world.case().file.decisions.last().unwrap().outcome, Outcome::Directed);
}

#[test]
fn a_challenge_comes_after_the_decision_it_challenges() {
    let scene = || given(State::NoReviewDecided).later(20).when(CspChair, Action::Reopen);
    scene().set_day("/csp_notified_on", -21).wrong("/csp_notified_on");
    let world = scene().set_day("/csp_notified_on", -20).accepted();
    assert_eq!(world.state(), State::Referred);
    assert!(!world.clock("home-office-notice").runs(), "there is no refusal to tell of now");
}

#[test]
fn a_challenge_keeps_the_decision_and_clears_what_led_from_it_to_the_end() {
    let ended = given(State::NoReviewFinal)
        .later(11 * 366)
        .after(&[(Coordinator, Action::ProposeDisposal)]);
    let before = ended.case().file.clone();
    assert!(before.scoping_outcome.is_some() && before.scrutiny.is_some());
    assert!(before.no_review_letter.is_some() && before.disposal.is_some());
    let reopen = ended.when(CspChair, Action::Reopen).set_day("/csp_notified_on", -1);
    let world = reopen.accepted();
    let file = &world.case().file;
    assert!(file.scoping_outcome.is_none() && file.scrutiny.is_none());
    assert!(file.no_review_letter.is_none() && file.disposal.is_none());
    assert_eq!(file.decisions, before.decisions);
    assert_eq!(file.reopenings.len(), 1);
    assert_eq!(file.csp_notified_on, Some(world.day(-1)));
}

#[test]
fn a_proposal_to_destroy_does_not_outlive_a_challenge() {
    let proposed = given(State::NoReviewFinal)
        .later(11 * 366)
        .after(&[(Coordinator, Action::ProposeDisposal)]);
    let reopened = proposed.after(&[(CspChair, Action::Reopen)]);
    reopened.after(&[(Coordinator, Action::Transfer)]).when(CspChair, Action::Dispose).unmet();
}
