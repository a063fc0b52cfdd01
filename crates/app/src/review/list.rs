//! The list of work by the day it is due, narrowed by what stands in the address.

use super::actor;
use crate::Ctx;
use crate::cases::{self, ActError, After, Nearness, TaskFilter, TaskRow, read_number};
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff as staff_page};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::cases::{Status, WorkKind};
use domain::catalogue::Regime;
use domain::kernel::time::legal_day;
use jiff::civil::Date;
use serde::Deserialize;
use ui::{Button, Choice, Control, Field, Light, LightState};

/// Rows on one page.
const PAGE: usize = 30;

/// What the list is narrowed to; every part stands in the address, so that a list can be kept and sent on.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub regime: String,
    #[serde(default)]
    pub near: String,
    #[serde(default)]
    pub who: String,
    #[serde(default)]
    pub item: String,
    #[serde(default)]
    pub after: String,
}

/// The kinds of work of the back office; the others are done at the window.
pub(super) const KINDS: [WorkKind; 6] = [
    WorkKind::FirstReview,
    WorkKind::ReportUp,
    WorkKind::Review,
    WorkKind::Decide,
    WorkKind::Resume,
    WorkKind::MakeResult,
];

const REGIMES: [(Regime, &str); 3] =
    [(Regime::Immediate, "immediate"), (Regime::Promised, "promised"), (Regime::ReportUp, "report_up")];

impl Ask {
    fn filter(&self, ctx: &Ctx) -> TaskFilter {
        let (city, today) = (ctx.city(), legal_day(ctx.now()));
        let due_until = match self.near.as_str() {
            "late" => today.yesterday().ok(),
            "today" => Some(today),
            "soon" => Some(city.calendar.add_working(today, 3)),
            _ => None,
        };
        TaskFilter {
            kind: KINDS.into_iter().find(|kind| kind.as_str() == self.kind),
            regime: REGIMES.into_iter().find(|(_, word)| *word == self.regime).map(|(regime, _)| regime),
            item_code: (!self.item.is_empty()).then(|| self.item.clone()),
            due_until,
            unclaimed: self.who == "free",
            mine: self.who == "mine",
        }
    }

    /// The address of the list after a row.
    fn link(&self, after: &str) -> String {
        let pairs = [
            ("kind", &self.kind),
            ("regime", &self.regime),
            ("near", &self.near),
            ("who", &self.who),
            ("item", &self.item),
        ];
        let mut query: Vec<(&str, &str)> =
            pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(k, v)| (*k, v.as_str())).collect();
        if !after.is_empty() {
            query.push(("after", after));
        }
        match serde_urlencoded::to_string(&query) {
            Ok(query) if !query.is_empty() => format!("/review?{query}"),
            _ => "/review".to_owned(),
        }
    }
}

/// One row.
struct Line {
    href: String,
    light: Light,
    due: String,
    item: String,
    number: String,
    applicant: String,
    work: &'static str,
    org: String,
    holder: &'static str,
    pick: Option<String>,
}

#[derive(Template)]
#[template(path = "review/list.html")]
struct ListPage {
    filters: Vec<Field>,
    lines: Vec<Line>,
    picks: bool,
    next: String,
    first: String,
    narrowed: bool,
    go: Button,
    batch: Button,
}

/// `GET /review`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let after = match ask.after.as_str() {
        "" => None,
        text => Some(After::from_cursor(text).ok_or_else(bad_cursor)?),
    };
    let page = cases::worklist(&ctx, &actor(&staff), &ask.filter(&ctx), after.as_ref(), PAGE)
        .await
        .map_err(ActError::from)?;
    let lines: Vec<Line> =
        page.rows.iter().filter(|row| KINDS.contains(&row.kind)).map(|row| line(&ctx, &staff, row)).collect();
    let body = ListPage {
        filters: filters(&ask),
        picks: lines.iter().any(|line| line.pick.is_some()),
        lines,
        next: page.next.map(|after| ask.link(&after.cursor())).unwrap_or_default(),
        first: if after.is_some() { ask.link("") } else { String::new() },
        narrowed: ask.link("") != "/review",
        go: Button::submit("筛选"),
        batch: Button::submit("批量准予勾选的").form_action("/review/batch"),
    };
    staff_page("审核", &staff, &look, &body)
}

/// The sentence for an address that was cut or changed.
pub(crate) fn bad_cursor() -> Fault {
    Fault::bad_request("after", "翻页的位置不对，请从列表第一页重新翻。")
}

fn line(ctx: &Ctx, staff: &Staff, row: &TaskRow) -> Line {
    let city = ctx.city();
    let today = legal_day(ctx.now());
    let simple = row.kind == WorkKind::Decide && row.case.due.is_some_and(|due| due >= today);
    Line {
        href: format!("/review/{}", row.case.id),
        light: light(row.case.due, row.case.status, today, ctx),
        due: row.case.due.map(|due| due.to_string()).unwrap_or_default(),
        item: row.case.item_name.clone(),
        number: read_number(&row.case.number),
        applicant: row.case.applicant.clone(),
        work: row.kind.label(),
        org: city.org(row.org).map(|o| o.name.clone()).unwrap_or_default(),
        holder: match row.holder {
            Some(id) if id == staff.id => "我",
            Some(_) => "同事",
            None => "无人认领",
        },
        pick: simple.then(|| format!("{}:{}", row.case.id, row.case.version)),
    }
}

/// The light of a due day: shape, colour and words.
pub(crate) fn light(due: Option<Date>, status: Status, today: Date, ctx: &Ctx) -> Light {
    let Some(due) = due else {
        let words = if status == Status::Suspended { "特别程序，停表" } else { "没有期限" };
        return Light::new(LightState::Stopped, words);
    };
    let calendar = &ctx.city().calendar;
    match Nearness::of(due, today, calendar) {
        Nearness::Late => {
            let days = calendar.working_between(due, today);
            Light::new(LightState::Overdue, format!("超期 {days} 个工作日"))
        }
        Nearness::Today => Light::new(LightState::Warning, "今天到期"),
        near => {
            let days = calendar.working_between(today, due);
            let state = if near == Nearness::Soon { LightState::Warning } else { LightState::OnTime };
            Light::new(state, format!("剩 {days} 个工作日"))
        }
    }
}

fn filters(ask: &Ask) -> Vec<Field> {
    let select = |name: &str, label: &str, given: &str, choices: Vec<(&str, &str)>| {
        let all = std::iter::once(("", "全部")).chain(choices);
        let all = all.map(|(value, word)| Choice::new(value, word, value == given));
        Field::new(name, label, Control::Select(all.collect()))
    };
    let kinds = KINDS.iter().map(|kind| (kind.as_str(), kind.label())).collect();
    let near = vec![("late", "已超期"), ("today", "今天到期"), ("soon", "三天内到期")];
    let who = vec![("free", "无人认领"), ("mine", "我认领的")];
    let regimes = vec![("immediate", "即办件"), ("promised", "承诺件"), ("report_up", "上报件")];
    vec![
        select("kind", "环节", &ask.kind, kinds),
        select("near", "期限", &ask.near, near),
        select("who", "谁在办", &ask.who, who),
        select("regime", "办件类型", &ask.regime, regimes),
    ]
}
