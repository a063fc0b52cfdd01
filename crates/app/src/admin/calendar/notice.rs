//! Entering a notice in two steps: what it says, then what it does to the cases that are open; and withdrawing one.

use crate::Ctx;
use crate::admin::desk::{for_the_city, see, stamp};
use crate::cases::{Effect, MOST_LOOKED_AT, effect_of};
use crate::identity::Staff;
use crate::org::{ChangeError, WorkdaysRecord, change_workdays, workdays};
use crate::web::page::{Look, staff, staff_form};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::response::Response;
use domain::kernel::time::{Due, WorkCalendar, legal_day};
use domain::org::{DayChange, Notice, Workdays, WorkdaysCommand, WorkdaysRefusal, line_of, parse_days};
use domain::rights::Permission;
use jiff::civil::Date;
use serde::Deserialize;
use ui::{
    Button, Control, ErrorSummary, Field, FieldError, Row, SafeHtml, Summary, SummaryRow, Table, TextKind,
    Trail, Width,
};

/// The most text that is read as days; a notice has a page.
const LONGEST_TEXT: usize = 20_000;

/// What the form of a notice may begin with.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ask {
    day: String,
}

/// The form as it was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    source: String,
    issued_on: String,
    days: String,
    step: String,
}

#[derive(Template)]
#[template(path = "admin/notice.html")]
struct NoticePage {
    trail: Trail,
    errors: ErrorSummary,
    version: i64,
    fields: Vec<Field>,
    next: Button,
}

