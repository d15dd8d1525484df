//! One review as it should go, from the call at two in the morning to the day its records are
//! destroyed, with the mails that each step sends.

use review::act::Action::*;
use review::process::State;
use serde_json::{Value, json};

use crate::casefile::{Casefile, place};
use crate::mail::assert_told;
use crate::people::*;
use crate::stage::Stage;
use crate::world::World;

const CONTACTS: &[Person] = &[POLICE_CONTACT, HEALTH_CONTACT, CHARITY_CONTACT];

pub async fn a_review_from_the_referral_to_the_destruction_of_its_records(stage: Stage) {
    let world = World::on(stage, "2027-01-04T02:10:00Z").await;
    let case = a_death_is_referred_at_night(&world).await;
    agencies_are_asked_and_answer(&case).await;
    the_chair_of_the_partnership_decides(&case).await;
    a_panel_is_formed_and_agrees_terms(&case).await;
    evidence_is_gathered(&case).await;
    the_report_is_drafted_and_signed_off(&case).await;
    the_home_office_assures_its_quality(&case).await;
    it_is_published(&case).await;
    its_actions_are_done_and_it_is_concluded(&case).await;
    it_comes_off_the_web(&case).await;
    its_records_are_destroyed(&case).await;
    world.end().await;
}

async fn a_death_is_referred_at_night(world: &World) -> Casefile<'_> {
    let at_risk = |form: &mut Value| form["immediate_risk"] = json!({ "known": true });
    let (case, receipt) = Casefile::referred_with(world, at_risk).await;

    assert_eq!(receipt["state"], "REFERRED");
    assert_eq!(receipt["csp_notified_on"], "2027-01-04");
    assert_eq!(receipt["decision_due"], "2027-02-04");
    assert!(receipt["immediate_risk"].as_str().unwrap().contains("999"));
    assert_told(
        &case.new_mails().await,
        &[
            (&[REFERRER], "Referral received"),
            (&[COORDINATOR, CSP_CHAIR], "Referral: decision due 4 February 2027"),
            (&[DUTY_SAFEGUARDING], "Call now: someone may be at risk"),
        ],
    );
    case
}

async fn agencies_are_asked_and_answer(case: &Casefile<'_>) {
    case.world.until("2027-01-05T10:15:00Z").await;
    case.does(REFERRER, AddInformation).await;
    let two = json!([{ "agency": "sample-police" }, { "agency": "sample-health" }]);
    case.does_with(COORDINATOR, StartScoping, |record| record["requests"] = two).await;
    case.does_with(COORDINATOR, AskAgency, |record| record["due_on"] = Value::Null).await;
    case.is(State::Scoping).await;
    assert_told(&case.new_mails().await, &[(CONTACTS, "Secure records, reply by 19 January 2027")]);

    case.world.until("2027-01-08T14:00:00Z").await;
    let of = |agency: &'static str| move |record: &mut Value| record["agency"] = agency.into();
    case.does_with(HEALTH_CONTACT, RecordScopingReturn, of("sample-health")).await;
    case.does_with(COORDINATOR, RecordScopingReturn, of("sample-charity")).await;
    case.world.until("2027-01-21T10:00:00Z").await;
    case.does_with(POLICE_CONTACT, RecordScopingReturn, of("sample-police")).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[POLICE_CONTACT], "Scoping return due 19 January 2027"),
            (&[POLICE_CONTACT, COORDINATOR], "Scoping return overdue"),
            (&[CSP_CHAIR, COORDINATOR], "Decision due 4 February 2027"),
        ],
    );

    case.world.until("2027-01-22T11:00:00Z").await;
    case.does_with(COORDINATOR, CompleteScoping, |record| *record = json!({})).await;
    case.is(State::ReadyToDecide).await;
    assert_told(
        &case.new_mails().await,
        &[(&[SUBGROUP, CSP_CHAIR], "Ready to decide by 4 February 2027")],
    );
}

