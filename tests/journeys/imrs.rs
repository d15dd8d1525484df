//! The agencies' own reviews: asked for, written, signed off, sent back, waived.

use review::act::Action::*;
use review::process::State;
use serde_json::{Value, json};

use crate::casefile::Casefile;
use crate::mail::assert_told;
use crate::people::*;
use crate::stage::Stage;
use crate::world::World;

pub async fn evidence_is_asked_for_returned_waived_and_drafted(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::TorAgreed).await;
    evidence_is_asked_for(&case).await;
    a_sign_off_binds_to_one_file(&case).await;
    a_returned_imr_loses_its_sign_off(&case).await;
    one_that_never_comes_is_waived(&case).await;
    the_draft_goes_out(&case).await;
    world.end().await;
}

/// More agencies than one act takes are asked in an act and single requests after it.
#[tokio::test]
async fn more_agencies_than_one_act_takes_are_asked_one_by_one() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let agencies = |count| (1..=count).map(|n| json!({ "agency": format!("agency-{n}") }));
    let refused = async |who, action, then| {
        let mut record = case.record(action).await;
        record["requests"] = agencies(21).collect();
        let answer = case.tries(who, action, &record).await.refused_field("/requests");
        assert!(answer.text.contains("at most 20 agencies") && answer.text.contains(then));
    };
    refused(COORDINATOR, StartScoping, "ask-agency").await;
    case.is_taken_to(State::TorAgreed).await;
    refused(CHAIR, OpenEvidence, "request-imr").await;

    case.does_with(CHAIR, OpenEvidence, |record| record["requests"] = agencies(20).collect()).await;
    for last in agencies(23).skip(20) {
        case.does_with(CHAIR, RequestImr, |record| *record = last).await;
    }
    assert_eq!(case.view().await["imrs"].as_array().unwrap().len(), 23);
    world.end().await;
}

async fn evidence_is_asked_for(case: &Casefile<'_>) {
    case.new_mails().await;
    let two = json!([
        { "agency": "sample-police", "due_on": "2027-04-26" },
        { "agency": "sample-health", "due_on": "2027-04-26" },
    ]);
    case.does_with(CHAIR, OpenEvidence, |record| record["requests"] = two).await;
    case.does_with(COORDINATOR, RequestImr, |record| record["due_on"] = "2027-05-03".into()).await;
    let police = &[POLICE_CONTACT, POLICE_AUTHOR, POLICE_SENIOR];
    let health = &[HEALTH_CONTACT, HEALTH_AUTHOR, HEALTH_SENIOR];
    let council = &[COUNCIL_CONTACT, COUNCIL_AUTHOR, COUNCIL_SENIOR];
    assert_told(
        &case.new_mails().await,
        &[
            (police, "IMR requested, due 26 April 2027"),
            (health, "IMR requested, due 26 April 2027"),
            (council, "IMR requested, due 3 May 2027"),
        ],
    );
    let again = json!({ "agency": "sample-health" });
    case.tries(CHAIR, RequestImr, &again).await.refused_field("/agency");
}

async fn a_sign_off_binds_to_one_file(case: &Casefile<'_>) {
    let first = case.uploads(HEALTH_AUTHOR, "imr", "first version").await;
    let second = case.uploads(HEALTH_AUTHOR, "imr", "second version").await;
    case.does_on(HEALTH_AUTHOR, SubmitImr, "second version").await;

    let mixed = json!({ "document": second["document"], "hash": first["hash"] });
    for (document, field) in [(&first, "/document/hash"), (&mixed, "/document/hash")] {
        let record = json!({ "agency": "sample-health", "document": document });
        case.tries(HEALTH_SENIOR, SignOffImr, &record).await.refused_field(field);
    }
    case.does_on(HEALTH_SENIOR, SignOffImr, "second version").await;
    assert_eq!(imr(case, "sample-health").await["signed_off"]["document"], second);
}

async fn a_returned_imr_loses_its_sign_off(case: &Casefile<'_>) {
    case.does_with(CHAIR, QualityCheckImr, |record| record["lines"][0]["met"] = json!(false)).await;
    let accept = json!({ "agency": "sample-health" });
    case.tries(CHAIR, AcceptImr, &accept).await.refused(409);
    case.new_mails().await;
    case.does_with(CHAIR, ReturnImr, |record| record["due_on"] = "2027-05-10".into()).await;
    assert_told(
        &case.new_mails().await,
        &[(&[HEALTH_AUTHOR, HEALTH_SENIOR], "IMR returned, revise by 10 May 2027")],
    );

    case.world.until("2027-03-15T10:00:00Z").await;
    case.uploads(HEALTH_AUTHOR, "imr", "third version").await;
    case.does_on(HEALTH_AUTHOR, SubmitImr, "third version").await;
    let resubmitted = imr(case, "sample-health").await;
    assert_eq!(resubmitted["state"], "submitted");
    assert_eq!(resubmitted["signed_off"], Value::Null, "the sign-off lapses");
    assert_eq!(resubmitted["returns"].as_array().unwrap().len(), 1);
    let old = json!({ "agency": "sample-health", "document": case.file("second version") });
    case.tries(HEALTH_SENIOR, SignOffImr, &old).await.refused_field("/document/hash");

    case.does_on(HEALTH_SENIOR, SignOffImr, "third version").await;
    case.does(CHAIR, QualityCheckImr).await;
    case.does(CHAIR, AcceptImr).await;
    assert_eq!(imr(case, "sample-health").await["state"], "accepted");
}

async fn one_that_never_comes_is_waived(case: &Casefile<'_>) {
    case.tries(CHAIR, StartDrafting, &json!({})).await.refused(409);
    for agency in ["sample-police", "sample-council"] {
        case.does_with(CHAIR, WaiveImr, |record| record["agency"] = agency.into()).await;
    }
    assert_eq!(imr(case, "sample-council").await["state"], "waived");
    assert_eq!(case.clock("imr-return/sample-council").await["standing"], "ended");
}

async fn the_draft_goes_out(case: &Casefile<'_>) {
    case.uploads(CHAIR, "minutes", "chronology").await;
    case.does_on(CHAIR, StartDrafting, "chronology").await;
    case.is(State::Drafting).await;
    case.uploads(CHAIR, "overview-report", "draft").await;
    let hasty = json!({ "document": case.file("draft"), "comment_by": "2027-04-01" });
    case.tries(CHAIR, CirculateDraft, &hasty).await.refused_field("/comment_by");
    case.new_mails().await;
    case.does_on(CHAIR, CirculateDraft, "draft").await;
    assert_told(&case.new_mails().await, &[(&[PANEL_MEMBER, SPECIALIST], "Draft report to read")]);
}

/// One agency's IMR as the coordinator sees it.
async fn imr(case: &Casefile<'_>, agency: &str) -> Value {
    let view = case.view().await;
    let imrs = view["imrs"].as_array().unwrap();
    imrs.iter().find(|imr| imr["agency"] == agency).unwrap()["imr"].clone()
}
