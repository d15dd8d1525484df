//! Drafting, sign-off, submission and quality assurance.

use review::act::Action;
use review::actor::Role::{self, Coordinator, CspChair, HomeOffice, IndependentChair};
use review::case::File;
use review::process::State;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::scene::{Scene, given};

/// Another clean report than the one of the samples.
fn other_report(scene: &mut Scene) -> Value {
    scene.world.clean_document("report-2", false);
    json!("report-2")
}

#[test]
fn the_family_has_three_weeks_to_read_a_draft() {
    let scene = || given(State::Drafting).when(IndependentChair, Action::CirculateDraft);
    scene().set_day("/comment_by", 20).wrong("/comment_by");
    let world = scene().set_day("/comment_by", 21).accepted();
    assert_eq!(world.clock("draft-comments").target, world.day(21));
    scene().needs_clean_document("/document");
}

#[test]
fn the_panel_signs_a_clean_report_after_the_factual_check() {
    let scene = || given(State::Drafting).when(IndependentChair, Action::SignOffByPanel);
    scene().needs_clean_document("/report");
    scene().set_day("/factual_check_on", 1).wrong("/factual_check_on");
}

#[test]
fn the_partnership_signs_the_file_that_the_panel_signed() {
    let scene = || given(State::PanelSignedOff).when(CspChair, Action::SignOffByCsp);
    scene().needs_clean_document("/report");
    let mut other = scene();
    let report = other_report(&mut other);
    other.set("/report/document", report).wrong("/report");
    scene().set("/actions_accepted", false).wrong("/actions_accepted");
}

#[test]
fn the_partnership_signs_no_report_without_a_plan() {
    let drafting = given(State::Evidence).prepared(Action::StartDrafting);
    let acts =
        [(IndependentChair, Action::StartDrafting), (IndependentChair, Action::SignOffByPanel)];
    drafting.after(&acts).when(CspChair, Action::SignOffByCsp).unmet();
}

#[test]
fn another_date_for_the_report_is_to_come() {
    let scene = || given(State::Evidence).when(CspChair, Action::AgreeReportDate);
    scene().set_day("/target", -1).wrong("/target");
    let before = scene().world.clock("report").original;
    let world = scene().set_day("/target", 300).accepted();
    assert_eq!(
        (world.clock("report").original, world.clock("report").target),
        (before, world.day(300))
    );
}

#[test]
fn the_pack_is_the_signed_file_with_its_checklist() {
    let scene = || given(State::CspSignedOff).when(Coordinator, Action::SubmitToHomeOffice);
    for part in ["/report", "/summary", "/plan"] {
        scene().needs_clean_document(part);
    }
    let mut other = scene();
    let report = other_report(&mut other);
    other.set("/report/document", report).wrong("/report");
    let lines = scene().body["checklist"].as_array().unwrap().clone();
    scene().set("/checklist", json!(lines[1..])).wrong("/checklist");
    scene().set("/checklist/0/item", "contact").wrong("/checklist");
    scene().set("/checklist/0/done", false).wrong("/checklist");
    let note = "The tribute is the family's own, and they gave none.";
    scene().set("/checklist/7/done", false).set("/checklist/7/note", note).accepted();
}

#[test]
fn the_pack_is_anonymised_and_someone_else_checked_it() {
    let scene = || given(State::CspSignedOff).when(Coordinator, Action::SubmitToHomeOffice);
    let names = scene().body["checklist"]
        .as_array()
        .unwrap()
        .iter()
        .position(|line| line["item"] == "no-real-names-or-birth-dates")
        .unwrap();
    let line = format!("/checklist/{names}");
    scene()
        .set(&format!("{line}/done"), false)
        .set(&format!("{line}/note"), "Later.")
        .wrong("/checklist");
    scene().set("/anonymisation_checked_by", "coordinator").wrong("/anonymisation_checked_by");
}

#[test]
fn the_home_office_needs_no_letter_to_itself() {
    let scene = |role: Role| given(State::HoSubmitted).when(role, Action::RecordQaMeeting);
    scene(Coordinator).set("/letter_reference", Value::Null).wrong("/letter_reference");
    scene(HomeOffice).set("/letter_reference", Value::Null).accepted();
    scene(HomeOffice).set_day("/met_on", 1).wrong("/met_on");
}

#[test]
fn an_outcome_that_asks_for_work_lists_points_once_each() {
    for action in [Action::ApproveQuality, Action::ApproveWithChanges, Action::RequireResubmission]
    {
        let scene = || given(State::QaConsidered).when(HomeOffice, action);
        scene().set_day("/dated", 1).wrong("/dated");
        let point = json!({ "id": "point-1", "area": "report", "text": "Date it." });
        scene().set("/points", json!([point, point])).wrong("/points/1/id");
        let none = scene().set("/points", json!([]));
        if action == Action::ApproveQuality {
            none.accepted();
        } else {
            none.wrong("/points");
        }
    }
}

#[test]
fn every_point_has_one_answer() {
    let scene =
        || given(State::QaApprovedWithChanges).when(IndependentChair, Action::CompleteChanges);
    let answers = scene().body["responses"].as_array().unwrap().clone();
    scene().set("/responses", json!(answers[1..])).wrong("/responses");
    scene().set("/responses/1/id", "point-1").wrong("/responses");
    scene().set("/responses/1/id", "point-3").wrong("/responses");
    scene().set("/responses", json!([answers[0], answers[1], answers[1]])).wrong("/responses");
    scene().set("/responses", json!([answers[1], answers[0]])).accepted();
    scene().needs_clean_document("/report");
    let one = json!([{ "id": "point-1", "area": "report", "text": "Date it." }]);
    let letter = given(State::QaConsidered).when(HomeOffice, Action::ApproveWithChanges);
    let alone = letter.set("/points", one).accepted();
    let answer = alone.when(IndependentChair, Action::CompleteChanges);
    answer.clone().set("/responses", json!([answers[1]])).wrong("/responses");
    answer.set("/responses", json!([answers[0]])).accepted();
}

#[test]
fn sign_offs_lapse_with_a_redraft_and_the_second_round_has_its_own_points() {
    let world = given(State::QaResubmit).after(&[(IndependentChair, Action::Redraft)]);
    let File { panel_sign_off, csp_sign_off, .. } = &world.case().file;
    assert_eq!((panel_sign_off, csp_sign_off), (&None, &None));
    let world: World = world.after(&[
        (IndependentChair, Action::SignOffByPanel),
        (CspChair, Action::SignOffByCsp),
        (Coordinator, Action::SubmitToHomeOffice),
        (HomeOffice, Action::RecordQaMeeting),
        (HomeOffice, Action::ApproveQuality),
    ]);
    assert_eq!(world.case().file.submissions.len(), 2);
    assert_eq!(world.case().file.qa.len(), 2);
    world.when(CspChair, Action::PreparePublication).accepted();
}
