//! Accounts of citizens and firms, seen from the browser.

use crate::identity::testing::person;
use crate::identity::*;
use crate::testing::{World, on_both, world};
use axum::http::{HeaderMap, StatusCode};
use domain::identity::Document;

const PASSWORD: &str = "sunny7days";
/// A code whose arithmetic fits: the sample of the standard.
const FIRM: &str = "91350100M000100Y43";

fn cookie(headers: &HeaderMap) -> String {
    headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

fn place(headers: &HeaderMap) -> &str {
    headers["location"].to_str().unwrap()
}

fn number(n: u32) -> String {
    let Document::IdCard(number) = person(n).document else { panic!("an identity card") };
    number.as_str().to_owned()
}

async fn register(world: &World, n: u32, name: &str, phone: &str) -> (StatusCode, HeaderMap, String) {
    let number = number(n);
    let form = [
        ("name", name),
        ("document_kind", "id_card"),
        ("document", number.as_str()),
        ("phone", phone),
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("agree", "yes"),
        ("back", "/items"),
    ];
    world.post_as("", "/register", &form).await
}

async fn sign_in(world: &World, name: &str, password: &str) -> (StatusCode, HeaderMap, String) {
    world.post_as("", "/login", &[("name", name), ("password", password)]).await
}

#[tokio::test]
async fn a_citizen_registers_is_signed_in_and_signs_in_again_by_phone_or_document() {
    on_both(|world| async move {
        let (status, headers, text) = register(&world, 1, "王小明", "138 1234 5678").await;
        assert_eq!((status, place(&headers)), (StatusCode::SEE_OTHER, "/items"), "{text}");
        let session = cookie(&headers);
        let (_, _, page) = world.get_as(&session, "/items").await;
        assert!(page.contains("王*明") && !page.contains("王小明"), "the header shows the masked name");
        let (_, _, page) = world.get_as(&session, "/me/account").await;
        assert!(page.contains("138 **** 5678") && page.contains("1101 **** ****"));
        assert!(!page.contains("13812345678") && !page.contains(&number(1)));
        for name in ["13812345678", number(1).as_str(), &number(1).to_lowercase()] {
            assert_eq!(sign_in(&world, name, PASSWORD).await.0, StatusCode::SEE_OTHER, "{name}");
        }
        let (_, headers, _) = world.post_as(&session, "/logout", &[]).await;
        assert_eq!(place(&headers), "/");
        assert_eq!(place(&world.get_as(&session, "/me/account").await.1), "/login?back=/me/account");
    })
    .await;
}

#[tokio::test]
async fn each_wrong_field_gets_its_sentence_and_what_was_typed_stays_but_for_passwords() {
    let world = world().await;
    let form = [
        ("name", "王?明"),
        ("document_kind", "id_card"),
        ("document", "11010119900101"),
        ("phone", "1381234567"),
        ("password", "sunny7days"),
        ("again", "sunny8days"),
    ];
    let (status, _, page) = world.post_as("", "/register", &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for say in [
        "还有 5 处需要修改",
        "没能显示出来的字",
        "现在只有 14 位",
        "现在只有 10 位",
        "两次填的密码不一样",
        "请先勾选同意",
    ] {
        assert!(page.contains(say), "{say}");
    }
    assert!(page.contains("value=\"王?明\"") && page.contains("value=\"1381234567\""));
    assert!(!page.contains("sunny7days"));
}

#[tokio::test]
async fn nobody_takes_over_a_person_who_is_known_already() {
    on_both(|world| async move {
        persons::register(&world, &person(1), By::system("t")).await.unwrap();
        let known = "不能在网上注册";
        assert!(register(&world, 1, "王小明", "13900001111").await.2.contains(known), "another phone");
        assert!(register(&world, 1, "李大明", "13800000001").await.2.contains(known), "another name");
        assert_eq!(register(&world, 1, "王小明", "13800000001").await.0, StatusCode::SEE_OTHER);
        assert!(register(&world, 1, "王小明", "13800000001").await.2.contains(known), "registered already");
    })
    .await;
}

#[tokio::test]
async fn a_phone_shared_in_a_family_signs_in_the_one_who_had_it_first() {
    let world = world().await;
    register(&world, 1, "王小明", "13812345678").await;
    assert_eq!(register(&world, 2, "王大明", "13812345678").await.0, StatusCode::SEE_OTHER);
    let (_, headers, _) = sign_in(&world, "13812345678", PASSWORD).await;
    assert!(world.get_as(&cookie(&headers), "/").await.2.contains("王*明"));
    assert_eq!(sign_in(&world, &number(2), PASSWORD).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_numbers_get_one_answer_and_then_a_wait() {
    on_both(|world| async move {
        register(&world, 1, "王小明", "13812345678").await;
        for name in ["13812345678", "13912345678", "随便写"] {
            for _ in 0..5 {
                assert!(sign_in(&world, name, "wrong").await.2.contains("密码不对，请再试一次"), "{name}");
            }
            assert!(sign_in(&world, name, PASSWORD).await.2.contains("分钟再试"), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_acts_for_a_firm_without_the_firm_seeing_more_and_nobody_else_takes_it() {
    on_both(|world| async move {
        let (_, headers, _) = register(&world, 1, "王小明", "13812345678").await;
        let session = cookie(&headers);
        let form = [("document", "91350100m000100y43"), ("name", "常州 示例有限公司")];
        let (status, headers, text) = world.post_as(&session, "/register/firm", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        let acting = cookie(&headers);
        assert!(world.get_as(&acting, "/").await.2.contains("常州示例有限公司"));
        assert_eq!(
            world.get_as(&session, "/me/account").await.0,
            StatusCode::SEE_OTHER,
            "the old token is void"
        );
        let (_, headers, _) = world.post_as(&acting, "/me/act", &[("firm", "")]).await;
        let own = cookie(&headers);
        assert!(world.get_as(&own, "/").await.2.contains("王*明"));

        let (_, headers, _) = register(&world, 2, "李小红", "13912345678").await;
        let other = cookie(&headers);
        let form = [("document", FIRM), ("name", "常州示例有限公司")];
        assert!(world.post_as(&other, "/register/firm", &form).await.2.contains("已经有别的经办人"));
        let firm = world.get_as(&own, "/me/account").await.2;
        let firm = firm.split("name=\"firm\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(world.post_as(&other, "/me/act", &[("firm", &firm)]).await.0, StatusCode::NOT_FOUND);
        assert_eq!(world.post_as(&own, "/me/act", &[("firm", &firm)]).await.0, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = world().await;
    let (_, headers, _) = register(&world, 1, "王小明", "13812345678").await;
    let phone = cookie(&headers);
    let computer = cookie(&sign_in(&world, "13812345678", PASSWORD).await.1);
    for (old, new, say) in [
        ("wrong", "rainy8days", "现在的密码不对"),
        (PASSWORD, "abc13812345678", "不能有登录名、手机号或证件号"),
    ] {
        let form = [("old", old), ("new", new), ("again", new)];
        assert!(world.post_as(&computer, "/me/account/password", &form).await.2.contains(say));
    }
    let form = [("old", PASSWORD), ("new", "rainy8days"), ("again", "rainy8days")];
    let (status, headers, _) = world.post_as(&computer, "/me/account/password", &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(world.get_as(&phone, "/me/account").await.0, StatusCode::SEE_OTHER);
    assert_eq!(world.get_as(&cookie(&headers), "/me/account").await.0, StatusCode::OK);
}
