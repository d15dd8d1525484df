//! Publication, its exceptions, conclusion and disposal.

use review::act::Action;
use review::actor::Role::{AgencySenior, Coordinator, CspChair};
use review::process::State;
use serde_json::json;

use crate::world::actor;
use crate::world::scene::{Scene, given};

const APPROVE: (review::actor::Role, Action) = (CspChair, Action::ApproveRelease);
const REDACT: (review::actor::Role, Action) = (CspChair, Action::RedactPublication);

/// The same, about another clean report.
fn with_other_report(mut scene: Scene) -> Scene {
    scene.world.clean_document("report-2", false);
    scene.set("/report/document", "report-2")
}

#[test]
fn what_is_prepared_is_the_report_as_quality_assurance_left_it() {
    for state in [State::QaApproved, State::ChangesDone] {
        let scene = || given(state).when(CspChair, Action::PreparePublication);
        scene().needs_clean_document("/report");
        with_other_report(scene()).wrong("/report");
        scene().set_day("/planned_on", -1).wrong("/planned_on");
        let lines = scene().body["checklist"].as_array().unwrap().clone();
        scene().set("/checklist", json!(lines[1..])).wrong("/checklist");
        scene().set("/checklist/3/done", false).wrong("/checklist");
        scene().set("/checklist/3/item", "media-lines").wrong("/checklist");
    }
    let changed = with_other_report(
        given(State::QaApprovedWithChanges)
            .when(review::actor::Role::IndependentChair, Action::CompleteChanges),
    );
    let changed = changed.accepted();
    let scene = || changed.clone().when(CspChair, Action::PreparePublication);
    scene().wrong("/report"); // the version that was sent, before the changes
    scene().set("/report/document", "report-2").accepted();
}

#[test]
fn the_second_approval_is_another_persons_and_of_the_planned_report() {
    let scene = || given(State::PrePublication).when(CspChair, Action::ApproveRelease);
    let mut checker = actor(Coordinator);
    checker.id = "coordinator-1".to_owned().try_into().unwrap();
    given(State::PrePublication).when(Coordinator, Action::ApproveRelease).by(checker).unmet();
    scene().needs_clean_document("/report");
    with_other_report(scene()).wrong("/report");
}

#[test]
fn publishing_takes_two_persons_and_one_file() {
    let scene =
        || given(State::PrePublication).after(&[APPROVE]).when(Coordinator, Action::Publish);
    given(State::PrePublication).when(Coordinator, Action::Publish).unmet();
    let coordinator = (Coordinator, Action::ApproveRelease);
    given(State::PrePublication).after(&[coordinator]).when(Coordinator, Action::Publish).unmet();
    with_other_report(scene()).wrong("/report");
    scene().needs_clean_document("/report");
    scene().set("/urls", json!([])).wrong("/urls");
    scene().set_day("/take_down_on", -1).wrong("/take_down_on");
    let named = scene().set_day("/take_down_on", 400).accepted();
    assert_eq!(named.clock("take-down").target, named.day(400));
    let unnamed = scene().set("/take_down_on", json!(null)).accepted();
    assert_eq!(unnamed.clock("take-down").target, "2029-01-31".parse().unwrap());
}

#[test]
fn a_redacted_report_is_another_file_and_approved_anew() {
    let redacted = given(State::PrePublication).after(&[APPROVE, REDACT]);
    redacted.clone().when(Coordinator, Action::Publish).unmet();
    let approved = with_other_report(redacted.when(CspChair, Action::ApproveRelease)).accepted();
    approved.clone().when(Coordinator, Action::Publish).wrong("/report");
    approved.when(Coordinator, Action::Publish).set("/report/document", "report-2").accepted();
}

#[test]
fn an_approval_lapses_when_publication_is_taken_up_again() {
    let acts =
        [APPROVE, (CspChair, Action::DeferPublication), (CspChair, Action::ResumePublication)];
    given(State::PrePublication).after(&acts).when(Coordinator, Action::Publish).unmet();
    let resume = given(State::PublicationDeferred).when(CspChair, Action::ResumePublication);
    resume.set_day("/planned_on", -1).wrong("/planned_on");
}

