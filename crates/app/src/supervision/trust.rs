//! 诚信记录 on a page: whose promise was broken, recording one for a case, and noting that it was made good.

use crate::Ctx;
use crate::cases::{self, By, Distrust, StaffActor, TrustError};
use crate::identity::{Staff, persons};
use crate::web::page::{Look, staff_form};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::kernel::time::legal_day;
use domain::kernel::{CaseId, numbers::CaseNumber};
use serde::Deserialize;
use ui::{BackLink, Button, ErrorSummary, Field, Note, NoteKind, TextKind, Width};
use uuid::Uuid;

/// Records looked at for one page.
const PAGE: u32 = 50;

/// Where the list goes on, and what has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    after: String,
    done: String,
}

/// A form as it was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    number: String,
    reason: String,
}

/// What came back: the case of a repair, or none for a new record; the field; the sentence.
struct Wrong {
    case: Option<CaseId>,
    field: &'static str,
    say: String,
}

struct Line {
    case: CaseId,
    who: String,
    item: String,
    number: String,
    reason: String,
    since: String,
    open: bool,
    repair: Field,
}

#[derive(Template)]
#[template(path = "supervision/trust.html")]
struct TrustPage {
    back: BackLink,
    note: Option<Note>,
    errors: ErrorSummary,
    lines: Vec<Line>,
    next: String,
    fields: Vec<Field>,
    record: Button,
}

/// `GET /supervision/trust?after=`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    draw(&ctx, &look, &staff, &ask, &Typed::default(), None).await
}

async fn draw(
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    ask: &Ask,
    typed: &Typed,
    wrong: Option<Wrong>,
) -> Result<Response, Fault> {
    let after: Uuid = match ask.after.as_str() {
        "" => Uuid::nil(),
        text => {
            text.parse().map_err(|_| Fault::bad_request("after", "翻页的位置不对，请从第一页重新翻。"))?
        }
    };
    let (open, more) = cases::open_distrust(ctx, &StaffActor::from(staff), after, PAGE).await?;
    let mut lines = Vec::with_capacity(open.len());
    for record in open {
        lines.push(line(ctx, record, typed, wrong.as_ref()).await?);
    }
    let says = |field: &str| {
        let new = wrong.as_ref().filter(|wrong| wrong.case.is_none() && wrong.field == field);
        new.map(|wrong| wrong.say.clone()).unwrap_or_default()
    };
    let mine = wrong.as_ref().is_none_or(|wrong| wrong.case.is_none());
    let value = |text: &str| if mine { text.to_owned() } else { String::new() };
    let fields = vec![
        Field::text("number", "受理编号", TextKind::Digits, value(&typed.number))
            .hint("按告知承诺受理的，或者容缺材料逾期没有补交的办件")
            .width(Width::Medium)
            .autocomplete("off")
            .error(says("number")),
        Field::area("reason", "核实到的情况", value(&typed.reason))
            .hint("写清楚哪一项承诺、怎么核实的；不写姓名和证件号码")
            .error(says("reason")),
    ];
    let errors: Vec<_> =
        lines.iter().map(|l| &l.repair).chain(&fields).filter_map(Field::summary_line).collect();
    let failed = !errors.is_empty();
    let body = TrustPage {
        back: BackLink::named("返回监督", "/supervision"),
        note: said(&ask.done),
        errors: ErrorSummary::new(errors),
        lines,
        next: more.map(|id| format!("/supervision/trust?after={id}")).unwrap_or_default(),
        fields,
        record: Button::submit("登记失信").danger(),
    };
    staff_form("诚信记录", staff, look, &body, failed)
}

fn said(done: &str) -> Option<Note> {
    let (title, body) = match done {
        "recorded" => ("已经登记", "修复之前，这位申请人不能用容缺受理和告知承诺。"),
        "repaired" => ("已经修复", "这位申请人又可以用容缺受理和告知承诺。"),
        _ => return None,
    };
    Some(Note::new(NoteKind::Ok, title).body(body))
}

async fn line(ctx: &Ctx, record: Distrust, typed: &Typed, wrong: Option<&Wrong>) -> Result<Line, Fault> {
    let who = persons::view(ctx, record.party).await?.map(|person| person.name).unwrap_or_default();
    let here = wrong.filter(|wrong| wrong.case == Some(record.case));
    let value = if here.is_some() { typed.reason.clone() } else { String::new() };
    let repair = Field::area("reason", "怎么修复的", value)
        .id(format!("repair-{}", record.case))
        .hint("例如：已退回多领的补助，主管部门确认")
        .error(here.map(|wrong| wrong.say.clone()).unwrap_or_default());
    Ok(Line {
        case: record.case,
        who,
        item: record.item_name,
        number: record.number,
        reason: record.reason,
        since: legal_day(record.recorded_at).to_string(),
        open: here.is_some(),
        repair,
    })
}

/// `POST /supervision/trust`: records that the promise under a case was broken.
pub(super) async fn record(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let look = look.at("/supervision/trust");
    let back = |field, say: String| Wrong { case: None, field, say };
    let wrong = match typed.number.parse::<CaseNumber>() {
        Err(why) => back("number", why.to_string()),
        Ok(number) => {
            let by = By::from(&staff);
            let found = cases::find_by_number(&ctx, number.as_str(), &by).await?.map(|case| case.id);
            match found {
                None => back("number", TrustError::Absent.to_string()),
                Some(case) => {
                    let who = StaffActor::from(&staff);
                    let told = trace.to_string();
                    match cases::distrust(&ctx, &who, case, &typed.reason, &told).await {
                        Ok(_) => return Ok(Redirect::to("/supervision/trust?done=recorded").into_response()),
                        Err(TrustError::Store(error)) => return Err(error.into()),
                        Err(why) => back(field_of(&why), why.to_string()),
                    }
                }
            }
        }
    };
    draw(&ctx, &look, &staff, &Ask::default(), &typed, Some(wrong)).await
}

/// The field that a refusal is about.
fn field_of(why: &TrustError) -> &'static str {
    use domain::cases::TrustRefusal::{NoReason, TooLong};
    if matches!(why, TrustError::Refused(NoReason | TooLong)) { "reason" } else { "number" }
}

/// `POST /supervision/trust/{case}/repair`: notes that the broken promise was made good.
pub(super) async fn repair(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Path(case): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let (look, case) = (look.at("/supervision/trust"), CaseId(case));
    match cases::repair_trust(&ctx, &StaffActor::from(&staff), case, &typed.reason, &trace.to_string()).await
    {
        Ok(_) => Ok(Redirect::to("/supervision/trust?done=repaired").into_response()),
        Err(TrustError::Store(error)) => Err(error.into()),
        Err(TrustError::Absent) => Err(Fault::not_found()),
        Err(why) => {
            let wrong = Wrong { case: Some(case), field: "reason", say: why.to_string() };
            draw(&ctx, &look, &staff, &Ask::default(), &typed, Some(wrong)).await
        }
    }
}
