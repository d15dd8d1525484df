//! Code lists: the Home Office library's tags, the harmonised ethnicity groups and the lists
//! of the Acts, so that local figures can be set beside national ones.

list! {
    /// Sex, as the Home Office library tags it.
    pub enum Sex { Female, Male, Other }

    /// Ethnic group: Government Statistical Service harmonised categories (2021, England and Wales).
    pub enum Ethnicity {
        WhiteBritish, WhiteIrish, WhiteGypsyOrIrishTraveller, WhiteRoma, WhiteOther,
        MixedWhiteAndBlackCaribbean, MixedWhiteAndBlackAfrican, MixedWhiteAndAsian, MixedOther,
        AsianIndian, AsianPakistani, AsianBangladeshi, AsianChinese, AsianOther,
        BlackCaribbean, BlackAfrican, BlackOther, Arab, AnyOther,
    }

    /// The victim is the … of the suspected person. Direction matters: "parent" means the
    /// victim is the suspect's parent.
    pub enum Relationship {
        SpouseOrCivilPartner, ExSpouseOrCivilPartner, CommonLawSpouse, Engaged,
        BoyfriendOrGirlfriend, ExBoyfriendOrGirlfriend, CoParent, Parent, SonOrDaughter, Sibling,
        StepParent, StepChild, StepSibling, Grandparent, Grandchild, OtherRelative, Cohabitant,
        OtherNonRelative,
    }

    /// How the death is understood at the time of the referral.
    pub enum DeathKind { Homicide, SuspectedSuicide, Unexplained, Neglect, Other }

    /// Behaviour that the death appears to have resulted from: violence, abuse or neglect
    /// (Domestic Violence, Crime and Victims Act 2004, s.9(1)); the first five are the limbs of
    /// domestic abuse (Domestic Abuse Act 2021, s.1(3)).
    pub enum Behaviour {
        PhysicalOrSexual, ViolentOrThreatening, ControllingOrCoercive, Economic,
        PsychologicalOrEmotional, Neglect,
    }

    /// Signs of abuse before the death.
    pub enum AbuseIndicator {
        CoerciveControl, Economic, Physical, Emotional, Sexual, Stalking, Separation,
        ForcedMarriage, HonourBased, ChildrenPresent, EarlierReportToPolice, Marac,
    }

    /// Where a suspected person stands in the criminal process.
    pub enum ChargeStatus { NotArrested, Arrested, Bailed, Charged, Convicted, Acquitted, NoFurtherAction }

    /// How well an agency knew the people.
    pub enum Contact { None, Limited, Significant }

    /// Whether a criterion of the statutory test is met.
    pub enum Finding { Met, NotMet, Unclear }

    /// The criteria of s.9(1) of the 2004 Act, as the decision form sets them out.
    pub enum Criterion { AgeAtDeath, ViolenceAbuseOrNeglect, Connection }

    /// Where else learning can happen when there is no review.
    pub enum LearningRoute {
        SafeguardingAdultReview, ChildSafeguardingPracticeReview, MentalHealthHomicideReview,
        OffensiveWeaponsHomicideReview, SingleAgencyReview, LearningEvent, None,
    }

    /// How a draft or report goes to the Home Office, and what for.
    pub enum FeedbackArea {
        Report, ExecutiveSummary, ActionPlan, Equality, FamilyInvolvement, Anonymity, Other,
    }

    /// The quality assurance submission checklist of the statutory guidance.
    pub enum SubmissionCheck {
        OverviewReport, ExecutiveSummary, ActionPlan, TemplateOrder, PanelAndIndependence,
        AgenciesOrWhyExcluded, FamilyInvolvement, TributeAndCondolences, TermsPlacedEarly,
        NineCharacteristics, Definitions, RecommendationsTogether, DatesAndDelay,
        NoRealNamesOrBirthDates, Contact,
    }

    /// The publication checklist.
    pub enum PublicationCheck {
        QaChangesDone, AllDocumentsPresent, PdfUnderTwentyMegabytes, Accessible,
        MetadataStripped, FamilyTold, MediaLines, TakeDownDate,
    }

    /// The IMR quality check.
    pub enum ImrCriterion { EveryTermAnswered, Signed, Anonymised, Smart, SourcesCited }

    /// How far an action reaches.
    pub enum ActionScope { Local, Regional, National }

    /// Where an action stands, as its owner reports it. Overdue is computed from the dates.
    pub enum ActionProgress { NotStarted, OnTrack, AtRisk }

    /// Where the family stands. Declining never closes the offer.
    pub enum FamilyStage { NotContacted, Invited, Engaged, Declined, Later }

    /// Where the criminal case stands.
    pub enum CriminalStage { NoSuspect, SuspectDead, UnderInvestigation, Charged, Trial, Outcome, Appeal }

    /// Where the inquest stands.
    pub enum InquestStage { NotOpened, Opened, Suspended, Resumed, Concluded }

    /// Another review of the same death.
    pub enum OtherReviewKind {
        SafeguardingAdultReview, ChildSafeguardingPracticeReview, OffensiveWeaponsHomicideReview,
        MentalHealthHomicideReview, SingleUnifiedSafeguardingReview, Other,
    }

    /// How two reviews run beside each other.
    pub enum Coordination { Joint, Combined, Sequenced }

    /// Why a review waits.
    pub enum HoldCause { PoliceWork, Courts, FamilyContact, Meetings, Other }

    /// Why a report is not published in full.
    pub enum ExceptionCause { ChildrensWelfare, Proceedings, FamilySafety, Other }

    /// Who receives a completed report.
    pub enum CopyRecipient { Commissioner, HomeOffice, Pcc, SecretaryOfState, HomeOfficeLibrary }

    /// What a document is.
    pub enum DocumentKind {
        ScopingReturn, Chronology, Imr, TermsOfReference, OverviewReport, ExecutiveSummary,
        ActionPlan, QaLetter, Minutes, ActionEvidence, FamilyContribution, Letter,
    }

    /// GuardDuty's verdict on an object; only the first lets anyone read it.
    pub enum Verdict { NoThreatsFound, ThreatsFound, Unsupported, AccessDenied, Failed }

    /// What SES reported about one message.
    pub enum DeliveryOutcome { Sent, Delivered, Bounced, Complained, Rejected, Delayed }
}
