//! One item for other programs: its guide, the form and materials an application needs, its versions.

use super::ask::Named;
use super::elements::ItemElements;
use crate::Ctx;
use crate::catalogue::{Catalogue, Entry};
use crate::intake::{Field, FieldKind};
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use domain::cases::{Channel, material_code};
use domain::catalogue::{Based, Basis, Item, Material};
use domain::kernel::time::Days;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// 一个期限。
#[derive(Serialize, ToSchema)]
pub(super) struct DaysView {
    /// 几天；0 表示当场办结。
    n: u16,
    /// working 是工作日，natural 是自然日。
    unit: &'static str,
    /// 没有经主管部门确认，是示例。
    placeholder: bool,
}

impl DaysView {
    fn of(days: &Based<Days>) -> Self {
        Self {
            n: days.value.number(),
            unit: if days.value.is_working() { "working" } else { "natural" },
            placeholder: days.basis.is_placeholder(),
        }
    }
}

/// 一句话和它的依据。
#[derive(Serialize, ToSchema)]
pub(super) struct Said {
    /// 内容。
    text: String,
    /// 依据，例如法律条文；可能是空的。
    basis: String,
    /// 没有经主管部门确认，是示例。
    placeholder: bool,
}

impl Said {
    fn new(text: &str, basis: &Basis) -> Self {
        Self { text: text.to_owned(), basis: basis.text().to_owned(), placeholder: basis.is_placeholder() }
    }

    pub(super) fn of(said: &Based<String>) -> Self {
        Self::new(&said.value, &said.basis)
    }
}

/// 一份申请材料。
#[derive(Serialize, ToSchema)]
pub(super) struct MaterialNeed {
    /// 材料编码，上传和办理时用。
    code: String,
    /// 材料名称。
    name: String,
    /// 原件、复印件、原件及复印件、电子。
    form: &'static str,
    /// 份数。
    copies: u8,
    /// 来源：申请人自备、政府核发、数据共享。
    source: &'static str,
    /// 是否必须。
    required: bool,
    /// 填报须知；可能是空的。
    note: String,
    /// 没有经主管部门确认，是示例。
    placeholder: bool,
}

impl From<&Material> for MaterialNeed {
    fn from(material: &Material) -> Self {
        Self {
            code: material_code(&material.name),
            name: material.name.clone(),
            form: material.form.label(),
            copies: material.copies,
            source: material.source.label(),
            required: material.required,
            note: material.note.clone(),
            placeholder: material.basis.is_placeholder(),
        }
    }
}

/// 一个版本。办件按提交时的版本办理。
#[derive(Serialize, ToSchema)]
pub(super) struct VersionView {
    /// 版本号，从 1 开始。
    no: u32,
    /// 从哪一天起有效。
    valid_from: Date,
    /// 到哪一天不再有效；现行版本是 null。
    valid_until: Option<Date>,
}

/// 一个事项的办事指南。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemDetail {
    /// 事项的编号，申请时用。
    id: Uuid,
    /// 在附件1中的序号。
    first_batch_no: u16,
    /// 实施编码，31 位。
    code: String,
    /// 基本编码，12 位。
    basic_code: String,
    /// 编码还没有经主管部门赋码，是占位的。
    code_is_placeholder: bool,
    /// 事项名称。
    name: String,
    /// 主管部门简称。
    department: String,
    /// 部分覆盖：只在部分镇（街道）办理。
    partial_coverage: bool,
    /// immediate 即办件、promised 承诺件、report_up 上报件。
    #[schema(schema_with = super::words::regime)]
    regime: String,
    /// 现行版本。
    version: VersionView,
    /// 承诺办结时限。
    promised: DaysView,
    /// 法定办结时限；法律没有规定天数的是 null。
    statutory: Option<DaysView>,
    /// 受理条件。
    conditions: Vec<Said>,
    /// 设定依据。
    legal_basis: Vec<Said>,
    /// 申请材料。
    materials: Vec<MaterialNeed>,
    /// 收费。
    fee: Said,
    /// 咨询电话；可能是空的。
    advice_phone: String,
    /// 结果名称；可能是空的。
    result: String,
    /// 办理地点。
    place: String,
    /// 事项要素。
    elements: ItemElements,
}

fn version(item: &Item) -> VersionView {
    let version = item.version;
    VersionView { no: version.no, valid_from: version.valid_from, valid_until: version.valid_until }
}

fn detail(entry: &Entry) -> Result<ItemDetail, Fault> {
    let item = &entry.item;
    let guide = &item.guide;
    Ok(ItemDetail {
        id: item.id.uuid(),
        first_batch_no: entry.no(),
        code: entry.code.to_string(),
        basic_code: item.identity.basic_code.value.to_string(),
        code_is_placeholder: entry.has_made_up_code(),
        name: entry.name().to_owned(),
        department: entry.department().to_owned(),
        partial_coverage: entry.is_partial(),
        regime: super::words::word(&item.regime.value)?,
        version: version(item),
        promised: DaysView::of(&guide.time.promised),
        statutory: guide.time.statutory.as_ref().map(DaysView::of),
        conditions: guide.process.conditions.iter().map(Said::of).collect(),
        legal_basis: item.identity.legal_basis.iter().map(Said::of).collect(),
        materials: guide.materials.iter().map(MaterialNeed::from).collect(),
        fee: Said::new(&guide.fee.text, &guide.fee.basis),
        advice_phone: guide.contact.advice.value.clone(),
        result: guide.outcome.name.value.clone(),
        place: guide.channels.place.clone(),
        elements: ItemElements::from(item),
    })
}

