//! What those see who see a part of a case.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use review::case::{
    AgencyScoping, DecisionMade, Outcome, PublicationMade, QaRound, SubmissionMade,
};
use review::eligibility::{Advice, advise};
use review::records::{
    ActionScope, Direction, DraftCirculation, HomeOfficeLetter, HomeOfficeNotice, Information,
    Person, Recommendation, Referral, ScopingOutcome, Scrutiny, Terms,
};
use review::values::{AgencyId, BirthDate, DocumentRef, ItemId, Known, Line, PartialDate, Prose};
use review::{Actor, Case, Role};
use serde::Serialize;

use super::plan::{self, ImrView, PlanStatus, PlanView};

/// For the decision subgroup: what it recommends on.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntakePart<'a> {
    /// What the referral says about the statutory test. Advice: the partnership's chair decides.
    pub advice: Option<Advice>,
    /// The referral.
    pub referral: Option<&'a Referral>,
    /// Facts added.
    pub information: &'a [Information],
    /// The agencies asked and their answers.
    pub scoping: &'a BTreeMap<AgencyId, AgencyScoping>,
    /// How scoping ended.
    pub scoping_outcome: Option<&'a ScopingOutcome>,
    /// The subgroup's views.
    pub recommendations: &'a [Recommendation],
}

/// For the referrer: the referral, and what came of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReferralPart<'a> {
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The date from which the month for the decision counts.
    pub csp_notified_on: Option<NaiveDate>,
    /// The referral as sent.
    pub referral: Option<&'a Referral>,
    /// Which way the decision went.
    pub outcome: Option<Outcome>,
}

/// For an agency: its own requests, answers, IMR and actions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgencyPart<'a> {
    /// The agency.
    pub agency: &'a AgencyId,
    /// The people to search the agency's records for, and to secure what is found.
    pub subjects: Vec<Subject<'a>>,
    /// The scoping request and the agency's answer.
    pub scoping: Option<&'a AgencyScoping>,
    /// The terms of reference.
    pub terms: Option<TermsView<'a>>,
    /// The agency's IMR.
    pub imr: Option<ImrView<'a>>,
    /// The actions it leads.
    pub plan: Vec<PlanView<'a>>,
}

/// A person whose contact with the agency is asked about; no more than it takes to find them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subject<'a> {
    /// The date of death, for the person who died.
    pub died: Option<PartialDate>,
    /// Full name.
    pub name: &'a Line<120>,
    /// Other names used.
    pub aliases: &'a [Line<120>],
    /// Date of birth, or an estimated age.
    pub born: Known<BirthDate>,
    /// Home address.
    pub address: &'a Known<Prose<300>>,
}

/// The terms of reference, without what the family said.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TermsView<'a> {
    /// The agreed document.
    pub document: &'a DocumentRef,
    /// First day of the period under review.
    pub period_from: NaiveDate,
    /// Last day.
    pub period_to: NaiveDate,
    /// Key lines of enquiry.
    pub lines_of_enquiry: &'a [Line<300>],
}

/// For members of the panel.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PanelPart<'a> {
    /// The terms of reference.
    pub terms: Option<TermsView<'a>>,
    /// The IMRs circulated to this person.
    pub imrs: Vec<CirculatedImr<'a>>,
    /// Drafts sent out for comment.
    pub drafts: &'a [DraftCirculation],
    /// The action plan.
    pub plan: Vec<PlanView<'a>>,
}

/// An IMR circulated to someone.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CirculatedImr<'a> {
    /// The agency.
    pub agency: &'a AgencyId,
    /// The version submitted last.
    pub document: &'a DocumentRef,
}

/// For those who speak for the family: what is released to them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FamilyPart<'a> {
    /// The terms of reference.
    pub terms: Option<TermsView<'a>>,
    /// Drafts to read and comment on.
    pub drafts: &'a [DraftCirculation],
    /// The publication.
    pub published: Option<&'a PublicationMade>,
}

/// For the Home Office: decisions, what it wrote itself, and the packs.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubmissionPart<'a> {
    /// Every decision, oldest first; none for members of the quality assurance panel, who see
    /// anonymised packs only.
    pub decisions: &'a [DecisionMade],
    /// Notices of decisions.
    pub notices: &'a [HomeOfficeNotice],
    /// Scrutiny of a refusal.
    pub scrutiny: Option<&'a Scrutiny>,
    /// The letter of content with a refusal.
    pub no_review_letter: Option<&'a HomeOfficeLetter>,
    /// The direction.
    pub direction: Option<&'a Direction>,
    /// Packs sent, oldest first.
    pub packs: &'a [SubmissionMade],
    /// Rounds of quality assurance.
    pub qa: &'a [QaRound],
    /// The publication.
    pub published: Option<&'a PublicationMade>,
}

/// For those who receive the completed report.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinalPart<'a> {
    /// The pack sent last.
    pub pack: Option<FinalPack<'a>>,
    /// The publication.
    pub published: Option<&'a PublicationMade>,
    /// Where each action stands.
    pub plan: Vec<ActionStanding<'a>>,
}

/// The documents of a completed review.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinalPack<'a> {
    /// The overview report.
    pub report: &'a DocumentRef,
    /// The executive summary.
    pub summary: &'a DocumentRef,
    /// The action plan.
    pub plan: &'a DocumentRef,
}