#[derive(Template)]
#[template(path = "admin/notice_check.html")]
struct CheckPage {
    trail: Trail,
    title: &'static str,
    action: &'static str,
    summary: Summary,
    lines: Vec<String>,
    effect: String,
    warnings: Vec<String>,
    moved: Option<Table>,
    hidden: Vec<(&'static str, String)>,
    confirm: Button,
    back: SafeHtml,
}

fn form_page(typed: &Typed, wrong: &[(&'static str, String)]) -> NoticePage {
    let says = |field: &str| {
        let told: Vec<&str> =
            wrong.iter().filter(|(name, _)| *name == field).map(|(_, say)| say.as_str()).collect();
        told.join("；")
    };
    let days: String = typed.days.chars().take(LONGEST_TEXT).collect();
    let fields = vec![
        Field::text("source", "依据", TextKind::Text, &typed.source)
            .hint("通知的名称和文号，例如 国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕7 号）")
            .width(Width::Long)
            .error(says("source")),
        Field::date("issued_on", "成文日期", &typed.issued_on).error(says("issued_on")),
        Field::new("days", "改动的日子", Control::Area { value: days, rows: 10 })
            .hint("一行写一天或一段：日期、“放假”“上班”或“平常”、节日名称。例如 2027-01-01至2027-01-03 放假 元旦；“平常”是改回按星期几算")
            .error(says("days")),
    ];
    let mut lines: Vec<FieldError> = fields.iter().filter_map(Field::summary_line).collect();
    let whole = says("");
    if !whole.is_empty() {
        lines.push(FieldError { id: "source".to_owned(), text: whole });
    }
    NoticePage {
        trail: Trail::new([("系统管理", "/admin"), ("工作日", "/admin/calendar")], "录入通知"),
        errors: ErrorSummary::new(lines),
        version: typed.version,
        fields,
        next: Button::submit("看看会影响多少件").primary().named("step", "check"),
    }
}

/// `GET /admin/calendar/notice?day=`.
pub(super) async fn form(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let calendar = &ctx.city().calendar;
    let days = match ask.day.parse::<Date>() {
        Ok(day) if calendar.is_working(day) => format!("{day} 放假 "),
        Ok(day) => format!("{day} 上班 "),
        Err(_) => String::new(),
    };
    let typed = Typed { version: workdays(&ctx).await?.version, days, ..Typed::default() };
    staff("录入通知", &staff_member, &look, &form_page(&typed, &[]))
}

/// What the form says, or what cannot be read of it.
fn read(typed: &Typed) -> Result<WorkdaysCommand, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let issued_on = typed.issued_on.trim().parse::<Date>().map_err(|_| {
        wrong.push(("issued_on", "请选择通知上写的成文日期，例如 2026-11-04".to_owned()));
    });
    let too_long = typed.days.chars().count() > LONGEST_TEXT;
    if too_long {
        wrong.push(("days", "写得太长了，请分成几份通知录入".to_owned()));
    }
    let text = if too_long { "" } else { typed.days.as_str() };
    let days =
        parse_days(text).map_err(|bad| wrong.extend(bad.iter().map(|line| ("days", line.to_string()))));
    match (issued_on, days) {
        (Ok(issued_on), Ok(days)) if !too_long => {
            Ok(WorkdaysCommand::Enter { source: typed.source.clone(), issued_on, days })
        }
        _ => Err(wrong),
    }
}

fn told(error: ChangeError<WorkdaysRefusal>) -> Result<Vec<(&'static str, String)>, Fault> {
    match error {
        ChangeError::Refused(why) => Ok(why.iter().map(|why| (why.field(), why.to_string())).collect()),
        ChangeError::Stale => Ok(vec![("", error.to_string())]),
        ChangeError::Absent => Err(Fault::not_found()),
        ChangeError::Store(error) => Err(error.into()),
    }
}

/// `POST /admin/calendar/notice`: `step=check` shows what would happen, `step=enter` enters it, `step=back` is the form
/// again.
pub(super) async fn enter(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Extension(trace): Extension<Trace>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let look = look.at("/admin/calendar/notice");
    if typed.step == "back" {
        return staff("录入通知", &staff_member, &look, &form_page(&typed, &[]));
    }
    let wrong = match read(&typed) {
        Err(wrong) => wrong,
        Ok(command) if typed.step == "enter" => {
            match change_workdays(&ctx, typed.version, command, stamp(&ctx, &staff_member, &trace)).await {
                Ok(_) => return Ok(see("/admin/calendar?done=entered")),
                Err(error) => told(error)?,
            }
        }
        Ok(command) => match planned(&ctx, typed.version, &command).await? {
            Ok(plan) => {
                let page = check_notice(&ctx, &typed, &command, &plan).await?;
                return staff("确认录入", &staff_member, &look, &page);
            }
            Err(wrong) => wrong,
        },
    };
    let fresh = Typed { version: workdays(&ctx).await?.version, ..typed };
    staff_form("录入通知", &staff_member, &look, &form_page(&fresh, &wrong), true)
}

/// The notices as they would be, or why not; decided by the same rules as the change itself.
async fn planned(
    ctx: &Ctx,
    version: i64,
    command: &WorkdaysCommand,
) -> Result<Result<Workdays, Vec<(&'static str, String)>>, Fault> {
    let WorkdaysRecord { workdays: now, version: newest, .. } = workdays(ctx).await?;
    if newest != version {
        return Ok(Err(told(ChangeError::Stale)?));
    }
    Ok(match now.decide(command, ctx.now(), legal_day(ctx.now())) {
        Ok(events) => Ok(events.iter().fold(now, Workdays::apply)),
        Err(why) => Err(told(ChangeError::Refused(why))?),
    })
}

async fn check_notice(
    ctx: &Ctx,
    typed: &Typed,
    command: &WorkdaysCommand,
    plan: &Workdays,
) -> Result<CheckPage, Fault> {
    let calendar = ctx.city().calendar_with(plan);
    let effect = effect_of(&ctx.db, &calendar, MOST_LOOKED_AT).await?;
    let days = match command {
        WorkdaysCommand::Enter { days, .. } => days.as_slice(),
        WorkdaysCommand::Withdraw { .. } => &[],
    };
    Ok(CheckPage {
        trail: Trail::new([("系统管理", "/admin"), ("工作日", "/admin/calendar")], "确认录入"),
        title: "确认录入通知",
        action: "/admin/calendar/notice",
        summary: Summary::new(vec![
            SummaryRow::new("依据", typed.source.trim()),
            SummaryRow::new("成文日期", typed.issued_on.trim()),
        ]),
        lines: days.iter().map(line_of).collect(),
        effect: effect_words(&effect),
        warnings: warnings(&effect, days, &calendar, legal_day(ctx.now())),
        moved: moved(&effect),
        hidden: vec![
            ("version", typed.version.to_string()),
            ("source", typed.source.clone()),
            ("issued_on", typed.issued_on.clone()),
            ("days", typed.days.clone()),
        ],
        confirm: Button::submit("确认录入").primary().named("step", "enter"),
        back: SafeHtml::of(&Button::submit("返回修改").named("step", "back")),
    })
}

/// What happens to the open cases, in one sentence.
fn effect_words(effect: &Effect) -> String {
    let open = effect.open;
    let looked = if effect.more {
        format!("在办件很多，这里只看了最先到期的 {open} 件，录入以后会全部重算；其中")
    } else {
        format!("现有 {open} 件在办件，")
    };
    if effect.moved() == 0 {
        return format!("{looked}到期日都不变。");
    }
    let mut parts = Vec::new();
    for (count, word) in [(effect.later, "推后"), (effect.earlier, "提前")] {
        if count > 0 {
            parts.push(format!("{count} 件{word}"));
        }
    }
    format!("{looked}到期日会变的有 {} 件：{}。", effect.moved(), parts.join("，"))
}

fn warnings(effect: &Effect, days: &[DayChange], calendar: &WorkCalendar, today: Date) -> Vec<String> {
    let mut list = Vec::new();
    let past = days.iter().filter(|day| day.date < today).count();
    if past > 0 {
        list.push(format!("其中 {past} 天已经过去，会追溯改动正在计时的件，请确认日期没有写错。"));
    }
    if effect.earlier > 0 {
        list.push(format!("有 {} 件的到期日会提前，请通知承办人员。", effect.earlier));
    }
    if effect.beyond > 0 {
        let known = calendar.known_until().map_or_else(String::new, |year| format!("（只录到 {year} 年）"));
        list.push(format!("有 {} 件的到期日在已知放假安排之后{known}，日期仍然只能估算。", effect.beyond));
    }
    list
}

fn moved(effect: &Effect) -> Option<Table> {
    let told = |due: Option<Due>| match due {
        Some(due) if due.beyond_calendar => format!("{}（估算）", due.date),
        Some(due) => due.date.to_string(),
        None => "暂停计时".to_owned(),
    };
    let row = |case: &crate::cases::Moved| Row {
        cells: [&case.number, &case.item_name, &told(case.before), &told(case.after)]
            .map(|text| SafeHtml::text(text))
            .to_vec(),
        ..Row::default()
    };
    (!effect.named.is_empty()).then(|| {
        Table::new("最先到期的几件", ["办件编号", "事项", "原到期日", "新到期日"])
            .rows(effect.named.iter().map(row).collect())
    })
}

/// The withdrawal as it was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Withdrawn {
    version: i64,
    no: u32,
    reason: String,
    step: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<form method="post" action="/admin/calendar/withdraw"><input type="hidden" name="version" value="{{ version }}"><input type="hidden" name="no" value="{{ no }}">{{ button }}</form>"#
)]
struct WithdrawForm {
    version: i64,
    no: u32,
    button: Button,
}

