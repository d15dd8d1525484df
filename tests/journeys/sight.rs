//! Who sees what. What someone may not see looks exactly like what does not exist.

use review::act::{Action, Guard, Via};
use review::process::State;
use review::sample;
use review::values::Reference;
use serde_json::{Value, json};

use Action::*;

use crate::casefile::Casefile;
use crate::client::{Answer, Sent};
use crate::people::*;
use crate::world::World;

#[tokio::test]
async fn an_agency_sees_nothing_of_anothers() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = two_agencies_with_evidence(&world).await;
    let police = case.file("police")["document"].as_str().unwrap().to_owned();

    for who in [HEALTH_CONTACT, HEALTH_AUTHOR, HEALTH_SENIOR] {
        let view = case.read_by(who).await.ok();
        assert_eq!(view["sight"], "agency");
        assert_eq!(view["agency"], "sample-health");
        let history = Value::from(case.history_for(who).await);
        for text in [view.to_string(), history.to_string()] {
            for secret in ["sample-police", "police-", &police, "action-of-police"] {
                assert!(!text.contains(secret), "{who} sees {secret}: {text}");
            }
        }
        another_s_document_is_absent(&case, who, &police).await;
    }
    let own = case.file("health")["document"].as_str().unwrap().to_owned();
    let read = case.path(&format!("/documents/{own}/read"));
    world.client.post(HEALTH_SENIOR, &read, &json!({})).await.ok();
    another_s_items_are_absent(&case).await;
    world.end().await;
}

/// Given an IMR, a scoping return and an action of each of two agencies.
async fn two_agencies_with_evidence(world: &World) -> Casefile<'_> {
    let case = Casefile::referred(world).await;
    let both = json!([{ "agency": "sample-police" }, { "agency": "sample-health" }]);
    let asked = both.clone();
    case.does_with(COORDINATOR, StartScoping, |record| record["requests"] = asked).await;
    for (who, agency) in [(POLICE_CONTACT, "sample-police"), (HEALTH_CONTACT, "sample-health")] {
        case.does_with(who, RecordScopingReturn, |record| record["agency"] = agency.into()).await;
    }
    case.is_taken_to(State::TorAgreed).await;
    case.does_with(CHAIR, OpenEvidence, |record| record["requests"] = both).await;
    for (who, agency, file) in
        [(POLICE_AUTHOR, "sample-police", "police"), (HEALTH_AUTHOR, "sample-health", "health")]
    {
        let document = case.uploads(who, "imr", file).await;
        case.does_with(who, SubmitImr, |record| {
            record["agency"] = agency.into();
            record["document"] = document;
        })
        .await;
    }
    let action = |record: &mut Value| {
        record["id"] = "action-of-police".into();
        record["lead"] = "sample-police".into();
    };
    case.does_with(CHAIR, AddAction, action).await;
    case.does(CHAIR, AddAction).await;
    case
}

async fn another_s_document_is_absent(case: &Casefile<'_>, who: Person, document: &str) {
    let client = &case.world.client;
    let part = json!({ "number": 1, "size": 10, "sha256": sample::HASH.trim_end_matches("-1") });
    for (route, body) in [
        ("", None),
        ("/read", Some(json!({}))),
        ("/complete", Some(json!({}))),
        ("/abandon", Some(json!({}))),
        ("/parts", Some(part)),
    ] {
        let mut answers = Vec::new();
        for id in [document, "no-such-document"] {
            let path = case.path(&format!("/documents/{id}{route}"));
            answers.push(match &body {
                None => client.get(who, &path).await,
                Some(body) => client.post(who, &path, body).await,
            });
        }
        assert_alike(&answers[0], &answers[1], 404);
    }
}

async fn another_s_items_are_absent(case: &Casefile<'_>) {
    let agencies = ["sample-police", "no-such-agency"];
    let items = ["action-of-police", "no-such-action"];
    for (who, action, field, names) in [
        (HEALTH_CONTACT, RecordScopingReturn, "agency", agencies),
        (HEALTH_AUTHOR, SubmitImr, "agency", agencies),
        (HEALTH_SENIOR, SignOffImr, "agency", agencies),
        (HEALTH_CONTACT, UpdateAction, "id", items),
        (HEALTH_SENIOR, CompleteAction, "id", items),
    ] {
        for tag in [None, Some("\"i1\""), Some("\"i2\"")] {
            let mut answers = Vec::new();
            for name in names {
                let mut record = case.record(action).await;
                record[field] = name.into();
                answers.push(case.sends(who, action, tag, Sent::json(&record)).await);
            }
            assert_alike(&answers[0], &answers[1], 404);
        }
    }
}

