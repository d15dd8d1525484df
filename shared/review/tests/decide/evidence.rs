//! Individual Management Reviews, up to the start of drafting.

use review::act::Action;
use review::actor::Role::{self, AgencySenior, Coordinator, ImrAuthor, IndependentChair};
use review::case::ImrState;
use review::process::State;
use review::refusal::Refusal;
use serde_json::{Value, json};

use crate::world::scene::{CHECKED, at_agency, given};
use crate::world::{World, actor};

const SUBMITTED: &[(Role, Action)] = &[(ImrAuthor, Action::SubmitImr)];
const SIGNED: &[(Role, Action)] =
    &[(ImrAuthor, Action::SubmitImr), (AgencySenior, Action::SignOffImr)];
const RETURN: (Role, Action) = (IndependentChair, Action::ReturnImr);
const ACCEPT: (Role, Action) = (IndependentChair, Action::AcceptImr);
const WAIVE: (Role, Action) = (IndependentChair, Action::WaiveImr);

fn evidence() -> World {
    given(State::Evidence)
}

fn imr(world: &World) -> &review::case::Imr {
    let mut imrs = world.case().file.imrs.iter();
    imrs.find_map(|(agency, imr)| (agency.as_str() == "sample-health").then_some(imr)).unwrap()
}

/// A second clean version of the sample's IMR.
fn second_version(world: &mut World) -> Value {
    world.uploaded("imr-2", ImrAuthor, "imr");
    world.scanned("imr-2", "no-threats-found");
    json!("imr-2")
}

#[test]
fn imrs_are_asked_for_once_by_a_day_to_come() {
    let scene = || given(State::TorAgreed).when(IndependentChair, Action::OpenEvidence);
    scene().set("/requests", json!([])).wrong("/requests");
    scene().set("/requests/1/agency", "sample-police").wrong("/requests/1/agency");
    scene().set_day("/requests/1/due_on", -1).wrong("/requests/1/due_on");
    let scene = || evidence().when(Coordinator, Action::RequestImr);
    scene().set("/agency", "sample-health").wrong("/agency");
    scene().set_day("/due_on", -1).wrong("/due_on");
    let world = scene().set("/due_on", Value::Null).accepted();
    assert_eq!(world.clock("imr-return/sample-council").target, world.day(56));
}

#[test]
fn what_is_submitted_is_a_clean_imr_of_the_own_agency() {
    let scene = || evidence().when(ImrAuthor, Action::SubmitImr);
    let id = "/document/document";
    let mut other = scene();
    other.world.clean_document("document-1", false);
    other.clone().set(id, "document-1").wrong(id); // a report
    other.world.uploaded("chronology-1", ImrAuthor, "chronology");
    other.world.scanned("chronology-1", "no-threats-found");
    other.clone().set(id, "chronology-1").wrong(id);
    other.world.uploaded("dirty-1", ImrAuthor, "imr");
    other.clone().set(id, "dirty-1").wrong(id);
    other.world.scanned("dirty-1", "failed");
    other.set(id, "dirty-1").wrong(id);
    scene().set(id, "no-such-document").wrong(id);
    scene()
        .set("/document/hash", "48DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-1")
        .wrong("/document/hash");
}

#[test]
fn an_agencys_file_is_as_good_as_absent_to_another() {
    let by = at_agency(ImrAuthor, "sample-police");
    let scene =
        evidence().when(ImrAuthor, Action::SubmitImr).by(by).set("/agency", "sample-police");
    let foreign = scene.clone().refused();
    let absent = scene.set("/document/document", "no-such-document").refused();
    assert_eq!(foreign, absent);
}

#[test]
fn an_agency_acts_on_its_own_imr_alone() {
    for (world, role, action) in [
        (evidence(), ImrAuthor, Action::SubmitImr),
        (evidence().after(SUBMITTED), AgencySenior, Action::SignOffImr),
    ] {
        let scene = world.when(role, action);
        scene.clone().set("/agency", "sample-police").not_found();
        scene.clone().by(at_agency(role, "sample-police")).not_found();
        // An agency that is on the case and has no IMR, and one that is not on the case.
        scene
            .clone()
            .by(at_agency(role, "sample-council"))
            .set("/agency", "sample-council")
            .not_found();
        scene.by(at_agency(role, "sample-charity")).set("/agency", "sample-charity").not_found();
    }
    evidence()
        .when(IndependentChair, Action::AcceptImr)
        .set("/agency", "sample-charity")
        .not_found();
}

#[test]
fn the_author_does_not_sign_off() {
    let mut author = actor(AgencySenior);
    author.id = actor(ImrAuthor).id;
    evidence().after(SUBMITTED).when(AgencySenior, Action::SignOffImr).by(author).unmet();
}

