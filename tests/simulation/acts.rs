//! What people do in a run: the acts of the process that a case in its state permits, with the
//! sample records, through the API.

use review::act::{Action, Guard};
use review::actor::Role;
use review::case::DocumentStanding;
use review::dates::london_date;
use review::process::{PROCESS, State};
use review::values::{ActorId, Reference};
use review::{Case, sample};
use serde_json::{Value, json};

use super::CASES;
use super::ledger::Ledger;
use super::people::{Ask, Told};
use super::story;
use super::world::World;
use crate::casefile::item_tag;
use crate::people::*;

/// What people do. Acts that need a document are possible where the run began late in the story.
pub const ACTS: &[Action] = &[
    Action::AddInformation,
    Action::AddInformation,
    Action::Transfer,
    Action::StartScoping,
    Action::StartScoping,
    Action::AskAgency,
    Action::RecordScopingReturn,
    Action::RecordScopingReturn,
    Action::CompleteScoping,
    Action::CompleteScoping,
    Action::Recommend,
    Action::AgreeReview,
    Action::AgreeReview,
    Action::DecideNoReview,
    Action::RecordBreachReason,
    Action::NotifyHomeOffice,
    Action::OpenScrutiny,
    Action::AcceptNoReview,
    Action::DirectReview,
    Action::AcknowledgeDirection,
    Action::Reopen,
    Action::AppointChair,
    Action::AppointChair,
    Action::FormPanel,
    Action::AgreeReportDate,
    Action::StartHold,
    Action::ChangeHold,
    Action::EndHold,
    Action::AddAction,
    Action::UpdateAction,
    Action::CloseAction,
    Action::RecordFamilyContact,
    Action::RecordCriminalCase,
    Action::GrantAccess,
    Action::GrantAccess,
    Action::EndAccess,
    Action::RecordInquest,
    Action::RecordOtherReview,
    Action::AgreeTerms,
    Action::OpenEvidence,
    Action::RequestImr,
    Action::SubmitImr,
    Action::SignOffImr,
    Action::QualityCheckImr,
    Action::AcceptImr,
    Action::ReturnImr,
    Action::WaiveImr,
    Action::StartDrafting,
    Action::CirculateDraft,
    Action::SignOffByPanel,
    Action::SignOffByCsp,
    Action::SubmitToHomeOffice,
    Action::RecordQaMeeting,
    Action::ApproveQuality,
    Action::ApproveWithChanges,
    Action::RequireResubmission,
    Action::Redraft,
    Action::CompleteChanges,
    Action::PreparePublication,
    Action::ApproveRelease,
    Action::Publish,
    Action::DeferPublication,
    Action::ResumePublication,
    Action::WithholdPublication,
    Action::RedactPublication,
    Action::SendCopy,
    Action::RemoveFromWeb,
    Action::CompleteAction,
    Action::Conclude,
];

/// Whose part it is to act in a role.
fn holder(role: Role) -> Option<Person> {
    Some(match role {
        Role::Referrer => REFERRER,
        Role::Coordinator => COORDINATOR,
        Role::CspChair => CSP_CHAIR,
        Role::DecisionSubgroup => SUBGROUP,
        Role::IndependentChair => CHAIR,
        Role::HomeOffice => HOME_OFFICE,
        Role::AgencyContact => HEALTH_CONTACT,
        Role::ImrAuthor => HEALTH_AUTHOR,
        Role::AgencySenior => HEALTH_SENIOR,
        Role::Police
        | Role::PanelMember
        | Role::Specialist
        | Role::FamilyAdvocate
        | Role::QaMember
        | Role::Commissioner
        | Role::Pcc
        | Role::Administrator
        | Role::System => return None,
    })
}

impl World {
    /// The case as it is stored.
    pub fn case(&self, reference: &str) -> Option<Case> {
        let item = self.tables.item(CASES, &format!("CASE#{}#{reference}", self.csp), "CASE")?;
        Some(serde_json::from_str(item["body"]["S"].as_str().unwrap()).unwrap())
    }

