//! The quick way to a state, for journeys whose story begins there.

use review::act::Action::{self, *};
use review::process::State;
use serde_json::json;

use crate::casefile::Casefile;
use crate::people::*;

/// What a step of the way needs beside the sample record.
#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    /// One agency asked, the police.
    OneAgency,
    /// Terms of reference, uploaded.
    Terms,
    /// No IMR waited for.
    Waiver,
    /// A plan with an action, and the report, uploaded.
    Report,
    /// That same report.
    SameReport,
}

/// The shortest straight way: every act on the same day.
const WAY: &[(State, Person, Action, Needs)] = &[
    (State::Scoping, COORDINATOR, StartScoping, Needs::OneAgency),
    (State::ReadyToDecide, COORDINATOR, CompleteScoping, Needs::Nothing),
    (State::ReviewAgreed, CSP_CHAIR, AgreeReview, Needs::Nothing),
    (State::ChairAppointed, CSP_CHAIR, AppointChair, Needs::Nothing),
    (State::PanelFormed, CHAIR, FormPanel, Needs::Nothing),
    (State::TorAgreed, CHAIR, AgreeTerms, Needs::Terms),
    (State::Evidence, CHAIR, OpenEvidence, Needs::OneAgency),
    (State::Drafting, CHAIR, StartDrafting, Needs::Waiver),
    (State::PanelSignedOff, CHAIR, SignOffByPanel, Needs::Report),
    (State::CspSignedOff, CSP_CHAIR, SignOffByCsp, Needs::SameReport),
    (State::HoSubmitted, COORDINATOR, SubmitToHomeOffice, Needs::SameReport),
    (State::QaConsidered, HOME_OFFICE, RecordQaMeeting, Needs::Nothing),
    (State::QaApproved, HOME_OFFICE, ApproveQuality, Needs::Nothing),
    (State::PrePublication, CSP_CHAIR, PreparePublication, Needs::SameReport),
];

impl Casefile<'_> {
    /// Given that it has come as far as this.
    pub async fn is_taken_to(&self, goal: State) {
        let mut state = self.state().await;
        let reached = WAY.iter().position(|(reached, ..)| *reached == state);
        assert!(
            reached.is_some() || state == State::Referred,
            "{} is not on the way",
            state.name()
        );
        for (next, who, action, needs) in WAY.iter().skip(reached.map_or(0, |at| at + 1)) {
            if state == goal {
                break;
            }
            self.goes_on(who, *action, *needs).await;
            state = *next;
        }
        assert_eq!(self.state().await, goal);
    }

    /// One step of the way, with what it needs.
    async fn goes_on(&self, who: Person, action: Action, needs: Needs) {
        match needs {
            Needs::Nothing => self.does(who, action).await,
            Needs::OneAgency => {
                let only = json!([{ "agency": "sample-police" }]);
                self.does_with(who, action, |record| record["requests"] = only).await
            }
            Needs::Terms => {
                self.uploads(CHAIR, "terms-of-reference", "terms").await;
                self.does_on(who, action, "terms").await
            }
            Needs::Waiver => {
                self.does_with(CHAIR, WaiveImr, |record| record["agency"] = "sample-police".into())
                    .await;
                self.does_with(who, action, |record| *record = json!({})).await
            }
            Needs::Report => {
                self.does(COORDINATOR, AddAction).await;
                self.uploads(CHAIR, "overview-report", "report").await;
                self.does_on(who, action, "report").await
            }
            Needs::SameReport => self.does_on(who, action, "report").await,
        };
    }
}