/// Where an action stands, without what was reported on the way.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionStanding<'a> {
    /// Its id.
    pub id: &'a ItemId,
    /// Theme.
    pub theme: &'a Line<80>,
    /// How far it reaches.
    pub scope: ActionScope,
    /// The lead agency.
    pub lead: &'a AgencyId,
    /// The target now.
    pub target_on: NaiveDate,
    /// Where it stands.
    pub status: PlanStatus,
}

impl<'a> IntakePart<'a> {
    pub(super) fn of(case: &'a Case) -> Self {
        let file = &case.file;
        Self {
            advice: file.referral.as_deref().map(advise),
            referral: file.referral.as_deref(),
            information: &file.information,
            scoping: &file.scoping,
            scoping_outcome: file.scoping_outcome.as_ref(),
            recommendations: &file.recommendations,
        }
    }
}

impl<'a> ReferralPart<'a> {
    pub(super) fn of(case: &'a Case) -> Self {
        Self {
            received_at: case.opened_at,
            csp_notified_on: case.file.csp_notified_on,
            referral: case.file.referral.as_deref(),
            outcome: super::outcome(case),
        }
    }
}

impl<'a> AgencyPart<'a> {
    pub(super) fn of(case: &'a Case, agency: &'a AgencyId, today: NaiveDate) -> Self {
        let file = &case.file;
        Self {
            agency,
            subjects: file.referral.as_deref().map(subjects).unwrap_or_default(),
            scoping: file.scoping.get(agency),
            terms: file.terms.as_ref().map(TermsView::of),
            imr: file.imrs.get(agency).map(|imr| plan::imr(agency, imr)),
            plan: plan::plan(case, today, |item| item.action.lead == *agency),
        }
    }
}

fn subjects(referral: &Referral) -> Vec<Subject<'_>> {
    let victim = Subject::of(&referral.victim, Some(referral.death.date));
    let suspects = referral.suspects.value().into_iter().flatten();
    [victim].into_iter().chain(suspects.map(|suspect| Subject::of(&suspect.person, None))).collect()
}

impl<'a> Subject<'a> {
    fn of(person: &'a Person, died: Option<PartialDate>) -> Self {
        Self {
            died,
            name: &person.name,
            aliases: &person.aliases,
            born: person.born,
            address: &person.address,
        }
    }
}

impl<'a> TermsView<'a> {
    fn of(terms: &'a Terms) -> Self {
        Self {
            document: &terms.document,
            period_from: terms.period_from,
            period_to: terms.period_to,
            lines_of_enquiry: &terms.lines_of_enquiry,
        }
    }
}

impl<'a> PanelPart<'a> {
    pub(super) fn of(case: &'a Case, actor: &Actor, today: NaiveDate) -> Self {
        let granted = case.grant(&actor.id, actor.role, today).map(|grant| &grant.circulated_imrs);
        let circulated =
            |agency: &AgencyId| granted.is_some_and(|agencies| agencies.contains(agency));
        let imrs = case.file.imrs.iter().filter(|(agency, _)| circulated(agency));
        Self {
            terms: case.file.terms.as_ref().map(TermsView::of),
            imrs: imrs
                .filter_map(|(agency, imr)| {
                    let document = &imr.submitted.as_ref()?.document;
                    Some(CirculatedImr { agency, document })
                })
                .collect(),
            drafts: &case.file.circulations,
            plan: plan::plan(case, today, |_| true),
        }
    }
}

impl<'a> FamilyPart<'a> {
    pub(super) fn of(case: &'a Case) -> Self {
        Self {
            terms: case.file.terms.as_ref().map(TermsView::of),
            drafts: &case.file.circulations,
            published: case.file.published.as_ref(),
        }
    }
}

impl<'a> SubmissionPart<'a> {
    pub(super) fn of(case: &'a Case, role: Role) -> Self {
        let file = &case.file;
        let anonymised_only = role == Role::QaMember;
        Self {
            decisions: if anonymised_only { &[] } else { &file.decisions },
            notices: if anonymised_only { &[] } else { &file.home_office_notices },
            scrutiny: file.scrutiny.as_ref(),
            no_review_letter: file.no_review_letter.as_ref(),
            direction: file.direction.as_ref().filter(|_| !anonymised_only),
            packs: &file.submissions,
            qa: &file.qa,
            published: file.published.as_ref(),
        }
    }
}

impl<'a> FinalPart<'a> {
    pub(super) fn of(case: &'a Case, today: NaiveDate) -> Self {
        let pack = case.file.submissions.last().map(|made| &made.pack);
        Self {
            pack: pack.map(|pack| FinalPack {
                report: &pack.report,
                summary: &pack.summary,
                plan: &pack.plan,
            }),
            published: case.file.published.as_ref(),
            plan: case
                .file
                .actions
                .iter()
                .map(|(id, item)| ActionStanding {
                    id,
                    theme: &item.action.theme,
                    scope: item.action.scope,
                    lead: &item.action.lead,
                    target_on: item.target_on,
                    status: PlanStatus::of(item, today),
                })
                .collect(),
        }
    }
}