    /// When a death is referred; the case, if the referrer was told of it.
    pub async fn refers(&self, ledger: &Ledger, key: &str, who: Person) -> Option<String> {
        let mut form = sample::body(Action::Refer);
        if let Some(csp_told) = form.get_mut("csp_notified_on") {
            *csp_told = Value::Null;
        }
        let died = london_date(self.now()) - chrono::TimeDelta::days(30);
        form["death"]["date"] = died.to_string().into();
        form["immediate_risk"] = json!({ "known": self.chance.once_in(0.3) });
        let told = self.insists(&Ask::post(who, "/referrals", form).under(key)).await;
        ledger.told("refer", "", None);
        let told = told.filter(|told| told.status == 201)?;
        let reference = told.body["reference"].as_str().unwrap().to_owned();
        ledger.opened.borrow_mut().insert(reference.clone());
        *ledger.acts.borrow_mut().entry("refer").or_default() += 1;
        Some(reference)
    }

    /// When someone does something that the case's state permits.
    pub async fn someone_acts(&self, ledger: &Ledger, reference: &str) {
        let Some(case) = self.case(reference) else { return };
        let open: Vec<_> = ACTS
            .iter()
            .copied()
            .filter(|action| {
                let row = PROCESS.iter().find(|row| row.action == *action);
                row.is_some_and(|row| row.from.contains(&case.state))
                    && fits(*action, &case)
                    && (self.file_for(*action).is_some() || !needs_document(*action))
            })
            .collect();
        if open.is_empty() {
            return;
        }
        let action = *self.chance.of_these(&open);
        self.acts(ledger, &case.reference, action).await;
    }

    /// When whoever may take an action takes it, under one key however often it is sent.
    pub async fn acts(
        &self,
        ledger: &Ledger,
        reference: &Reference,
        action: Action,
    ) -> Option<Told> {
        let row = PROCESS.iter().find(|row| row.action == action).unwrap();
        let who: Vec<_> = row.who.iter().copied().filter_map(holder).collect();
        let who = *self.chance.of_these(&who);
        let mut record = sample::fitted(action, london_date(self.now()));
        for document in story::documents(&mut record) {
            self.file_for(action).unwrap().clone_into(document);
        }
        let words = format!("words-{}", self.chance.number(0..u64::MAX));
        let unique = self.shape(action, &mut record, &words);
        let told = self.takes(ledger, reference.as_str(), who, action, record).await;
        if unique {
            ledger.said(words, told.as_ref());
        }
        told
    }

    /// When someone takes an action with this record, having read what it changes.
    pub async fn takes(
        &self,
        ledger: &Ledger,
        reference: &str,
        who: Person,
        action: Action,
        record: Value,
    ) -> Option<Told> {
        let etag = match action.guard() {
            Guard::Adds => None,
            Guard::Case | Guard::Item => {
                let seen = self.insists(&Ask::get(who, format!("/cases/{reference}"))).await?;
                let item = || item_tag(&seen.body, &record);
                if action.guard() == Guard::Case { seen.etag.clone() } else { item() }
            }
        };
        let path = format!("/cases/{reference}/actions/{}", action.name());
        let key = format!("key-{}", self.chance.number(0..u64::MAX));
        let told = self.insists(&Ask::post(who, path, record).under(key).matching(etag)).await;
        ledger.told(action.name(), reference, told.as_ref());
        told
    }

    /// The document of the story that a record of this action names.
    fn file_for(&self, action: Action) -> Option<&Value> {
        let names: &[&str] = match action {
            Action::AgreeTerms => &["terms"],
            Action::SubmitImr
            | Action::SignOffImr
            | Action::QualityCheckImr
            | Action::AcceptImr
            | Action::ReturnImr => &["imr-health"],
            _ => &["revised", "report", "terms"],
        };
        names.iter().find_map(|name| self.files.get(name))
    }

    /// Makes a sample record fit this run; whether it now holds the unique words.
    fn shape(&self, action: Action, record: &mut Value, words: &str) -> bool {
        match action {
            Action::AddInformation => record["text"] = words.into(),
            Action::RecordFamilyContact | Action::RecordCriminalCase => {
                record["note"] = words.into();
            }
            Action::RecordScopingReturn => {
                let agencies = ["sample-police", "sample-health", "sample-council"];
                record["agency"] = (*self.chance.of_these(&agencies)).into();
                return false;
            }
            Action::GrantAccess => {
                let days = i64::try_from(self.chance.number(5..60)).unwrap();
                let until = london_date(self.now()) + chrono::TimeDelta::days(days);
                record["until"] = until.to_string().into();
                return false;
            }
            _ => return false,
        }
        true
    }

