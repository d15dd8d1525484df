//! In which role someone acts: the only one they have, or the one they name.

use std::collections::BTreeSet;

use cloud::store::Membership;
use lambda_http::http::HeaderMap;
use lambda_http::http::header::HeaderName;
use review::values::{ActorId, CspId};
use review::{Actor, Role};

use crate::preconditions::single;
use crate::{Kind, Problem};

/// What a request says about the role: the headers `Acting-Role` and `Acting-Csp`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The role.
    pub role: Option<Role>,
    /// The partnership.
    pub csp: Option<CspId>,
}

impl Wish {
    /// Reads the headers.
    ///
    /// # Errors
    /// 400 if one of them names nothing that exists anywhere.
    pub fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let role = single(headers, &HeaderName::from_static("acting-role"))?
            .map(|name| {
                Role::parse(name).ok_or_else(|| wrong("Acting-Role", "a role, such as coordinator"))
            })
            .transpose()?;
        let csp = single(headers, &HeaderName::from_static("acting-csp"))?
            .map(|id| CspId::parse(id).map_err(|_| wrong("Acting-Csp", "the id of a partnership")))
            .transpose()?;
        Ok(Self { role, csp })
    }

    fn allows(&self, csp: &CspId, role: Role) -> bool {
        self.role.is_none_or(|wanted| wanted == role)
            && self.csp.as_ref().is_none_or(|wanted| wanted == csp)
    }
}

fn wrong(header: &str, what: &str) -> Problem {
    Problem::new(Kind::Header, format!("Send {header} with {what}."))
}

/// Why nobody acts yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// The person has no role in any partnership, or none any more.
    Outsider,
    /// The role or partnership named is not theirs.
    NotTheirs,
    /// They belong to these partnerships.
    WhichCsp(BTreeSet<CspId>),
    /// They have these roles.
    WhichRole(BTreeSet<Role>),
}

impl Unclear {
    /// The problem, for a request about one case: to an outsider no case exists.
    #[must_use]
    pub fn about_a_case(self) -> Problem {
        if self == Self::Outsider { Problem::not_found() } else { self.into() }
    }
}

impl From<Unclear> for Problem {
    fn from(unclear: Unclear) -> Self {
        match unclear {
            Unclear::Outsider => Self::new(
                Kind::Forbidden,
                "You have no role in any partnership here. Ask the partnership's administrator for one.",
            ),
            Unclear::NotTheirs => Self::new(
                Kind::Forbidden,
                "The role that this request names is not yours. Leave out Acting-Role and Acting-Csp, or name one of your own.",
            ),
            Unclear::WhichCsp(ids) => {
                let ids: Vec<_> = ids.iter().map(CspId::as_str).collect();
                Self::new(
                    Kind::Header,
                    format!(
                        "You belong to several partnerships. Name one in Acting-Csp: {}.",
                        ids.join(", ")
                    ),
                )
            }
            Unclear::WhichRole(roles) => {
                let roles: Vec<_> = roles.into_iter().map(Role::name).collect();
                Self::new(
                    Kind::Header,
                    format!(
                        "You have several roles. Name the one you act in, in Acting-Role: {}.",
                        roles.join(", ")
                    ),
                )
            }
        }
    }
}

/// Finds the one role that the wish leaves.
///
/// # Errors
/// [`Unclear`] if it leaves none or several.
pub fn choose(id: ActorId, memberships: &[Membership], wish: &Wish) -> Result<Actor, Unclear> {
    let held: Vec<(&Membership, Role)> = memberships
        .iter()
        .filter(|membership| membership.active)
        .flat_map(|membership| membership.roles.iter().map(move |role| (membership, *role)))
        .collect();
    if held.is_empty() {
        return Err(Unclear::Outsider);
    }
    let open: Vec<_> =
        held.into_iter().filter(|(membership, role)| wish.allows(&membership.csp, *role)).collect();
    match open.as_slice() {
        [] => Err(Unclear::NotTheirs),
        [(membership, role)] => Ok(Actor {
            id,
            role: *role,
            csp: membership.csp.clone(),
            agency: membership.agency.clone().filter(|_| speaks_for_an_agency(*role)),
        }),
        several => {
            let csps: BTreeSet<_> = several.iter().map(|(member, _)| member.csp.clone()).collect();
            Err(if csps.len() > 1 {
                Unclear::WhichCsp(csps)
            } else {
                Unclear::WhichRole(several.iter().map(|(_, role)| *role).collect())
            })
        }
    }
}

/// Whether what is done in this role is done for the person's agency. A coordinator who also is
/// an agency's contact acts for the partnership, not for the agency.
const fn speaks_for_an_agency(role: Role) -> bool {
    match role {
        Role::Referrer
        | Role::Police
        | Role::AgencyContact
        | Role::ImrAuthor
        | Role::AgencySenior => true,
        Role::CspChair
        | Role::Coordinator
        | Role::DecisionSubgroup
        | Role::IndependentChair
        | Role::PanelMember
        | Role::Specialist
        | Role::FamilyAdvocate
        | Role::HomeOffice
        | Role::QaMember
        | Role::Commissioner
        | Role::Pcc
        | Role::Administrator
        | Role::System => false,
    }
}
