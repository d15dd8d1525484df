//! The table of who may administer whom, cell by cell.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;

use Role::*;
use review::administration::{Deed, Entry, Over, deeds, may, may_ever, over};
use review::values::{ActorId, AgencyId, CspId, Email};
use review::{Actor, Role};

const OF_PEOPLE: [Deed; 7] = [
    Deed::SeePerson,
    Deed::Invite,
    Deed::ChangeRoles,
    Deed::ChangeAddress,
    Deed::Suspend,
    Deed::Reinstate,
    Deed::Remove,
];
const OF_THE_PARTNERSHIP: [Deed; 6] = [
    Deed::SeeAgencies,
    Deed::SetAgency,
    Deed::RemoveAgency,
    Deed::SeeDuty,
    Deed::SetDuty,
    Deed::SeeHistory,
];

/// What each cell is meant to be, said in another way than the table says it.
fn meant(role: Role, deed: Deed, to: Over) -> bool {
    let of_a_person = OF_PEOPLE.contains(&deed);
    match (role, to) {
        (Administrator, Over::Oneself) => {
            of_a_person && ![Deed::Invite, Deed::ChangeRoles, Deed::Reinstate].contains(&deed)
        }
        (Administrator, Over::OwnAgency | Over::Another) | (AgencySenior, Over::OwnAgency) => {
            of_a_person
        }
        (Administrator, Over::Partnership) => OF_THE_PARTNERSHIP.contains(&deed),
        (AgencySenior, Over::Oneself)
        | (Coordinator, Over::Oneself | Over::OwnAgency | Over::Another) => deed == Deed::SeePerson,
        (Coordinator, Over::Partnership) => [Deed::SeeAgencies, Deed::SeeDuty].contains(&deed),
        _ => false,
    }
}

#[test]
fn every_cell_is_as_it_is_meant() {
    let mut permitted = 0;
    for &role in Role::ALL {
        for &deed in Deed::ALL {
            for &to in Over::ALL {
                assert_eq!(may(role, deed, to), meant(role, deed, to), "{role:?} {deed:?} {to:?}");
                permitted += usize::from(may(role, deed, to));
            }
            let ever = Over::ALL.iter().any(|to| may(role, deed, *to));
            assert_eq!(may_ever(role, deed), ever);
        }
    }
    assert_eq!(permitted, 4 + 7 * 2 + 6 + 3 + 2 + 7 + 1);
}

#[test]
fn nobody_changes_the_own_roles_and_nobody_appoints_the_first() {
    for &role in Role::ALL {
        for deed in [Deed::Invite, Deed::ChangeRoles, Deed::Reinstate] {
            assert!(!may(role, deed, Over::Oneself), "{role:?} {deed:?}");
        }
        assert!(!may_ever(role, Deed::AppointFirst), "{role:?}");
    }
}

fn actor(id: &str, role: Role, agency: Option<&str>) -> Actor {
    Actor {
        id: ActorId::parse(id).unwrap(),
        role,
        csp: CspId::parse("sample-csp").unwrap(),
        agency: agency.map(|id| AgencyId::parse(id).unwrap()),
    }
}

fn entry(roles: &[Role], agency: Option<&str>) -> Entry {
    Entry {
        roles: roles.iter().copied().collect(),
        agency: agency.map(|id| AgencyId::parse(id).unwrap()),
        email: Email::parse("jo@agency.example").unwrap(),
        active: true,
    }
}