async fn the_chair_of_the_partnership_decides(case: &Casefile<'_>) {
    case.world.until("2027-01-25T15:00:00Z").await;
    case.does(SUBGROUP, Recommend).await;
    case.world.until("2027-01-28T16:00:00Z").await;
    case.does(CSP_CHAIR, AgreeReview).await;
    case.is(State::ReviewAgreed).await;

    assert_told(
        &case.new_mails().await,
        &[
            (&[CSP_CHAIR, COORDINATOR], "Decision due 4 February 2027"),
            (&[HOME_OFFICE, POLICE, REFERRER], "A decision was made"),
            (CONTACTS, "A decision was made"),
        ],
    );
    assert_eq!(case.clock("decision").await["standing"], "met");
    assert_eq!(case.clock("report").await["target"], "2027-07-28");

    case.world.until("2027-01-29T09:15:00Z").await;
    case.does(COORDINATOR, NotifyHomeOffice).await;
    assert_eq!(case.clock("home-office-notice").await["standing"], "met");
}

async fn a_panel_is_formed_and_agrees_terms(case: &Casefile<'_>) {
    case.world.until("2027-02-08T12:00:00Z").await;
    case.does_with(CSP_CHAIR, AppointChair, |record| record["ends_on"] = "2028-06-30".into()).await;
    case.is(State::ChairAppointed).await;
    case.does(CHAIR, RecordFamilyContact).await;
    case.does_with(COORDINATOR, GrantAccess, |record| record["until"] = "2028-06-30".into()).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[CHAIR], "Independent chair appointed"),
            (CONTACTS, "Independent chair appointed"),
            (&[FAMILY_ADVOCATE], "You have access"),
        ],
    );

    case.world.until("2027-02-22T10:00:00Z").await;
    let until = |record: &mut Value| record["access_until"] = "2028-06-30".into();
    case.does_with(CHAIR, FormPanel, until).await;
    case.is(State::PanelFormed).await;
    let panel = &[PANEL_MEMBER, SPECIALIST];
    assert_told(&case.new_mails().await, &[(panel, "You are on the review panel")]);

    case.world.until("2027-03-01T16:00:00Z").await;
    case.uploads(CHAIR, "terms-of-reference", "terms").await;
    case.does_on(CHAIR, AgreeTerms, "terms").await;
    case.is(State::TorAgreed).await;
    assert_told(
        &case.new_mails().await,
        &[
            (CONTACTS, "Terms of reference agreed"),
            (&[FAMILY_ADVOCATE], "Terms of reference agreed"),
        ],
    );
}

async fn evidence_is_gathered(case: &Casefile<'_>) {
    case.world.until("2027-03-02T09:00:00Z").await;
    let one = json!([{ "agency": "sample-health" }]);
    case.does_with(CHAIR, OpenEvidence, |record| record["requests"] = one).await;
    case.is(State::Evidence).await;
    let health = &[HEALTH_CONTACT, HEALTH_AUTHOR, HEALTH_SENIOR];
    assert_told(&case.new_mails().await, &[(health, "IMR requested, due 27 April 2027")]);

    case.world.until("2027-04-19T20:00:00Z").await;
    assert_told(
        &case.new_mails().await,
        &[(&[HEALTH_CONTACT, HEALTH_AUTHOR], "IMR due 27 April 2027")],
    );
    case.uploads(HEALTH_AUTHOR, "imr", "imr").await;
    case.does_on(HEALTH_AUTHOR, SubmitImr, "imr").await;
    case.does_on(HEALTH_SENIOR, SignOffImr, "imr").await;
    case.does(CHAIR, QualityCheckImr).await;
    case.does(CHAIR, AcceptImr).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[HEALTH_SENIOR], "IMR sign-off due 3 May 2027"),
            (&[CHAIR], "IMR to check"),
            (&[HEALTH_AUTHOR, HEALTH_SENIOR], "IMR accepted"),
        ],
    );
}

