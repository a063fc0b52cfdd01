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
