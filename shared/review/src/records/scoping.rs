//! Transfer, scoping and the agencies' returns.

use chrono::{DateTime, NaiveDate, Utc};

use crate::records::Contact;
use crate::values::{AgencyId, Line, Prose};

record! {
    /// Another partnership leads, and has said so.
    pub struct Transfer {
        /// The receiving partnership's name.
        pub to: Line<120>,
        /// The day it accepted.
        pub accepted_on: NaiveDate,
        /// Why it leads: residence decides, then the place last frequented.
        pub reason: Prose<2000>,
    }

    /// A request to one agency.
    pub struct ScopingRequest {
        /// The agency.
        pub agency: AgencyId,
        /// The day its return is due; 10 working days if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due_on: Option<NaiveDate>,
    }

    /// The agencies asked. Each is told to secure its records.
    pub struct Scoping {
        /// At least one agency.
        pub requests: Vec<ScopingRequest>,
        /// First day of the period looked at.
        pub period_from: NaiveDate,
        /// Last day of the period looked at.
        pub period_to: NaiveDate,
    }

    /// An agency's answer.
    pub struct ScopingReturn {
        /// The agency; required when the partnership answers for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<AgencyId>,
        /// How well it knew the people; "none" is a nil return.
        pub contact: Contact,
        /// First contact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub first_contact: Option<NaiveDate>,
        /// Last contact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_contact: Option<NaiveDate>,
        /// Who secured the records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub records_secured_by: Option<Line<120>>,
        /// When they were secured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub records_secured_at: Option<DateTime<Utc>>,
        /// Whether the agency advises an IMR.
        pub imr_advised: bool,
        /// Summary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub summary: Option<Prose<4000>>,
    }

    /// The end of scoping.
    pub struct ScopingOutcome {
        /// Why returns that are missing need not be waited for; required if any is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub override_reason: Option<Prose<2000>>,
    }

    /// The subgroup's view.
    pub struct Recommendation {
        /// Day of the meeting.
        pub met_on: NaiveDate,
        /// Whether it recommends a review.
        pub review: bool,
        /// Why.
        pub reasons: Prose<4000>,
    }
}