async fn the_report_is_drafted_and_signed_off(case: &Casefile<'_>) {
    let readers: &[Person] = &[PANEL_MEMBER, SPECIALIST, FAMILY_ADVOCATE];
    case.world.until("2027-05-10T09:00:00Z").await;
    case.does_with(CHAIR, StartDrafting, |record| *record = json!({})).await;
    case.is(State::Drafting).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[CHAIR, CSP_CHAIR], "Overview report due 28 July 2027"),
            (&[PANEL_MEMBER, SPECIALIST], "Report is being drafted"),
        ],
    );

    case.world.until("2027-05-31T10:30:00Z").await;
    case.uploads(CHAIR, "overview-report", "report").await;
    let report = case.file("report");
    case.does_with(CHAIR, CirculateDraft, |record| {
        place(record, &report);
        record["comment_by"] = "2027-06-25".into();
    })
    .await;
    case.does_with(CHAIR, AddAction, |record| record["target_on"] = "2027-12-17".into()).await;
    assert_told(
        &case.new_mails().await,
        &[(readers, "Draft report to read"), (&[HEALTH_SENIOR], "New action due 17 December 2027")],
    );

    case.world.until("2027-06-28T15:00:00Z").await;
    case.does_on(CHAIR, SignOffByPanel, "report").await;
    case.is(State::PanelSignedOff).await;
    assert_told(
        &case.new_mails().await,
        &[
            (readers, "Draft comments due 25 June 2027"),
            (&[CHAIR, CSP_CHAIR], "Overview report due 28 July 2027"),
            (&[CSP_CHAIR, COORDINATOR], "Report ready for your sign-off"),
        ],
    );

    case.world.until("2027-07-19T14:00:00Z").await;
    case.does_on(CSP_CHAIR, SignOffByCsp, "report").await;
    case.is(State::CspSignedOff).await;
    assert_eq!(case.clock("report").await["standing"], "met");
    assert_told(
        &case.new_mails().await,
        &[
            (&[CHAIR, CSP_CHAIR], "Overview report due 28 July 2027"),
            (CONTACTS, "Report signed off"),
            (&[FAMILY_ADVOCATE, COORDINATOR], "Report signed off"),
        ],
    );
}

async fn the_home_office_assures_its_quality(case: &Casefile<'_>) {
    case.world.until("2027-07-26T10:00:00Z").await;
    case.does_on(COORDINATOR, SubmitToHomeOffice, "report").await;
    case.is(State::HoSubmitted).await;
    assert_told(
        &case.new_mails().await,
        &[(&[QA_MEMBER, HOME_OFFICE, CHAIR, FAMILY_ADVOCATE], "Report is with the Home Office")],
    );

    case.world.until("2027-09-15T11:00:00Z").await;
    case.does(HOME_OFFICE, RecordQaMeeting).await;
    case.is(State::QaConsidered).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[HEALTH_CONTACT], "Action update due 31 August 2027"),
            (&[HEALTH_CONTACT, HEALTH_SENIOR], "Action update overdue"),
            (&[CHAIR, COORDINATOR], "Home Office has considered the report"),
        ],
    );

    case.world.until("2027-10-06T11:00:00Z").await;
    case.does(HOME_OFFICE, ApproveWithChanges).await;
    case.is(State::QaApprovedWithChanges).await;
    assert_told(
        &case.new_mails().await,
        &[(
            &[CHAIR, PANEL_MEMBER, SPECIALIST, FAMILY_ADVOCATE, COORDINATOR],
            "News from the Home Office",
        )],
    );

    case.world.until("2027-10-11T10:00:00Z").await;
    case.uploads(CHAIR, "overview-report", "revised").await;
    case.does_on(CHAIR, CompleteChanges, "revised").await;
    case.is(State::ChangesDone).await;
    assert_told(
        &case.new_mails().await,
        &[(&[CSP_CHAIR, HOME_OFFICE], "Changes to the report made")],
    );
}

async fn it_is_published(case: &Casefile<'_>) {
    case.world.until("2027-10-18T10:00:00Z").await;
    let revised = case.file("revised");
    case.does_with(CSP_CHAIR, PreparePublication, |record| {
        place(record, &revised);
        record["planned_on"] = "2027-11-08".into();
    })
    .await;
    case.is(State::PrePublication).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[COORDINATOR], "Commissioner's copy due 25 October 2027"),
            (&[FAMILY_ADVOCATE], "News about the review"),
        ],
    );

    case.world.until("2027-10-25T12:00:00Z").await;
    case.does_on(CSP_CHAIR, ApproveRelease, "revised").await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[FAMILY_ADVOCATE, DUTY_PRESS], "Report is to be published"),
            (CONTACTS, "Report is to be published"),
        ],
    );

    // Two days before and on the day; the Commissioner's copy is late, then a week later still.
    case.world.until("2027-11-08T10:00:00Z").await;
    let (coming, late) = ("Report is to be published", "Commissioner's copy overdue");
    assert_told(
        &case.new_mails().await,
        &[
            (&[FAMILY_ADVOCATE, DUTY_PRESS, FAMILY_ADVOCATE, DUTY_PRESS], coming),
            (CONTACTS, coming),
            (CONTACTS, coming),
            (&[COORDINATOR], late),
            (&[COORDINATOR, CSP_CHAIR], late),
        ],
    );
    case.does_with(COORDINATOR, Publish, |record| {
        place(record, &revised);
        record["take_down_on"] = "2029-11-08".into();
    })
    .await;
    case.is(State::Published).await;
    case.does(COORDINATOR, SendCopy).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[FAMILY_ADVOCATE], "Report published"),
            (CONTACTS, "Report published"),
            (&[COMMISSIONER, HOME_OFFICE, PCC], "Copy of the report to collect"),
        ],
    );
}