#[test]
fn a_senior_stands_over_contacts_and_authors_of_the_own_agency_alone() {
    let senior = actor("senior", AgencySenior, Some("health"));
    let jo = ActorId::parse("jo").unwrap();
    let of = |roles: &[Role], agency| {
        let entry = entry(roles, agency);
        over(&senior, &jo, Some(&entry), Some(&entry))
    };
    for own in [&[AgencyContact][..], &[ImrAuthor], &[AgencyContact, ImrAuthor]] {
        assert_eq!(of(own, Some("health")), Over::OwnAgency);
        assert_eq!(of(own, Some("police")), Over::Another);
        assert_eq!(of(own, None), Over::Another);
    }
    for &role in Role::ALL.iter().filter(|role| ![AgencyContact, ImrAuthor].contains(role)) {
        assert_eq!(of(&[role], Some("health")), Over::Another, "{role:?}");
        assert_eq!(of(&[AgencyContact, role], Some("health")), Over::Another, "{role:?}");
    }
    // Both what is and what would be count.
    let (own, other) =
        (entry(&[AgencyContact], Some("health")), entry(&[AgencyContact], Some("police")));
    assert_eq!(over(&senior, &jo, Some(&own), Some(&other)), Over::Another);
    assert_eq!(over(&senior, &jo, Some(&other), Some(&own)), Over::Another);
    assert_eq!(over(&senior, &jo, None, Some(&own)), Over::OwnAgency);
    assert_eq!(over(&senior, &jo, Some(&own), None), Over::OwnAgency);
    assert_eq!(over(&senior, &senior.id, Some(&own), Some(&own)), Over::Oneself);
    // Someone who speaks for no agency has nobody of the own agency.
    let lost = actor("lost", AgencySenior, None);
    let unbound = entry(&[AgencyContact], None);
    assert_eq!(over(&lost, &jo, Some(&unbound), Some(&unbound)), Over::Another);
}

#[test]
fn a_change_is_made_of_every_deed_it_needs() {
    let before = entry(&[AgencyContact], Some("health"));
    let changed = |change: fn(&mut Entry)| {
        let mut after = before.clone();
        change(&mut after);
        deeds(Some(&before), Some(&after))
    };
    assert_eq!(deeds(None, Some(&before)), [Deed::Invite]);
    assert_eq!(deeds(Some(&before), None), [Deed::Remove]);
    assert_eq!(deeds(None, None), []);
    assert_eq!(changed(|_| {}), []);
    assert_eq!(changed(|it| it.active = false), [Deed::Suspend]);
    assert_eq!(changed(|it| it.agency = None), [Deed::ChangeRoles]);
    assert_eq!(
        changed(|it| it.roles = BTreeSet::from([AgencyContact, Administrator])),
        [Deed::ChangeRoles]
    );
    let all = changed(|it| {
        it.roles = BTreeSet::from([ImrAuthor]);
        it.email = Email::parse("jo@elsewhere.example").unwrap();
        it.active = false;
    });
    assert_eq!(all, [Deed::ChangeRoles, Deed::ChangeAddress, Deed::Suspend]);
    let mut suspended = before.clone();
    suspended.active = false;
    assert_eq!(deeds(Some(&suspended), Some(&before)), [Deed::Reinstate]);
}

#[test]
fn an_entry_has_a_role_of_people_and_an_agency_where_one_is_spoken_for() {
    let pointers = |roles: &[Role], agency| {
        entry(roles, agency).faults().into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
    };
    assert_eq!(pointers(&[], None), ["/roles"]);
    assert_eq!(pointers(&[System], None), ["/roles"]);
    for &role in Role::ALL.iter().filter(|role| **role != System) {
        let needed = [Police, AgencyContact, ImrAuthor, AgencySenior].contains(&role);
        assert_eq!(pointers(&[role], None).is_empty(), !needed, "{role:?}");
        assert!(pointers(&[role], Some("health")).is_empty(), "{role:?}");
    }
}

#[test]
fn an_administrator_is_who_has_the_role_in_force() {
    let with = |roles: &[Role], active| Entry { active, ..entry(roles, None) }.administers();
    assert!(with(&[Administrator], true));
    assert!(with(&[Coordinator, Administrator], true));
    assert!(!with(&[Administrator], false));
    for &role in Role::ALL.iter().filter(|role| **role != Administrator) {
        assert!(!with(&[role], true), "{role:?}");
    }
}

#[test]
fn an_entry_is_in_force_unless_it_says_otherwise() {
    let read = |more: &str| -> Entry {
        let text = format!(r#"{{"roles":["coordinator"],"email":"jo@agency.example"{more}}}"#);
        serde_json::from_str(&text).unwrap()
    };
    assert!(read("").active);
    assert!(!read(r#","active":false"#).active);
}
