//! Accounts and passwords: separation of duties, forced change, what is refused.

use super::*;
use crate::kernel::{OrgId, StaffId};
use crate::org::OrgPath;
use crate::rights::Role;
use jiff::Timestamp;
use uuid::Uuid;

const ME: StaffId = StaffId(Uuid::from_u128(1));
const OTHER: StaffId = StaffId(Uuid::from_u128(2));

fn facts(by: Option<StaffId>, at: &str) -> StaffFacts {
    StaffFacts { at: at.parse::<Timestamp>().unwrap(), of: ME, by }
}

fn post(n: u128, role: Role) -> Post {
    Post { id: Uuid::from_u128(n), role, org: OrgId(Uuid::from_u128(9)), at: OrgPath::root("320400") }
}

fn opened() -> StaffAccount {
    let open = StaffCommand::Open { login: " Li.Min ".into(), name: "李敏".into() };
    let events = decide(&StaffAccount::default(), &open, facts(None, "2026-01-05T00:00:00Z")).unwrap();
    events.iter().fold(StaffAccount::default(), apply)
}

fn after(account: StaffAccount, command: &StaffCommand) -> StaffAccount {
    let events = decide(&account, command, facts(Some(OTHER), "2026-01-06T00:00:00Z")).unwrap();
    events.iter().fold(account, apply)
}

#[test]
fn a_new_account_must_change_its_password_first_and_again_after_ninety_days() {
    let account = opened();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!((account.login.as_str(), account.open), ("li.min", true));
    assert!(account.needs_new_password(at("2026-01-05T00:00:01Z")));
    let account = after(account, &StaffCommand::ChangePassword);
    assert!(!account.needs_new_password(at("2026-04-05T23:59:59Z")));
    assert!(account.needs_new_password(at("2026-04-06T00:00:00Z")));
}

#[test]
fn nobody_changes_the_own_account_or_the_own_posts() {
    let account = after(opened(), &StaffCommand::Give(post(1, Role::Reviewer)));
    let own = facts(Some(ME), "2026-01-07T00:00:00Z");
    for command in [
        StaffCommand::Give(post(2, Role::Approver)),
        StaffCommand::Take(Uuid::from_u128(1)),
        StaffCommand::Close { reason: "离职".into() },
        StaffCommand::ResetPassword,
        StaffCommand::RemoveSecondFactor,
        StaffCommand::Unlock,
    ] {
        assert_eq!(decide(&account, &command, own), Err(StaffRefusal::Own), "{command:?}");
    }
    assert!(decide(&account, &StaffCommand::ChangePassword, own).is_ok());
}

#[test]
fn an_administrator_gets_no_second_post_and_needs_a_second_factor() {
    let clerk = after(opened(), &StaffCommand::Give(post(1, Role::WindowClerk)));
    assert!(!clerk.needs_second_factor());
    let give = StaffCommand::Give(post(2, Role::AuditAdministrator));
    let refused = decide(&clerk, &give, facts(Some(OTHER), "2026-01-07T00:00:00Z")).unwrap_err();
    assert_eq!(refused, StaffRefusal::Incompatible(Role::AuditAdministrator, Role::WindowClerk));
    assert!(refused.to_string().contains("请先收回另一个岗位"));
    let free = after(clerk, &StaffCommand::Take(Uuid::from_u128(1)));
    assert!(after(free, &give).needs_second_factor());
}

#[test]
fn the_same_post_is_not_given_twice_and_a_citizen_is_no_post() {
    let account = after(opened(), &StaffCommand::Give(post(1, Role::Reviewer)));
    let asks =
        |role| decide(&account, &StaffCommand::Give(post(3, role)), facts(None, "2026-01-07T00:00:00Z"));
    assert_eq!(asks(Role::Reviewer), Err(StaffRefusal::Held));
    assert_eq!(asks(Role::Citizen), Err(StaffRefusal::NoPost));
    assert_eq!(account.actor(ME).grants.len(), 1);
}

#[test]
fn closing_needs_a_reason_and_a_closed_account_takes_no_post() {
    let ask = |account: &StaffAccount, command| {
        decide(account, &command, facts(Some(OTHER), "2026-01-07T00:00:00Z"))
    };
    let account = opened();
    assert_eq!(ask(&account, StaffCommand::Close { reason: " ".into() }), Err(StaffRefusal::Reason));
    let closed = after(account, &StaffCommand::Close { reason: "调离".into() });
    assert_eq!(ask(&closed, StaffCommand::Give(post(1, Role::Reviewer))), Err(StaffRefusal::Closed));
    assert!(after(closed, &StaffCommand::Reopen).open);
}

#[test]
fn login_names_are_small_letters_digits_and_three_marks() {
    assert_eq!(check_login(" WANG_1 ").as_deref(), Ok("wang_1"));
    for bad in ["", "ab", "1ab", "王芳芳", "a b c", &"a".repeat(33), "a'--"] {
        assert_eq!(check_login(bad), Err(StaffRefusal::Login), "{bad}");
    }
}

#[test]
fn an_event_survives_json() {
    let event =
        StaffEvent { at: Timestamp::UNIX_EPOCH, fact: StaffFact::PostGiven { post: post(1, Role::Agent) } };
    let text = serde_json::to_string(&event).unwrap();
    assert_eq!(serde_json::from_str::<StaffEvent>(&text).unwrap(), event);
}

#[test]
fn each_bad_password_gets_its_own_sentence() {
    let staff = |text: &str| check_password(text, PasswordRule::STAFF, &["limin", "13812345678"]);
    assert_eq!(staff("Sunny7day"), Ok(()));
    assert_eq!(staff("乒乓Ab34球台"), Ok(()));
    let cases = [
        ("", PasswordDoubt::Empty),
        ("Ab1!", PasswordDoubt::Short(8, 4)),
        ("sunny7day", PasswordDoubt::Plain(3)),
        ("Password2026", PasswordDoubt::Common),
        ("23456789", PasswordDoubt::Run),
        ("aaaaaaaaa", PasswordDoubt::Run),
        ("Limin-2026", PasswordDoubt::Personal),
        ("Aa345678!", PasswordDoubt::Personal),
        (" Sunny7day", PasswordDoubt::Blank),
    ];
    for (text, doubt) in cases {
        assert_eq!(staff(text), Err(doubt), "{text}");
    }
    assert_eq!(check_password("sunny7day", PasswordRule::CITIZEN, &[]), Ok(()));
    assert_eq!(check_password(&"aB3".repeat(43), PasswordRule::STAFF, &[]), Err(PasswordDoubt::Long));
}
