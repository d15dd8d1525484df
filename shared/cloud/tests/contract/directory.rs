//! Who belongs to a partnership.

use std::collections::BTreeSet;

use cloud::store::{Membership, Person};
use review::notices::Duty;
use review::values::{AgencyId, CspId, Line};
use review::{Agency, Role};

use crate::world::{World, csp, email, id};

pub async fn a_membership_is_found_by_person_and_by_role(world: &World) {
    let agency = AgencyId::parse("sample-trust").unwrap();
    let mut membership = Membership {
        csp: csp(),
        roles: BTreeSet::from([Role::AgencyContact, Role::ImrAuthor]),
        agency: Some(agency.clone()),
        email: email("jo"),
        active: true,
    };
    world.store.put_member(&id("jo"), &membership).await.unwrap();
    assert_eq!(world.store.member(&id("jo")).await.unwrap(), [membership.clone()]);
    assert!(world.store.member(&id("nobody")).await.unwrap().is_empty());

    let jo = [Person { actor: id("jo"), email: email("jo") }];
    let people = async |role, agency| world.store.people(&csp(), role, agency).await.unwrap();
    assert_eq!(people(Role::ImrAuthor, Some(&agency)).await, jo);
    assert_eq!(people(Role::ImrAuthor, None).await, jo);
    assert!(people(Role::AgencySenior, None).await.is_empty());
    let other = AgencyId::parse("sample-trust-two").unwrap();
    assert!(people(Role::ImrAuthor, Some(&other)).await.is_empty());
    let elsewhere = CspId::parse("another-csp").unwrap();
    assert!(world.store.people(&elsewhere, Role::ImrAuthor, None).await.unwrap().is_empty());

    membership.roles = BTreeSet::from([Role::AgencySenior]);
    membership.email = email("jo.new");
    world.store.put_member(&id("jo"), &membership).await.unwrap();
    let enrolled = world.store.enrolled(&csp(), &id("jo")).await.unwrap().unwrap();
    assert_eq!(enrolled.version, 2, "each change has a version of its own");
    assert!(people(Role::ImrAuthor, None).await.is_empty());
    let moved = [Person { actor: id("jo"), email: email("jo.new") }];
    assert_eq!(people(Role::AgencySenior, Some(&agency)).await, moved);

    membership.active = false;
    world.store.put_member(&id("jo"), &membership).await.unwrap();
    assert!(people(Role::AgencySenior, None).await.is_empty());
    assert_eq!(world.store.member(&id("jo")).await.unwrap(), [membership.clone()]);

    membership.roles.clear();
    world.store.put_member(&id("jo"), &membership).await.unwrap();
    assert_eq!(world.store.member(&id("jo")).await.unwrap(), [membership]);
}

pub async fn agencies_and_duties_have_names_and_addresses(world: &World) {
    assert_eq!(world.store.duty(&csp(), Duty::Dpo).await.unwrap(), None);
    world.store.put_duty(&csp(), Duty::Dpo, &email("dpo")).await.unwrap();
    world.store.put_duty(&csp(), Duty::Safeguarding, &email("duty")).await.unwrap();
    assert_eq!(world.store.duty(&csp(), Duty::Dpo).await.unwrap(), Some(email("dpo")));

    let agency = |name: &str| Agency {
        id: AgencyId::parse("sample-trust").unwrap(),
        name: Line::parse(name).unwrap(),
    };
    world.store.put_agency(&csp(), &agency("Sample Trust")).await.unwrap();
    world.store.put_agency(&csp(), &agency("Sample Health Trust")).await.unwrap();
    let agencies = world.store.agencies(&csp()).await.unwrap();
    assert_eq!(agencies, [agency("Sample Health Trust")]);
}
