//! The pages of the administration as a browser sees them.

use crate::testing::{World, on_both, world};
use axum::http::StatusCode;
use domain::kernel::OrgId;
use domain::org::{Org, OrgKind};
use domain::rights::Role;
use jiff::Timestamp;
use store::{Retries, Tx, Work, jobs, outbox};

fn city_id(world: &World) -> OrgId {
    world.city().orgs[0].id
}

fn hall(world: &World) -> Org {
    world.city().orgs.iter().find(|org| org.kind == OrgKind::TownHall).unwrap().clone()
}

/// The cookie of somebody with this post at the city.
async fn signed_in(world: &World, role: Role) -> String {
    world.staff(role, city_id(world)).await.1
}

async fn page(world: &World, cookie: &str, path: &str) -> String {
    let (status, _, text) = world.get_as(cookie, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    text
}

/// Posts a form that is done, and answers the page it leads to.
async fn done(world: &World, cookie: &str, path: &str, form: &[(&str, &str)]) -> String {
    let (status, headers, text) = world.post_as(cookie, path, form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {text}");
    let to = headers["location"].to_str().unwrap().to_owned();
    page(world, cookie, &to).await
}

/// Posts a form that comes back.
async fn back(world: &World, cookie: &str, path: &str, form: &[(&str, &str)]) -> String {
    let (status, _, text) = world.post_as(cookie, path, form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    assert!(text.contains("<title>错误："), "{path}");
    text
}

fn describe<'a>(org: &'a Org, change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("version", "0"), ("name", org.name.as_str()), ("short", org.short.as_str())];
    for (name, value) in change {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    form
}

/// The district whose list of halls shows this one.
fn id_of_district(world: &World, hall: OrgId) -> String {
    world.city().org(hall).unwrap().region.as_str()[..6].to_owned()
}

#[tokio::test]
async fn each_administrator_sees_the_own_part_and_nobody_elses() {
    let world = world().await;
    let system = signed_in(&world, Role::SystemAdministrator).await;
    let audit = signed_in(&world, Role::AuditAdministrator).await;
    let clerk = signed_in(&world, Role::WindowClerk).await;
    for (path, who) in [
        ("/admin/orgs", &system),
        ("/admin/calendar", &system),
        ("/admin/jobs", &system),
        ("/admin/journal", &audit),
    ] {
        for cookie in [&system, &audit, &clerk] {
            let expected = if cookie == who { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(world.get_as(cookie, path).await.0, expected, "{path}");
        }
    }
    let home = page(&world, &system, "/admin").await;
    assert!(home.contains("/admin/orgs") && !home.contains("/admin/journal"));
    let home = page(&world, &audit, "/admin").await;
    assert!(home.contains("/admin/journal") && home.contains("还没有存证") && !home.contains("/admin/jobs"));
    assert_eq!(world.get_as(&clerk, "/admin").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_tree_of_organisations_is_walked_and_searched_page_by_page() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    let top = page(&world, &cookie, "/admin/orgs").await;
    assert!(top.contains("天宁区人民政府") && top.contains("名称待核对"));
    let mut path = format!("/admin/orgs?q={}", super::desk::percent("便民服务中心"));
    let mut seen = std::collections::HashSet::new();
    loop {
        let text = page(&world, &cookie, &path).await;
        let rows: Vec<&str> =
            text.split("data-href=\"").skip(1).map(|r| r.split('"').next().unwrap()).collect();
        assert!(rows.iter().all(|row| seen.insert((*row).to_owned())), "no row comes twice");
        let Some(next) = text.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    }
    let all = world.city().orgs.iter().filter(|org| org.name.contains("便民服务中心")).count();
    assert_eq!(seen.len(), all);
    assert!(page(&world, &cookie, "/admin/orgs?q=%3Cscript%3E").await.contains("没有找到叫这个名字的机构"));
    let other = world.get_as(&cookie, "/admin/orgs?under=nonsense").await;
    assert_eq!(other.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_hall_gets_hours_and_telephone_and_what_cannot_be_read_comes_back_as_it_was_typed() {
    on_both(|world| async move {
        let cookie = signed_in(&world, Role::SystemAdministrator).await;
        let hall = hall(&world);
        let path = format!("/admin/orgs/{}", hall.id);
        let wrong =
            describe(&hall, &[("hours", "早九晚五"), ("phone", "81234567"), ("address", "青龙路<b>")]);
        let text = back(&world, &cookie, &path, &wrong).await;
        for kept in ["请加上区号", "早九晚五", "81234567", "青龙路&#60;b&#62;", "看不懂"] {
            assert!(text.contains(kept), "{kept}");
        }
        let right =
            [("hours", "9:00-12:00、13:30-17:30"), ("phone", "0519-81234567"), ("address", "青龙路<b>1 号")];
        let text = done(&world, &cookie, &path, &describe(&hall, &right)).await;
        assert!(text.contains("已经保存") && text.contains("9:00—12:00、13:30—17:30"));
        assert!(text.contains("青龙路&#60;b&#62;1 号") && !text.contains("青龙路<b>"));
        let code = &hall.region.as_str()[..6];
        let public = world.fetch(&format!("/halls?district={code}")).await.2;
        assert!(public.contains("0519-81234567") && public.contains("工作日 9:00—12:00、13:30—17:30"));
        let stale = back(&world, &cookie, &path, &describe(&hall, &[("phone", "13812345678")])).await;
        assert!(stale.contains("别人改过了") && stale.contains("13812345678"));
        let kept = world.city().org(hall.id).unwrap().office.clone();
        assert_eq!(kept.phone.unwrap().as_str(), "0519-81234567");
    })
    .await;
}

#[tokio::test]
async fn hostile_and_oversized_values_are_refused_in_words_and_break_nothing() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    let hall = hall(&world);
    let path = format!("/admin/orgs/{}", hall.id);
    let long = "名".repeat(10_000);
    let text = back(&world, &cookie, &path, &describe(&hall, &[("name", &long), ("basis", "依据")])).await;
    assert!(text.contains("机构全称最多 60 个字") && text.contains(&long));
    let sql = "'; DROP TABLE org_office; --";
    let form = describe(&hall, &[("address", sql), ("short", "<script>alert(1)</script>"), ("basis", sql)]);
    let text = back(&world, &cookie, &path, &form).await;
    assert!(!text.contains("<script>alert"), "what was typed stays text");
    let form = describe(&hall, &[("address", sql), ("short", "<i>青龙"), ("basis", sql)]);
    assert!(done(&world, &cookie, &path, &form).await.contains("已经保存"));
    assert_eq!(world.city().org(hall.id).unwrap().office.address.as_deref(), Some(sql));
    let list = page(&world, &cookie, "/admin/orgs").await;
    assert!(!list.contains("<i>青龙"));
    let (status, _, text) = world.post_as(&cookie, &path, &[("version", "abc")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("这个请求看不懂"));
}

#[tokio::test]
async fn a_hall_that_is_closed_says_why_and_opens_again() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    let id = hall(&world).id;
    let path = format!("/admin/orgs/{id}/service");
    let text = back(&world, &cookie, &path, &[("version", "0"), ("wish", "close"), ("reason", " ")]).await;
    assert!(text.contains("请写明依据或原因"));
    let form = [("version", "0"), ("wish", "close"), ("reason", "大厅装修")];
    let text = done(&world, &cookie, &path, &form).await;
    let code = id_of_district(&world, id);
    assert!(world.fetch(&format!("/halls?district={code}")).await.2.contains("大厅装修"));
    assert!(text.contains("暂停服务：大厅装修") && !world.city().org(id).unwrap().is_open());
    let form = [("version", "1"), ("wish", "reopen"), ("reason", "装修完工")];
    assert!(done(&world, &cookie, &path, &form).await.contains("已经恢复服务"));
    assert_eq!(world.post_as(&cookie, &path, &[("wish", "burn")]).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_authorisation_is_taken_away_and_given_back_with_its_basis() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    let hall = hall(&world);
    let path = format!("/admin/orgs/{}/immediate", hall.id);
    let text = page(&world, &cookie, &path).await;
    let first = text.find("type=\"submit\" disabled").unwrap();
    assert!(first < text.find("name=\"change\"").unwrap(), "Enter in the field of the basis changes nothing");
    let change = text.split("name=\"change\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let without = [("version", "0"), ("change", change.as_str()), ("basis", "")];
    assert!(back(&world, &cookie, &path, &without).await.contains("请写明依据或原因"));
    let form = [("version", "0"), ("change", change.as_str()), ("basis", "授权书 2026 年第 2 号")];
    let text = done(&world, &cookie, &path, &form).await;
    assert!(text.contains("未授权"));
    let item = change.split(':').next().unwrap().parse().unwrap();
    assert!(!world.city().decides_at_once(hall.id, item));
    assert_eq!(world.post_as(&cookie, &path, &[("change", "x:give")]).await.0, StatusCode::BAD_REQUEST);
    let office = world.city().orgs.iter().find(|org| org.kind == OrgKind::Department).unwrap().id;
    assert_eq!(
        world.get_as(&cookie, &format!("/admin/orgs/{office}/immediate")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_notice_is_shown_with_its_effect_before_it_counts_and_can_be_withdrawn() {
    on_both(|world| async move {
        let cookie = signed_in(&world, Role::SystemAdministrator).await;
        let year = page(&world, &cookie, "/admin/calendar?year=2026").await;
        assert!(year.contains("上班 248 天") && year.contains("还没有录入过通知"));
        let form = page(&world, &cookie, "/admin/calendar/notice?day=2026-03-09").await;
        assert!(form.contains("2026-03-09 放假"));
        let typed = [
            ("version", "0"),
            ("source", "国办发明电〔2026〕2 号<b>"),
            ("issued_on", "2026-03-01"),
            ("days", "2026-03-09 放假 临时放假\r\n2026-02-27 平常"),
        ];
        let (status, _, text) = world
            .post_as(&cookie, "/admin/calendar/notice", &[&typed[..], &[("step", "check")]].concat())
            .await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("现在还没有生效") && text.contains("其中 1 天已经过去"));
        assert!(text.contains("〔2026〕2 号&#60;b&#62;"));
        assert!(world.city().calendar.is_working(jiff::civil::date(2026, 3, 9)));
        let (status, _, text) = world
            .post_as(&cookie, "/admin/calendar/notice", &[&typed[..], &[("step", "back")]].concat())
            .await;
        assert!(status == StatusCode::OK && text.contains("2026-02-27 平常"));
        let text =
            done(&world, &cookie, "/admin/calendar/notice", &[&typed[..], &[("step", "enter")]].concat())
                .await;
        assert!(text.contains("已经录入") && text.contains("共 2 天"));
        assert!(!world.city().calendar.is_working(jiff::civil::date(2026, 3, 9)));
        let twice = [&typed[..], &[("step", "enter")]].concat();
        assert!(back(&world, &cookie, "/admin/calendar/notice", &twice).await.contains("别人改过了"));
        let withdraw = [("version", "1"), ("no", "1"), ("step", "withdraw"), ("reason", "")];
        let text = back(&world, &cookie, "/admin/calendar/withdraw", &withdraw).await;
        assert!(text.contains("请写明撤销的原因") && text.contains("现在还没有撤销"));
        let withdraw = [("version", "1"), ("no", "1"), ("step", "withdraw"), ("reason", "日期录错")];
        assert!(done(&world, &cookie, "/admin/calendar/withdraw", &withdraw).await.contains("已撤销"));
        assert!(world.city().calendar.is_working(jiff::civil::date(2026, 3, 9)));
        let gone = done(&world, &cookie, "/admin/calendar/withdraw", &[("version", "2"), ("no", "1")]).await;
        assert!(gone.contains("日历上不再算它"));
    })
    .await;
}

#[tokio::test]
async fn a_notice_that_cannot_be_read_comes_back_with_each_line_that_is_wrong() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    let form = [
        ("version", "0"),
        ("source", ""),
        ("issued_on", "昨天"),
        ("days", "元旦放假\n2026-13-01 放假 元旦"),
        ("step", "check"),
    ];
    let text = back(&world, &cookie, "/admin/calendar/notice", &form).await;
    for say in ["请选择通知上写的成文日期", "第 1 行的日期看不懂", "第 2 行的日期看不懂", "元旦放假"]
    {
        assert!(text.contains(say), "{say}");
    }
    let long = "2026-03-09 放假 节\n".repeat(5_000);
    let form = [("version", "0"), ("source", "x"), ("issued_on", "2026-03-01"), ("days", long.as_str())];
    assert!(back(&world, &cookie, "/admin/calendar/notice", &form).await.contains("写得太长了"));
}

#[tokio::test]
async fn from_october_on_the_administrator_is_told_that_the_calendar_ends() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    assert!(!page(&world, &cookie, "/admin").await.contains("放假安排只录到"));
    world.clock.set("2026-10-12T01:00:00Z");
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    for path in ["/admin", "/admin/calendar"] {
        assert!(page(&world, &cookie, path).await.contains("放假安排只录到 2026 年"), "{path}");
    }
}

const ONCE: Retries = Retries { most: 1, ..Retries::USUAL };

/// A job and a message that were given up.
struct GiveUp(Timestamp);

impl Work for GiveUp {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        jobs::push(tx, "notify", "case-1<b>", "{}", self.0).await?;
        for job in jobs::claim(tx, "notify", self.0, &ONCE, 10).await? {
            jobs::fail(tx, &job, "对方没有应答", self.0, &ONCE).await?;
        }
        outbox::push(tx, "sms", "m-1", "{}").await?;
        for message in outbox::take(tx, self.0, &ONCE, 100).await? {
            outbox::fail(tx, &message, "短信通道关闭", self.0, &ONCE).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_was_given_up_is_shown_with_its_reason_and_started_again_once() {
    on_both(|world| async move {
        let cookie = signed_in(&world, Role::SystemAdministrator).await;
        let audit = signed_in(&world, Role::AuditAdministrator).await;
        world.db.write(GiveUp(world.now())).await.unwrap();
        assert!(page(&world, &cookie, "/admin").await.contains("有 1 个后台任务多次没办成"));
        let text = page(&world, &cookie, "/admin/jobs").await;
        assert!(text.contains("对方没有应答") && text.contains("case-1&#60;b&#62;"));
        let retry = text.split("action=\"").find(|part| part.contains("/retry")).unwrap();
        let retry = retry.split('"').next().unwrap().to_owned();
        assert!(done(&world, &cookie, &retry, &[]).await.contains("已经排队重试"));
        assert!(done(&world, &cookie, &retry, &[]).await.contains("已经不在停下来的名单里"));
        assert!(page(&world, &cookie, "/admin/jobs?state=waiting").await.contains("case-1"));
        let text = page(&world, &cookie, "/admin/jobs?state=messages").await;
        assert!(text.contains("短信通道关闭"));
        let retry = text.split("action=\"").find(|part| part.contains("/retry")).unwrap();
        let retry = retry.split('"').next().unwrap().to_owned();
        assert!(done(&world, &cookie, &retry, &[]).await.contains("已经排队重试"));
        let journal = page(&world, &audit, "/admin/journal?kind=started_again").await;
        assert_eq!(journal.matches("data-href=").count(), 2);
        assert!(crate::proof::prove(&world.db).await.unwrap().holds());
        for nonsense in ["/admin/jobs/x/retry", "/admin/jobs/messages/x/retry"] {
            assert_eq!(world.post_as(&cookie, nonsense, &[]).await.0, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn the_journal_finds_events_by_person_kind_and_day_and_shows_one_with_its_proof() {
    on_both(|world| async move {
        let (system, cookie) = world.staff(Role::SystemAdministrator, city_id(&world)).await;
        let audit = signed_in(&world, Role::AuditAdministrator).await;
        let hall = hall(&world);
        let path = format!("/admin/orgs/{}", hall.id);
        let form = describe(&hall, &[("phone", "0519-81234567"), ("basis", "常政发〔2026〕3 号")]);
        done(&world, &cookie, &path, &form).await;
        let login = crate::identity::find(&world, system).await.unwrap().unwrap().account.login;
        let found = page(&world, &audit, &format!("/admin/journal?staff={login}&kind=contact_changed")).await;
        assert_eq!(found.matches("data-href=").count(), 1);
        assert!(found.contains("改联系方式") && found.contains(&login));
        let event = found.split("data-href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let text = page(&world, &audit, &event).await;
        for told in ["未改动，等待存证", "常政发〔2026〕3 号", "0519-81234567", "校验值（SM3）"]
        {
            assert!(text.contains(told), "{told}");
        }
        let none = page(&world, &audit, "/admin/journal?from=2026-03-03&until=2026-03-04").await;
        assert!(none.contains("没有符合的记录"));
        let some = page(&world, &audit, "/admin/journal?from=2026-03-02&until=2026-03-02").await;
        assert!(some.contains("data-href="));
        assert_eq!(world.get_as(&audit, "/admin/journal/999999").await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

struct Alter;

impl Work for Alter {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        tx.exec(
            "UPDATE journal SET body = replace(body, '81234567', '87654321') WHERE stream_kind = 'org'",
            &[],
        )
        .await
    }
}

#[tokio::test]
async fn an_altered_event_is_called_altered_on_its_page() {
    let world = world().await;
    let cookie = signed_in(&world, Role::SystemAdministrator).await;
    let audit = signed_in(&world, Role::AuditAdministrator).await;
    let hall = hall(&world);
    let path = format!("/admin/orgs/{}", hall.id);
    done(&world, &cookie, &path, &describe(&hall, &[("phone", "0519-81234567")])).await;
    assert_eq!(world.db.write(Alter).await.unwrap(), 1);
    let found = page(&world, &audit, "/admin/journal?kind=contact_changed").await;
    let event = found.split("data-href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(page(&world, &audit, &event).await.contains("校验不符"));
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_told_at_its_field() {
    let world = world().await;
    let audit = signed_in(&world, Role::AuditAdministrator).await;
    let path = "/admin/journal?number=%27%20OR%201%3D1&staff=nobody&from=x&until=2026-99-01&after=x-y";
    let text = page(&world, &audit, path).await;
    for say in ["没有这个编号的办件", "没有用这个登录名的工作人员", "请选择开始的日子", "请选择结束的日子"]
    {
        assert!(text.contains(say), "{say}");
    }
    let text = page(&world, &audit, "/admin/journal?from=2026-03-04&until=2026-03-02").await;
    assert!(text.contains("请对调"));
}
