//! The first page of the administration: what needs attention, and the parts that this person may open.

use super::desk::when;
use crate::Ctx;
use crate::identity::Staff;
use crate::routes;
use crate::web::Fault;
use crate::web::page::{Look, staff};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::kernel::time::legal_day;
use domain::rights::Permission;
use store::{Tx, Work, jobs, journal, outbox};

/// The parts with their addresses and what they are for.
const PARTS: &[(&str, &str, &str)] = &[
    ("机构", "/admin/orgs", "全称、简称、办公时间、电话、地址，暂停服务，即办授权"),
    ("工作日", "/admin/calendar", "录入放假调休通知，看它会改动多少件的到期日"),
    ("后台任务", "/admin/jobs", "等着办的、没办成的，手动重试"),
    ("日志", "/admin/journal", "谁在什么时候做了什么，有没有被改动过"),
    ("人员", "/admin/people", "开通和停用账号，分配岗位"),
    ("接入系统", "/admin/clients", "部门业务系统的编号、密钥、授权范围和次数"),
    ("权限表", "/admin/rights", "每个岗位能做什么，为什么"),
    ("事项", "/admin/catalogue", "事项和办事指南的变更"),
];

/// Messages looked at to say how many were set aside.
const MANY: u32 = 100;

struct Part {
    name: &'static str,
    href: &'static str,
    about: &'static str,
}

/// What is wrong or coming, for those who can do something about it.
struct Attention {
    say: String,
    href: &'static str,
    action: &'static str,
}

#[derive(Template)]
#[template(path = "admin/home.html")]
struct Home {
    parts: Vec<Part>,
    attention: Vec<Attention>,
    sealed: String,
}

struct State3;

impl Work for State3 {
    type Out = (i64, usize, Option<journal::Block>);
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let failed = jobs::counts(tx).await?.iter().filter(|c| c.1 == jobs::State::Failed).map(|c| c.2).sum();
        let poisoned = outbox::poisoned(tx, 0, MANY).await?.len();
        Ok((failed, poisoned, journal::last_blocks(tx, None, 1).await?.first().copied()))
    }
}

/// `GET /admin`.
pub(super) async fn home(State(ctx): State<Ctx>, staff_member: Staff, look: Look) -> Result<Response, Fault> {
    let may = |href: &str| routes::admits("GET", href, &staff_member.actor);
    let parts = PARTS.iter().filter(|part| may(part.1));
    let (failed, poisoned, block) = ctx.db.read(State3).await?;
    let configures = staff_member.may_somewhere(Permission::ConfigureSystem);
    let audits = staff_member.may_somewhere(Permission::ReadAuditLog);
    let body = Home {
        parts: parts.map(|(name, href, about)| Part { name, href, about }).collect(),
        attention: if configures { attention(&ctx, failed, poisoned) } else { Vec::new() },
        sealed: match block {
            Some(block) if audits => {
                format!("日志最近一次存证：第 {} 块，{}。", block.no, when(block.sealed_at))
            }
            None if audits => "日志还没有存证；有人办理业务后一分钟内会自动存证。".to_owned(),
            _ => String::new(),
        },
    };
    staff("系统管理", &staff_member, &look, &body)
}

fn attention(ctx: &Ctx, failed: i64, poisoned: usize) -> Vec<Attention> {
    let mut list = Vec::new();
    if let Some(say) = calendar_end(ctx) {
        list.push(Attention { say, href: "/admin/calendar/notice", action: "录入放假通知" });
    }
    if failed > 0 {
        let say = format!("有 {failed} 个后台任务多次没办成，已经停下来等人处理。");
        list.push(Attention { say, href: "/admin/jobs?state=failed", action: "去看看" });
    }
    if poisoned > 0 {
        let more = if poisoned == MANY as usize { "以上" } else { "" };
        let say = format!("有 {poisoned} 条{more}待发消息多次没发出去，已经搁置。");
        list.push(Attention { say, href: "/admin/jobs?state=messages", action: "去看看" });
    }
    list
}

/// A warning from the autumn before the known calendar ends: the State Council publishes the next year in November.
pub(super) fn calendar_end(ctx: &Ctx) -> Option<String> {
    let city = ctx.city();
    let today = legal_day(ctx.now());
    let Some(year) = city.calendar.known_until() else {
        return Some("还没有录入任何一年的放假安排，到期日都只能估算。".to_owned());
    };
    let near = today.year() > year || (today.year() == year && today.month() >= 10);
    near.then(|| {
        format!("放假安排只录到 {year} 年 12 月 31 日，之后的到期日会变。国务院一般在 11 月公布下一年的安排，公布后请马上录入。")
    })
}
