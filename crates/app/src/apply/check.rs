//! The last look before submitting, submitting, and the page that tells the numbers.

use super::bundle;
use super::drawn::{self, HOW, WHO};
use super::steps::Head;
use crate::Ctx;
use crate::cases::read_number;
use crate::city::City;
use crate::identity::Citizen;
use crate::intake::{self, Draft, IntakeError, Owner, Problem, Submitter};
use crate::web::Fault;
use crate::web::page::{Look, form_answer, public_page, send};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::kernel::time::{legal_day, notice_due};
use ui::{Button, ErrorSummary, FieldError, Summary, SummaryRow};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "apply/check.html")]
struct CheckPage {
    head: Head,
    errors: ErrorSummary,
    matters: Vec<String>,
    change: String,
    shared: String,
    who: Summary,
    papers: Summary,
    how: Summary,
    missing: Vec<String>,
    after: Vec<String>,
    truth: String,
    action: String,
    submit: Button,
    print: Button,
}

/// The step of checking, with what blocks submitting.
pub(super) fn page(ctx: &Ctx, look: &Look, draft: &Draft, problems: &[Problem]) -> Result<Response, Fault> {
    let city = ctx.city();
    let base = format!("/apply/draft/{}", draft.id);
    let blocking: Vec<Problem> = intake::check(ctx, draft).into_iter().filter(|p| p.blocks).collect();
    // Opened too early, the page says at once what is still to be filled in.
    let lines = if problems.is_empty() { &blocking } else { problems };
    let line = |p: &Problem| FieldError { id: anchor(&p.field).to_owned(), text: p.say.clone() };
    let place = draft.accepting.and_then(|id| city.org(id)).map(|o| o.name.clone()).unwrap_or_default();
    let body = CheckPage {
        head: Head::new(draft, &city, "check"),
        errors: ErrorSummary::new(lines.iter().map(line).collect()),
        matters: draft.items_in(&city).iter().map(|item| item.identity.name.clone()).collect(),
        change: format!("{base}/items"),
        shared: bundle::shared(draft, &city),
        who: who(ctx, draft, &format!("{base}/info")),
        papers: papers(ctx, draft, &format!("{base}/materials")),
        how: how(ctx, draft, &place, &format!("{base}/place")),
        missing: missing(draft, &city),
        after: afterwards(ctx, draft, &place),
        truth: problems.iter().find(|p| p.field == "true").map(|p| p.say.clone()).unwrap_or_default(),
        action: format!("{base}/check"),
        submit: Button::submit("确认并提交").primary().large(),
        print: Button::print("打印这一页").large(),
    };
    form_answer("提交前请核对一遍", look, &body, !problems.is_empty())
}

/// The names of what must be there and is not; it can be handed in later, when the window has asked for it once.
fn missing(draft: &Draft, city: &City) -> Vec<String> {
    let absent = |need: &intake::Need| need.terms.required && need.paper == 0 && need.pages.is_empty();
    draft.needs(city).into_iter().filter(absent).map(|need| need.terms.name).collect()
}

/// The heading that the line of the error summary leads to.
fn anchor(field: &str) -> &'static str {
    match field {
        "true" => "true",
        "accepting" => "s3",
        field if HOW.contains(&field) => "s3",
        field if field.starts_with("material.") => "s2",
        _ => "s1",
    }
}

fn who(ctx: &Ctx, draft: &Draft, change: &str) -> Summary {
    let fields = draft.fields(&ctx.city());
    let masked = intake::party(&draft.values).masked();
    let asked = fields.iter().filter(|f| !HOW.contains(&f.name.as_str()) && f.is_asked(&draft.values));
    let row = |field: &intake::Field| {
        let value = drawn::answer(field, &draft.values);
        let fixed = WHO.contains(&field.name.as_str()) && field.name != "legal_person" && !value.is_empty();
        let value = match field.name.as_str() {
            "name" | "firm_name" => masked.name.clone(),
            "document" | "firm_code" => masked.document.clone(),
            "contact" => masked.contact.clone(),
            "phone" => masked.phone.clone(),
            _ if value.is_empty() => "没有填".to_owned(),
            _ => value,
        };
        let row = SummaryRow::new(&field.label, value.as_str());
        if fixed { row.source("来自实名认证").fixed() } else { row.change(change) }
    };
    Summary::new(asked.map(row).collect())
}