/// The button in the table of notices; what it does is confirmed on the next page.
pub(super) fn withdraw_form(notice: &Notice, version: i64) -> SafeHtml {
    let button = Button::submit("撤销").small().about(notice.source.as_str());
    SafeHtml::render(&WithdrawForm { version, no: notice.no, button }).unwrap_or_default()
}

/// `POST /admin/calendar/withdraw`: without a step it shows what would happen and asks for the reason.
pub(super) async fn withdraw(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Extension(trace): Extension<Trace>,
    Form(typed): Form<Withdrawn>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let look = look.at("/admin/calendar");
    let command = WorkdaysCommand::Withdraw { no: typed.no, reason: typed.reason.clone() };
    let mut wrong = Vec::new();
    if typed.step == "withdraw" {
        let stamp = stamp(&ctx, &staff_member, &trace);
        match change_workdays(&ctx, typed.version, command, stamp).await {
            Ok(_) => return Ok(see("/admin/calendar?done=withdrawn")),
            Err(error) => wrong = told(error)?,
        }
    }
    let record = workdays(&ctx).await?;
    let notice = record.workdays.notices.iter().find(|n| n.no == typed.no && n.withdrawn.is_none());
    let Some(notice) = notice else { return Ok(see("/admin/calendar?done=gone")) };
    let page = check_withdrawal(&ctx, &record, notice, &typed, &wrong).await?;
    if wrong.is_empty() {
        staff("撤销通知", &staff_member, &look, &page)
    } else {
        staff_form("撤销通知", &staff_member, &look, &page, true)
    }
}

async fn check_withdrawal(
    ctx: &Ctx,
    record: &WorkdaysRecord,
    notice: &Notice,
    typed: &Withdrawn,
    wrong: &[(&'static str, String)],
) -> Result<WithdrawPage, Fault> {
    let command = WorkdaysCommand::Withdraw { no: notice.no, reason: "撤销".to_owned() };
    let plan = match planned(ctx, record.version, &command).await? {
        Ok(plan) => plan,
        Err(_) => return Err(Fault::not_found()),
    };
    let calendar = ctx.city().calendar_with(&plan);
    let effect = effect_of(&ctx.db, &calendar, MOST_LOOKED_AT).await?;
    let say: Vec<&str> = wrong.iter().map(|(_, say)| say.as_str()).collect();
    let reason = Field::text("reason", "撤销的原因", TextKind::Text, &typed.reason)
        .hint("例如：日期录错，已重新录入")
        .width(Width::Long)
        .error(say.join("；"));
    Ok(WithdrawPage {
        trail: Trail::new([("系统管理", "/admin"), ("工作日", "/admin/calendar")], "撤销通知"),
        errors: ErrorSummary::of([&reason]),
        source: notice.source.clone(),
        lines: notice.days.iter().map(line_of).collect(),
        effect: effect_words(&effect),
        warnings: warnings(&effect, &notice.days, &calendar, legal_day(ctx.now())),
        moved: moved(&effect),
        version: record.version,
        no: notice.no,
        reason,
        confirm: Button::submit("确认撤销").danger().named("step", "withdraw"),
    })
}

#[derive(Template)]
#[template(path = "admin/notice_withdraw.html")]
struct WithdrawPage {
    trail: Trail,
    errors: ErrorSummary,
    source: String,
    lines: Vec<String>,
    effect: String,
    warnings: Vec<String>,
    moved: Option<Table>,
    version: i64,
    no: u32,
    reason: Field,
    confirm: Button,
}
