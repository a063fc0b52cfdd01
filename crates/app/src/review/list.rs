//! The list of work by the day it is due, narrowed by what stands in the address.

use crate::Ctx;
use crate::cases::{self, ActError, After, StaffActor, TaskFilter, TaskRow, light, read_number};
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff as staff_page};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::cases::WorkKind;
use domain::catalogue::Regime;
use domain::kernel::{CaseId, time::legal_day};
use serde::Deserialize;
use ui::{Button, Choice, Control, Field, Light};

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
static KINDS: [WorkKind; 6] = [
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
    /// As the list of work is asked for.
    pub(super) fn filter(&self, ctx: &Ctx) -> TaskFilter {
        let (city, today) = (ctx.city(), legal_day(ctx.now()));
        let due_until = match self.near.as_str() {
            "late" => today.yesterday().ok(),
            "today" => Some(today),
            "soon" => Some(city.calendar.add_working(today, 3)),
            _ => None,
        };
        TaskFilter {
            kind: KINDS.into_iter().find(|kind| kind.as_str() == self.kind),
            kinds: &KINDS,
            regime: REGIMES.into_iter().find(|(_, word)| *word == self.regime).map(|(regime, _)| regime),
            item_code: (!self.item.is_empty()).then(|| self.item.clone()),
            due_until,
            unclaimed: self.who == "free",
            mine: self.who == "mine",
        }
    }

    /// What stood in the address of a list, as [`Ask::query`] wrote it; whatever else is given narrows nothing.
    pub(super) fn of_query(query: &str) -> Self {
        Self { after: String::new(), ..serde_urlencoded::from_str(query).unwrap_or_default() }
    }

    /// What stands in the address of the list, after its question mark.
    pub(super) fn query(&self) -> String {
        let pairs = [
            ("kind", &self.kind),
            ("regime", &self.regime),
            ("near", &self.near),
            ("who", &self.who),
            ("item", &self.item),
        ];
        let given: Vec<(&str, &str)> =
            pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(k, v)| (*k, v.as_str())).collect();
        serde_urlencoded::to_string(&given).unwrap_or_default()
    }

    /// The address of the list from its beginning.
    pub(super) fn link(&self) -> String {
        match self.query() {
            query if query.is_empty() => "/review".to_owned(),
            query => format!("/review?{query}"),
        }
    }

    /// The address of the list after a row.
    fn after(&self, after: &After) -> String {
        let link = self.link();
        let joint = if link.contains('?') { '&' } else { '?' };
        format!("{link}{joint}after={}", after.cursor())
    }

    /// The address of a case that comes back to this list and goes on in it.
    pub(super) fn case(&self, id: CaseId) -> String {
        match serde_urlencoded::to_string([("list", self.query())]) {
            Ok(list) if list != "list=" => format!("/review/{id}?{list}"),
            _ => format!("/review/{id}"),
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
    /// The item the list is narrowed to; empty for none.
    item: String,
    item_code: String,
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
    let after = After::asked(&ask.after)?;
    let page = cases::worklist(&ctx, &StaffActor::from(&staff), &ask.filter(&ctx), after.as_ref(), PAGE)
        .await
        .map_err(ActError::from)?;
    let lines: Vec<Line> = page.rows.iter().map(|row| line(&ctx, &staff, &ask, row)).collect();
    let body = ListPage {
        filters: filters(&ask),
        picks: lines.iter().any(|line| line.pick.is_some()),
        lines,
        next: page.next.map(|after| ask.after(&after)).unwrap_or_default(),
        first: if after.is_some() { ask.link() } else { String::new() },
        narrowed: !ask.query().is_empty(),
        item: ctx.catalogue().item(&ask.item).map(|entry| entry.name().to_owned()).unwrap_or_default(),
        item_code: ask.item.clone(),
        go: Button::submit("筛选"),
        batch: Button::submit("批量准予勾选的").form_action("/review/batch").key("Ctrl+Enter"),
    };
    staff_page("审核", &staff, &look, &body)
}

fn line(ctx: &Ctx, staff: &Staff, ask: &Ask, row: &TaskRow) -> Line {
    let city = ctx.city();
    let today = legal_day(ctx.now());
    let simple = row.kind == WorkKind::Decide && row.case.due.is_some_and(|due| due >= today);
    Line {
        href: ask.case(row.case.id),
        light: light(row.case.due, row.case.status, today, &city.calendar),
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
