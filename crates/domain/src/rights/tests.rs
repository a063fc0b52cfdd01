//! The table, the separation of the three administrators, and the agreement of lists with decisions.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn path(text: &str) -> OrgPath {
    OrgPath::from_stored(text)
}

fn staff(role: Role, at: &str) -> Actor {
    Actor::staff(Uuid::from_u128(7), role, path(at))
}

fn permissions(role: Role) -> BTreeSet<Permission> {
    MATRIX.iter().filter(|r| r.role == role).map(|r| r.permission).collect()
}

#[test]
fn every_permission_is_held_by_somebody_and_every_row_stands_once() {
    for permission in Permission::ALL {
        assert!(MATRIX.iter().any(|r| r.permission == *permission), "{permission:?}");
    }
    let rows: BTreeSet<_> = MATRIX.iter().map(|r| (r.role, r.permission)).collect();
    assert_eq!(rows.len(), MATRIX.len());
    assert!(Role::ALL.iter().all(|r| !permissions(*r).is_empty()));
}

#[test]
fn the_three_administrators_share_nothing_and_touch_no_case() {
    let admins = [Role::SystemAdministrator, Role::SecurityAdministrator, Role::AuditAdministrator];
    for admin in admins {
        for other in Role::ALL.iter().filter(|r| **r != admin) {
            let shared: Vec<_> = permissions(admin).intersection(&permissions(*other)).copied().collect();
            assert!(shared.is_empty(), "{admin:?} {other:?} {shared:?}");
        }
    }
    assert!(!permissions(Role::SystemAdministrator).contains(&Permission::GrantRoles));
}

#[test]
fn an_administrator_with_a_second_post_can_do_nothing() {
    let mut actor = staff(Role::SystemAdministrator, "320400/");
    assert!(decide(&actor, Permission::ManageAccounts, &path("320400/"), Relation::Stranger).allowed);
    actor.grants.push(Grant { role: Role::AuditAdministrator, at: Some(path("320400/")) });
    for permission in Permission::ALL {
        let decision = decide(&actor, *permission, &path("320400/"), Relation::Own);
        assert!(!decision.allowed && decision.reason.contains("只保留一个岗位"));
        assert_eq!(scope(&actor, *permission), Scope::None);
    }
    assert!(incompatible(&[Role::SecurityAdministrator, Role::WindowClerk]).is_some());
    assert_eq!(incompatible(&[Role::SecurityAdministrator, Role::Citizen]), None);
    assert_eq!(incompatible(&[Role::WindowClerk, Role::HallManager, Role::Reviewer]), None);
}

#[test]
fn a_clerk_works_in_the_own_town_and_below_only() {
    let clerk = staff(Role::WindowClerk, "320400/320402/320402001/");
    let asks = |at: &str| decide(&clerk, Permission::AcceptCase, &path(at), Relation::Stranger);
    assert!(asks("320400/320402/320402001/").allowed);
    assert!(asks("320400/320402/320402001/320402001003/").allowed);
    assert!(!asks("320400/320402/").allowed);
    assert!(!asks("320400/320402/320402002/").allowed);
    assert!(asks("320400/320402/320402002/").reason.contains("管辖范围"));
    assert!(
        !decide(&clerk, Permission::DecideCase, &path("320400/320402/320402001/"), Relation::Own).allowed
    );
}

#[test]
fn a_citizen_sees_the_own_cases_and_a_visitor_only_guides() {
    let citizen = Actor::citizen(Uuid::from_u128(9));
    let at = path("320400/");
    assert!(decide(&citizen, Permission::ViewCase, &at, Relation::Own).allowed);
    let refused = decide(&citizen, Permission::ViewCase, &at, Relation::Stranger);
    assert!(!refused.allowed && refused.reason.starts_with("这不是您本人的申请"));
    assert_eq!(scope(&citizen, Permission::ViewCase), Scope::Own);
    assert_eq!(permissions(Role::Anonymous), BTreeSet::from([Permission::ReadGuide]));
    let visitor = decide(&Actor::anonymous(), Permission::Apply, &at, Relation::Stranger);
    assert_eq!((visitor.allowed, visitor.reason), (false, "请先登录再办理"));
}

#[test]
fn a_scope_names_no_organisation_twice() {
    let mut actor = staff(Role::Reviewer, "320400/320402/");
    for at in ["320400/320402/320402001/", "320400/320402/", "320400/320404/"] {
        actor.grants.push(Grant { role: Role::Approver, at: Some(path(at)) });
    }
    let expected = Scope::Subtree(vec![path("320400/320402/"), path("320400/320404/")]);
    assert_eq!(scope(&actor, Permission::ViewCase), expected);
    actor.grants.push(Grant { role: Role::Agent, at: None });
    assert!(matches!(scope(&actor, Permission::ViewCase), Scope::SubtreeOrOwn(_)));
}

fn any_path() -> impl Strategy<Value = OrgPath> {
    prop::collection::vec(prop::sample::select(vec!["1", "12", "2"]), 1..4)
        .prop_map(|keys| OrgPath::from_stored(&keys.join("/")))
}

fn any_grant() -> impl Strategy<Value = Grant> {
    (prop::sample::select(Role::ALL), prop::option::of(any_path())).prop_map(|(role, at)| Grant { role, at })
}

proptest! {
    #[test]
    fn a_list_shows_a_thing_exactly_when_opening_it_is_allowed(
        grants in prop::collection::vec(any_grant(), 0..4),
        permission in prop::sample::select(Permission::ALL),
        target in any_path(),
        own in any::<bool>(),
    ) {
        let actor = Actor { id: Some(Uuid::from_u128(1)), grants };
        let relation = if own { Relation::Own } else { Relation::Stranger };
        prop_assert_eq!(
            scope(&actor, permission).admits(&target, relation),
            decide(&actor, permission, &target, relation).allowed
        );
    }
}
