//! Signing in as staff, seen from the browser: first password, second factor, waits, ends of sessions, kept forms.

use crate::identity::*;
use crate::testing::{World, on_both, world};
use axum::http::{HeaderMap, StatusCode};
use domain::identity::StaffCommand;
use domain::kernel::{OrgId, StaffId};
use domain::rights::Role;
use jiff::SignedDuration;

const NEW: &str = "Sunny7days";

fn hall(world: &World) -> OrgId {
    world.city().halls().next().unwrap().id
}

/// The cookie that an answer sets.
fn cookie(headers: &HeaderMap) -> String {
    headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

fn place(headers: &HeaderMap) -> &str {
    headers["location"].to_str().unwrap()
}

/// The value of the first hidden field of that name on a page.
fn hidden(text: &str, name: &str) -> String {
    let rest = text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    rest.split('"').next().unwrap().replace("&#38;", "&")
}

async fn sign_in(world: &World, login: &str, password: &str) -> (StatusCode, HeaderMap, String) {
    world.post_as("", "/staff/login", &[("name", login), ("password", password)]).await
}

async fn made(world: &World, login: &str, role: Role) -> NewStaff {
    create_staff(world, login, "李敏", &[(role, hall(world))], By::system("t")).await.unwrap()
}

/// An account past its first password, and signed in.
async fn settled(world: &World, login: &str) -> (StaffId, String) {
    let new = made(world, login, Role::WindowClerk).await;
    let (_, headers, _) = sign_in(world, login, &new.password).await;
    let form = [("new", NEW), ("again", NEW)];
    let (status, headers, text) = world.post_as(&cookie(&headers), "/staff/password", &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    (new.id, cookie(&headers))
}

#[tokio::test]
async fn the_first_password_opens_nothing_but_its_own_change() {
    on_both(|world| async move {
        let new = made(&world, "limin", Role::WindowClerk).await;
        let (status, headers, _) = sign_in(&world, " LiMin ", &new.password).await;
        assert_eq!((status, place(&headers)), (StatusCode::SEE_OTHER, "/staff/password"));
        let first = cookie(&headers);
        let (_, headers, _) = world.get_as(&first, "/staff").await;
        assert_eq!(place(&headers), "/staff/password?back=/staff");
        for (new, again, say) in [
            ("Sunny7days", "Sunny7day", "两次填的新密码不一样"),
            ("short", "short", "密码至少要有 8 位"),
            ("Limin-2026", "Limin-2026", "不能有登录名"),
            (new.password.as_str(), new.password.as_str(), "不能和现在的一样"),
        ] {
            let (status, _, text) =
                world.post_as(&first, "/staff/password", &[("new", new), ("again", again)]).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(text.contains(say) && text.contains("<title>错误："), "{say}");
        }
        let form = [("new", NEW), ("again", NEW), ("back", "/staff")];
        let (_, headers, _) = world.post_as(&first, "/staff/password", &form).await;
        assert_eq!(place(&headers), "/staff");
        let full = cookie(&headers);
        assert_ne!(first, full, "a session known before must not be worth more afterwards");
        assert_eq!(world.get_as(&first, "/staff").await.0, StatusCode::SEE_OTHER);
        let (status, _, text) = world.get_as(&full, "/staff").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("窗口人员") && text.contains("李敏"));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_name_a_closed_account_and_a_wrong_password_get_the_same_answer() {
    let world = world().await;
    let new = made(&world, "limin", Role::WindowClerk).await;
    let closed = made(&world, "wangfang", Role::WindowClerk).await;
    act(&world, closed.id, StaffCommand::Close { reason: "调离".into() }, By::system("t")).await.unwrap();
    let mut told = Vec::new();
    for (login, password) in [
        ("nobody", NEW),
        ("wangfang", closed.password.as_str()),
        ("limin", NEW),
        ("limin", ""),
        ("limin'--", NEW),
    ] {
        let (status, headers, text) = sign_in(&world, login, password).await;
        assert!(!headers.contains_key("set-cookie"));
        assert!(!text.contains(password) || password.is_empty());
        told.push((status, text.replace(login, "NAME").replace("&#39;", "'").replace("limin'--", "NAME")));
    }
    let trace_free = |text: &str| text.contains("登录名或密码不对");
    assert!(told.iter().all(|(status, text)| *status == told[0].0 && trace_free(text)));
    assert_eq!(told[0].1, told[1].1);
    assert_eq!(told[0].1, told[2].1);
    assert_eq!(sign_in(&world, "limin", &new.password).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_sixth_try_waits_longer_each_time_even_with_the_right_password_and_an_administrator_lifts_it() {
    on_both(|world| async move {
        let new = made(&world, "limin", Role::WindowClerk).await;
        for _ in 0..5 {
            assert!(sign_in(&world, "limin", "wrong").await.2.contains("登录名或密码不对"));
        }
        let (_, _, text) = sign_in(&world, "limin", &new.password).await;
        assert!(text.contains("请过 16 分钟再试") || text.contains("请过 15 分钟再试"), "{text}");
        world.clock.advance(SignedDuration::from_mins(16));
        assert!(sign_in(&world, "limin", "wrong").await.2.contains("登录名或密码不对"));
        world.clock.advance(SignedDuration::from_mins(16));
        assert!(sign_in(&world, "limin", &new.password).await.2.contains("分钟再试"), "now half an hour");
        act(&world, new.id, StaffCommand::Unlock, By::system("t")).await.unwrap();
        assert_eq!(sign_in(&world, "limin", &new.password).await.0, StatusCode::SEE_OTHER);
        for _ in 0..4 {
            sign_in(&world, "nobody", "wrong").await;
        }
        assert!(sign_in(&world, "nobody", "wrong").await.2.contains("登录名或密码不对"));
        assert!(sign_in(&world, "nobody", "wrong").await.2.contains("分钟再试"), "as for an account");
    })
    .await;
}

#[tokio::test]
async fn an_administrator_sets_up_a_second_factor_and_each_code_is_taken_once() {
    on_both(|world| async move {
        let new = made(&world, "sysadmin", Role::SystemAdministrator).await;
        let (_, headers, _) = sign_in(&world, "sysadmin", &new.password).await;
        let form = [("new", NEW), ("again", NEW)];
        let (_, headers, _) = world.post_as(&cookie(&headers), "/staff/password", &form).await;
        assert_eq!(place(&headers), "/staff/totp");
        let session = cookie(&headers);
        assert_eq!(place(&world.get_as(&session, "/staff").await.1), "/staff/totp?back=/staff");
        let (_, _, page) = world.get_as(&session, "/staff/totp").await;
        assert!(page.contains("data:image/svg+xml;base64,"));
        let shown = page.split("手工输入密钥：<span class=\"zw-num\">").nth(1).unwrap();
        let shown = shown.split('<').next().unwrap().to_owned();
        let key = hidden(&page, "key");
        let wrong = [("key", key.as_str()), ("code", "000000")];
        assert!(world.post_as(&session, "/staff/totp", &wrong).await.2.contains("验证码不对"));
        let code = second::code_at(&shown, world.now()).unwrap();
        let right = [("key", key.as_str()), ("code", code.as_str())];
        let (_, headers, _) = world.post_as(&session, "/staff/totp", &right).await;
        assert_eq!(world.get_as(&cookie(&headers), "/staff").await.0, StatusCode::OK);

        let (_, headers, _) = sign_in(&world, "sysadmin", NEW).await;
        assert_eq!(place(&headers), "/staff/totp");
        let session = cookie(&headers);
        let (status, _, text) = world.post_as(&session, "/staff/totp", &[("code", &code)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "used at setting up");
        assert!(text.contains("每个数字只能用一次"));
        world.clock.advance(SignedDuration::from_secs(60));
        let code = second::code_at(&shown, world.now()).unwrap();
        let (_, headers, _) = world.post_as(&session, "/staff/totp", &[("code", &code)]).await;
        assert_eq!(world.get_as(&cookie(&headers), "/staff").await.0, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_by_idleness_by_age_by_signing_out_and_when_the_account_is_closed() {
    let world = world().await;
    let (limin, session) = settled(&world, "limin").await;
    for _ in 0..23 {
        world.clock.advance(SignedDuration::from_mins(29));
        assert_eq!(world.get_as(&session, "/staff").await.0, StatusCode::OK);
    }
    world.clock.advance(SignedDuration::from_mins(54));
    assert_eq!(place(&world.get_as(&session, "/staff").await.1), "/staff/login?back=/staff");

    let (_, headers, _) = sign_in(&world, "limin", NEW).await;
    let session = cookie(&headers);
    world.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(world.get_as(&session, "/staff").await.0, StatusCode::SEE_OTHER, "idle");

    let (_, headers, _) = sign_in(&world, "limin", NEW).await;
    let session = cookie(&headers);
    let (_, headers, _) = world.post_as(&session, "/staff/logout", &[]).await;
    assert!(headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(world.get_as(&session, "/staff").await.0, StatusCode::SEE_OTHER, "signed out");

    let (_, headers, _) = sign_in(&world, "limin", NEW).await;
    let session = cookie(&headers);
    assert_eq!(world.get_as(&session, "/staff").await.0, StatusCode::OK);
    act(&world, limin, StaffCommand::Close { reason: "调离".into() }, By::system("t")).await.unwrap();
    assert_eq!(world.get_as(&session, "/staff").await.0, StatusCode::SEE_OTHER, "closed");
}

#[tokio::test]
async fn a_form_sent_after_the_session_has_ended_is_sent_again_after_signing_in() {
    on_both(|world| async move {
        let (_, session) = settled(&world, "limin").await;
        world.clock.advance(SignedDuration::from_mins(31));
        let typed = [("old", "x"), ("note", "缺<户口簿>"), ("note", "第二行"), ("password", "geheim")];
        let (status, headers, page) = world.post_as(&session, "/staff/password", &typed).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(headers["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(
            page.contains("您填写的内容都在")
                && page.contains("name=\"keep.note\" value=\"缺&#60;户口簿&#62;\"")
        );
        assert!(!page.contains("geheim"));
        let was = hidden(&page, "was");
        let form = [
            ("name", "limin"),
            ("password", NEW),
            ("to", "/staff/password"),
            ("was", was.as_str()),
            ("keep.note", "缺<户口簿>"),
            ("keep.note", "第二行"),
        ];
        let (status, headers, page) = world.post_as("", "/staff/login", &form).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers.contains_key("set-cookie"));
        assert!(page.contains("action=\"/staff/password\"") && page.contains("继续提交"));
        assert!(
            page.contains("name=\"note\" value=\"缺&#60;户口簿&#62;\"") && page.contains("value=\"第二行\"")
        );

        settled(&world, "wangfang").await;
        let mut others = form;
        others[0] = ("name", "wangfang");
        let (_, _, page) = world.post_as("", "/staff/login", &others).await;
        assert!(page.contains("另一个账号填写的") && !page.contains("户口簿"));
    })
    .await;
}

#[tokio::test]
async fn whoever_is_sent_to_sign_in_comes_back_to_the_page_asked_for() {
    let world = world().await;
    let new = made(&world, "limin", Role::WindowClerk).await;
    let (_, headers, _) = world.get_as("", "/staff?tab=a&x=1").await;
    assert_eq!(place(&headers), "/staff/login?back=/staff%3Ftab%3Da%26x%3D1");
    let (_, _, page) = world.get_as("", place(&headers)).await;
    let form = page.split("action=\"/staff/login\"").nth(1).unwrap();
    assert_eq!(hidden(form, "back"), "/staff?tab=a&x=1");
    let form = [("name", "limin"), ("password", new.password.as_str()), ("back", "/staff?tab=a&x=1")];
    let (_, headers, _) = world.post_as("", "/staff/login", &form).await;
    assert_eq!(place(&headers), "/staff/password?back=/staff%3Ftab%3Da%26x%3D1");
    let form = [("new", NEW), ("again", NEW), ("back", "/staff?tab=a&x=1")];
    let (_, headers, _) = world.post_as(&cookie(&headers), "/staff/password", &form).await;
    assert_eq!(place(&headers), "/staff?tab=a&x=1");
}
