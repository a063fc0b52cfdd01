//! One case for other programs: everything its page shows, nothing that the client may not see.

use super::actions::{self, NextAction};
use super::ask::{Ask, Named, rows};
use super::lists::PageAsk;
use super::words;
use crate::Ctx;
use crate::cases::{self, By, CaseView, LimitView, TimelineEntry};
use crate::identity::clients::Client;
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use domain::kernel::CaseId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// 一个期限的进度。
#[derive(Serialize, ToSchema)]
pub(super) struct LimitProgress {
    /// 一共几天。
    n: u16,
    /// working 是工作日，natural 是自然日。
    unit: &'static str,
    /// 延长了几天；没有延长的是 null。
    extension: Option<u16>,
    /// 已用几天。
    used: u32,
    /// 还剩几天；超期的是负数。
    left: i32,
    /// 最后一天；停表时是 null。
    due: Option<Date>,
}

impl From<&LimitView> for LimitProgress {
    fn from(limit: &LimitView) -> Self {
        Self {
            n: limit.allowance.number(),
            unit: if limit.allowance.is_working() { "working" } else { "natural" },
            extension: limit.extension.map(|days| days.number()),
            used: limit.used,
            left: limit.left,
            due: limit.due.map(|due| due.date),
        }
    }
}

/// 期限。
#[derive(Serialize, ToSchema)]
pub(super) struct ClockView {
    /// 现在要赶的那一天；停表或者没有要办的是 null。
    due: Option<Date>,
    /// 这一天超出了已公布的放假安排，可能变动。
    beyond_calendar: bool,
    /// 受理日；还没有受理的是 null。
    accepted_on: Option<Date>,
    /// 承诺期限。
    promised: Option<LimitProgress>,
    /// 法定期限。
    statutory: Option<LimitProgress>,
    /// 初审上报的期限；上报以后是 null。
    report_up: Option<LimitProgress>,
}

/// 申请人，个人信息隐去一部分。
#[derive(Serialize, ToSchema)]
pub(super) struct PartyView {
    /// 是单位。
    firm: bool,
    /// 姓名或单位名称。
    name: String,
    /// 证件类型。
    document_kind: String,
    /// 证件号码。
    document: String,
    /// 联系人。
    contact: String,
    /// 联系电话。
    phone: String,
}

/// 表单里的一个回答，个人信息隐去一部分。
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerView {
    /// 字段名。
    name: String,
    /// 问题。
    label: String,
    /// 回答。
    value: String,
}

/// 一份材料。
#[derive(Serialize, ToSchema)]
pub(super) struct MaterialState {
    /// 材料编码。
    code: String,
    /// 材料名称。
    name: String,
    /// 是否必须。
    required: bool,
    /// 可以容缺。
    deferrable: bool,
    /// 已经有了。
    present: bool,
    /// 收了几份纸质的。
    paper: u16,
    /// 已有的文件的编号，按页。
    files: Vec<Uuid>,
    /// 正在等补正的，写明为什么；其他的是 null。
    asked: Option<String>,
}

/// 一个环节。
#[derive(Serialize, ToSchema)]
pub(super) struct StepState {
    /// 序号，办理时用。
    no: u32,
    /// 名称。
    name: String,
    /// 由哪个机构办。
    org: Uuid,
    /// 机构名称。
    org_name: String,
    /// 就是作出决定的环节。
    decides: bool,
    /// 现在可以办。
    open: bool,
    /// 谁认领了。
    holder: Option<Uuid>,
    /// 谁办完的。
    passed_by: Option<Uuid>,
    /// 意见是否同意；没有办完的是 null。
    favourable: Option<bool>,
    /// 这个环节的最后一天。
    due: Option<Date>,
}

/// 可以暂停计时的一种情形。
#[derive(Serialize, ToSchema)]
pub(super) struct GroundView {
    /// 代码，办理时用。
    ground: String,
    /// 说法。
    label: String,
}

impl From<&cases::StopGroundView> for GroundView {
    fn from(known: &cases::StopGroundView) -> Self {
        Self { ground: actions::ground_word(&known.ground), label: known.label.clone() }
    }
}

/// 一个办件。
#[derive(Serialize, ToSchema)]
pub(super) struct CaseDetail {
    /// 办件的编号。
    id: Uuid,
    /// 版本；办理时原样带回，别人先改过的会被拒绝。
    version: i64,
    /// 受理编号，13 位。
    number: String,
    /// 办件编号，43 位，与上级平台交换用。
    exchange_number: String,
    /// 所属的申请；一件事一次办的几个办件相同。
    application: Uuid,
    /// 事项的编号。
    item: Uuid,
    /// 事项名称，按提交时的版本。
    item_name: String,
    /// 实施编码。
    item_code: String,
    /// 办件类型。
    #[schema(schema_with = words::regime)]
    regime: String,
    /// 申报来源。
    #[schema(schema_with = words::channel)]
    channel: String,
    /// 状态。
    #[schema(schema_with = words::status)]
    status: &'static str,
    /// 状态的说法。
    status_label: &'static str,
    /// 受理机构。
    accepting: Uuid,
    /// 受理机构名称。
    accepting_name: String,
    /// 提交的时间。
    submitted_at: Timestamp,
    /// 期限。
    clock: ClockView,
    /// 申请人。
    party: Option<PartyView>,
    /// 表单。
    answers: Vec<AnswerView>,
    /// 材料。
    materials: Vec<MaterialState>,
    /// 环节。
    steps: Vec<StepState>,
    /// 文号；还没有结果的是 null。
    document_no: Option<String>,
    /// 最晚哪天送达；还没有决定的是 null。
    deliver_by: Option<Date>,
    /// 可以暂停计时的情形，进入特别程序时用。
    stop_grounds: Vec<GroundView>,
    /// 要注意的事。
    flags: Vec<String>,
    /// 本接入系统现在可以做的；别的都会被拒绝。
    actions: Vec<NextAction>,
}

