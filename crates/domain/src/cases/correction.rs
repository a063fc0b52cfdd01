//! 补正: the one complete notice of what must be supplemented (行政许可法 第三十二条第一款第四项).

use super::{
    Case, Facts, Handed, Happened, Status, ToCorrect, Why,
    acceptance::silent_since,
    decide::{Outcome, as_role, ensure, for_applicant, in_status, names, said},
    submission::{known, named_once},
};
use crate::kernel::time::notice_due;
use jiff::civil::Date;

pub(super) fn may_ask(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Received])?;
    as_role(facts.roles().window, "窗口人员")?;
    if let Some(since) = silent_since(case, facts) {
        return Err(Why::AcceptedByLaw { since });
    }
    ensure(case.notices.is_empty() || case.notice_released, Why::SecondNotice)
}

pub(super) fn ask(case: &Case, items: &[ToCorrect], until: Date, facts: &Facts) -> Outcome {
    ensure(!items.is_empty(), Why::NoticeEmpty)?;
    let codes: Vec<&str> = items.iter().map(|i| i.code.as_str()).collect();
    named_once(&codes)?;
    let foreign: Vec<String> = codes
        .iter()
        .filter(|c| case.terms().and_then(|t| t.material(c)).is_none())
        .map(|c| (*c).to_owned())
        .collect();
    ensure(foreign.is_empty(), Why::UnknownMaterial { codes: foreign })?;
    for item in items {
        said(&item.reason, "每一份材料的补正理由")?;
    }
    let forgotten = names(case, case.missing().into_iter().filter(|c| !codes.contains(c)));
    ensure(forgotten.is_empty(), Why::NoticeIncomplete { names: forgotten })?;
    ensure(until > facts.day(), Why::DayPassed { day: until })?;
    let nth = u16::try_from(case.notices.len()).unwrap_or(u16::MAX).saturating_add(1);
    Ok(vec![Happened::CorrectionAsked { items: items.to_vec(), until, nth }])
}

pub(super) fn may_release(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Received])?;
    as_role(facts.roles().supervisor, "监督人员")?;
    ensure(!case.notices.is_empty() && !case.notice_released, Why::NoNoticeYet)
}

pub(super) fn release(reason: &str) -> Outcome {
    said(reason, "放行再次告知的理由")?;
    Ok(vec![Happened::SecondNoticeReleased { reason: reason.to_owned() }])
}

pub(super) fn may_resubmit(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Correcting])?;
    for_applicant(case, facts)
}

pub(super) fn resubmit(case: &Case, materials: &[Handed], facts: &Facts) -> Outcome {
    case.terms().map_or(Ok(()), |t| known(t, materials))?;
    let asked = case.notices.last().map_or(&[][..], |n| &n.codes);
    let brought =
        |code: &str| materials.iter().any(|h| h.code == code && (h.paper > 0 || !h.files.is_empty()));
    let lacking = names(case, asked.iter().map(String::as_str).filter(|c| !brought(c)));
    ensure(lacking.is_empty(), Why::MaterialMissing { names: lacking })?;
    Ok(vec![Happened::Resubmitted {
        materials: materials.to_vec(),
        notice_due: notice_due(facts.day(), facts.calendar),
    }])
}