fn found<'a>(catalogue: &'a Catalogue, code: &str) -> Result<&'a Entry, Fault> {
    catalogue.item(code).ok_or_else(Fault::not_found)
}

/// 一个事项
///
/// 公开，不用令牌。可以用附件1的三位序号（如 101）、基本编码或实施编码。
#[utoipa::path(get, path = "/api/v1/items/{code}", tag = "事项",
    params(("code" = String, Path, description = "三位序号、基本编码或实施编码")),
    responses((status = 200, description = "事项", body = ItemDetail)))]
pub(super) async fn item(
    State(ctx): State<Ctx>,
    Named(code): Named<String>,
) -> Result<Json<ItemDetail>, Fault> {
    detail(found(&ctx.catalogue(), &code)?).map(Json)
}

/// 事项的全部版本。
#[derive(Serialize, ToSchema)]
pub(super) struct Versions {
    /// 版本，新的在前。
    versions: Vec<VersionView>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 事项的版本
///
/// 事项每次变更都有一个新版本，办件按提交时的版本办理。
#[utoipa::path(get, path = "/api/v1/items/{code}/versions", tag = "事项",
    params(("code" = String, Path, description = "三位序号、基本编码或实施编码")),
    responses((status = 200, description = "版本", body = Versions)))]
pub(super) async fn versions(
    State(ctx): State<Ctx>,
    Named(code): Named<String>,
) -> Result<Json<Versions>, Fault> {
    // The city's files hold the version in force and no other.
    let catalogue = ctx.catalogue();
    let item = &found(&catalogue, &code)?.item;
    Ok(Json(Versions { versions: vec![version(item)], next: None }))
}

/// 可以选的一个值。
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceView {
    /// 填写的值。
    value: String,
    /// 页面上的说法。
    label: String,
}

/// 表单的一个字段。
#[derive(Serialize, ToSchema)]
pub(super) struct FieldView {
    /// 字段名，填写 form 时用。
    name: String,
    /// 问题。
    label: String,
    /// 怎么填。
    hint: String,
    /// 怎么填写：line 一行、text 多行、phone 电话、date 日期（2026-03-02）、number 数字、choice 选一个。
    kind: &'static str,
    /// 是否必填。
    required: bool,
    /// 最多几个字。
    max_length: u64,
    /// 可以选的值；不是选择题的是空的。
    choices: Vec<ChoiceView>,
    /// 只在另一个字段等于某个值时才问：字段名和值。
    when: Option<WhenView>,
    /// 没有经主管部门确认，是示例，可以不填。
    placeholder: bool,
}

/// 什么时候才问。
#[derive(Serialize, ToSchema)]
pub(super) struct WhenView {
    /// 字段名。
    field: String,
    /// 值。
    is: String,
}

const fn kind(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Line => "line",
        FieldKind::Text => "text",
        FieldKind::Phone => "phone",
        FieldKind::Date { .. } => "date",
        FieldKind::Number { .. } => "number",
        FieldKind::Choice(_) => "choice",
    }
}

impl From<&Field> for FieldView {
    fn from(field: &Field) -> Self {
        let choice =
            |(value, label): &(String, String)| ChoiceView { value: value.clone(), label: label.clone() };
        let choices = match &field.kind {
            FieldKind::Choice(choices) => choices.iter().map(choice).collect(),
            _ => Vec::new(),
        };
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            hint: field.hint.clone(),
            kind: kind(&field.kind),
            required: field.required,
            max_length: field.most,
            choices,
            when: field.when.clone().map(|(field, is)| WhenView { field, is }),
            placeholder: field.basis.as_ref().is_some_and(Basis::is_placeholder),
        }
    }
}

/// 一个事项的申请表单和材料。
#[derive(Serialize, ToSchema)]
pub(super) struct FormView {
    /// 事项的编号。
    item: Uuid,
    /// 字段，按填写的顺序。
    fields: Vec<FieldView>,
    /// 同一张表单的 JSON Schema（2020-12），可以用来校验。
    #[schema(value_type = Object)]
    schema: serde_json::Value,
    /// 材料。
    materials: Vec<MaterialNeed>,
}

/// 事项的表单和材料
///
/// 代申请人提交申请时要填的字段和要上传的材料。
#[utoipa::path(get, path = "/api/v1/items/{code}/form", tag = "事项",
    params(("code" = String, Path, description = "三位序号、基本编码或实施编码")),
    responses((status = 200, description = "表单和材料", body = FormView)))]
pub(super) async fn form(
    State(ctx): State<Ctx>,
    Named(code): Named<String>,
) -> Result<Json<FormView>, Fault> {
    let catalogue = ctx.catalogue();
    let item = &found(&catalogue, &code)?.item;
    let form = ctx.city().form(&[item], Channel::Agent);
    Ok(Json(FormView {
        item: item.id.uuid(),
        schema: form.schema.clone(),
        fields: form.fields.iter().map(FieldView::from).collect(),
        materials: item.guide.materials.iter().map(MaterialNeed::from).collect(),
    }))
}
