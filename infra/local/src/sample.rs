//! The sample partnership: its agencies, its duty addresses and one person or more for every
//! role. All of it is plainly invented, and every address ends in `.example`.

use std::collections::BTreeSet;

use cloud::store::{Membership, Store};
use review::Agency;
use review::actor::Role::{
    self, Administrator, AgencyContact, AgencySenior, Commissioner, Coordinator, CspChair,
    DecisionSubgroup, FamilyAdvocate, HomeOffice, ImrAuthor, IndependentChair, PanelMember, Pcc,
    Police, QaMember, Referrer, Specialist,
};
use review::notices::Duty;
use review::sample::CSP;
use review::values::{ActorId, AgencyId, CspId, Email, Invalid, Line};
use serde::Serialize;

use crate::LocalError;

/// The partnership's display name.
pub const CSP_NAME: &str = "Sample Community Safety Partnership";

const AGENCIES: &[(&str, &str)] = &[
    ("sample-police", "Sample Police"),
    ("sample-health", "Sample Health Trust"),
    ("sample-council", "Sample Council"),
    ("sample-charity", "Sample Domestic Abuse Charity"),
];

const NONE: Option<&str> = None;
const POLICE: Option<&str> = Some("sample-police");
const HEALTH: Option<&str> = Some("sample-health");
const COUNCIL: Option<&str> = Some("sample-council");
const CHARITY: Option<&str> = Some("sample-charity");

#[rustfmt::skip]
const PEOPLE: &[(&str, &[Role], Option<&str>)] = &[
    ("csp-chair-1",        &[CspChair],                  NONE),
    ("coordinator-1",      &[Coordinator],               NONE),
    ("subgroup-1",         &[DecisionSubgroup],          NONE),
    ("referrer-1",         &[Referrer],                  NONE),
    ("police-1",           &[Police],                    POLICE),
    ("police-contact-1",   &[AgencyContact],             POLICE),
    ("police-author-1",    &[ImrAuthor],                 POLICE),
    ("police-senior-1",    &[AgencySenior],              POLICE),
    ("health-contact-1",   &[AgencyContact],             HEALTH),
    ("health-author-1",    &[ImrAuthor],                 HEALTH),
    ("health-senior-1",    &[AgencySenior],              HEALTH),
    ("council-contact-1",  &[AgencyContact],             COUNCIL),
    ("council-author-1",   &[ImrAuthor],                 COUNCIL),
    ("council-senior-1",   &[AgencySenior],              COUNCIL),
    ("charity-contact-1",  &[AgencyContact],             CHARITY),
    ("charity-author-1",   &[ImrAuthor],                 CHARITY),
    ("charity-senior-1",   &[AgencySenior],              CHARITY),
    ("chair-1",            &[IndependentChair],          NONE),
    ("panel-member-1",     &[PanelMember],               NONE),
    ("specialist-1",       &[Specialist],                CHARITY),
    ("family-advocate-1",  &[FamilyAdvocate],            NONE),
    ("home-office-1",      &[HomeOffice],                NONE),
    ("qa-member-1",        &[QaMember],                  NONE),
    ("commissioner-1",     &[Commissioner],              NONE),
    ("pcc-1",              &[Pcc],                       NONE),
    ("administrator-1",    &[Administrator],             NONE),
];

/// A sample person, as `GET /local/actors` lists them.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// The name to ask a token for.
    pub actor: &'static str,
    /// The role; the first, where someone has several.
    pub role: &'static str,
    /// Every role.
    pub roles: Vec<&'static str>,
    /// The agency.
    pub agency: Option<&'static str>,
    /// The partnership.
    pub csp: &'static str,
    /// Where mail to them goes.
    pub email: String,
}

/// Everyone.
pub fn people() -> impl Iterator<Item = Sample> {
    PEOPLE.iter().map(|(actor, roles, agency)| Sample {
        actor,
        role: roles.first().map_or("", |role| role.name()),
        roles: roles.iter().map(|role| role.name()).collect(),
        agency: *agency,
        csp: CSP,
        email: address(actor),
    })
}

/// Someone who holds a role, by name and agency; where agencies have one each, that of the agency
/// that the sample records are about.
#[must_use]
pub fn holder(role: Role) -> Option<(&'static str, Option<&'static str>)> {
    let holders = || PEOPLE.iter().filter(|(_, roles, _)| roles.contains(&role));
    let health = holders().find(|(_, _, agency)| *agency == HEALTH);
    health.or_else(|| holders().next()).map(|(actor, _, agency)| (*actor, *agency))
}

fn address(name: &str) -> String {
    format!("{name}@{CSP}.example")
}

/// Writes the sample directory where it is missing; what was changed since is left as it is, and
/// what was removed is there again.
///
/// # Errors
/// The table cannot be read or written.
pub async fn seed(store: &Store) -> Result<(), LocalError> {
    let invalid = |error: Invalid| LocalError::Settings(error.to_string());
    let csp = CspId::parse(CSP).map_err(invalid)?;
    for (id, name) in AGENCIES {
        let id = AgencyId::parse(id).map_err(invalid)?;
        if store.agency(&csp, &id).await?.is_none() {
            let name = Line::parse(name).map_err(invalid)?;
            store.put_agency(&csp, &Agency { id, name }).await?;
        }
    }
    for duty in Duty::ALL {
        let name = match duty {
            Duty::Safeguarding => "safeguarding",
            Duty::PressOffice => "press",
            Duty::Dpo => "dpo",
        };
        if store.duty(&csp, *duty).await?.is_none() {
            let email = Email::parse(&address(name)).map_err(invalid)?;
            store.put_duty(&csp, *duty, &email).await?;
        }
    }
    for (actor, roles, agency) in PEOPLE {
        let id = ActorId::parse(actor).map_err(invalid)?;
        if store.member(&id).await?.is_empty() {
            let membership = Membership {
                csp: csp.clone(),
                roles: roles.iter().copied().collect::<BTreeSet<_>>(),
                agency: agency.map(AgencyId::parse).transpose().map_err(invalid)?,
                email: Email::parse(&address(actor)).map_err(invalid)?,
                active: true,
            };
            store.put_member(&id, &membership).await?;
        }
    }
    Ok(())
}
