//! One organisation: what is known of it, the form that changes it, and the one that stops or resumes its service.

use super::{kind_word, named, tags, trail};
use crate::Ctx;
use crate::admin::desk::{cut, for_the_city, see, stamp, when};
use crate::city::City;
use crate::identity::Staff;
use crate::org::{ChangeError, OfficeRecord, change_office, office};
use crate::web::page::{Look, staff, staff_form};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::Response;
use domain::kernel::identity::Phone;
use domain::org::{Description, Hours, NameSource, OfficeCommand, OfficeRefusal, Org};
use domain::rights::Permission;
use serde::Deserialize;
use ui::{
    Button, Choice, Control, ErrorSummary, Field, FieldError, Note, NoteKind, SafeHtml, Summary, SummaryRow,
    TextKind, Trail, Width,
};

/// More than anybody types into one of these fields; what goes beyond is refused by the rules, not cut.
const LONGEST_FIELD: usize = 12_000;

/// The form of an organisation as it was typed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    name: String,
    short: String,
    checked: String,
    hours: String,
    hours_off: String,
    phone: String,
    address: String,
    basis: String,
}

impl Typed {
    fn of(org: &Org, record: &OfficeRecord) -> Self {
        let text = |value: Option<String>| value.unwrap_or_default();
        Self {
            version: record.version,
            name: org.name.clone(),
            short: org.short.clone(),
            checked: String::new(),
            hours: text(org.office.hours.as_ref().map(ToString::to_string)),
            hours_off: text(org.office.hours_off.as_ref().map(ToString::to_string)),
            phone: text(org.office.phone.as_ref().map(|phone| phone.as_str().to_owned())),
            address: text(org.office.address.clone()),
            basis: String::new(),
        }
    }

    /// The wish behind the form, or the fields that cannot be read.
    fn read(&self) -> Result<Description, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let hours = read(&self.hours, "hours", Hours::parse, &mut wrong);
        let hours_off = read(&self.hours_off, "hours_off", Hours::parse, &mut wrong);
        let phone = read(&self.phone, "phone", Phone::parse, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Description {
            name: self.name.clone(),
            short: self.short.clone(),
            name_checked: self.checked == "yes",
            hours,
            hours_off,
            phone,
            address: Some(self.address.clone()).filter(|address| !address.trim().is_empty()),
            basis: self.basis.clone(),
        })
    }
}

