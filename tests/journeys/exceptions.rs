//! Reports that the Home Office sends back, and reports that cannot be published as they are.

use review::act::Action::*;
use review::process::State;
use serde_json::json;

use crate::casefile::Casefile;
use crate::mail::assert_told;
use crate::people::*;
use crate::stage::Stage;
use crate::world::World;

const EXCEPTION: (&[Person], &str) = (&[HOME_OFFICE, COMMISSIONER], "News about publication");

pub async fn a_report_sent_back_then_deferred_and_published_redacted(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::QaConsidered).await;
    the_report_is_sent_back(&case).await;
    it_is_signed_off_anew(&case).await;
    publication_is_deferred_and_taken_up_again(&case).await;
    it_is_published_redacted(&case).await;
    world.end().await;
}

pub async fn a_report_that_is_withheld(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::PrePublication).await;
    case.new_mails().await;

    case.does(CSP_CHAIR, WithholdPublication).await;
    case.is(State::Withheld).await;
    assert_told(&case.new_mails().await, &[EXCEPTION]);
    case.tries(CSP_CHAIR, Conclude, &case.record(Conclude).await).await.refused(409);
    case.does(CSP_CHAIR, CloseAction).await;
    case.does(CSP_CHAIR, Conclude).await;
    case.is(State::Concluded).await;
    let nothing_online = case.record(RemoveFromWeb).await;
    case.tries(COORDINATOR, RemoveFromWeb, &nothing_online).await.refused(409);
    world.end().await;
}

async fn the_report_is_sent_back(case: &Casefile<'_>) {
    case.world.days_pass(30).await;
    case.new_mails().await;
    case.does(HOME_OFFICE, RequireResubmission).await;
    case.is(State::QaResubmit).await;
    case.does(CHAIR, Redraft).await;
    case.is(State::Drafting).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[CHAIR, PANEL_MEMBER, SPECIALIST, COORDINATOR], "News from the Home Office"),
            (&[PANEL_MEMBER, SPECIALIST, CSP_CHAIR], "Report is being drafted"),
        ],
    );
    let file = case.view().await["file"].clone();
    assert!(file["panel_sign_off"].is_null() && file["csp_sign_off"].is_null(), "they lapse");
}

async fn it_is_signed_off_anew(case: &Casefile<'_>) {
    case.world.days_pass(14).await;
    let old = case.file("report");
    case.uploads(CHAIR, "overview-report", "redraft").await;
    case.does_on(CHAIR, SignOffByPanel, "redraft").await;
    let other = json!({ "report": old, "minute": "CSP/2027/03 item 1", "actions_accepted": true });
    case.tries(CSP_CHAIR, SignOffByCsp, &other).await.refused_field("/report");
    case.does_on(CSP_CHAIR, SignOffByCsp, "redraft").await;
    case.does_on(COORDINATOR, SubmitToHomeOffice, "redraft").await;
    case.does(COORDINATOR, RecordQaMeeting).await;
    case.does(COORDINATOR, ApproveQuality).await;
    case.is(State::QaApproved).await;
    assert_eq!(case.view().await["file"]["qa"].as_array().unwrap().len(), 2);
}

async fn publication_is_deferred_and_taken_up_again(case: &Casefile<'_>) {
    case.does_on(CSP_CHAIR, PreparePublication, "redraft").await;
    case.new_mails().await;
    case.does(CSP_CHAIR, DeferPublication).await;
    case.is(State::PublicationDeferred).await;
    assert_told(&case.new_mails().await, &[EXCEPTION]);
    case.world.days_pass(7).await;
    case.does(CSP_CHAIR, ResumePublication).await;
    case.is(State::PrePublication).await;
}

async fn it_is_published_redacted(case: &Casefile<'_>) {
    case.new_mails().await;
    case.does(CSP_CHAIR, RedactPublication).await;
    case.is(State::Redacted).await;
    assert_told(&case.new_mails().await, &[EXCEPTION]);
    case.uploads(COORDINATOR, "overview-report", "redacted").await;
    let mut publication = case.record(Publish).await;
    publication["report"] = case.file("redacted");
    case.tries(COORDINATOR, Publish, &publication).await.refused(409);

    case.does_on(CSP_CHAIR, ApproveRelease, "redacted").await;
    publication["report"] = case.file("redraft");
    case.tries(COORDINATOR, Publish, &publication).await.refused_field("/report");
    case.does_on(COORDINATOR, Publish, "redacted").await;
    case.is(State::Published).await;
}
