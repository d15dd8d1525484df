//! Which role someone acts in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

use cloud::store::Membership;
use edge::identity::{Unclear, Wish, choose};
use edge::{Kind, Problem};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use review::values::{ActorId, AgencyId, CspId, Email};
use review::{Actor, Role};

fn membership(csp: &str, roles: &[Role], agency: Option<&str>, active: bool) -> Membership {
    Membership {
        csp: CspId::parse(csp).unwrap(),
        roles: roles.iter().copied().collect(),
        agency: agency.map(|id| AgencyId::parse(id).unwrap()),
        email: Email::parse("sam@sample.example").unwrap(),
        active,
    }
}

fn wish(role: Option<Role>, csp: Option<&str>) -> Wish {
    Wish { role, csp: csp.map(|id| CspId::parse(id).unwrap()) }
}

fn chosen(memberships: &[Membership], wish: &Wish) -> Result<Actor, Unclear> {
    choose(ActorId::parse("sam").unwrap(), memberships, wish)
}

#[test]
fn the_only_role_needs_no_naming() {
    let memberships = [membership("north", &[Role::Coordinator], None, true)];
    let actor = chosen(&memberships, &Wish::default()).unwrap();
    assert_eq!((actor.role, actor.csp.as_str(), actor.agency), (Role::Coordinator, "north", None));
}

#[test]
fn only_roles_at_an_agency_speak_for_it() {
    let roles = [Role::Coordinator, Role::AgencyContact];
    let memberships = [membership("north", &roles, Some("health"), true)];
    let as_contact = chosen(&memberships, &wish(Some(Role::AgencyContact), None)).unwrap();
    assert_eq!(as_contact.agency.unwrap().as_str(), "health");
    let as_coordinator = chosen(&memberships, &wish(Some(Role::Coordinator), None)).unwrap();
    assert_eq!(as_coordinator.agency, None);
}

#[test]
fn several_roles_or_partnerships_must_be_told_apart() {
    let roles = [Role::Coordinator, Role::CspChair];
    let one = [membership("north", &roles, None, true)];
    assert_eq!(chosen(&one, &Wish::default()), Err(Unclear::WhichRole(roles.into())));
    let two = [one[0].clone(), membership("south", &[Role::Coordinator], None, true)];
    let Err(Unclear::WhichCsp(csps)) = chosen(&two, &Wish::default()) else {
        panic!("two partnerships")
    };
    assert_eq!(csps.len(), 2);
    let named = chosen(&two, &wish(Some(Role::CspChair), None)).unwrap();
    assert_eq!(named.csp.as_str(), "north");
    assert!(matches!(chosen(&two, &wish(None, Some("north"))), Err(Unclear::WhichRole(_))));
    assert_eq!(chosen(&two, &wish(None, Some("south"))).unwrap().csp.as_str(), "south");
}

#[test]
fn nobody_acts_in_a_role_that_is_not_theirs() {
    let memberships = [
        membership("north", &[Role::PanelMember], None, true),
        membership("south", &[Role::CspChair], None, false),
    ];
    assert_eq!(chosen(&memberships, &Wish::default()).unwrap().role, Role::PanelMember);
    assert_eq!(chosen(&memberships, &wish(Some(Role::CspChair), None)), Err(Unclear::NotTheirs));
    assert_eq!(chosen(&memberships, &wish(None, Some("south"))), Err(Unclear::NotTheirs));
    for nobody in [&[][..], &memberships[1..], &[membership("north", &[], None, true)]] {
        assert_eq!(chosen(nobody, &Wish::default()), Err(Unclear::Outsider));
    }
}

#[test]
fn to_an_outsider_no_case_exists() {
    assert_eq!(Unclear::Outsider.about_a_case().kind(), Kind::NotFound);
    assert_eq!(Problem::from(Unclear::Outsider).kind(), Kind::Forbidden);
    assert_eq!(Unclear::NotTheirs.about_a_case().kind(), Kind::Forbidden);
    let ambiguous = Unclear::WhichRole([Role::CspChair, Role::Coordinator].into()).about_a_case();
    assert_eq!(ambiguous.kind(), Kind::Header);
    assert!(ambiguous.detail().contains("csp-chair, coordinator"));
}

#[test]
fn headers_name_role_and_partnership() {
    let read = |pairs: &[(&'static str, &'static str)]| {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Wish::read(&headers)
    };
    assert_eq!(read(&[]).unwrap(), Wish::default());
    let both = read(&[("acting-role", "csp-chair"), ("acting-csp", "north")]).unwrap();
    assert_eq!(both, wish(Some(Role::CspChair), Some("north")));
    for bad in [
        ("acting-role", "king"),
        ("acting-role", "system"),
        ("acting-role", ""),
        ("acting-csp", "A/B"),
    ] {
        assert_eq!(read(&[bad]).unwrap_err().kind(), Kind::Header, "{bad:?}");
    }
}
