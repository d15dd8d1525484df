//! Who may upload, read and scan.

use review::act::{Action, EventKind};
use review::actor::Role::{self, *};
use review::decide::documents::known_to;
use review::process::State;
use review::sample;
use serde_json::{Value, json};

use crate::world::scene::{Scene, at_agency, given};
use crate::world::{World, actor};

/// Who uploads a kind of document, and whether it belongs to an agency.
const UPLOADS: &[(&str, &[Role], bool)] = &[
    ("scoping-return", &[AgencyContact, Police], true),
    ("chronology", &[AgencyContact, ImrAuthor, Police], true),
    ("imr", &[ImrAuthor], true),
    ("action-evidence", &[AgencyContact, AgencySenior], true),
    ("terms-of-reference", &[IndependentChair, Coordinator], false),
    ("overview-report", &[IndependentChair, Coordinator], false),
    ("executive-summary", &[IndependentChair, Coordinator], false),
    ("action-plan", &[IndependentChair, Coordinator], false),
    ("minutes", &[IndependentChair, Coordinator], false),
    ("qa-letter", &[Coordinator], false),
    ("family-contribution", &[FamilyAdvocate, IndependentChair], false),
    ("letter", &[Coordinator, CspChair], false),
];

/// Who reads a document that the coordinator or the chair uploaded during the evidence stage,
/// beside the partnership and the chair.
const READS: &[(&str, &[Role])] = &[
    (
        "terms-of-reference",
        &[PanelMember, Specialist, AgencyContact, ImrAuthor, AgencySenior, FamilyAdvocate],
    ),
    ("overview-report", &[PanelMember, Specialist]),
    ("executive-summary", &[PanelMember, Specialist]),
    ("action-plan", &[PanelMember, Specialist]),
    ("minutes", &[PanelMember, Specialist]),
    ("family-contribution", &[]),
];

/// Roles that have documents to upload.
const UPLOADERS: &[Role] = &[
    AgencyContact,
    ImrAuthor,
    AgencySenior,
    Police,
    Coordinator,
    CspChair,
    IndependentChair,
    FamilyAdvocate,
];

/// Roles that may read some document.
const READERS: &[Role] = &[
    AgencyContact,
    ImrAuthor,
    AgencySenior,
    Police,
    Coordinator,
    CspChair,
    IndependentChair,
    PanelMember,
    Specialist,
    FamilyAdvocate,
    HomeOffice,
    QaMember,
    Commissioner,
    Pcc,
];

fn begin(world: World, role: Role, kind: &str) -> Scene {
    let agency = UPLOADS.iter().any(|(it, _, agency)| *it == kind && *agency);
    let scene = world.asked(role, Action::BeginUpload).set("/document", "new-1").set("/kind", kind);
    let own = if agency { json!(scene.actor.agency) } else { Value::Null };
    scene.set("/agency", own)
}

fn read(world: &World, role: Role, id: &str) -> Scene {
    world.clone().asked(role, Action::ReadDocument).with(json!({ "document": id }))
}

/// A case in the evidence stage with a clean document.
fn with_clean(id: &str, role: Role, kind: &str) -> World {
    let mut world = given(State::Evidence);
    world.uploaded(id, role, kind);
    world.scanned(id, "no-threats-found");
    world
}

#[test]
fn each_kind_is_uploaded_by_its_roles() {
    let world = given(State::Evidence);
    for (kind, who, _) in UPLOADS {
        for role in UPLOADERS {
            let scene = begin(world.clone(), *role, kind);
            if who.contains(role) {
                scene.accepted();
            } else {
                scene.wrong("/kind");
            }
        }
    }
}

#[test]
fn a_document_of_an_agency_names_the_own_agency_and_no_other_document_does() {
    for (kind, who, agency) in UPLOADS {
        let scene = begin(given(State::Evidence), who[0], kind);
        if *agency {
            scene.clone().set("/agency", Value::Null).wrong("/agency");
            scene.set("/agency", "sample-council").wrong("/agency");
        } else {
            scene.set("/agency", "sample-health").wrong("/agency");
        }
    }
}

#[test]
fn an_upload_has_a_size_and_an_id_of_its_own() {
    let scene = || begin(given(State::Evidence), Coordinator, "minutes");
    scene().set("/size", 0).wrong("/size");
    scene().set("/size", 1).accepted();
    scene().set("/size", 2_147_483_648_u64).accepted();
    scene().set("/size", 2_147_483_649_u64).wrong("/size");
    begin(scene().accepted(), Coordinator, "minutes").unmet();
}

fn complete(world: &World, role: Role) -> Scene {
    let sealed =
        json!({ "document": "new-1", "hash": sample::HASH, "size": 12, "version_id": "v1" });
    world.clone().asked(role, Action::CompleteUpload).with(sealed)
}

fn abandon(world: &World, role: Role) -> Scene {
    world.clone().asked(role, Action::AbandonUpload).with(json!({ "document": "new-1" }))
}

