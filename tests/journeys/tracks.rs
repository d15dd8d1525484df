//! What runs beside the spine: courts, inquests, the family, other reviews, access, duplicates,
//! and what the system records by itself.

use review::act::Action::*;
use review::process::State;
use serde_json::{Value, json};

use crate::casefile::Casefile;
use crate::mail::assert_told;
use crate::people::*;
use crate::stage::Stage;
use crate::world::World;

pub async fn courts_inquests_families_and_other_reviews(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::ReadyToDecide).await;
    everything_beside_the_spine_is_recorded(&case).await;
    an_upload_is_given_up_and_a_document_read(&case).await;
    someone_whose_access_has_ended_is_told_nothing(&case).await;
    world.end().await;
}

pub async fn two_referrals_of_one_death_and_a_decision_that_comes_late(stage: Stage) {
    let world = World::on(stage, "2027-03-01T10:00:00Z").await;
    let first = Casefile::referred(&world).await;
    first.new_mails().await;
    let second = Casefile::referred(&world).await;
    both_cases_name_each_other(&first, &second).await;
    nothing_is_late_yet(&first).await;
    the_month_passes_without_a_decision(&first).await;
    world.end().await;
}

async fn everything_beside_the_spine_is_recorded(case: &Casefile<'_>) {
    let revision = case.view().await["revision"].clone();
    for action in [RecordCriminalCase, RecordInquest, RecordOtherReview] {
        case.does(COORDINATOR, action).await;
    }
    let mut silent = case.record(RecordFamilyContact).await;
    silent["advocacy_offered"] = json!(false);
    let refused = case.tries(COORDINATOR, RecordFamilyContact, &silent).await;
    refused.refused_field("/advocacy_offered");
    case.does(COORDINATOR, RecordFamilyContact).await;

    let view = case.view().await;
    assert_eq!(view["file"]["criminal_case"]["stage"], "charged");
    assert_eq!(view["file"]["inquest"]["stage"], "suspended");
    assert_eq!(view["file"]["other_reviews"][0]["coordination"], "joint");
    assert_eq!(view["file"]["family"][0]["stage"], "engaged");
    assert_eq!(view["revision"], revision, "what only adds outdates nobody's reading");
}

async fn an_upload_is_given_up_and_a_document_read(case: &Casefile<'_>) {
    let begun = case.begins_upload(COORDINATOR, "letter", "letter", 1000).await;
    let id = begun["document"]["id"].as_str().unwrap();
    let path = case.path(&format!("/documents/{id}/abandon"));
    let given_up = case.world.client.post(COORDINATOR, &path, &json!({})).await.ok();
    assert_eq!(given_up["document"]["status"], "abandoned");

    let document = case.uploads(COORDINATOR, "letter", "letter").await;
    let id = document["document"].as_str().unwrap();
    let read = case.path(&format!("/documents/{id}/read"));
    case.world.client.post(CSP_CHAIR, &read, &json!({})).await.ok();
    let history = case.history().await;
    let last = history.last().unwrap();
    assert_eq!((&last["kind"], &last["actor"]), (&json!("document-read"), &json!(CSP_CHAIR)));
}

async fn someone_whose_access_has_ended_is_told_nothing(case: &Casefile<'_>) {
    case.does_with(COORDINATOR, GrantAccess, |record| record["until"] = "2027-03-20".into()).await;
    let specialist = json!({ "actor": SPECIALIST, "role": "specialist", "until": "2027-06-30" });
    case.does_with(CSP_CHAIR, GrantAccess, |record| *record = specialist).await;
    // They hear of their access before it ends.
    case.world.settles().await;
    let ended = |record: &mut Value| {
        record["actor"] = SPECIALIST.into();
        record["role"] = "specialist".into();
    };
    case.does_with(COORDINATOR, EndAccess, ended).await;
    case.tries(
        COORDINATOR,
        EndAccess,
        &json!({
            "actor": SPECIALIST, "role": "specialist", "reason": "Once more."
        }),
    )
    .await
    .refused(409);

    case.world.until("2027-03-22T10:00:00Z").await;
    case.new_mails().await;
    case.does(CSP_CHAIR, AgreeReview).await;
    assert_told(
        &case.new_mails().await,
        &[(&[HOME_OFFICE, POLICE, POLICE_CONTACT, REFERRER], "A decision was made")],
    );
    let history = case.history().await;
    let held_back: Vec<_> =
        history.iter().filter(|event| event["kind"] == "notice-suppressed").collect();
    assert_eq!(held_back.len(), 1);
    assert_eq!(held_back[0]["record"]["notice"], "decision-made");
    assert_eq!(held_back[0]["record"]["to"]["actor"], FAMILY_ADVOCATE);
}

async fn both_cases_name_each_other(first: &Casefile<'_>, second: &Casefile<'_>) {
    for (case, other) in [(first, second), (second, first)] {
        let duplicates = case.view().await["file"]["likely_duplicates"].clone();
        assert_eq!(duplicates, json!([other.reference]));
        let told = case.new_mails().await;
        let of_duplicates = |mail: &&crate::mail::Mail| mail.topic == "Possible duplicate to check";
        let to: Vec<_> = told.iter().filter(of_duplicates).map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, [COORDINATOR]);
    }
    let referrer = second.read_by(REFERRER).await.ok().to_string();
    assert!(!referrer.contains(&first.reference), "the referrer learns nothing of it");
}

async fn nothing_is_late_yet(case: &Casefile<'_>) {
    let record = case.record(RecordBreachReason).await;
    case.tries(CSP_CHAIR, RecordBreachReason, &record).await.refused(409);
}

async fn the_month_passes_without_a_decision(case: &Casefile<'_>) {
    case.world.until("2027-04-02T12:00:00Z").await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[CSP_CHAIR, COORDINATOR], "Decision due 1 April 2027"),
            (&[CSP_CHAIR, COORDINATOR], "Decision due 1 April 2027"),
            (&[CSP_CHAIR, COORDINATOR], "Decision due 1 April 2027"),
            (&[CSP_CHAIR, COORDINATOR], "Decision overdue"),
        ],
    );
    let decision = case.clock("decision").await;
    assert_eq!((&decision["overdue"], &decision["days_late"]), (&json!(true), &json!(1)));
    assert!(case.kinds().await.contains(&"deadline-passed".to_owned()));
    case.does(CSP_CHAIR, RecordBreachReason).await;
    case.is(State::Referred).await;
}
