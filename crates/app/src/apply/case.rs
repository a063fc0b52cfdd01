//! One case as the applicant follows it: where it stands in one sentence, what happened, and what can be done now.

use super::drawn;
use super::mine::tag;
use crate::Ctx;
use crate::cases::{self, ActError, By, CaseView};
use crate::identity::Citizen;
use crate::papers;
use crate::web::page::{Look, form_answer, public_page, send};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Action, Command, Status, Unconfirmed};
use domain::kernel::CaseId;
use jiff::Timestamp;
use serde::Deserialize;
use ui::{BackLink, Button, ErrorSummary, Field, Moment, SafeHtml, StepState, Tag, Timeline};
use uuid::Uuid;

/// One material of the case with its files.
struct Paper {
    name: String,
    state: &'static str,
    files: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "apply/case.html")]
struct CasePage {
    back: BackLink,
    item: String,
    number: String,
    tag: Tag,
    sentence: String,
    dates: Vec<String>,
    example: bool,
    timeline: Timeline,
    answers: Vec<cases::Answer>,
    papers: Vec<Paper>,
    issued: Vec<(String, String, bool)>,
    siblings: Vec<(String, String, Tag)>,
    correct: String,
    withdraw: String,
    print: Button,
}

/// `GET /me/cases/{id}`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    let by = By::Citizen(citizen.id);
    let view = cases::view(&ctx, CaseId(id), &by).await?;
    let issued = papers::of_case(&ctx, CaseId(id)).await.map_err(ActError::from)?;
    let mut body = body(&ctx, &view, BackLink::named("返回我的办件", "/me"), true);
    let paper = |p: papers::PaperView| (format!("{}（{}）", p.title, p.number), p.href, p.ready);
    body.issued = issued.into_iter().filter(|p| p.voided.is_none()).map(paper).collect();
    let mut page = public_page(&view.item_name, &look, &body)?;
    page.head.no_index = true;
    send(StatusCode::OK, &page)
}

/// The page of a case for whoever knows its number and code: where it stands and nothing else.
pub(super) fn by_code(ctx: &Ctx, look: &Look, view: &CaseView) -> Result<Response, Fault> {
    let body = body(ctx, view, BackLink::named("再查一个", "/track"), false);
    let mut page = public_page(&view.item_name, look, &body)?;
    page.head.no_index = true;
    send(StatusCode::OK, &page)
}

fn body(ctx: &Ctx, view: &CaseView, back: BackLink, own: bool) -> CasePage {
    let may = |action| own && view.actions.contains(&action);
    let link =
        |allowed: bool, to: &str| if allowed { format!("/me/cases/{}/{to}", view.id) } else { String::new() };
    CasePage {
        back,
        item: view.item_name.clone(),
        number: view.number_read.clone(),
        tag: tag(view.status),
        sentence: sentence(view),
        dates: dates(view),
        // Before acceptance the day is that of the law (行政许可法 第三十二条), no example.
        example: view.clock.accepted_on.is_some() && view.unconfirmed.contains(&Unconfirmed::Promised),
        timeline: timeline(view, ctx.now()),
        answers: if own { view.answers.clone() } else { Vec::new() },
        papers: if own { handed_in(view) } else { Vec::new() },
        issued: Vec::new(),
        siblings: view
            .siblings
            .iter()
            .map(|s| (s.item_name.clone(), format!("/me/cases/{}", s.id), tag(s.status)))
            .collect(),
        correct: link(may(Action::Resubmit) || may(Action::SupplyDeferred), "correct"),
        withdraw: link(may(Action::Withdraw), "withdraw"),
        print: Button::print("打印这一页"),
    }
}

/// Where the case stands, in one sentence that says who has to do something.
fn sentence(view: &CaseView) -> String {
    let with = view.waits.first().map(|(_, org)| org.as_str()).filter(|name| !name.is_empty());
    let with = with.unwrap_or(&view.accepting_name);
    match view.status {
        Status::Draft => "还没有提交。".to_owned(),
        Status::Submitted | Status::Received => format!("已经交到{with}，正在看材料齐不齐。"),
        Status::Correcting => "还差材料，等您补交。补交以后接着办。".to_owned(),
        Status::InReview if view.deferred.is_some() => {
            format!("已经受理，{with}正在办理；还有材料要您在期限内补上。")
        }
        Status::InReview => format!("已经受理，{with}正在办理，您不用做什么。"),
        Status::Suspended => "正在做检验、检测、听证等特别程序，这段时间不计入办理期限。".to_owned(),
        Status::Granted => "已经同意，正在制作结果。".to_owned(),
        Status::Denied => "没有批准，决定书正在送达，里面写明了理由和救济途径。".to_owned(),
        Status::ResultReady => format!("结果已经做好，{with}会按您选的方式给您。"),
        Status::Delivered | Status::Archived => "已经办完，结果已送达。".to_owned(),
        Status::NotRequired => "这件事依法不需要办许可，不予受理的理由见下面。".to_owned(),
        Status::Refused => "不归这个单位管，应该找哪里见下面。".to_owned(),
        Status::Withdrawn => "您已经撤回了这个申请。".to_owned(),
        Status::Terminated => "这个办件已经终止，原因见下面。".to_owned(),
    }
}

