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

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    fn result() -> Command {
        Command::MakeResult { document_no: because("常残康〔2026〕15号"), file: None }
    }

    #[test]
    fn a_result_posted_without_a_tracking_number_is_not_delivered() {
        let ready = Story::granted("2026-03-02").on("2026-03-03", approver(), &result());
        let post = |tracking| Command::Deliver {
            how: Delivery::Post { carrier: because("邮政速递"), tracking: because(tracking) },
        };
        let why = ready.refuses("2026-03-03", clerk(), &post(""));
        assert_eq!(why, Why::TextMissing { what: because("运单号") });
        assert_eq!(ready.on("2026-03-03", clerk(), &post("1234567890123")).case.status, Status::Delivered);
    }

    #[test]
    fn the_result_waits_for_deferred_material() {
        let defer = Command::AcceptDeferring { missing: vec![because("proof")], until: day("2026-03-10") };
        let story = Story::lacking(promised(), "2026-03-02")
            .on("2026-03-02", clerk(), &defer)
            .on("2026-03-02", reviewer(), &pass(0))
            .on("2026-03-02", other_reviewer(), &pass(1))
            .on("2026-03-03", approver(), &grant());
        let why = story.refuses("2026-03-03", approver(), &result());
        assert_eq!(why, Why::DeferralOpen { names: vec![because("诊断证明")] });
        let supply = Command::SupplyDeferred { materials: vec![paper("proof")] };
        story.on("2026-03-04", citizen(), &supply).on("2026-03-04", approver(), &result());
    }
}
