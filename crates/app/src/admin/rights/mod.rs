//! The tables of rights as an auditor reads them: which post may do what, how far and why; and which page asks for what.

#[cfg(test)]
mod tests;

use crate::Ctx;
use crate::identity::Staff;
use crate::routes::{Access, ROUTES};
use crate::web::Fault;
use crate::web::page::{Look, staff as draw};
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use domain::rights::{MATRIX, Permission, Reach, Role};
use ui::{Row, SafeHtml, Table};

/// The routes of these pages.
pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/admin/rights", get(rights))
}

#[derive(Template)]
#[template(path = "admin/rights.html")]
struct RightsPage {
    matrix: Table,
    posts: Vec<(&'static str, Table)>,
    routes: Table,
}

/// How far a row reaches, in a word.
const fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::All => "全市",
        Reach::Subtree => "本机构及下级",
        Reach::Own => "本人的",
    }
}

fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> Row {
    Row { cells: cells.into_iter().map(SafeHtml::text).collect(), ..Row::default() }
}

/// Permissions down, posts across.
fn matrix() -> Table {
    let columns: Vec<&str> = ["权限"].into_iter().chain(Role::ALL.iter().map(|role| role.label())).collect();
    let cell = |permission: Permission, role: Role| {
        let found = MATRIX.iter().find(|rule| rule.role == role && rule.permission == permission);
        found.map_or("—", |rule| reach(rule.reach))
    };
    let line = |permission: &Permission| {
        let cells = Role::ALL.iter().map(|role| cell(*permission, *role));
        row([permission.label()].into_iter().chain(cells))
    };
    Table::new("岗位和权限对照表", columns).rows(Permission::ALL.iter().map(line).collect())
}

/// One table a post: what it may do, how far, and why.
fn posts() -> Vec<(&'static str, Table)> {
    let table = |role: &Role| {
        let rules = MATRIX.iter().filter(|rule| rule.role == *role);
        let rows = rules.map(|rule| row([rule.permission.label(), reach(rule.reach), rule.reason])).collect();
        (
            role.label(),
            Table::new(format!("{}的权限和理由", role.label()), ["权限", "范围", "理由"]).rows(rows),
        )
    };
    Role::ALL.iter().map(table).collect()
}

/// Who may use a route, in words.
fn access(access: Access) -> String {
    let one_of = |wanted: &[Permission]| wanted.iter().map(|one| one.label()).collect::<Vec<_>>().join("、");
    match access {
        Access::Open => "任何人".to_owned(),
        Access::SignedInCitizen => "登录的群众和单位".to_owned(),
        Access::SignedInStaff => "登录的工作人员".to_owned(),
        Access::May(wanted) => format!("有这些权限之一的工作人员：{}", one_of(wanted)),
        Access::Api(scopes) => {
            let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            format!("接入系统，令牌有授权范围 {}", words.join(" 或 "))
        }
        Access::Either(wanted) => format!("登录的群众和单位，或有这些权限之一的工作人员：{}", one_of(wanted)),
    }
}

fn routes_table() -> Table {
    let line = |route: &crate::routes::Row| {
        let method = if route.method == "GET" { "打开" } else { "提交" };
        row([route.path, method, access(route.access).as_str()])
    };
    Table::new("网址和权限对照表", ["网址", "动作", "谁可以"]).rows(ROUTES.iter().map(line).collect())
}

/// `GET /admin/rights`.
async fn rights(look: Look, staff: Staff) -> Result<Response, Fault> {
    draw("权限表", &staff, &look, &RightsPage { matrix: matrix(), posts: posts(), routes: routes_table() })
}