#[tokio::test]
async fn access_ends_the_moment_it_is_taken_away_or_runs_out() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::ReviewAgreed).await;
    let until = |record: &mut Value| record["ends_on"] = "2027-04-30".into();
    case.does_with(CSP_CHAIR, AppointChair, until).await;
    case.does(CSP_CHAIR, GrantAccess).await;
    for who in [CHAIR, FAMILY_ADVOCATE] {
        case.read_by(who).await.ok();
        assert_eq!(listed(&world, who).await, 1);
    }
    case.does(CSP_CHAIR, EndAccess).await;
    case.read_by(FAMILY_ADVOCATE).await.refused(404);
    assert_eq!(listed(&world, FAMILY_ADVOCATE).await, 0);

    world.until("2027-04-30T22:58:00Z").await;
    case.read_by(CHAIR).await.ok();
    world.until("2027-04-30T23:00:00Z").await;
    case.read_by(CHAIR).await.refused(404);
    assert_eq!(listed(&world, CHAIR).await, 0, "the last day has ended in London");
    case.does_with(COORDINATOR, GrantAccess, |record| {
        record["actor"] = CHAIR.into();
        record["role"] = "independent-chair".into();
    })
    .await;
    case.read_by(CHAIR).await.ok();
    world.end().await;
}

#[tokio::test]
async fn a_referrer_sees_the_own_referral_and_no_more() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::Scoping).await;
    case.does(COORDINATOR, AddAction).await;
    let view = case.read_by(REFERRER).await.ok();
    assert_eq!((&view["sight"], &view["state"]), (&json!("own-referral"), &json!("RECEIVED")));
    for hidden in ["advice", "scoping", "plan", "file", "imrs", "likely_duplicates"] {
        assert_eq!(view[hidden], Value::Null, "{hidden}");
    }
    let history = case.history_for(REFERRER).await;
    assert!(history.iter().all(|event| event["actor"] == REFERRER && event["record"].is_null()));
    assert_eq!(history.len(), 1);
    for other in [POLICE, COUNCIL_SENIOR, CHARITY_CONTACT, ADMINISTRATOR] {
        let theirs = Casefile::of(&world, &case.reference);
        let expected = if other == POLICE { 200 } else { 404 };
        assert_eq!(theirs.read_by(other).await.status, expected, "{other}");
    }
    world.end().await;
}

#[tokio::test]
async fn the_home_office_sees_nothing_before_the_decision() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    case.is_taken_to(State::ReadyToDecide).await;
    case.read_by(HOME_OFFICE).await.refused(404);
    assert_eq!(listed(&world, HOME_OFFICE).await, 0);
    assert!(case.mails().await.iter().all(|mail| mail.to != HOME_OFFICE));
    case.does(CSP_CHAIR, AgreeReview).await;

    let view = case.read_by(HOME_OFFICE).await.ok();
    assert_eq!(
        (&view["sight"], &view["decisions"][0]["outcome"]),
        (&json!("submission"), &json!("review"))
    );
    assert!(view["referral"].is_null() && view["file"].is_null());
    assert_eq!(listed(&world, HOME_OFFICE).await, 1);
    case.read_by(QA_MEMBER).await.refused(404);
    case.is_taken_to(State::QaConsidered).await;
    assert_eq!(case.read_by(QA_MEMBER).await.ok()["decisions"], json!([]));
    for who in [COMMISSIONER, PCC] {
        case.read_by(who).await.refused(404);
    }
    case.is_taken_to(State::QaApproved).await;
    for who in [COMMISSIONER, PCC] {
        assert_eq!(case.read_by(who).await.ok()["sight"], "final-pack");
    }
    world.end().await;
}

