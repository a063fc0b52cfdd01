//! How an application that is filled in over the API is shown: what it is for, what is there, what is wanting.

use super::words;
use crate::city::City;
use crate::intake::{Draft, Problem};
use crate::web::Fault;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// 要改的一处。
#[derive(Serialize, ToSchema)]
pub(super) struct ProblemView {
    /// 字段名，或者 material.材料编码。
    field: String,
    /// 怎么改。
    detail: String,
    /// 不改不能提交。
    blocks: bool,
}

impl From<Problem> for ProblemView {
    fn from(problem: Problem) -> Self {
        Self { field: problem.field, detail: problem.say, blocks: problem.blocks }
    }
}

/// 表单的一个字段。
#[derive(Serialize, ToSchema)]
pub(super) struct FieldState {
    /// 字段名。
    name: String,
    /// 问题。
    label: String,
    /// 已经填了。
    filled: bool,
}

/// The fields of the form, without what was answered: that is personal.
pub(super) fn fields(city: &City, draft: &Draft) -> Vec<FieldState> {
    let filled = |name: &str| draft.values.get(name).is_some_and(|value| !value.trim().is_empty());
    let fields = draft.fields(city);
    fields
        .iter()
        .map(|field| FieldState {
            filled: filled(&field.name),
            name: field.name.clone(),
            label: field.label.clone(),
        })
        .collect()
}

/// 申请要的一份材料。
#[derive(Serialize, ToSchema)]
pub(super) struct NeedState {
    /// 材料编码。
    code: String,
    /// 材料名称。
    name: String,
    /// 是否必须。
    required: bool,
    /// 收了几份纸质的。
    paper: u16,
    /// 上传了的文件的编号，按页。
    files: Vec<Uuid>,
}

/// 一份申请。
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicationView {
    /// 申请的编号。
    id: Uuid,
    /// 已经提交。
    submitted: bool,
    /// 申报来源。
    #[schema(schema_with = words::channel)]
    channel: String,
    /// 事项的编号。
    items: Vec<Uuid>,
    /// 收件的服务大厅；还没有选的是 null。
    accepting: Option<Uuid>,
    /// 已经填了申请人。
    has_applicant: bool,
    /// 要的材料。
    materials: Vec<NeedState>,
    /// 新建的时间。
    created_at: Timestamp,
    /// 到这个时间不动就自动删除。
    expires_at: Timestamp,
}

/// A draft as its client sees it.
pub(super) fn view(city: &City, draft: &Draft) -> Result<ApplicationView, Fault> {
    let need = |need: crate::intake::Need| NeedState {
        code: need.terms.code,
        name: need.terms.name,
        required: need.terms.required,
        paper: need.paper,
        files: need.pages.iter().map(|file| file.id.uuid()).collect(),
    };
    Ok(ApplicationView {
        id: draft.id,
        submitted: draft.application.is_some(),
        channel: words::word(&draft.channel)?,
        items: draft.items.iter().map(|item| item.uuid()).collect(),
        accepting: draft.accepting.map(|org| org.uuid()),
        has_applicant: draft.applicant.is_some(),
        materials: draft.needs(city).into_iter().map(need).collect(),
        created_at: draft.created_at,
        expires_at: draft.expires_at,
    })
}