#[test]
fn an_exception_is_looked_at_again() {
    for action in [Action::DeferPublication, Action::WithholdPublication, Action::RedactPublication]
    {
        let scene = || given(State::PrePublication).when(CspChair, action);
        scene().set_day("/review_on", -1).wrong("/review_on");
        let world = scene().accepted();
        assert_eq!(world.clock("exception-review").target, world.day(91));
        assert!(!world.clock("publication-day").runs());
    }
}

#[test]
fn a_hold_ends_with_what_it_held_up() {
    let held = || given(State::PrePublication).after(&[(CspChair, Action::StartHold), APPROVE]);
    for (role, action) in [(Coordinator, Action::Publish), (CspChair, Action::WithholdPublication)]
    {
        let world = held().after(&[(role, action)]);
        assert_eq!(world.case().file.hold, None);
        assert!(!world.clock("hold-review").runs());
    }
}

#[test]
fn copies_were_sent_and_pages_removed_already() {
    given(State::Published)
        .when(Coordinator, Action::SendCopy)
        .set_day("/sent_on", 1)
        .wrong("/sent_on");
    given(State::Published)
        .when(Coordinator, Action::RemoveFromWeb)
        .set_day("/removed_on", 1)
        .wrong("/removed_on");
    let copied = |to: &str| {
        given(State::Published).when(Coordinator, Action::SendCopy).set("/to", to).accepted()
    };
    assert!(copied("home-office").clock("copy-to-commissioner").runs());
    assert!(!copied("commissioner").clock("copy-to-commissioner").runs());
}

#[test]
fn only_what_is_on_the_web_is_removed_from_it() {
    let remove = (Coordinator, Action::RemoveFromWeb);
    given(State::Published).after(&[remove]).when(Coordinator, Action::RemoveFromWeb).unmet();
    let done = [(AgencySenior, Action::CompleteAction), (CspChair, Action::Conclude)];
    given(State::Withheld).after(&done).when(Coordinator, Action::RemoveFromWeb).unmet();
}

#[test]
fn a_review_is_not_concluded_while_an_action_is_open() {
    for state in [State::Published, State::Withheld] {
        given(state).when(CspChair, Action::Conclude).unmet();
        let one = given(state).after(&[(AgencySenior, Action::CompleteAction)]);
        let two = one.when(Coordinator, Action::AddAction).accepted();
        two.clone().when(CspChair, Action::Conclude).unmet();
        let closed = two.when(CspChair, Action::CloseAction).set("/id", "action-2").accepted();
        closed.when(CspChair, Action::Conclude).accepted();
    }
}

#[test]
fn records_are_kept_for_their_time_and_under_a_legal_hold() {
    let propose =
        |days| given(State::NoReviewFinal).later(days).when(Coordinator, Action::ProposeDisposal);
    let ten_years = (given(State::NoReviewFinal).clock("retention").target
        - "2027-01-31".parse::<chrono::NaiveDate>().unwrap())
    .num_days();
    propose(ten_years).unmet();
    propose(ten_years + 1).accepted();
    propose(ten_years + 1).set("/no_legal_hold", false).wrong("/no_legal_hold");
}

#[test]
fn records_are_destroyed_by_two_persons() {
    let old = || given(State::Transferred).later(11 * 366);
    old().when(CspChair, Action::Dispose).unmet();
    let proposed = old().after(&[(Coordinator, Action::ProposeDisposal)]);
    let mut same = actor(CspChair);
    same.id = actor(Coordinator).id;
    proposed.clone().when(CspChair, Action::Dispose).by(same).unmet();
    let gone = proposed.when(CspChair, Action::Dispose).accepted();
    assert_eq!(gone.case().file, review::case::File::default());
    gone.asked(CspChair, Action::Dispose).wrong_state();
}