    /// When a member leaves, or comes back.
    pub fn a_membership_changes(&self, ledger: &Ledger) {
        let leaving: &[Person] =
            &[FAMILY_ADVOCATE, HEALTH_CONTACT, POLICE_CONTACT, COUNCIL_CONTACT];
        let person: Person = *self.chance.of_these(leaving);
        let person = ActorId::parse(person).unwrap();
        let pk = format!("ACTOR#{person}");
        let sk = format!("MEMBER#{}", self.csp);
        let mut member = self.tables.item(CASES, &pk, &sk).unwrap();
        let active = member["active"]["BOOL"] != true;
        member["active"]["BOOL"] = active.into();
        self.tables.ask("PutItem", &json!({ "TableName": CASES, "Item": member }));
        ledger.memberships.borrow_mut().push((self.now(), person, active));
    }

    /// When a document is uploaded; its id and hash, as a record names it.
    pub async fn uploads(
        &self,
        ledger: &Ledger,
        reference: &str,
        who: Person,
        mut new: Value,
    ) -> Option<Value> {
        let file = format!("%PDF-1.7 {}: an invented document.\n", self.chance.number(0..u64::MAX));
        new["size"] = file.len().into();
        let path = format!("/cases/{reference}/documents");
        let begun = self.insists(&Ask::post(who, path.clone(), new)).await?;
        let id = begun.body["document"]["id"].as_str().filter(|_| begun.status == 201)?;
        let path = format!("{path}/{id}");
        self.sends_part(who, &path, file.as_bytes()).await?;
        let done = self.insists(&Ask::post(who, format!("{path}/complete"), json!({}))).await?;
        ledger.told("upload", reference, Some(&done));
        Some(json!({ "document": id, "hash": done.body["document"]["hash"] }))
    }

    /// When the one part of a small file is sent straight to S3.
    async fn sends_part(&self, who: Person, document: &str, part: &[u8]) -> Option<()> {
        use base64::Engine as _;
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(part);
        let sha256 = base64::engine::general_purpose::STANDARD.encode(digest);
        let wanted = json!({ "number": 1, "sha256": sha256, "size": part.len() });
        let signed = self.insists(&Ask::post(who, format!("{document}/parts"), wanted)).await?;
        let mut put = http::Request::put(signed.body["url"].as_str()?);
        for (name, value) in signed.body["headers"].as_object()? {
            put = put.header(name, value.as_str()?);
        }
        let put = put.body(part.to_vec()).unwrap();
        let answer = self.objects.as_ref().unwrap().call(put).await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", String::from_utf8_lossy(answer.body()));
        Some(())
    }

    /// When someone wants to read a document, whatever its state. A link means that it is clean
    /// and that the reading stands in the history.
    pub async fn someone_reads(&self, ledger: &Ledger, reference: &str) {
        let Some(case) = self.case(reference) else { return };
        let ids: Vec<_> = case.file.documents.keys().collect();
        if ids.is_empty() {
            return;
        }
        let id = (*self.chance.of_these(&ids)).clone();
        let path = format!("/cases/{reference}/documents/{id}/read");
        let before = self.reads(reference, id.as_str());
        let told = self.asks(&Ask::post(COORDINATOR, path, json!({}))).await;
        let Some(told) = told.filter(|told| told.body["url"].is_string()) else { return };
        assert_eq!(told.status, 200);
        let case = self.case(reference).unwrap();
        let clean = matches!(
            &case.file.documents[&id].standing,
            DocumentStanding::Scanned { verdict, .. }
                if *verdict == review::records::Verdict::NoThreatsFound
        );
        let sent = self.scans.borrow().get(id.as_str()).cloned().unwrap_or_default();
        assert_eq!(sent, ["NO_THREATS_FOUND"], "{id} can be read");
        assert!(clean, "{id} can be read and is {:?}", case.file.documents[&id].standing);
        assert!(self.reads(reference, id.as_str()) > before, "a reading was not recorded");
        ledger.links.set(ledger.links.get() + 1);
    }
}

fn needs_document(action: Action) -> bool {
    !story::documents(&mut sample::body(action)).is_empty()
}

/// Whether an act has anything to act on.
fn fits(action: Action, case: &Case) -> bool {
    let on_hold = case.file.hold.is_some();
    match action {
        Action::StartHold => !on_hold && case.state != State::Directed,
        Action::ChangeHold | Action::EndHold => on_hold,
        Action::AddAction => case.file.actions.is_empty(),
        Action::UpdateAction | Action::CloseAction => !case.file.actions.is_empty(),
        Action::EndAccess => case.file.grants.iter().any(|grant| !grant.ended),
        _ => true,
    }
}