/// The dates as they are, also when they are not pleasant.
fn dates(view: &CaseView) -> Vec<String> {
    let today = view.clock.today;
    let mut lines: Vec<String> = view.clock.sentence().into_iter().collect();
    if view.status.is_closed() {
        lines.clear();
    } else if view.clock.accepted_on.is_none()
        && let Some(due) = view.clock.due.filter(|_| view.status != Status::Correcting)
    {
        lines.push(format!("最晚 {}答复您是否受理；到期没有答复，就算受理了", drawn::day(due, today)));
    }
    if let Some(notice) = view.notices.iter().find(|n| n.waiting) {
        lines.push(format!("请在 {}前补交", drawn::day(notice.until, today)));
    }
    if let Some((names, until)) = &view.deferred {
        lines.push(format!("{}请在 {}前补上", names.join("、"), drawn::day(*until, today)));
    }
    if view.clock.beyond_calendar {
        lines.push("这个日期超出了已公布的放假安排，公布以后可能会变".to_owned());
    }
    lines
}

fn timeline(view: &CaseView, now: Timestamp) -> Timeline {
    let last = view.timeline.len().saturating_sub(1);
    let moments = view.timeline.iter().enumerate().map(|(n, entry)| Moment {
        what: entry.title.clone(),
        when: drawn::moment(entry.at, now),
        who: entry.org.clone().unwrap_or_default(),
        more: paragraphs(&entry.details),
        state: if n == last && !view.status.is_closed() { StepState::Now } else { StepState::Done },
    });
    Timeline::new(moments.collect())
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% for line in lines %}<p>{{ line }}</p>{% endfor %}"#)]
struct Paragraphs<'a> {
    lines: &'a [String],
}

fn paragraphs(lines: &[String]) -> SafeHtml {
    SafeHtml::render(&Paragraphs { lines }).unwrap_or_default()
}

/// The materials with links to the files that were handed in.
fn handed_in(view: &CaseView) -> Vec<Paper> {
    let link = |id| {
        let file = view.files.iter().find(|f| f.id == id)?;
        Some((file.name.clone(), format!("/cases/{}/files/{}", view.id, file.digest)))
    };
    let paper = |m: &cases::MaterialView| Paper {
        name: m.name.clone(),
        state: match (m.shared, m.present, m.required) {
            (true, ..) => "由窗口核验，不用交",
            (_, true, _) => "已经交了",
            (_, false, true) => "还没有交",
            _ => "没有交（需要时才交）",
        },
        files: m.files.iter().filter_map(|id| link(*id)).collect(),
    };
    view.materials.iter().map(paper).collect()
}

#[derive(Template)]
#[template(path = "apply/withdraw.html")]
struct WithdrawPage {
    back: BackLink,
    errors: ErrorSummary,
    item: String,
    number: String,
    reason: Field,
    version: i64,
    action: String,
    button: Button,
}

/// What the form of withdrawing sends.
#[derive(Debug, Deserialize)]
pub(super) struct Withdrawing {
    #[serde(default)]
    reason: String,
    version: i64,
}

/// `GET /me/cases/{id}/withdraw`.
pub(super) async fn ask_withdraw(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    let view = cases::view(&ctx, CaseId(id), &By::Citizen(citizen.id)).await?;
    withdraw_page(&look, &view, "", "")
}

fn withdraw_page(look: &Look, view: &CaseView, typed: &str, wrong: &str) -> Result<Response, Fault> {
    let reason = Field::area("reason", "为什么撤回", typed)
        .hint("写一两句就行，例如：材料暂时办不下来，以后再申请")
        .error(wrong);
    let body = WithdrawPage {
        back: BackLink::named("返回办件", format!("/me/cases/{}", view.id)),
        errors: ErrorSummary::of([&reason]),
        item: view.item_name.clone(),
        number: view.number_read.clone(),
        reason,
        version: view.version,
        action: format!("/me/cases/{}/withdraw", view.id),
        button: Button::submit("确认撤回").danger().large(),
    };
    form_answer("撤回申请", look, &body, !wrong.is_empty())
}

/// `POST /me/cases/{id}/withdraw`.
pub(super) async fn withdraw(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Extension(trace): Extension<Trace>,
    Path(id): Path<Uuid>,
    Form(form): Form<Withdrawing>,
) -> Result<Response, Fault> {
    let look = look.at(&format!("/me/cases/{id}/withdraw"));
    let command = Command::Withdraw { reason: form.reason.trim().to_owned() };
    let trace = trace.to_string();
    match cases::act_as_citizen(&ctx, citizen.id, CaseId(id), form.version, command, &trace).await {
        Ok(_) => Ok(Redirect::to(&format!("/me/cases/{id}")).into_response()),
        Err(error @ (ActError::Refused(_) | ActError::Stale(_))) => {
            let view = cases::view(&ctx, CaseId(id), &By::Citizen(citizen.id)).await?;
            withdraw_page(&look, &view, &form.reason, &error.to_string())
        }
        Err(error) => Err(error.into()),
    }
}
