//! 制证 and 送达: the result gets its number and reaches the applicant (行政许可法 第四十四条).

use super::{
    Case, Delivery, Facts, Happened, Status, Why,
    decide::{Outcome, as_role, ensure, in_status, names, said},
};
use crate::kernel::FileId;
use jiff::civil::Date;

/// The result is issued only after everything deferred has come in (容缺受理).
pub(super) fn may_make(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Granted])?;
    let roles = facts.roles();
    as_role(roles.window || roles.reviewer || roles.approver, "窗口、审核或审批人员")?;
    let open = case.deferral.as_ref().map(|d| names(case, d.missing.iter().map(String::as_str)));
    ensure(open.is_none(), Why::DeferralOpen { names: open.unwrap_or_default() })
}

pub(super) fn make(
    document_no: &str,
    file: Option<FileId>,
    valid_until: Option<Date>,
    facts: &Facts,
) -> Outcome {
    said(document_no, "结果文号")?;
    if let Some(day) = valid_until {
        ensure(day >= facts.day(), Why::DayPassed { day })?;
    }
    Ok(vec![Happened::ResultMade { document_no: document_no.to_owned(), file, valid_until }])
}

pub(super) fn may_deliver(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::ResultReady, Status::Denied])?;
    as_role(facts.roles().window, "窗口人员")
}

pub(super) fn deliver(how: &Delivery) -> Outcome {
    match how {
        Delivery::Post { carrier, tracking } => {
            said(carrier, "快递公司")?;
            said(tracking, "运单号")?;
        }
        // A delivery record 送达回证 without a name under it proves nothing.
        Delivery::Window { signature: None, receiver: None } => {
            return Err(Why::TextMissing { what: "领取人".to_owned() });
        }
        Delivery::Window { .. } | Delivery::Electronic => {}
    }
    Ok(vec![Happened::Delivered { how: how.clone() }])
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    fn result() -> Command {
        Command::MakeResult {
            document_no: because("常残康〔2026〕15号"), file: None, valid_until: None
        }
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
    fn whoever_takes_a_result_at_the_window_signs_a_scan_or_a_paper_that_names_them() {
        let ready = Story::granted("2026-03-02").on("2026-03-03", approver(), &result());
        let window = |signature, receiver| Command::Deliver { how: Delivery::Window { signature, receiver } };
        let why = ready.refuses("2026-03-03", clerk(), &window(None, None));
        assert_eq!(why, Why::TextMissing { what: because("领取人") });
        let noted = crate::kernel::ReceiverId(id(70));
        let signed = ready.on("2026-03-03", clerk(), &window(None, Some(noted)));
        assert_eq!(signed.case.status, Status::Delivered);
        let old = r#"{"type":"window","signature":"00000000-0000-0000-0000-000000000046"}"#;
        let read: Delivery = serde_json::from_str(old).unwrap();
        assert!(matches!(read, Delivery::Window { signature: Some(_), receiver: None }));
    }

    #[test]
    fn a_result_holds_until_the_day_it_names_and_not_until_a_day_that_has_passed() {
        let granted = Story::granted("2026-03-02");
        let until = |at| Command::MakeResult {
            document_no: because("常残康〔2026〕15号"),
            file: None,
            valid_until: Some(day(at)),
        };
        let why = granted.refuses("2026-03-03", approver(), &until("2026-03-02"));
        assert_eq!(why, Why::DayPassed { day: day("2026-03-02") });
        let made = granted.on("2026-03-03", approver(), &until("2029-03-02"));
        assert_eq!(made.case.valid_until, Some(day("2029-03-02")));
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