#[test]
fn a_sign_off_is_of_the_version_submitted_last() {
    let mut world = evidence().after(SUBMITTED);
    let second = second_version(&mut world);
    let sign = |world: World| world.when(AgencySenior, Action::SignOffImr);
    sign(world.clone()).set("/document/document", second.clone()).wrong("/document/hash");
    sign(world.clone())
        .set("/document/hash", "48DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-1")
        .wrong("/document/hash");
    let world = world
        .when(ImrAuthor, Action::SubmitImr)
        .set("/document/document", second.clone())
        .accepted();
    sign(world.clone()).wrong("/document/hash");
    sign(world).set("/document/document", second).accepted();
}

#[test]
fn a_sign_off_is_of_a_clean_document_on_the_case() {
    let sign = evidence().after(SUBMITTED).when(AgencySenior, Action::SignOffImr);
    sign.clone().set("/document/document", "no-such-document").wrong("/document/document");
    let mut infected = sign;
    infected.world.scanned("imr-1", "threats-found");
    infected.wrong("/document/document");
}

#[test]
fn a_sign_off_lapses_with_a_new_version() {
    let mut world = evidence().after(CHECKED);
    assert!(imr(&world).signed_off.is_some() && imr(&world).check.is_some());
    let second = second_version(&mut world);
    let submit = |world: World| {
        world.when(ImrAuthor, Action::SubmitImr).set("/document/document", second.clone())
    };
    submit(world.clone()).unmet(); // what was signed off is changed only after it was returned
    let world = submit(world.after(&[RETURN])).accepted();
    assert_eq!((&imr(&world).signed_off, &imr(&world).check), (&None, &None));
    assert_eq!(imr(&world).state, ImrState::Submitted);
    world.when(IndependentChair, Action::QualityCheckImr).unmet();
}

#[test]
fn the_stages_follow_one_another() {
    let stages: [(&str, World, &[Action]); 7] = [
        ("requested", evidence(), &[Action::SubmitImr, Action::WaiveImr]),
        (
            "submitted",
            evidence().after(SUBMITTED),
            &[Action::SubmitImr, Action::SignOffImr, Action::ReturnImr, Action::WaiveImr],
        ),
        (
            "signed off",
            evidence().after(SIGNED),
            &[Action::QualityCheckImr, Action::ReturnImr, Action::WaiveImr],
        ),
        ("checked", evidence().after(CHECKED), &[Action::AcceptImr, Action::ReturnImr]),
        ("accepted", evidence().after(CHECKED).after(&[ACCEPT]), &[]),
        (
            "returned",
            evidence().after(SUBMITTED).after(&[RETURN]),
            &[Action::SubmitImr, Action::WaiveImr],
        ),
        (
            "waived",
            evidence()
                .when(IndependentChair, Action::WaiveImr)
                .set("/agency", "sample-health")
                .accepted(),
            &[],
        ),
    ];
    let acts = [
        (ImrAuthor, Action::SubmitImr),
        (AgencySenior, Action::SignOffImr),
        (IndependentChair, Action::QualityCheckImr),
        ACCEPT,
        RETURN,
        WAIVE,
    ];
    for (stage, world, possible) in stages {
        for (role, action) in acts {
            let scene = world.clone().when(role, action).set("/agency", "sample-health");
            let before = imr(&world).revision;
            if possible.contains(&action) {
                assert_eq!(imr(&scene.accepted()).revision, before + 1, "{stage}");
            } else {
                let refusal = scene.refused();
                assert!(
                    matches!(refusal, Refusal::Unmet(_)),
                    "{stage} {}: {refusal:?}",
                    action.name()
                );
            }
        }
    }
}

#[test]
fn the_quality_check_answers_each_line_and_all_are_met_to_accept() {
    let scene = || evidence().after(SIGNED).when(IndependentChair, Action::QualityCheckImr);
    let lines = scene().body["lines"].as_array().unwrap().clone();
    scene().set("/lines", json!(lines[1..])).wrong("/lines");
    scene().set("/lines/0/criterion", "smart").wrong("/lines");
    let failed = scene().set("/lines/3/met", false).accepted();
    failed.clone().when(IndependentChair, Action::AcceptImr).unmet();
    failed.when(IndependentChair, Action::ReturnImr).accepted();
}

#[test]
fn a_return_gives_a_day_to_come() {
    evidence()
        .after(SUBMITTED)
        .when(IndependentChair, Action::ReturnImr)
        .set_day("/due_on", -1)
        .wrong("/due_on");
    let world = evidence().after(SUBMITTED).after(&[RETURN]);
    assert!(!world.clock("imr-sign-off/sample-health").runs());
    assert_eq!(world.clock("imr-return/sample-health").target, world.day(91));
}

#[test]
fn drafting_waits_for_every_imr() {
    let scene = |world: World| world.when(IndependentChair, Action::StartDrafting);
    scene(evidence()).unmet();
    scene(evidence().after(CHECKED).after(&[WAIVE])).unmet();
    scene(evidence().after(CHECKED).after(&[ACCEPT])).unmet();
    let done = evidence().after(CHECKED).after(&[ACCEPT, WAIVE]);
    scene(done.clone()).needs_clean_document("/chronology");
    scene(done).with(json!({})).accepted();
}
