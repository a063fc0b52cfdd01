//! Accounts in the hands of the two administrators, seen from the browser.

use crate::identity::{self, By};
use crate::testing::{World, on_both, world};
use axum::http::{HeaderMap, StatusCode};
use domain::kernel::OrgId;
use domain::rights::Role;

fn hall(world: &World) -> OrgId {
    world.city().halls().next().unwrap().id
}

async fn administrators(world: &World) -> (String, String) {
    let (_, system) = world.staff(Role::SystemAdministrator, hall(world)).await;
    let (_, security) = world.staff(Role::SecurityAdministrator, hall(world)).await;
    (system, security)
}

fn place(headers: &HeaderMap) -> &str {
    headers["location"].to_str().unwrap()
}

/// What stands between two texts on a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split(before).nth(1).unwrap().split(after).next().unwrap()
}

#[tokio::test]
async fn an_account_is_opened_by_one_administrator_and_gets_its_post_from_the_other() {
    on_both(|world| async move {
        let (system, security) = administrators(&world).await;
        let form = [("name", "李敏"), ("login", "LiMin")];
        let (status, headers, page) = world.post_as(&system, "/admin/people", &form).await;
        assert_eq!((status, headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
        let password = between(&page, "<strong class=\"zw-num\">", "</strong>").to_owned();
        let address = format!("/admin/people/{}", between(&page, "href=\"/admin/people/", "\""));
        assert!(!world.get_as(&system, &address).await.2.contains(&password), "shown once");

        let posts = format!("{address}/posts");
        let form = [("role", "WindowClerk"), ("org_name", "青龙街道为民服务中心")];
        assert_eq!(world.post_as(&system, &posts, &form).await.0, StatusCode::NOT_FOUND);
        let (_, headers, _) = world.post_as(&security, &posts, &form).await;
        assert!(place(&headers).ends_with("?done=given"));
        let (_, _, page) = world.get_as(&security, place(&headers)).await;
        assert!(page.contains("岗位已分配") && page.contains("窗口人员（青龙街道为民服务中心）"));
        let twice = world.post_as(&security, &posts, &form).await;
        assert_eq!(twice.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.2.contains("已经有这个岗位") && twice.2.contains("value=\"青龙街道为民服务中心\""));
        let clash = [("role", "AuditAdministrator"), ("org_name", "青龙街道为民服务中心")];
        assert!(world.post_as(&security, &posts, &clash).await.2.contains("互相制约"));

        let post = between(&page, "name=\"post\" value=\"", "\"").to_owned();
        let (_, headers, _) = world.post_as(&security, &format!("{posts}/take"), &[("post", &post)]).await;
        assert!(world.get_as(&security, place(&headers)).await.2.contains("还没有岗位"));
        let sign_in = [("name", "limin"), ("password", password.as_str())];
        assert_eq!(place(&world.post_as("", "/staff/login", &sign_in).await.1), "/staff/password");
    })
    .await;
}

#[tokio::test]
async fn a_name_that_fits_several_organisations_offers_them_and_one_that_fits_none_says_so() {
    let world = world().await;
    let (_, security) = administrators(&world).await;
    let new = identity::create_staff(&world, "limin", "李敏", &[], By::system("t")).await.unwrap();
    let posts = format!("/admin/people/{}/posts", new.id);
    let (status, _, page) =
        world.post_as(&security, &posts, &[("role", "Reviewer"), ("org_name", "民政局")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("个机构的名称里有“民政局”") && page.contains("type=\"radio\""));
    let org = between(&page, "name=\"org\" id=\"org-0\" value=\"", "\"").to_owned();
    let form = [("role", "Reviewer"), ("org_name", "民政局"), ("org", org.as_str())];
    assert!(place(&world.post_as(&security, &posts, &form).await.1).ends_with("?done=given"));
    let (_, _, page) =
        world.post_as(&security, &posts, &[("role", "Reviewer"), ("org_name", "不存在局")]).await;
    assert!(page.contains("没有找到这个机构") && page.contains("<title>错误："));
    let (_, _, page) = world.post_as(&security, &posts, &[("org_name", "民政局")]).await;
    assert!(page.contains("请选要分配的岗位"));
}

#[tokio::test]
async fn closing_needs_a_reason_and_nobody_changes_the_own_account() {
    let world = world().await;
    let (id, system) = world.staff(Role::SystemAdministrator, hall(&world)).await;
    let new = identity::create_staff(&world, "limin", "李敏", &[], By::system("t")).await.unwrap();
    let close = format!("/admin/people/{}/close", new.id);
    assert!(world.post_as(&system, &close, &[("reason", " ")]).await.2.contains("请写明停用账号的原因"));
    let (_, headers, _) = world.post_as(&system, &close, &[("reason", "调离")]).await;
    assert!(world.get_as(&system, place(&headers)).await.2.contains("已停用"));
    let own = format!("/admin/people/{id}");
    assert!(world.get_as(&system, &own).await.2.contains("要由另一位管理员来改"));
    let (status, _, page) = world.post_as(&system, &format!("{own}/password"), &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("不能改自己的账号和岗位"));
}

#[tokio::test]
async fn the_list_is_paged_by_login_name_and_searched_by_a_part_of_either_name() {
    on_both(|world| async move {
        let (system, _) = administrators(&world).await;
        for n in 0..53 {
            let name = if n == 7 { "欧阳娜娜" } else { "某人" };
            identity::create_staff(&world, &format!("a{n:03}"), name, &[], By::system("t")).await.unwrap();
        }
        let (_, _, page) = world.get_as(&system, "/admin/people?q=a0").await;
        assert_eq!(page.matches("<a href=\"/admin/people/0").count(), 50);
        let next = between(&page, "rel=\"next\" href=\"", "\"").replace("&#38;", "&");
        let (_, _, page) = world.get_as(&system, &next).await;
        assert_eq!(page.matches("<a href=\"/admin/people/0").count(), 3);
        let (_, _, page) = world.get_as(&system, "/admin/people?q=%E9%98%B3%E5%A8%9C").await;
        assert!(page.contains("a007") && !page.contains("a008"));
        let (_, _, page) = world.get_as(&system, "/admin/people?q=%25zz%25").await;
        assert!(page.contains("没有找到账号"));
    })
    .await;
}
