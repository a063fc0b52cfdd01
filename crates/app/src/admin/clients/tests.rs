//! Clients in the hands of the two administrators, seen from the browser.

use crate::testing::{World, on_both, world};
use axum::http::StatusCode;
use domain::kernel::OrgId;
use domain::rights::Role;

fn hall(world: &World) -> OrgId {
    world.city().halls().next().unwrap().id
}

/// What stands between two texts on a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split(before).nth(1).unwrap().split(after).next().unwrap()
}

#[tokio::test]
async fn one_administrator_opens_a_client_and_the_other_gives_its_scopes() {
    on_both(|world| async move {
        let (_, system) = world.staff(Role::SystemAdministrator, hall(&world)).await;
        let (_, security) = world.staff(Role::SecurityAdministrator, hall(&world)).await;
        let org = world.city().orgs[0].name.clone();
        let form = [("name", "户政业务系统"), ("org_name", org.as_str())];
        assert_eq!(world.post_as(&security, "/admin/clients", &form).await.0, StatusCode::NOT_FOUND);
        let (status, headers, page) = world.post_as(&system, "/admin/clients", &form).await;
        assert_eq!((status, headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
        let secret = between(&page, "<strong class=\"zw-num\">", "</strong>").to_owned();
        assert!(secret.starts_with("jbs_") && secret.len() == 47);
        let address = format!("/admin/clients/{}", between(&page, "href=\"/admin/clients/", "\""));
        let shown = world.get_as(&system, &address).await.2;
        assert!(!shown.contains(&secret) && shown.contains("什么也做不了"), "shown once");

        let scopes = format!("{address}/scopes");
        let ticked = [("scope", "cases:read"), ("scope", "catalogue:read"), ("scope", "everything")];
        assert_eq!(world.post_as(&system, &scopes, &ticked).await.0, StatusCode::NOT_FOUND);
        let (status, headers, _) = world.post_as(&security, &scopes, &ticked).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let page = world.get_as(&security, headers["location"].to_str().unwrap()).await.2;
        assert!(page.contains("授权范围已改") && page.matches("checked").count() == 2);

        let (_, _, page) = world.post_as(&system, &format!("{address}/secret"), &[]).await;
        assert_ne!(between(&page, "<strong class=\"zw-num\">", "</strong>"), secret);
        let none = world.post_as(&system, &format!("{address}/close"), &[]).await;
        assert_eq!(none.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.2.contains("请写明停用的原因"));
        let (status, ..) = world.post_as(&system, &format!("{address}/close"), &[("reason", "停运")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(world.get_as(&system, "/admin/clients").await.2.contains("已停用"));
        let (status, ..) = world.post_as(&system, &format!("{address}/reopen"), &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_name_or_organisation_that_does_not_fit_comes_back_with_a_sentence_and_what_was_typed() {
    let world = world().await;
    let (_, system) = world.staff(Role::SystemAdministrator, hall(&world)).await;
    let form = [("name", "系统"), ("org_name", "某局")];
    let (status, _, page) = world.post_as(&system, "/admin/clients", &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("没有找到这个机构") && page.contains("value=\"某局\""));
    let org = world.city().orgs[0].name.clone();
    let (status, _, page) = world.post_as(&system, "/admin/clients", &[("org_name", &org)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("请填写系统名称"));
    let limits = [("per_second", "many"), ("per_day", "10")];
    let (_, _, page) =
        world.post_as(&system, "/admin/clients", &[("name", "系统"), ("org_name", &org)]).await;
    let address = format!("/admin/clients/{}/limits", between(&page, "href=\"/admin/clients/", "\""));
    let (status, _, page) = world.post_as(&system, &address, &limits).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("每秒次数要是 1 到"));
}