async fn its_actions_are_done_and_it_is_concluded(case: &Casefile<'_>) {
    case.world.until("2027-11-22T10:00:00Z").await;
    let kept = |record: &mut Value| record["target_on"] = Value::Null;
    case.does_with(HEALTH_CONTACT, UpdateAction, kept).await;
    case.world.until("2027-12-10T12:00:00Z").await;
    assert_told(
        &case.new_mails().await,
        &[(&[HEALTH_CONTACT, HEALTH_CONTACT], "Action due 17 December 2027")],
    );
    case.uploads(HEALTH_CONTACT, "action-evidence", "evidence").await;
    let refused = case.tries(CSP_CHAIR, Conclude, &case.record(Conclude).await).await;
    refused.refused(409);
    case.does_on(HEALTH_CONTACT, CompleteAction, "evidence").await;

    case.world.until("2027-12-20T10:00:00Z").await;
    assert_told(&case.new_mails().await, &[]);
    case.does(CSP_CHAIR, Conclude).await;
    case.is(State::Concluded).await;
    assert_told(
        &case.new_mails().await,
        &[
            (&[CSP_CHAIR, COORDINATOR, FAMILY_ADVOCATE, COMMISSIONER], "Review concluded"),
            (CONTACTS, "Review concluded"),
        ],
    );
}

async fn it_comes_off_the_web(case: &Casefile<'_>) {
    case.world.until("2029-11-08T10:00:00Z").await;
    assert_told(
        &case.new_mails().await,
        &[(&[COORDINATOR], "Removal from the web due 8 November 2029")],
    );
    case.does(COORDINATOR, RemoveFromWeb).await;
    case.is(State::Concluded).await;
    assert_eq!(case.clock("take-down").await["standing"], "met");
}

async fn its_records_are_destroyed(case: &Casefile<'_>) {
    let early = case.tries(COORDINATOR, ProposeDisposal, &case.record(ProposeDisposal).await).await;
    early.refused(409);
    case.world.until("2037-12-20T12:00:00Z").await;
    assert_told(
        &case.new_mails().await,
        &[(&[COORDINATOR, DUTY_DPO], "Retention review due 20 December 2037")],
    );

    case.world.until("2037-12-21T12:00:00Z").await;
    assert_told(&case.new_mails().await, &[(&[COORDINATOR, DUTY_DPO], "Retention review overdue")]);
    case.does(COORDINATOR, ProposeDisposal).await;
    assert_told(&case.new_mails().await, &[(&[CSP_CHAIR], "Destruction of records to approve")]);
    // The last moment at which the records can be seen.
    case.world.stage.saw(&case.history().await);
    case.does(CSP_CHAIR, Dispose).await;
    case.is(State::Disposed).await;
    assert_told(&case.new_mails().await, &[(&[DUTY_DPO], "Records destroyed")]);

    let history = case.history().await;
    let kept: Vec<_> = history.iter().filter(|event| event["erased"] == false).collect();
    assert_eq!(kept[0]["kind"], "disposed", "{kept:?}");
    let view = case.view().await.to_string();
    assert!(!view.contains("Sample Person"), "{view}");

    assert!(case.world.kept_files(&case.reference).await > 0, "until the night");
    case.world.until("2037-12-22T12:00:00Z").await;
    assert_eq!(case.world.kept_files(&case.reference).await, 0);
}
