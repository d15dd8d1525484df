//! Who acts. Roles come from the membership table, never from a token.

use crate::values::{ActorId, AgencyId, CspId};

list! {
    /// What someone is to a partnership or a case (the roles of the statutory guidance).
    pub enum Role {
        /// Chair of the Community Safety Partnership: decides, appoints, signs off.
        CspChair,
        /// DHR officer: runs the case.
        Coordinator,
        /// Considers referrals monthly and recommends.
        DecisionSubgroup,
        /// Any professional invited to refer.
        Referrer,
        /// The police force: has the duty to notify.
        Police,
        /// An agency's single point of contact.
        AgencyContact,
        /// Writes an agency's Individual Management Review.
        ImrAuthor,
        /// Approves it, and answers for the agency's actions.
        AgencySenior,
        /// Independent chair and author of the overview report.
        IndependentChair,
        /// Member of the review panel.
        PanelMember,
        /// Specialist domestic abuse or by-and-for service on the panel.
        Specialist,
        /// Speaks for the family.
        FamilyAdvocate,
        /// Home Office secretariat.
        HomeOffice,
        /// Member of the Home Office quality assurance panel.
        QaMember,
        /// Domestic Abuse Commissioner's office.
        Commissioner,
        /// Police and Crime Commissioner, or other elected local policing body.
        Pcc,
        /// Manages partnerships, agencies and people; sees no case.
        Administrator,
        /// The system itself: timers, scans, receipts.
        System,
    }
}

impl Role {
    /// The role's name as the API writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CspChair => "csp-chair",
            Self::Coordinator => "coordinator",
            Self::DecisionSubgroup => "decision-subgroup",
            Self::Referrer => "referrer",
            Self::Police => "police",
            Self::AgencyContact => "agency-contact",
            Self::ImrAuthor => "imr-author",
            Self::AgencySenior => "agency-senior",
            Self::IndependentChair => "independent-chair",
            Self::PanelMember => "panel-member",
            Self::Specialist => "specialist",
            Self::FamilyAdvocate => "family-advocate",
            Self::HomeOffice => "home-office",
            Self::QaMember => "qa-member",
            Self::Commissioner => "commissioner",
            Self::Pcc => "pcc",
            Self::Administrator => "administrator",
            Self::System => "system",
        }
    }

    /// Whether the role belongs to an agency and sees nothing of another's.
    #[must_use]
    pub const fn is_of_agency(self) -> bool {
        matches!(self, Self::Police | Self::AgencyContact | Self::ImrAuthor | Self::AgencySenior)
    }

    /// Reads a role as the API writes it; the system's own role cannot be claimed.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| *role != Self::System && role.name() == name)
    }
}

record! {
    /// A person or machine acting in one role.
    pub struct Actor {
        /// The token's subject.
        pub id: ActorId,
        /// The role this act is made in.
        pub role: Role,
        /// The partnership that gave the role.
        pub csp: CspId,
        /// The agency spoken for, where the role belongs to one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
    }

    /// An agency of a partnership.
    pub struct Agency {
        /// Its id within the installation.
        pub id: AgencyId,
        /// Its display name.
        pub name: crate::values::Line<120>,
    }
}

impl Actor {
    /// The system acting by itself for a partnership.
    #[must_use]
    pub fn system(csp: CspId) -> Self {
        Self { id: ActorId::system(), role: Role::System, csp, agency: None }
    }
}