#[tokio::test]
async fn the_panel_sees_only_the_imrs_that_were_circulated() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = two_agencies_with_evidence(&world).await;
    let read = |file: &str| {
        case.path(&format!("/documents/{}/read", case.file(file)["document"].as_str().unwrap()))
    };
    let (health, police) = (read("health"), read("police"));
    for path in [&health, &police] {
        world.client.post(PANEL_MEMBER, path, &json!({})).await.refused(404);
    }
    assert_eq!(case.read_by(PANEL_MEMBER).await.ok()["imrs"], json!([]));

    case.does_with(COORDINATOR, GrantAccess, |record| {
        record["actor"] = PANEL_MEMBER.into();
        record["role"] = "panel-member".into();
        record["circulated_imrs"] = json!(["sample-health"]);
    })
    .await;
    let imrs = case.read_by(PANEL_MEMBER).await.ok()["imrs"].clone();
    assert_eq!(imrs, json!([{ "agency": "sample-health", "document": case.file("health") }]));
    world.client.post(PANEL_MEMBER, &health, &json!({})).await.ok();
    world.client.post(PANEL_MEMBER, &police, &json!({})).await.refused(404);
    world.client.post(SPECIALIST, &health, &json!({})).await.refused(404);
    world.end().await;
}

#[tokio::test]
async fn a_forbidden_case_and_an_unknown_one_look_alike() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let known = two_agencies_with_evidence(&world).await;
    let unknown = Casefile::of(&world, Reference::from_random([1; 8]).as_str());
    let document = known.file("health")["document"].as_str().unwrap().to_owned();
    for who in [COUNCIL_CONTACT, FAMILY_ADVOCATE, SUBGROUP, ADMINISTRATOR] {
        for rest in ["", "/history", &format!("/documents/{document}")] {
            let seen = world.client.get(who, &known.path(rest)).await;
            let other = world.client.get(who, &unknown.path(rest)).await;
            assert_alike(&seen, &other, 404);
        }
        for action in Action::ALL.iter().filter(|action| action.via() == Via::Actions) {
            let good = known.record(*action).await;
            for body in [&good, &json!({ "more": true })] {
                let tag = Some("\"r1\"").filter(|_| action.guard() != Guard::Adds);
                let seen = known.sends(who, *action, tag, Sent::json(body)).await;
                let other = unknown.sends(who, *action, tag, Sent::json(body)).await;
                assert_alike(&seen, &other, 404);
            }
        }
        assert_eq!(listed(&world, who).await, 0);
    }
    world.end().await;
}

#[tokio::test]
async fn refusals_come_in_the_order_of_what_they_tell() {
    let world = World::at("2027-03-01T10:00:00Z").await;
    let case = Casefile::referred(&world).await;
    let good = case.record(AcceptNoReview).await;
    let mut future = good.clone();
    future["dated"] = "2040-01-01".into();
    let (stale, now) = (Some("\"r99\""), case.read_by(COORDINATOR).await.etag);
    let unreadable = json!({ "letter_reference": 7 });
    let sends = |who, tag, body| case.sends(who, AcceptNoReview, tag, Sent::json(body));

    for wrong in [&future, &unreadable] {
        sends(COUNCIL_CONTACT, None, wrong).await.refused(404);
        sends(REFERRER, None, wrong).await.refused(403);
        sends(COORDINATOR, None, wrong).await.refused(409);
        sends(COORDINATOR, now.as_deref(), wrong).await.refused(409);
    }
    case.is_taken_to(State::ReadyToDecide).await;
    case.does(CSP_CHAIR, DecideNoReview).await;
    case.does(HOME_OFFICE, OpenScrutiny).await;
    let now = case.read_by(COORDINATOR).await.etag;
    // A record that cannot be read is no act yet, so there is no version to compare.
    for tag in [None, stale, now.as_deref()] {
        sends(COORDINATOR, tag, &unreadable).await.refused(422);
    }
    sends(COORDINATOR, None, &future).await.refused(428);
    sends(COORDINATOR, stale, &future).await.refused(412);
    sends(COORDINATOR, now.as_deref(), &future).await.refused(422);
    sends(COORDINATOR, now.as_deref(), &good).await.ok();
    world.end().await;
}

/// How many cases someone's list shows.
async fn listed(world: &World, who: Person) -> usize {
    let answer = world.client.get(who, "/cases").await;
    answer.body["cases"].as_array().map_or(0, Vec::len)
}

#[track_caller]
fn assert_alike(one: &Answer, other: &Answer, status: u16) {
    assert_eq!(one, other);
    other.clone().refused(status);
}
