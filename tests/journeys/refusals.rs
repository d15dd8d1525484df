//! The partnership decides that there will be no review, and what comes of that.

use review::act::Action::*;
use review::process::State;
use serde_json::{Value, json};

use crate::casefile::Casefile;
use crate::mail::assert_told;
use crate::people::*;
use crate::stage::Stage;
use crate::world::World;

pub async fn a_refusal_that_the_home_office_overrules(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    the_partnership_refuses_with_reasons(&case).await;
    the_home_office_looks_at_it(&case).await;
    the_secretary_of_state_directs_a_review(&case).await;
    a_hold_moves_the_target_and_nothing_else(&case).await;
    world.end().await;
}

pub async fn a_refusal_that_stands_is_reopened_and_handed_over(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    the_partnership_refuses_with_reasons(&case).await;
    the_home_office_looks_at_it(&case).await;
    the_home_office_is_content(&case).await;
    the_family_challenges_it(&case).await;
    another_partnership_leads(&case).await;
    world.end().await;
}

async fn the_partnership_refuses_with_reasons(case: &Casefile<'_>) {
    case.is_taken_to(State::ReadyToDecide).await;
    case.new_mails().await;
    let mut curt = case.record(DecideNoReview).await;
    curt["reasons"] = "No connection.".into();
    case.tries(CSP_CHAIR, DecideNoReview, &curt).await.refused_field("/reasons");
    case.does(CSP_CHAIR, DecideNoReview).await;
    case.is(State::NoReviewDecided).await;
    assert_told(
        &case.new_mails().await,
        &[(&[HOME_OFFICE, POLICE, POLICE_CONTACT, REFERRER], "A decision was made")],
    );
    case.does(COORDINATOR, NotifyHomeOffice).await;
}

async fn the_home_office_looks_at_it(case: &Casefile<'_>) {
    case.world.days_pass(9).await;
    case.does(HOME_OFFICE, OpenScrutiny).await;
    case.is(State::HoScrutiny).await;
    assert_told(
        &case.new_mails().await,
        &[(&[CSP_CHAIR], "Home Office is looking at the decision")],
    );
}

async fn the_secretary_of_state_directs_a_review(case: &Casefile<'_>) {
    case.world.until("2027-03-30T10:00:00Z").await;
    let record = |record: &mut Value| record["directed_on"] = "2027-03-24".into();
    case.does_with(COORDINATOR, DirectReview, record).await;
    case.is(State::Directed).await;
    assert_told(&case.new_mails().await, &[(&[CSP_CHAIR], "Direction to acknowledge")]);

    case.does(CSP_CHAIR, AcknowledgeDirection).await;
    case.is(State::ReviewAgreed).await;
    assert_eq!(case.clock("report").await["target"], "2027-09-24", "six months from the direction");
    let outcomes = case.view().await["file"]["decisions"].clone();
    assert_eq!(outcomes[0]["outcome"], "no-review");
    assert_eq!(outcomes[1]["outcome"], "directed");
    assert_told(
        &case.new_mails().await,
        &[(&[POLICE, POLICE_CONTACT, REFERRER], "A decision was made")],
    );
}

async fn a_hold_moves_the_target_and_nothing_else(case: &Casefile<'_>) {
    case.does(CSP_CHAIR, AppointChair).await;
    case.new_mails().await;
    let hold = |record: &mut Value| {
        record["review_on"] = "2027-05-04".into();
        record["report_target"] = "2027-11-30".into();
    };
    case.does_with(CSP_CHAIR, StartHold, hold).await;
    let report = case.clock("report").await;
    assert_eq!(
        (&report["original"], &report["target"]),
        (&json!("2027-09-24"), &json!("2027-11-30"))
    );
    assert_told(&case.new_mails().await, &[(&[CHAIR, COORDINATOR], "Review is on hold for now")]);
    case.tries(CSP_CHAIR, StartHold, &case.record(StartHold).await).await.refused(409);

    case.world.until("2027-04-28T12:00:00Z").await;
    assert_told(
        &case.new_mails().await,
        &[(&[CHAIR, CSP_CHAIR], "Review of the hold due 4 May 2027")],
    );
    case.does_with(CSP_CHAIR, ChangeHold, |record| record["report_target"] = "2027-12-31".into())
        .await;
    assert_eq!(case.clock("report").await["target"], "2027-12-31");
    case.does_with(CSP_CHAIR, EndHold, |record| record["report_target"] = "2027-12-01".into())
        .await;
    assert_eq!(case.clock("hold-review").await["standing"], "met");

    case.does_with(CSP_CHAIR, AgreeReportDate, |record| record["target"] = "2028-01-14".into())
        .await;
    let report = case.clock("report").await;
    assert_eq!(
        (&report["original"], &report["target"]),
        (&json!("2027-09-24"), &json!("2028-01-14"))
    );
    assert_told(&case.new_mails().await, &[(&[CHAIR, COORDINATOR], "New date for the report")]);
}

async fn the_home_office_is_content(case: &Casefile<'_>) {
    case.world.days_pass(5).await;
    case.does(HOME_OFFICE, AcceptNoReview).await;
    case.is(State::NoReviewFinal).await;
    assert_told(&case.new_mails().await, &[(&[REFERRER, CSP_CHAIR], "News from the Home Office")]);
}

async fn the_family_challenges_it(case: &Casefile<'_>) {
    case.world.until("2027-05-31T10:00:00Z").await;
    case.does_with(COORDINATOR, Reopen, |record| record["csp_notified_on"] = "2027-05-31".into())
        .await;
    case.is(State::Referred).await;
    let decision = case.clock("decision").await;
    assert_eq!(decision["target"], "2027-06-30", "a fresh month from the challenge");
    assert_eq!(case.view().await["file"]["decisions"].as_array().unwrap().len(), 1);
    assert_told(
        &case.new_mails().await,
        &[(&[COORDINATOR, CSP_CHAIR, REFERRER], "Reopened, decision due 30 June 2027")],
    );
}

async fn another_partnership_leads(case: &Casefile<'_>) {
    case.does(COORDINATOR, Transfer).await;
    case.is(State::Transferred).await;
    assert_told(
        &case.new_mails().await,
        &[(&[REFERRER, COORDINATOR, CSP_CHAIR], "Another partnership now leads")],
    );
    case.world.days_pass(60).await;
    assert_told(&case.new_mails().await, &[]);
}