#[test]
fn an_upload_is_ended_by_who_began_it_or_a_colleague() {
    for (kind, who, agency) in UPLOADS {
        let world = begin(given(State::Evidence), who[0], kind).accepted();
        for role in UPLOADERS {
            let colleague = *agency && actor(*role).agency == actor(who[0]).agency;
            let theirs = *role == who[0] || colleague;
            for scene in [complete(&world, *role), abandon(&world, *role)] {
                if theirs {
                    scene.accepted();
                } else {
                    scene.not_found();
                }
            }
        }
        let stranger = at_agency(AgencyContact, "sample-council");
        complete(&world, AgencyContact).by(stranger.clone()).not_found();
        abandon(&world, AgencyContact).by(stranger).not_found();
    }
    complete(&given(State::Evidence), Coordinator).not_found();
    abandon(&given(State::Evidence), Coordinator).not_found();
}

#[test]
fn an_upload_ends_once() {
    let begun = begin(given(State::Evidence), Coordinator, "minutes").accepted();
    let completed = complete(&begun, Coordinator).accepted();
    complete(&completed, Coordinator).nothing();
    let other = sample::HASH.replace("47DEQ", "48DEQ");
    complete(&completed, Coordinator).set("/hash", other).unmet();
    abandon(&completed, Coordinator).unmet();
    let abandoned = abandon(&begun, Coordinator).accepted();
    abandon(&abandoned, Coordinator).nothing();
    complete(&abandoned, Coordinator).unmet();
    let mut scanned = completed;
    scanned.scanned("new-1", "no-threats-found");
    complete(&scanned, Coordinator).nothing();
    abandon(&scanned, Coordinator).unmet();
}

#[test]
fn only_a_clean_document_is_read_and_every_reading_is_recorded() {
    let begun = begin(given(State::Evidence), Coordinator, "minutes").accepted();
    read(&begun, Coordinator, "new-1").unmet();
    read(&abandon(&begun, Coordinator).accepted(), Coordinator, "new-1").unmet();
    let completed = complete(&begun, Coordinator).accepted();
    read(&completed, Coordinator, "new-1").unmet();
    for verdict in ["threats-found", "unsupported", "access-denied", "failed"] {
        let mut world = completed.clone();
        world.scanned("new-1", verdict);
        for role in [Coordinator, CspChair, PanelMember] {
            read(&world, role, "new-1").unmet();
        }
        read(&world, FamilyAdvocate, "new-1").not_found();
    }
    let mut world = completed;
    world.scanned("new-1", "no-threats-found");
    let world = read(&world, PanelMember, "new-1").accepted();
    let reading = &world.history.last().unwrap().envelope;
    assert_eq!((reading.kind, reading.role), (EventKind::DocumentRead, PanelMember));
    read(&world, Coordinator, "no-such-document").not_found();
}

#[test]
fn a_document_of_the_case_is_read_by_its_roles() {
    for (kind, who) in READS {
        let world = with_clean("new-1", IndependentChair, kind);
        for role in READERS {
            let scene = read(&world, *role, "new-1");
            if who.contains(role) || matches!(role, Coordinator | CspChair | IndependentChair) {
                scene.accepted();
            } else {
                scene.not_found();
            }
        }
    }
}

#[test]
fn an_agencys_document_is_read_by_that_agency_and_the_partnership() {
    for (kind, who, _) in UPLOADS.iter().filter(|(_, _, agency)| *agency) {
        let world = with_clean("new-1", who[0], kind);
        for role in READERS {
            let scene = read(&world, *role, "new-1");
            if matches!(
                role,
                Coordinator
                    | CspChair
                    | IndependentChair
                    | AgencyContact
                    | ImrAuthor
                    | AgencySenior
            ) {
                scene.accepted();
            } else {
                scene.not_found();
            }
        }
        for role in [AgencyContact, ImrAuthor, AgencySenior, Police] {
            read(&world, role, "new-1").by(at_agency(role, "sample-council")).not_found();
        }
    }
}

#[test]
fn a_circulated_imr_is_read_by_whom_it_was_circulated_to() {
    let world = with_clean("new-1", ImrAuthor, "imr");
    let let_in = |agency: &str| {
        let grant = json!({ "actor": "panel-member-1", "role": "panel-member", "until": "2028-01-31", "circulated_imrs": [agency] });
        world.clone().asked(Coordinator, Action::GrantAccess).with(grant).accepted()
    };
    read(&let_in("sample-health"), PanelMember, "new-1").accepted();
    read(&let_in("sample-health"), Specialist, "new-1").not_found();
    read(&let_in("sample-police"), PanelMember, "new-1").not_found();
    let mut chronology = let_in("sample-health");
    chronology.uploaded("new-2", ImrAuthor, "chronology");
    chronology.scanned("new-2", "no-threats-found");
    read(&chronology, PanelMember, "new-2").not_found();
}