/// An optional field: empty is nothing, otherwise it must be understood.
fn read<T, E: ToString>(
    text: &str,
    field: &'static str,
    parse: impl Fn(&str) -> Result<T, E>,
    wrong: &mut Vec<(&'static str, String)>,
) -> Option<T> {
    if text.trim().is_empty() {
        return None;
    }
    parse(text).map_err(|why| wrong.push((field, why.to_string()))).ok()
}

#[derive(Template)]
#[template(path = "admin/org.html")]
struct OrgPage {
    trail: Trail,
    title: String,
    tags: SafeHtml,
    note: Option<Note>,
    summary: Summary,
    action: String,
    version: i64,
    errors: ErrorSummary,
    fields: Vec<Field>,
    save: Button,
    reason: Field,
    open: bool,
    can_close: bool,
    immediate: String,
    below: String,
}

/// What is shown when nothing was typed yet, and what came back.
struct Shown {
    typed: Typed,
    reason: String,
    wrong: Vec<(&'static str, String)>,
    note: Option<Note>,
}

fn page(city: &City, org: &Org, record: &OfficeRecord, shown: &Shown) -> OrgPage {
    let says = |field: &str| {
        let told: Vec<&str> =
            shown.wrong.iter().filter(|(name, _)| *name == field).map(|(_, say)| say.as_str()).collect();
        told.join("；")
    };
    let fields = fields(org, &shown.typed, &says);
    let reason = Field::text("reason", "原因", TextKind::Text, &shown.reason)
        .hint("会给群众看，例如：大厅装修，请到青龙街道大厅办理")
        .width(Width::Long)
        .error(says("reason"));
    let mut lines: Vec<FieldError> = fields.iter().chain([&reason]).filter_map(Field::summary_line).collect();
    let whole = says("");
    if !whole.is_empty() {
        lines.push(FieldError { id: "name".to_owned(), text: whole });
    }
    let action = format!("/admin/orgs/{}", org.id);
    OrgPage {
        trail: trail(city, org),
        title: org.name.clone(),
        tags: tags(org),
        note: shown.note.clone(),
        summary: summary(org, record),
        version: record.version,
        errors: ErrorSummary::new(lines),
        fields,
        save: Button::submit("保存修改").primary(),
        reason,
        open: org.is_open(),
        can_close: org.kind != domain::org::OrgKind::Government,
        immediate: if org.kind.is_hall() { format!("{action}/immediate") } else { String::new() },
        below: format!("/admin/orgs?under={}", org.id),
        action,
    }
}

fn fields(org: &Org, typed: &Typed, says: &impl Fn(&str) -> String) -> Vec<Field> {
    let line = |name: &str, label: &str, value: &str| {
        Field::text(name, label, TextKind::Text, value).error(says(name))
    };
    let mut fields = vec![
        line("name", "全称", &typed.name).hint("门牌和文书上用的名字").width(Width::Long),
        line("short", "简称", &typed.short).hint("列表里用，越短越好").width(Width::Medium),
    ];
    if org.name_source == NameSource::Pattern {
        let choice = vec![Choice::new("yes", "我已经和挂牌名称核对过", typed.checked == "yes")];
        fields.push(Field::new("checked", "这个名称是按规律生成的", Control::Check(choice)).optional());
    }
    fields.extend([
        line("hours", "工作日办公时间", &typed.hours)
            .hint("例如 9:00-12:00、13:00-17:00；不填按全市统一时间")
            .width(Width::Long)
            .optional(),
        line("hours_off", "休息日办公时间", &typed.hours_off)
            .hint("有延时服务才填，例如 9:00-12:00")
            .width(Width::Long)
            .optional(),
        Field::text("phone", "咨询电话", TextKind::Tel, &typed.phone)
            .hint("群众能打通的座机或手机，座机请加区号")
            .width(Width::Medium)
            .error(says("phone"))
            .optional(),
        line("address", "地址", &typed.address).hint("写到门牌号").width(Width::Long).optional(),
        line("basis", "依据", &typed.basis)
            .hint("改名称必须填，例如 常政发〔2026〕3 号；只改时间、电话、地址可以不填")
            .width(Width::Long)
            .optional(),
    ]);
    fields
}

fn summary(org: &Org, record: &OfficeRecord) -> Summary {
    let mut rows = vec![
        SummaryRow::new("类别", kind_word(org.kind)),
        SummaryRow::new("级别", org.level.label()),
        SummaryRow::new("区划代码", org.region.as_str()),
    ];
    if let Some(zone) = &org.zone {
        rows.push(SummaryRow::new("所属功能区", zone.as_str()));
    }
    if let Some(closed) = &org.office.closed {
        let say = format!("{} 起暂停服务：{}", when(closed.since), closed.reason);
        rows.push(SummaryRow::new("服务状态", say.as_str()));
    } else {
        rows.push(SummaryRow::new("服务状态", "正常服务"));
    }
    rows.push(SummaryRow::new("改动次数", record.version.to_string().as_str()));
    Summary::new(rows)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ask {
    done: String,
}

/// `GET /admin/orgs/{id}`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let org = named(&city, &id)?;
    let record = office(&ctx, org.id).await?;
    let said = match ask.done.as_str() {
        "saved" => "已经保存，全系统马上按新的显示",
        "closed" => "已经暂停服务，网上和窗口不再收它的件",
        "reopened" => "已经恢复服务",
        _ => "",
    };
    let note = (!said.is_empty()).then(|| Note::new(NoteKind::Ok, said));
    let shown = Shown { typed: Typed::of(org, &record), reason: String::new(), wrong: vec![], note };
    staff(&org.short, &staff_member, &look, &page(&city, org, &record, &shown))
}

/// `POST /admin/orgs/{id}`: name, hours, where to find it.
pub(super) async fn describe(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Extension(trace): Extension<Trace>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let org = named(&city, &id)?;
    let wrong = match typed.read() {
        Ok(wish) => {
            let command = OfficeCommand::Describe(Box::new(wish));
            let stamp = stamp(&ctx, &staff_member, &trace);
            match change_office(&ctx, org.id, typed.version, command, stamp).await {
                Ok(_) => return Ok(see(&format!("/admin/orgs/{}?done=saved", org.id))),
                Err(error) => told(error)?,
            }
        }
        Err(wrong) => wrong,
    };
    again(&ctx, &staff_member, &look, org, Shown { typed, reason: String::new(), wrong, note: None }).await
}

/// What was refused, by field; a broken store is a fault.
pub(super) fn told(error: ChangeError<OfficeRefusal>) -> Result<Vec<(&'static str, String)>, Fault> {
    match error {
        ChangeError::Refused(why) => Ok(why.iter().map(|why| (why.field(), why.to_string())).collect()),
        ChangeError::Stale => Ok(vec![("", error.to_string())]),
        ChangeError::Absent => Err(Fault::not_found()),
        ChangeError::Store(error) => Err(error.into()),
    }
}

/// The form came back: what was typed stays, what is kept is read anew.
async fn again(
    ctx: &Ctx,
    member: &Staff,
    look: &Look,
    org: &Org,
    mut shown: Shown,
) -> Result<Response, Fault> {
    let city = ctx.city();
    let org = city.org(org.id).unwrap_or(org);
    let record = office(ctx, org.id).await?;
    shown.typed.name = shown.typed.name.chars().take(LONGEST_FIELD).collect();
    let look = look.clone().at(&format!("/admin/orgs/{}", org.id));
    staff_form(&org.short, member, &look, &page(&city, org, &record, &shown), true)
}

/// The form that stops or resumes service, as it was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Service {
    version: i64,
    wish: String,
    reason: String,
}

/// `POST /admin/orgs/{id}/service`.
pub(super) async fn service(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Extension(trace): Extension<Trace>,
    Path(id): Path<String>,
    Form(typed): Form<Service>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let org = named(&city, &id)?;
    let reason = typed.reason.clone();
    let (command, done) = match typed.wish.as_str() {
        "close" => (OfficeCommand::Close { reason }, "closed"),
        "reopen" => (OfficeCommand::Reopen { reason }, "reopened"),
        _ => return Err(Fault::bad_request("wish", "请从页面上的按钮选择暂停或恢复服务。")),
    };
    let stamp = stamp(&ctx, &staff_member, &trace);
    match change_office(&ctx, org.id, typed.version, command, stamp).await {
        Ok(_) => Ok(see(&format!("/admin/orgs/{}?done={done}", org.id))),
        Err(error) => {
            let field = |name| if name == "basis" { "reason" } else { name };
            let wrong = told(error)?.into_iter().map(|(name, say)| (field(name), say)).collect();
            let record = office(&ctx, org.id).await?;
            let kept = Typed::of(org, &record);
            let reason = cut(&typed.reason, LONGEST_FIELD);
            again(&ctx, &staff_member, &look, org, Shown { typed: kept, reason, wrong, note: None }).await
        }
    }
}
