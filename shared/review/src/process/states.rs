//! The states of a review: one spine, from the referral to disposal.

list! { in "SCREAMING_SNAKE_CASE"
    /// Where a case stands.
    pub enum State {
        /// The partnership has been told of a death.
        Referred,
        /// Another partnership leads. End state.
        Transferred,
        /// Agencies are asked whether they knew the people.
        Scoping,
        /// All returns are in, or overridden.
        ReadyToDecide,
        /// A review will be held; the six-month clock runs.
        ReviewAgreed,
        /// No review, with reasons; the Home Office will look at it.
        NoReviewDecided,
        /// The Home Office is looking at the refusal.
        HoScrutiny,
        /// The Home Office is content. End state.
        NoReviewFinal,
        /// The Secretary of State has directed a review.
        Directed,
        /// The independent chair is appointed.
        ChairAppointed,
        /// The panel is formed.
        PanelFormed,
        /// Terms of reference are agreed.
        TorAgreed,
        /// Agencies write their Individual Management Reviews.
        Evidence,
        /// The overview report is being written.
        Drafting,
        /// The panel has signed the report off.
        PanelSignedOff,
        /// The partnership has signed the report and action plan off.
        CspSignedOff,
        /// The pack is with the Home Office; frozen.
        HoSubmitted,
        /// The quality assurance panel has met on it.
        QaConsidered,
        /// May be published as it is.
        QaApproved,
        /// Revise, then publish.
        QaApprovedWithChanges,
        /// Must be drafted and submitted again.
        QaResubmit,
        /// Every feedback point has its answer.
        ChangesDone,
        /// Being made ready to publish.
        PrePublication,
        /// On the partnership's website.
        Published,
        /// Publication waits for a stated reason.
        PublicationDeferred,
        /// Will not be published, exceptionally.
        Withheld,
        /// Will be published in redacted form.
        Redacted,
        /// The action plan is implemented.
        Concluded,
        /// Records destroyed; only the skeleton stays. End state.
        Disposed,
    }
}

impl State {
    /// The state's name as the API and the history write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referred => "REFERRED",
            Self::Transferred => "TRANSFERRED",
            Self::Scoping => "SCOPING",
            Self::ReadyToDecide => "READY_TO_DECIDE",
            Self::ReviewAgreed => "REVIEW_AGREED",
            Self::NoReviewDecided => "NO_REVIEW_DECIDED",
            Self::HoScrutiny => "HO_SCRUTINY",
            Self::NoReviewFinal => "NO_REVIEW_FINAL",
            Self::Directed => "DIRECTED",
            Self::ChairAppointed => "CHAIR_APPOINTED",
            Self::PanelFormed => "PANEL_FORMED",
            Self::TorAgreed => "TOR_AGREED",
            Self::Evidence => "EVIDENCE",
            Self::Drafting => "DRAFTING",
            Self::PanelSignedOff => "PANEL_SIGNED_OFF",
            Self::CspSignedOff => "CSP_SIGNED_OFF",
            Self::HoSubmitted => "HO_SUBMITTED",
            Self::QaConsidered => "QA_CONSIDERED",
            Self::QaApproved => "QA_APPROVED",
            Self::QaApprovedWithChanges => "QA_APPROVED_WITH_CHANGES",
            Self::QaResubmit => "QA_RESUBMIT",
            Self::ChangesDone => "CHANGES_DONE",
            Self::PrePublication => "PRE_PUBLICATION",
            Self::Published => "PUBLISHED",
            Self::PublicationDeferred => "PUBLICATION_DEFERRED",
            Self::Withheld => "WITHHELD",
            Self::Redacted => "REDACTED",
            Self::Concluded => "CONCLUDED",
            Self::Disposed => "DISPOSED",
        }
    }

    /// A review that has come to its end; it owes nothing but retention.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Transferred | Self::NoReviewFinal | Self::Disposed)
    }

    /// Whether a report exists that the Home Office has dealt with.
    #[must_use]
    pub const fn is_final_pack(self) -> bool {
        matches!(
            self,
            Self::QaApproved
                | Self::ChangesDone
                | Self::PrePublication
                | Self::Published
                | Self::PublicationDeferred
                | Self::Withheld
                | Self::Redacted
                | Self::Concluded
        )
    }
}
