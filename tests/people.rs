//! The sample people by the part they play, so that a step reads as a sentence.

/// The name of a sample actor, by which a token is asked for.
pub type Person = &'static str;

pub const CSP_CHAIR: Person = "csp-chair-1";
pub const COORDINATOR: Person = "coordinator-1";
pub const SUBGROUP: Person = "subgroup-1";
pub const REFERRER: Person = "referrer-1";
pub const POLICE: Person = "police-1";
pub const POLICE_CONTACT: Person = "police-contact-1";
pub const POLICE_AUTHOR: Person = "police-author-1";
pub const POLICE_SENIOR: Person = "police-senior-1";
pub const HEALTH_CONTACT: Person = "health-contact-1";
pub const HEALTH_AUTHOR: Person = "health-author-1";
pub const HEALTH_SENIOR: Person = "health-senior-1";
pub const COUNCIL_CONTACT: Person = "council-contact-1";
pub const COUNCIL_AUTHOR: Person = "council-author-1";
pub const COUNCIL_SENIOR: Person = "council-senior-1";
pub const CHARITY_CONTACT: Person = "charity-contact-1";
pub const CHAIR: Person = "chair-1";
pub const PANEL_MEMBER: Person = "panel-member-1";
pub const SPECIALIST: Person = "specialist-1";
pub const FAMILY_ADVOCATE: Person = "family-advocate-1";
pub const HOME_OFFICE: Person = "home-office-1";
pub const QA_MEMBER: Person = "qa-member-1";
pub const COMMISSIONER: Person = "commissioner-1";
pub const PCC: Person = "pcc-1";
pub const ADMINISTRATOR: Person = "administrator-1";

/// Duty addresses: offices, not people, so nobody signs in as one.
pub const DUTY_SAFEGUARDING: Person = "safeguarding";
pub const DUTY_PRESS: Person = "press";
pub const DUTY_DPO: Person = "dpo";
