//! Every act, once: its name in the API, the command that asks for it with the record it
//! carries, and the event that says it happened.

use serde::{Deserialize, Serialize};

use crate::records::*;

/// Which version a person must have seen before the act is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The case's own revision (`ETag`); the act moves it.
    Case,
    /// The revision of the one IMR or action it changes; the act moves that.
    Item,
    /// None: the act only adds.
    Adds,
}

/// The door an act comes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// `POST /referrals`.
    Referrals,
    /// `POST /cases/{reference}/actions/{action}`.
    Actions,
    /// The routes under `/cases/{reference}/documents`.
    Documents,
    /// A trigger of the system itself: timer, scan result, receipt.
    Trigger,
}

macro_rules! acts {
    (
        $($(#[$doc:meta])* $name:literal $via:ident $guard:ident
          $action:ident($record:ty) => $event:ident($fact:ty);)*
        also { $($(#[$also_doc:meta])* $also:ident($also_fact:ty);)* }
    ) => {
        /// Something a role may do; each has exactly one row in [`crate::PROCESS`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Action { $($(#[$doc])* $action),* }

        impl Action {
            /// Every action, in the order of the process.
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            /// The name used in URLs and in the history.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => $name),* }
            }

            /// Which version the actor must have seen.
            #[must_use]
            pub const fn guard(self) -> Guard {
                match self { $(Self::$action => Guard::$guard),* }
            }

            /// The door it comes through.
            #[must_use]
            pub const fn via(self) -> Via {
                match self { $(Self::$action => Via::$via),* }
            }

            /// Reads the record of this action.
            ///
            /// # Errors
            /// Those of the deserializer, which carry the record's own sentences.
            pub fn read<'de, D: serde::Deserializer<'de>>(self, from: D) -> Result<Command, D::Error> {
                match self { $(Self::$action => <$record>::deserialize(from).map(Command::$action)),* }
            }

            /// The record's JSON schema, for the API document.
            #[cfg(feature = "schema")]
            pub fn schema(self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                match self { $(Self::$action => generator.subschema_for::<$record>()),* }
            }
        }

        /// What someone asks for. Imperative; carries the record to be made.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case", tag = "action", content = "record")]
        pub enum Command { $($(#[$doc])* $action($record)),* }

        impl Command {
            /// The action this command asks for.
            #[must_use]
            pub const fn action(&self) -> Action {
                match self { $(Self::$action(_) => Action::$action),* }
            }
        }

        /// What happened. Past tense; never changed once recorded.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case", tag = "kind", content = "record")]
        pub enum Event {
            $($(#[$doc])* $event($fact),)*
            $($(#[$also_doc])* $also($also_fact)),*
        }

        impl Event {
            /// The event without its record.
            #[must_use]
            pub const fn kind(&self) -> EventKind {
                match self {
                    $(Self::$event(_) => EventKind::$event,)*
                    $(Self::$also(_) => EventKind::$also),*
                }
            }
        }

        list! {
            /// The kinds of event, as `NOTICES` and `DEADLINES` name them.
            pub enum EventKind {
                $($(#[$doc])* $event,)*
                $($(#[$also_doc])* $also),*
            }
        }

        impl EventKind {
            /// The action that causes this event, or `None` for one that follows from another.
            #[must_use]
            pub const fn caused_by(self) -> Option<Action> {
                match self {
                    $(Self::$event => Some(Action::$action),)*
                    $(Self::$also => None),*
                }
            }
        }
    };
}

acts! {
    /// Report a death to the partnership.
    "refer" Referrals Adds Refer(Box<Referral>) => Opened(Box<Opening>);
    /// Add facts to a referral.
    "add-information" Actions Adds AddInformation(Information) => InformationAdded(Information);
    /// Hand the case to the partnership that leads.
    "transfer" Actions Case Transfer(Transfer) => Transferred(Transfer);
    /// Ask agencies whether they knew the people.
    "start-scoping" Actions Case StartScoping(Scoping) => ScopingStarted(Scoping);
    /// Ask one more agency.
    "ask-agency" Actions Adds AskAgency(ScopingRequest) => AgencyAsked(ScopingRequest);
    /// Answer a scoping request, nil returns too.
    "record-scoping-return" Actions Adds RecordScopingReturn(ScopingReturn) => ScopingReturned(ScopingReturn);
    /// Close scoping, so that the chair can decide.
    "complete-scoping" Actions Case CompleteScoping(ScopingOutcome) => ScopingCompleted(ScopingOutcome);
    /// Recommend a decision to the chair.
    "recommend" Actions Adds Recommend(Recommendation) => Recommended(Recommendation);
    /// Decide that there will be a review.
    "agree-review" Actions Case AgreeReview(Decision) => ReviewAgreed(Decision);
    /// Decide that there will be no review.
    "decide-no-review" Actions Case DecideNoReview(Decision) => NoReviewDecided(Decision);
    /// Record why the one month was missed.
    "record-breach-reason" Actions Adds RecordBreachReason(BreachReason) => BreachReasonRecorded(BreachReason);
    /// Tell the Home Office of the decision.
    "notify-home-office" Actions Adds NotifyHomeOffice(HomeOfficeNotice) => HomeOfficeNotified(HomeOfficeNotice);
    /// Begin Home Office scrutiny of a refusal.
    "open-scrutiny" Actions Case OpenScrutiny(Scrutiny) => ScrutinyOpened(Scrutiny);
    /// The Home Office is content with the refusal.
    "accept-no-review" Actions Case AcceptNoReview(HomeOfficeLetter) => NoReviewAccepted(HomeOfficeLetter);
    /// The Secretary of State directs a review.
    "direct-review" Actions Case DirectReview(Direction) => ReviewDirected(Direction);
    /// Acknowledge the direction and begin the review.
    "acknowledge-direction" Actions Case AcknowledgeDirection(Acknowledgement) => DirectionAcknowledged(Acknowledgement);
    /// Open a refused case again, with a fresh decision to make.
    "reopen" Actions Case Reopen(Reopening) => Reopened(Reopening);
    /// Appoint the independent chair.
    "appoint-chair" Actions Case AppointChair(Appointment) => ChairAppointed(Appointment);
    /// Form the review panel.
    "form-panel" Actions Case FormPanel(Panel) => PanelFormed(Panel);
    /// Agree the terms of reference.
    "agree-terms" Actions Case AgreeTerms(Terms) => TermsAgreed(Terms);
    /// Ask agencies for their Individual Management Reviews.
    "open-evidence" Actions Case OpenEvidence(EvidencePlan) => EvidenceOpened(EvidencePlan);
    /// Ask one more agency for an IMR.
    "request-imr" Actions Adds RequestImr(ImrRequest) => ImrRequested(ImrRequest);
    /// Submit a clean version of an agency's IMR.
    "submit-imr" Actions Item SubmitImr(ImrSubmission) => ImrSubmitted(ImrSubmission);
    /// Approve the agency's IMR, bound to the file's hash.
    "sign-off-imr" Actions Item SignOffImr(ImrSignOff) => ImrSignedOff(ImrSignOff);
    /// Check an IMR against the checklist.
    "quality-check-imr" Actions Item QualityCheckImr(ImrCheck) => ImrChecked(ImrCheck);
    /// Accept an IMR.
    "accept-imr" Actions Item AcceptImr(ImrAcceptance) => ImrAccepted(ImrAcceptance);
    /// Return an IMR with reasons.
    "return-imr" Actions Item ReturnImr(ImrReturn) => ImrReturned(ImrReturn);
    /// Go on without an agency's IMR, with a reason.
    "waive-imr" Actions Item WaiveImr(ImrWaiver) => ImrWaived(ImrWaiver);
    /// Begin the overview report.
    "start-drafting" Actions Case StartDrafting(DraftingStart) => DraftingStarted(DraftingStart);
    /// Send the draft to the panel and the family for comment.
    "circulate-draft" Actions Adds CirculateDraft(DraftCirculation) => DraftCirculated(DraftCirculation);
    /// The panel signs the report off.
    "sign-off-by-panel" Actions Case SignOffByPanel(PanelSignOff) => PanelSignedOff(PanelSignOff);
    /// The partnership signs the report and action plan off.
    "sign-off-by-csp" Actions Case SignOffByCsp(CspSignOff) => CspSignedOff(CspSignOff);
    /// Agree another date for the overview report.
    "agree-report-date" Actions Case AgreeReportDate(ReportDate) => ReportDateAgreed(ReportDate);
    /// Send the pack to the Home Office.
    "submit-to-home-office" Actions Case SubmitToHomeOffice(Submission) => SubmittedToHomeOffice(Submission);
    /// Record the quality assurance meeting.
    "record-qa-meeting" Actions Case RecordQaMeeting(QaMeeting) => QaMeetingRecorded(QaMeeting);
    /// Outcome: publish.
    "approve-quality" Actions Case ApproveQuality(QaOutcome) => QualityApproved(QaOutcome);
    /// Outcome: revise, then publish.
    "approve-with-changes" Actions Case ApproveWithChanges(QaOutcome) => ApprovedWithChanges(QaOutcome);
    /// Outcome: draft and submit again.
    "require-resubmission" Actions Case RequireResubmission(QaOutcome) => ResubmissionRequired(QaOutcome);
    /// Begin the redraft.
    "redraft" Actions Case Redraft(RedraftStart) => RedraftStarted(RedraftStart);
    /// Answer every feedback point.
    "complete-changes" Actions Case CompleteChanges(QaResponse) => ChangesCompleted(QaResponse);
    /// Make the report ready to publish.
    "prepare-publication" Actions Case PreparePublication(PublicationPlan) => PublicationPrepared(PublicationPlan);
    /// Give the second approval of the redaction.
    "approve-release" Actions Case ApproveRelease(ReleaseApproval) => ReleaseApproved(ReleaseApproval);
    /// Publish the report.
    "publish" Actions Case Publish(Publication) => Published(Publication);
    /// Put publication off.
    "defer-publication" Actions Case DeferPublication(PublicationException) => PublicationDeferred(PublicationException);
    /// Take publication up again.
    "resume-publication" Actions Case ResumePublication(PublicationResumption) => PublicationResumed(PublicationResumption);
    /// Decide not to publish.
    "withhold-publication" Actions Case WithholdPublication(PublicationException) => PublicationWithheld(PublicationException);
    /// Decide to publish in redacted form.
    "redact-publication" Actions Case RedactPublication(PublicationException) => PublicationRedacted(PublicationException);
    /// Record that a copy of the completed report was sent.
    "send-copy" Actions Adds SendCopy(CopySent) => CopySent(CopySent);
    /// Take the report off the web.
    "remove-from-web" Actions Case RemoveFromWeb(WebRemoval) => RemovedFromWeb(WebRemoval);
    /// Close the review: every action is done.
    "conclude" Actions Case Conclude(Conclusion) => Concluded(Conclusion);
    /// Ask for the records to be destroyed.
    "propose-disposal" Actions Case ProposeDisposal(DisposalProposal) => DisposalProposed(DisposalProposal);
    /// Give the second approval and destroy the records.
    "dispose" Actions Case Dispose(Disposal) => Disposed(Disposal);
    /// Put the review on hold.
    "start-hold" Actions Case StartHold(Hold) => HoldStarted(Hold);
    /// Change the hold's dates or reason.
    "change-hold" Actions Case ChangeHold(Hold) => HoldChanged(Hold);
    /// End the hold.
    "end-hold" Actions Case EndHold(HoldEnd) => HoldEnded(HoldEnd);
    /// Add an action to the plan.
    "add-action" Actions Adds AddAction(PlanAction) => ActionAdded(PlanAction);
    /// Report on an action.
    "update-action" Actions Item UpdateAction(ActionUpdate) => ActionUpdated(ActionUpdate);
    /// Complete an action, with evidence.
    "complete-action" Actions Item CompleteAction(ActionCompletion) => ActionCompleted(ActionCompletion);
    /// Close an action that cannot be done, with the partnership's reasons.
    "close-action" Actions Item CloseAction(ActionClosure) => ActionClosed(ActionClosure);
    /// Record contact with the family.
    "record-family-contact" Actions Adds RecordFamilyContact(FamilyContact) => FamilyContactRecorded(FamilyContact);
    /// Record where the criminal case stands.
    "record-criminal-case" Actions Adds RecordCriminalCase(CriminalCase) => CriminalCaseRecorded(CriminalCase);
    /// Record where the inquest stands.
    "record-inquest" Actions Adds RecordInquest(Inquest) => InquestRecorded(Inquest);
    /// Record another review of the same death.
    "record-other-review" Actions Adds RecordOtherReview(OtherReview) => OtherReviewRecorded(OtherReview);
    /// Give one person access to this case.
    "grant-access" Actions Adds GrantAccess(AccessGrant) => AccessGranted(AccessGrant);
    /// End a person's access to this case.
    "end-access" Actions Adds EndAccess(AccessEnd) => AccessEnded(AccessEnd);
    /// Begin an upload in parts.
    "begin-upload" Documents Adds BeginUpload(Upload) => UploadBegun(Upload);
    /// Finish an upload.
    "complete-upload" Documents Adds CompleteUpload(UploadCompletion) => UploadCompleted(UploadCompletion);
    /// Give an upload up.
    "abandon-upload" Documents Adds AbandonUpload(UploadAbandoned) => UploadAbandoned(UploadAbandoned);
    /// Read a document.
    "read-document" Documents Adds ReadDocument(DocumentRead) => DocumentRead(DocumentRead);
    /// Record the malware scanner's verdict.
    "record-scan" Trigger Adds RecordScan(Scan) => ScanRecorded(Scan);
    /// Record what became of an e-mail.
    "record-delivery" Trigger Adds RecordDelivery(Delivery) => DeliveryRecorded(Delivery);
    /// Record that a notice was not sent, because it was no longer true.
    "record-suppression" Trigger Adds RecordSuppression(Suppression) => NoticeSuppressed(Suppression);
    /// Link cases that may be about the same death.
    "record-matches" Trigger Adds RecordMatches(Matches) => MatchesRecorded(Matches);
    /// Do what time has made due.
    "remind" Trigger Adds Remind(Tick) => Reminded(Reminder);

    also {
        /// A living person may be at immediate risk.
        ImmediateRiskRaised(RiskRaised);
        /// A likely duplicate was found.
        DuplicateSuspected(Matches);
        /// Reminders that time passed by while they could not be sent, or that were never due.
        RemindersOvertaken(Overtaken);
        /// An original deadline has passed.
        DeadlinePassed(Passed);
        /// An upload was infected.
        MalwareFound(Scan);
        /// An e-mail came back.
        MailBounced(Delivery);
    }
}
