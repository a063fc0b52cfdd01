//! Accounts and persons on both databases.

use crate::identity::persons::{
    Assurance, NewPerson, PersonError, find_by_document, in_full, register, reveal, view,
};
use crate::identity::*;
use crate::testing::{World, on_both};
use crate::{Ctx, Parts};
use domain::identity::{Document, DocumentKind, StaffCommand, StaffRefusal};
use domain::kernel::OrgId;
use domain::kernel::identity::Phone;
use domain::rights::Role;
use jiff::civil::date;
use std::sync::Arc;
use store::seal::{KeyId, Keys, Sealer};
use store::{Tx, Work, journal};
use uuid::Uuid;

fn hall(world: &World) -> OrgId {
    world.city().halls().next().unwrap().id
}

/// The number whose check fits among those of the sample region, born on New Year's Day: of nobody.
fn sample_document() -> Document {
    let parse =
        |c: char| Document::parse(DocumentKind::IdCard, &format!("11010119900101001{c}"), date(2026, 1, 1));
    "0123456789X".chars().find_map(|c| parse(c).ok()).unwrap()
}

fn sample_person() -> NewPerson {
    NewPerson {
        document: sample_document(),
        name: "王小明".into(),
        phone: Some(Phone::parse("13812345678").unwrap()),
        address: Some("常州市天宁区".into()),
        handler: None,
        assurance: Assurance::Declared,
        as_issued: None,
    }
}

struct Events(&'static str, Uuid);

impl Work for Events {
    type Out = Vec<(String, String, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let stream = journal::Stream { kind: self.0, id: self.1 };
        let events = journal::read(tx, stream, 0, 100).await?;
        Ok(events.into_iter().map(|e| (e.event.kind, e.event.body_json, e.stamp.actor)).collect())
    }
}

#[tokio::test]
async fn an_account_is_opened_with_its_posts_and_every_change_stands_in_the_journal() {
    on_both(|world| async move {
        let posts = [(Role::WindowClerk, hall(&world)), (Role::Agent, hall(&world))];
        let by = By::system("t-1");
        let new = create_staff(&world, "Li.Min", "李敏", &posts, by.clone()).await.unwrap();
        assert_eq!((new.login.as_str(), new.password.chars().count()), ("li.min", 16));
        let found = find(&world, new.id).await.unwrap().unwrap();
        assert_eq!((found.version, found.account.posts.len(), found.account.must_change), (3, 2, true));
        act(&world, new.id, StaffCommand::Close { reason: "调离".into() }, by).await.unwrap();
        let events = world.db.read(Events("staff", new.id.uuid())).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|(kind, ..)| kind.as_str()).collect();
        assert_eq!(kinds, ["opened", "post_given", "post_given", "closed"]);
        assert!(events.iter().all(|(_, body, _)| !body.contains(&new.password)));
    })
    .await;
}

