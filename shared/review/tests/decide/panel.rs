//! Chair, panel, terms of reference.

use review::act::Action;
use review::actor::Role::{CspChair, IndependentChair};
use review::process::State;
use serde_json::json;

use crate::world::scene::given;

#[test]
fn the_chair_is_someone_else_with_declaration_and_contract() {
    let scene = || given(State::ReviewAgreed).when(CspChair, Action::AppointChair);
    scene().set_day("/declared_on", 1).wrong("/declared_on");
    scene().set_day("/contract_on", 1).wrong("/contract_on");
    scene().set_day("/ends_on", -1).wrong("/ends_on");
    scene().set_day("/ends_on", 0).accepted();
    scene().set("/chair", "csp-chair").wrong("/chair");
    scene().set("/quotes", 0).wrong("/quotes");
    scene().set("/quotes", 1).accepted();
}

#[test]
fn the_panel_has_a_specialist_and_each_member_once_and_sworn() {
    let scene = || given(State::ChairAppointed).when(IndependentChair, Action::FormPanel);
    scene().set("/members/1/specialist", false).wrong("/members");
    scene().set("/members", json!([])).wrong("/members");
    scene().set("/members/1/member", "panel-member-1").wrong("/members/1/member");
    let signed = "/members/0/confidentiality_signed_on";
    scene().set_day(signed, 1).wrong(signed);
    scene().set_day("/access_until", -1).wrong("/access_until");
}

#[test]
fn the_terms_are_a_clean_document_with_a_line_of_enquiry() {
    let scene = || given(State::PanelFormed).when(IndependentChair, Action::AgreeTerms);
    scene().needs_clean_document("/document");
    scene().set("/lines_of_enquiry", json!([])).wrong("/lines_of_enquiry");
    scene().set("/period_from", "2026-11-03").wrong("/period_to");
    scene().set("/period_from", "2026-11-02").accepted();
}