fn papers(ctx: &Ctx, draft: &Draft, change: &str) -> Summary {
    let city = ctx.city();
    let row = |need: intake::Need| {
        let state = match (need.terms.shared, need.pages.len()) {
            (true, _) => "不用交，由窗口核验".to_owned(),
            (false, 0) if need.terms.required => "还没有上传".to_owned(),
            (false, 0) => "没有上传（需要时才交）".to_owned(),
            (false, n) => format!("已上传 {n} 个文件"),
        };
        let of = intake::needed_by(&city, draft, &need.terms.code).len();
        let state = if of > 1 && !need.terms.shared {
            format!("{state}（{of} 件事都用这一份）")
        } else {
            state
        };
        let row = SummaryRow::new(&need.terms.name, state.as_str());
        if need.terms.shared { row.fixed() } else { row.change(change) }
    };
    Summary::new(draft.needs(&city).into_iter().map(row).collect())
}

fn how(ctx: &Ctx, draft: &Draft, place: &str, change: &str) -> Summary {
    let fields = draft.fields(&ctx.city());
    let asked = fields.iter().filter(|f| HOW.contains(&f.name.as_str()) && f.is_asked(&draft.values));
    let place = SummaryRow::new("办理地点", if place.is_empty() { "还没有选" } else { place }).change(change);
    let rest =
        asked.map(|f| SummaryRow::new(&f.label, drawn::answer(f, &draft.values).as_str()).change(change));
    Summary::new(std::iter::once(place).chain(rest).collect())
}

/// What happens after submitting, and until when the law wants it (行政许可法 第三十二条).
fn afterwards(ctx: &Ctx, draft: &Draft, place: &str) -> Vec<String> {
    let city = ctx.city();
    let today = legal_day(ctx.now());
    let notice = notice_due(today, &city.calendar).date;
    let mut lines = vec![format!(
        "{}前：{place}决定是否受理，材料不齐会一次告诉您要补什么；到期没有答复，就算受理了",
        drawn::day(notice, today)
    )];
    for terms in draft.terms(&city) {
        if let Some(promised) = terms.promised {
            let mark = if terms.unconfirmed.contains(&domain::cases::Unconfirmed::Promised) {
                "（示例，待部门确认）"
            } else {
                ""
            };
            let within = if promised.number() == 0 {
                "材料齐全的，当场".to_owned()
            } else {
                format!("受理后 {promised}内")
            };
            lines.push(format!("{within}办完“{}”{mark}", terms.item_name));
        }
    }
    lines.push("办好以后：按您选的方式把结果给您，进度随时可以在“我的办件”里看".to_owned());
    lines
}

/// Submits what was checked; pressing twice makes one application.
pub(super) async fn submit(
    ctx: &Ctx,
    look: &Look,
    citizen: &Citizen,
    draft: &Draft,
    declared: bool,
    trace: &str,
) -> Result<Response, Fault> {
    if !declared {
        let say = "请先勾选“我保证以上内容真实”".to_owned();
        return page(ctx, look, draft, &[Problem { field: "true".to_owned(), say, blocks: true }]);
    }
    match intake::submit(ctx, &Submitter::Citizen(citizen.id), draft.id, trace).await {
        Ok(_) => Ok(Redirect::to(&format!("/apply/done/{}", draft.id)).into_response()),
        Err(IntakeError::Problems(problems)) => page(ctx, look, draft, &problems),
        Err(error) => Err(error.into()),
    }
}

/// One case on the page of the numbers.
struct DoneCase {
    item: String,
    number: String,
    code: String,
    href: String,
}

#[derive(Template)]
#[template(path = "apply/done.html")]
struct DonePage {
    cases: Vec<DoneCase>,
    after: Vec<String>,
    print: Button,
}

/// `GET /apply/done/{id}`: the numbers of what was submitted; as long as the receipt is kept.
pub(super) async fn done(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    let draft = intake::open(&ctx, Owner::Citizen(citizen.id), id).await?;
    let Some(receipt) = draft.receipt() else {
        return Ok(Redirect::to(&format!("/apply/draft/{id}/{}", super::steps::last(&draft))).into_response());
    };
    let city = ctx.city();
    let place = draft.accepting.and_then(|id| city.org(id)).map(|o| o.name.clone()).unwrap_or_default();
    let case = |told: &intake::Told| DoneCase {
        item: told.item_name.clone(),
        number: read_number(&told.number),
        code: told.query_code.clone(),
        href: format!("/me/cases/{}", told.id),
    };
    let body = DonePage {
        cases: receipt.cases.iter().map(case).collect(),
        after: afterwards(&ctx, &draft, &place),
        print: Button::print("打印回执").large(),
    };
    let mut page = public_page("已经提交", &look, &body)?;
    page.surface = ui::Surface::White;
    page.head.no_index = true;
    send(StatusCode::OK, &page)
}
