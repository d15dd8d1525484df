//! The independent chair, the panel and the terms of reference.

use chrono::NaiveDate;

use crate::values::{ActorId, AgencyId, DocumentRef, Line, Prose};

record! {
    /// The chair's appointment. Access to the case starts with it.
    pub struct Appointment {
        /// The person, as in the directory.
        pub chair: ActorId,
        /// The declaration that there is no conflict of interest.
        pub declared_on: NaiveDate,
        /// The contract's date.
        pub contract_on: NaiveDate,
        /// Last day of the contract; access ends with it.
        pub ends_on: NaiveDate,
        /// Fee in pounds.
        pub fee_pounds: u32,
        /// How many quotes were sought.
        pub quotes: u8,
        /// Why this person is independent.
        pub independence: Prose<2000>,
    }

    /// A member of the panel.
    pub struct PanelSeat {
        /// The person, as in the directory.
        pub member: ActorId,
        /// The agency, where the member speaks for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// Whether this is the specialist domestic abuse member.
        pub specialist: bool,
        /// The day the confidentiality agreement was signed.
        pub confidentiality_signed_on: NaiveDate,
        /// Any conflict declared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub conflict: Option<Prose<1000>>,
    }

    /// The panel.
    pub struct Panel {
        /// At least one member is a specialist.
        pub members: Vec<PanelSeat>,
        /// Last day of the members' access.
        pub access_until: NaiveDate,
    }

    /// The terms of reference.
    pub struct Terms {
        /// The agreed document.
        pub document: DocumentRef,
        /// First day of the period under review.
        pub period_from: NaiveDate,
        /// Last day.
        pub period_to: NaiveDate,
        /// Key lines of enquiry; at least one.
        pub lines_of_enquiry: Vec<Line<300>>,
        /// How the family was consulted.
        pub family_consulted: Prose<2000>,
    }
}