#[test]
fn the_family_reads_a_draft_once_it_is_circulated_and_what_it_gave_itself() {
    let drafting = given(State::Drafting);
    let draft = drafting.when(IndependentChair, Action::CirculateDraft);
    read(&draft.world, FamilyAdvocate, sample::DOCUMENT).not_found();
    read(&draft.accepted(), FamilyAdvocate, sample::DOCUMENT).accepted();
    read(&with_clean("new-1", FamilyAdvocate, "family-contribution"), FamilyAdvocate, "new-1")
        .accepted();
}

#[test]
fn the_subgroup_reads_scoping_returns_until_the_decision() {
    let mut world = given(State::Scoping);
    world.uploaded("return-1", AgencyContact, "scoping-return");
    world.scanned("return-1", "no-threats-found");
    world.uploaded("chronology-1", AgencyContact, "chronology");
    world.scanned("chronology-1", "no-threats-found");
    let known =
        |world: &World| known_to(world.case(), &actor(DecisionSubgroup), world.today()).count();
    assert_eq!(known(&world), 1);
    let decided =
        world.after(&[(Coordinator, Action::CompleteScoping), (CspChair, Action::AgreeReview)]);
    assert_eq!(known(&decided), 0);
}

/// The Home Office reads what it was sent; who gets the completed report reads that and nothing
/// that came before it.
#[test]
fn the_pack_is_read_as_sent_and_the_completed_report_as_changed() {
    let pack = |mut world: World| {
        for (id, kind) in [
            ("summary-1", "executive-summary"),
            ("plan-1", "action-plan"),
            ("minutes-1", "minutes"),
            ("letter-1", "qa-letter"),
        ] {
            world.uploaded(id, Coordinator, kind);
            world.scanned(id, "no-threats-found");
        }
        world.clean_document("report-2", false);
        world
    };
    let sent = pack(given(State::CspSignedOff)).when(Coordinator, Action::SubmitToHomeOffice);
    for role in [HomeOffice, QaMember, Commissioner, Pcc] {
        read(&sent.world, role, sample::DOCUMENT).not_found();
    }
    let sent =
        sent.set("/summary/document", "summary-1").set("/plan/document", "plan-1").accepted();
    let judged = sent
        .after(&[(HomeOffice, Action::RecordQaMeeting), (HomeOffice, Action::ApproveWithChanges)]);
    let parts = [sample::DOCUMENT, "summary-1", "plan-1", "letter-1"];
    for role in [HomeOffice, QaMember] {
        for part in parts {
            read(&judged, role, part).accepted();
        }
        read(&judged, role, "minutes-1").not_found();
        read(&judged, role, "report-2").not_found();
    }
    let changed = judged
        .when(IndependentChair, Action::CompleteChanges)
        .set("/report/document", "report-2")
        .accepted();
    for role in [HomeOffice, QaMember, Commissioner, Pcc] {
        for part in ["report-2", "summary-1", "plan-1"] {
            read(&changed, role, part).accepted();
        }
        read(&changed, role, "minutes-1").not_found();
    }
    for role in [Commissioner, Pcc] {
        read(&changed, role, sample::DOCUMENT).not_found();
        read(&changed, role, "letter-1").not_found();
    }
}

#[test]
fn a_verdict_is_of_the_version_that_was_uploaded_and_recorded_once() {
    let begun = begin(given(State::Evidence), Coordinator, "minutes").accepted();
    let scan = |world: &World, verdict: &str, version: &str| {
        let scan = json!({ "document": "new-1", "verdict": verdict, "version_id": version, "scanned_at": world.now });
        world.clone().asked(System, Action::RecordScan).with(scan)
    };
    scan(&begun, "no-threats-found", "v1").unmet();
    scan(&abandon(&begun, Coordinator).accepted(), "no-threats-found", "v1").nothing();
    let completed = complete(&begun, Coordinator).accepted();
    scan(&completed, "no-threats-found", "v2").nothing();
    let infected = scan(&completed, "threats-found", "v1").accepted();
    assert_eq!(infected.history.last().unwrap().envelope.kind, EventKind::MalwareFound);
    scan(&infected, "threats-found", "v1").nothing();
    let clean = scan(&completed, "no-threats-found", "v1").accepted();
    assert_eq!(clean.history.last().unwrap().envelope.kind, EventKind::ScanRecorded);
    read(&clean, Coordinator, "new-1").accepted();
    scan(&given(State::Evidence), "failed", "v1").not_found();
}

#[test]
fn a_person_knows_the_documents_they_may_read_and_those_they_began() {
    let mut world = with_clean("new-1", ImrAuthor, "imr");
    world.uploaded("new-2", Police, "chronology");
    for role in READERS {
        let who = actor(*role);
        let known: Vec<_> =
            known_to(world.case(), &who, world.today()).map(|(id, _)| id.to_string()).collect();
        for id in world.case().file.documents.keys() {
            let readable = read(&world, *role, id.as_str());
            let refusal = readable
                .world
                .clone()
                .tries(&readable.actor, Action::ReadDocument, readable.body.clone())
                .err();
            let hidden = refusal == Some(review::Refusal::NotFound);
            assert_eq!(known.contains(&id.to_string()), !hidden, "{} {id}", role.name());
        }
    }
}