fn clock(view: &CaseView) -> ClockView {
    let clock = &view.clock;
    ClockView {
        due: clock.due,
        beyond_calendar: clock.beyond_calendar,
        accepted_on: clock.accepted_on,
        promised: clock.promised.as_ref().map(LimitProgress::from),
        statutory: clock.statutory.as_ref().map(LimitProgress::from),
        report_up: clock.report_up.as_ref().map(LimitProgress::from),
    }
}

fn materials(view: &CaseView) -> Vec<MaterialState> {
    let state = |m: &cases::MaterialView| MaterialState {
        code: m.code.clone(),
        name: m.name.clone(),
        required: m.required,
        deferrable: m.deferrable,
        present: m.present,
        paper: m.paper,
        files: m.files.iter().map(|file| file.uuid()).collect(),
        asked: m.asked.clone(),
    };
    view.materials.iter().map(state).collect()
}

fn steps(view: &CaseView) -> Vec<StepState> {
    let state = |s: &cases::StepView| StepState {
        no: u32::try_from(s.no).unwrap_or(u32::MAX),
        name: s.name.clone(),
        org: s.org.uuid(),
        org_name: s.org_name.clone(),
        decides: s.decides,
        open: s.open,
        holder: s.holder.map(|staff| staff.uuid()),
        passed_by: s.passed_by.map(|staff| staff.uuid()),
        favourable: s.favourable,
        due: s.due.map(|due| due.date),
    };
    view.steps.iter().map(state).collect()
}

fn party(view: &CaseView) -> Option<PartyView> {
    let party = view.party.clone()?;
    Some(PartyView {
        firm: party.firm,
        name: party.name,
        document_kind: party.document_kind,
        document: party.document,
        contact: party.contact,
        phone: party.phone,
    })
}

fn detail(view: &CaseView) -> Result<CaseDetail, Fault> {
    let answer = |a: &cases::Answer| AnswerView {
        name: a.name.clone(),
        label: a.label.clone(),
        value: a.value.clone(),
    };
    Ok(CaseDetail {
        id: view.id.uuid(),
        version: view.version,
        number: view.number.clone(),
        exchange_number: view.exchange_number.clone(),
        application: view.application.uuid(),
        item: view.item.uuid(),
        item_name: view.item_name.clone(),
        item_code: view.item_code.clone(),
        regime: words::word(&view.regime)?,
        channel: words::word(&view.channel)?,
        status: view.status.as_str(),
        status_label: view.status.label(),
        accepting: view.accepting.uuid(),
        accepting_name: view.accepting_name.clone(),
        submitted_at: view.submitted_at,
        clock: clock(view),
        party: party(view),
        answers: view.answers.iter().map(answer).collect(),
        materials: materials(view),
        steps: steps(view),
        document_no: view.document_no.clone(),
        deliver_by: view.deliver_by.map(|due| due.date),
        stop_grounds: view.stop_grounds.iter().map(GroundView::from).collect(),
        flags: view.flags.clone(),
        actions: actions::next(&view.actions)?,
    })
}

/// 一个办件
///
/// 现在的状态、期限、材料、环节，以及本接入系统现在可以做什么。
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "办件",
    params(("id" = Uuid, Path, description = "办件的编号")),
    responses((status = 200, description = "办件", body = CaseDetail)))]
pub(super) async fn one(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
) -> Result<Json<CaseDetail>, Fault> {
    let view = cases::view(&ctx, CaseId(id), &By::from(&client)).await?;
    detail(&view).map(Json)
}

/// 发生过的一件事。
#[derive(Serialize, ToSchema)]
pub(super) struct EventView {
    /// 第几件，从 1 开始。
    seq: u64,
    /// 哪一种，例如 accepted；不会变。
    kind: &'static str,
    /// 发生的时间。
    at: Timestamp,
    /// 录入的时间；当时就录入的是 null。
    entered_at: Option<Timestamp>,
    /// 说法。
    title: String,
    /// 细节。
    details: Vec<String>,
    /// 由哪个机构办的；不是机构办的是 null。
    org: Option<String>,
    /// 由哪个工作人员或接入系统办的。
    staff: Option<Uuid>,
}

/// 一页经过。
#[derive(Serialize, ToSchema)]
pub(super) struct EventPage {
    /// 经过，早的在前。
    events: Vec<EventView>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 办件的经过
///
/// 从提交到现在发生过的每一件事。
#[utoipa::path(get, path = "/api/v1/cases/{id}/events", tag = "办件",
    params(("id" = Uuid, Path, description = "办件的编号"), PageAsk),
    responses((status = 200, description = "一页经过", body = EventPage)))]
pub(super) async fn events(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<EventPage>, Fault> {
    let from: usize = match ask.cursor.as_deref() {
        None | Some("") => 0,
        Some(text) => text.parse().map_err(|_| super::ask::bad_cursor())?,
    };
    let limit = rows(ask.limit)?;
    let timeline = cases::view(&ctx, CaseId(id), &By::from(&client)).await?.timeline;
    let view = |(n, entry): (usize, TimelineEntry)| EventView {
        seq: n as u64 + 1,
        kind: entry.kind,
        at: entry.at,
        entered_at: entry.entered_at,
        title: entry.title,
        details: entry.details,
        org: entry.org,
        staff: entry.staff.map(|staff| staff.uuid()),
    };
    let next = Some(from.saturating_add(limit)).filter(|end| *end < timeline.len());
    let events = timeline.into_iter().enumerate().skip(from).take(limit).map(view).collect();
    Ok(Json(EventPage { events, next: next.map(|end| end.to_string()) }))
}