#[tokio::test]
async fn a_login_name_is_given_once_and_posts_that_clash_leave_no_account_behind() {
    on_both(|world| async move {
        let by = By::system("t-1");
        create_staff(&world, "limin", "李敏", &[], by.clone()).await.unwrap();
        let twice = create_staff(&world, "LIMIN", "李民", &[], by.clone()).await.err().unwrap();
        assert!(twice.say.contains("已经有人用"), "{}", twice.say);
        let clash = [(Role::AuditAdministrator, hall(&world)), (Role::Reviewer, hall(&world))];
        let refused = create_staff(&world, "wangfang", "王芳", &clash, by.clone()).await.err().unwrap();
        assert!(refused.say.contains("互相制约"));
        assert!(create_staff(&world, "wangfang", "王芳", &[], by).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_posts_to_themselves() {
    on_both(|world| async move {
        let new = create_staff(&world, "limin", "李敏", &[], By::system("t-1")).await.unwrap();
        let post = new_post(&world, Role::Approver, hall(&world)).unwrap();
        let own = By::account(new.id, "t-2");
        let refused = act(&world, new.id, StaffCommand::Give(post), own).await.unwrap_err();
        assert!(matches!(refused, AccountError::Refused(StaffRefusal::Own)));
    })
    .await;
}

#[tokio::test]
async fn a_person_is_found_by_document_shown_masked_and_revealed_only_with_a_journaled_reason() {
    on_both(|world| async move {
        let by = By::system("t-1");
        assert_eq!(find_by_document(&world, &sample_document()).await.unwrap(), None);
        let made = register(&world, &sample_person(), by.clone()).await.unwrap();
        let found = find_by_document(&world, &sample_document()).await.unwrap().unwrap();
        assert_eq!(made, found);
        assert_eq!((found.name.as_str(), found.phone.as_str()), ("王*明", "138 **** 5678"));
        assert!(found.document.starts_with("1101 **** **** "), "{}", found.document);
        assert_eq!(in_full(&world, found.id).await.unwrap().unwrap().name, "王小明");
        assert!(matches!(reveal(&world, found.id, " ", by.clone()).await, Err(PersonError::NoReason)));
        let full = reveal(&world, found.id, "核对身份证原件", by).await.unwrap();
        assert_eq!(full.address, "常州市天宁区");
        let events = world.db.read(Events("person", found.id)).await.unwrap();
        assert_eq!(events.last().unwrap().0, "revealed");
        for (_, body, _) in &events {
            assert!(!body.contains("小明") && !body.contains("13812345678") && !body.contains("19900101"));
        }
    })
    .await;
}

#[tokio::test]
async fn after_a_new_key_people_are_found_and_shown_without_the_old_one() {
    on_both(|world| async move {
        let person = register(&world, &sample_person(), By::system("t-1")).await.unwrap();
        let (keys, key) = Keys::generate(&[7; 48]).with_one_more(&[8; 16]).unwrap();
        let keys = keys.make_current(key).unwrap();
        let with = |keys| Ctx::new(Parts { sealer: Arc::new(Sealer::new(keys)), ..(*world.ctx).clone() });
        assert_eq!(crate::resealing::renew(&with(keys.clone())).await.unwrap(), 4);
        assert_eq!(crate::resealing::renew(&with(keys.clone())).await.unwrap(), 0);
        let without_old = with(keys.without(KeyId(1)).unwrap());
        let found = find_by_document(&without_old, &sample_document()).await.unwrap();
        assert_eq!(found, Some(person));
    })
    .await;
}

#[tokio::test]
async fn a_second_registration_finds_the_same_person_and_another_name_is_refused() {
    on_both(|world| async move {
        let by = By::system("t-1");
        let first = register(&world, &sample_person(), by.clone()).await.unwrap();
        let other_phone = Some(Phone::parse("13900001111").unwrap());
        let again = NewPerson { phone: other_phone.clone(), ..sample_person() };
        let same = register(&world, &again, by.clone()).await.unwrap();
        assert_eq!(
            (same.id, same.phone.as_str()),
            (first.id, "138 **** 5678"),
            "anybody could claim a phone"
        );
        let seen = NewPerson { phone: other_phone, assurance: Assurance::Seen, ..sample_person() };
        assert_eq!(register(&world, &seen, by.clone()).await.unwrap().phone, "139 **** 1111");
        let named = NewPerson { name: "王大明".into(), ..sample_person() };
        assert!(matches!(register(&world, &named, by).await, Err(PersonError::NameDiffers)));
        assert_eq!(view(&world, first.id).await.unwrap().unwrap().known.assurance, Assurance::Seen);
    })
    .await;
}

#[tokio::test]
async fn every_account_and_every_person_is_the_fold_of_its_stream() {
    on_both(|world| async move {
        demo::people(&world).await.unwrap();
        let kinds = proven(&world.db).await.unwrap();
        let made = kinds.iter().filter(|(_, outcome)| outcome.rows >= 3).count();
        assert!(made >= 2 && kinds.iter().all(|(_, outcome)| outcome.unproven.is_none()), "{kinds:?}");
    })
    .await;
}

#[tokio::test]
async fn a_post_that_nobody_gave_and_one_that_was_taken_away_behind_the_journal_show() {
    for alteration in [
        "DELETE FROM staff_post",
        "UPDATE staff_post SET role = 'supervisor'",
        "UPDATE staff_post SET path = 'x'",
        "INSERT INTO staff_post (id, staff, role, org, path) SELECT org, staff, role, org, path FROM staff_post",
    ] {
        on_both(|world| async move {
            let hall = hall(&world);
            let by = || By::system("t");
            let made =
                create_staff(&world, "limin", "李敏", &[(Role::WindowClerk, hall)], by()).await.unwrap();
            assert!(proven(&world.db).await.unwrap()[0].1.unproven.is_none());
            assert_eq!(world.alter(alteration).await, 1, "{alteration}");
            let found = proven(&world.db).await.unwrap()[0].1.unproven;
            assert_eq!(found, Some(made.id.uuid()), "{alteration}");
        })
        .await;
    }
}

#[tokio::test]
async fn the_first_administrator_is_named_in_words_and_a_wrong_word_says_which_ones_there_are() {
    let world = crate::testing::world().await;
    let org = world.city().orgs[0].name.clone();
    let made = create_named(&world, "root", "沈浩", "系统管理员", &org).await.unwrap();
    let found = find(&world, made.id).await.unwrap().unwrap();
    assert_eq!(found.account.posts[0].role, Role::SystemAdministrator);
    let role = create_named(&world, "root2", "沈浩", "群众", &org).await.err().unwrap();
    assert!(role.say.contains("没有岗位“群众”") && role.say.contains("安全管理员"));
    let place = create_named(&world, "root2", "沈浩", "securityadministrator", "某局").await.err().unwrap();
    assert!(place.say.contains("没有机构“某局”"));
}

#[tokio::test]
async fn of_many_who_make_the_same_person_known_at_once_all_find_the_one() {
    on_both(|world| async move {
        let seen = NewPerson { assurance: Assurance::Seen, ..sample_person() };
        let all = (0..6).map(|_| register(&world, &seen, By::system("t")));
        let made = futures_util::future::join_all(all).await;
        let ids: std::collections::BTreeSet<_> = made.into_iter().map(|person| person.unwrap().id).collect();
        assert_eq!(ids.len(), 1);
    })
    .await;
}
