//! 制证 and 送达: the result gets its number and reaches the applicant (行政许可法 第四十四条).

use super::{
    Case, Delivery, Facts, Happened, Status, Why,
    decide::{Outcome, as_role, ensure, in_status, names, said},
};
use crate::kernel::FileId;

/// The result is issued only after everything deferred has come in (容缺受理).
pub(super) fn may_make(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Granted])?;
    let roles = facts.roles();
    as_role(roles.window || roles.reviewer || roles.approver, "窗口、审核或审批人员")?;
    let open = case.deferral.as_ref().map(|d| names(case, d.missing.iter().map(String::as_str)));
    ensure(open.is_none(), Why::DeferralOpen { names: open.unwrap_or_default() })
}

pub(super) fn make(document_no: &str, file: Option<FileId>) -> Outcome {
    said(document_no, "结果文号")?;
    Ok(vec![Happened::ResultMade { document_no: document_no.to_owned(), file }])
}

pub(super) fn may_deliver(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::ResultReady, Status::Denied])?;
    as_role(facts.roles().window, "窗口人员")
}

pub(super) fn deliver(how: &Delivery) -> Outcome {
    if let Delivery::Post { carrier, tracking } = how {
        said(carrier, "快递公司")?;
        said(tracking, "运单号")?;
    }
    Ok(vec![Happened::Delivered { how: how.clone() }])
}
