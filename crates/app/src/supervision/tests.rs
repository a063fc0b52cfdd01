//! A supervisor's figures and the lists behind them, seen from outside.

use crate::testing::on_both;
use axum::http::StatusCode;
use domain::catalogue::Regime;
use domain::kernel::OrgId;
use domain::rights::Role;

#[tokio::test]
async fn each_figure_opens_the_list_it_counts() {
    on_both(|world| async move {
        let receipt = crate::intake::submitted_for_tests(&world, Regime::Promised).await;
        let city = world.city();
        let office: OrgId = city.orgs.first().unwrap().id;
        let (_, cookie) = world.staff(Role::Supervisor, office).await;
        let page = world.get_as(&cookie, "/supervision").await.2;
        assert!(page.contains("没有超期和三天内到期的办件"), "{page}");
        world.clock.set("2026-05-20T01:00:00Z");
        let (_, cookie) = world.staff(Role::Supervisor, office).await;
        let page = world.get_as(&cookie, "/supervision").await.2;
        assert!(page.contains("/supervision/cases?near=late"), "{page}");
        assert!(page.contains("哪里快到期、已超期") && page.contains("哪些事项快到期、已超期"));
        let links = page.split("href=\"/supervision").skip(1).map(|part| part.split('"').next().unwrap());
        for link in links.filter(|link| link.starts_with("/cases")) {
            let path = format!("/supervision{}", link.replace("&#38;", "&"));
            let (status, _, list) = world.get_as(&cookie, &path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            let counted = path.contains("near=late") || !path.contains("near=");
            assert_eq!(list.contains(&format!("/review/{}", receipt.cases[0].id)), counted, "{path}");
        }
        assert_eq!(world.get_as(&cookie, "/supervision/cases?after=x").await.0, StatusCode::BAD_REQUEST);
        let (_, clerk) = world.staff(Role::WindowClerk, office).await;
        assert_eq!(world.get_as(&clerk, "/supervision").await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_supervisor_records_a_broken_promise_and_its_repair_on_a_page() {
    on_both(|world| async move {
        let case = crate::intake::on_promise_for_tests(&world).await;
        let office: OrgId = world.city().orgs.first().unwrap().id;
        let (_, cookie) = world.staff(Role::Supervisor, office).await;
        let empty = world.get_as(&cookie, "/supervision/trust").await.2;
        assert!(empty.contains("没有未修复的记录"), "{empty}");
        let wrong = [("number", "2603"), ("reason", "收入核查不符")];
        let (status, _, text) = world.post_as(&cookie, "/supervision/trust", &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("13 位") && text.contains("收入核查不符"), "what was typed is not lost");
        let silent = [("number", case.number.as_str()), ("reason", " ")];
        assert_eq!(
            world.post_as(&cookie, "/supervision/trust", &silent).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let form = [("number", case.number.as_str()), ("reason", "收入核查不符")];
        assert_eq!(world.post_as(&cookie, "/supervision/trust", &form).await.0, StatusCode::SEE_OTHER);
        let twice = world.post_as(&cookie, "/supervision/trust", &form).await.2;
        assert!(twice.contains("一个办件只登记一次"), "{twice}");
        let page = world.get_as(&cookie, "/supervision/trust").await.2;
        assert!(page.contains("收入核查不符") && page.contains(&format!("/review/{}", case.id)), "{page}");
        let elsewhere = world.city().halls().last().unwrap().id;
        let (_, other) = world.staff(Role::Supervisor, elsewhere).await;
        assert!(!world.get_as(&other, "/supervision/trust").await.2.contains("收入核查不符"));
        let path = format!("/supervision/trust/{}/repair", case.id);
        assert_eq!(world.post_as(&other, &path, &[("reason", "x")]).await.0, StatusCode::NOT_FOUND);
        let (status, _, text) = world.post_as(&cookie, &path, &[("reason", "")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert_eq!(world.post_as(&cookie, &path, &[("reason", "已经纠正")]).await.0, StatusCode::SEE_OTHER);
        assert!(world.get_as(&cookie, "/supervision/trust").await.2.contains("没有未修复的记录"));
    })
    .await;
}
