//! Intake 申请: filling in, checking, uploading and submitting an application, online, at a window, by an agent or entered
//! later. What was typed is kept from the first word; submitting twice makes one application.

mod arrival;
mod bundle;
mod draft;
mod form;
mod place;
mod receipt;
mod saving;
pub mod sql;
mod submit;
#[cfg(test)]
mod tests;
mod uploads;

use axum::http::StatusCode;

pub use crate::city::{Field, FieldKind};
pub use arrival::arrived_by;
pub use bundle::{MOST_ITEMS, apart, asked_for, companions, in_common, needed_by, not_taken_at};
pub use draft::{Draft, FORM_FIELD, Need, Owner, Upload, drafts, open};
pub use form::{Problem, Values, party};
pub use place::{hall_at, places, terms_at};
pub use receipt::{RECEIPT_FIELD, Receipt, Told};
pub use saving::{Saving, Starting, discard, forget_expired, save, start, start_as};
pub use submit::{Submitter, check, submit};
#[cfg(test)]
pub(crate) use tests::{submitted as submitted_for_tests, trust::on_promise as on_promise_for_tests};
pub use uploads::{
    Reusable, Supplier, attach, attach_to_case, detach, detach_from_case, last_page, read_staged,
    read_upload, reusable, reuse, staged, supplement,
};

use crate::cases::{ActError, FileError};
use crate::web::Fault;

/// Why an application could not be taken further.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// There is no such draft, or it is somebody else's: both answer the same.
    #[error("没有找到这份草稿，可能已经过期，请从“我的办件”重新打开，或者重新申请")]
    Absent,
    /// It has been handed in.
    #[error("这份申请已经提交，不能再改；需要补充时请打开办件")]
    Submitted,
    /// An item is unknown, or none was chosen.
    #[error("请先选择要办的事项")]
    NoItem,
    /// The items cannot be one application; the sentence says why and what to do.
    #[error("{0}")]
    Apart(String),
    /// The person has too many drafts.
    #[error("您有 100 份没有提交的草稿，请先提交或删除一些")]
    TooManyDrafts,
    /// The form is longer than any honest one.
    #[error("填写的内容太长，请删掉一些，或者作为附件上传")]
    TooMuchText,
    /// The item asks for no such material.
    #[error("这个事项不需要这份材料，请刷新页面再看一遍")]
    NoMaterial,
    /// Too many pages of one material.
    #[error("一份材料最多 50 页，请合并成 PDF 再上传")]
    TooManyPages,
    /// A supplement that nobody asked for.
    #[error("这个办件现在不需要补交材料")]
    NothingAsked,
    /// The post does not reach the place of acceptance.
    #[error("您的岗位不在这个服务大厅，请选择本单位收件")]
    NotYourPlace,
    /// What blocks submitting, all at once.
    #[error("还有 {} 处需要改", .0.len())]
    Problems(Vec<Problem>),
    /// The file was not taken.
    #[error(transparent)]
    File(FileError),
    /// The law or the state of the case does not allow it.
    #[error(transparent)]
    Act(ActError),
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<ActError> for IntakeError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Store(e) => Self::Store(e),
            ActError::Absent => Self::Absent,
            other => Self::Act(other),
        }
    }
}

impl From<IntakeError> for Fault {
    fn from(error: IntakeError) -> Self {
        let told = |status, kind, title: &'static str| Self::new(status, kind, title, error.to_string());
        match error {
            IntakeError::Act(e) => e.into(),
            IntakeError::Store(e) => ActError::Store(e).into(),
            IntakeError::Absent => told(StatusCode::NOT_FOUND, "not_found", "没有找到这份草稿"),
            IntakeError::Submitted => told(StatusCode::CONFLICT, "already_submitted", "已经提交过了"),
            IntakeError::File(FileError::TooLarge(_)) => {
                told(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "文件太大")
            }
            IntakeError::File(_) => {
                told(StatusCode::UNSUPPORTED_MEDIA_TYPE, "file_not_taken", "文件没有收下")
            }
            IntakeError::Problems(ref problems) => {
                let fields = problems.iter().map(|p| (p.field.clone(), p.say.clone())).collect();
                told(StatusCode::UNPROCESSABLE_ENTITY, "problems", "还有几处需要改").with_errors(fields)
            }
            _ => told(StatusCode::UNPROCESSABLE_ENTITY, "not_possible", "现在不能这样做"),
        }
    }
}
