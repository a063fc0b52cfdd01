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

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    #[test]
    fn incomplete_material_is_told_once_and_completely() {
        let story = Story::default()
            .on("2026-03-02", clerk(), &submit_with(promised(), Channel::Window, vec![]))
            .on("2026-03-02", clerk(), &receive());
        let half = story.refuses("2026-03-02", clerk(), &ask(&["id"], "2026-03-20"));
        assert_eq!(half, Why::NoticeIncomplete { names: vec![because("诊断证明")] });
        let asked = story.on("2026-03-02", clerk(), &ask(&["id", "proof"], "2026-03-20"));
        assert_eq!(asked.case.status, Status::Correcting);
        let done = asked.on("2026-03-05", citizen(), &resubmit(&["id", "proof"])).on(
            "2026-03-06",
            clerk(),
            &Command::Accept,
        );
        assert_eq!(done.case.accepted_on, Some(day("2026-03-06")));
    }

    #[test]
    fn a_supplement_must_bring_everything_that_was_asked_for() {
        let asked = Story::lacking(promised(), "2026-03-02").on(
            "2026-03-02",
            clerk(),
            &ask(&["proof"], "2026-03-20"),
        );
        let why = asked.refuses("2026-03-05", citizen(), &resubmit(&["photo"]));
        assert_eq!(why, Why::MaterialMissing { names: vec![because("诊断证明")] });
    }

    #[test]
    fn a_second_notice_needs_the_supervisors_release_and_is_flagged() {
        let again = Story::lacking(promised(), "2026-03-02")
            .on("2026-03-02", clerk(), &ask(&["proof"], "2026-03-20"))
            .on("2026-03-05", citizen(), &resubmit(&["proof"]));
        let second = ask(&["proof"], "2026-03-20");
        assert_eq!(again.refuses("2026-03-06", clerk(), &second), Why::SecondNotice);
        let release = Command::ReleaseSecondNotice { reason: because("诊断证明被认定无效") };
        let flagged = again.on("2026-03-06", supervisor(), &release).on("2026-03-06", clerk(), &second);
        assert_eq!(flagged.case.flags, [Flag::SecondNotice]);
        assert!(!flagged.case.notice_released, "one release lets one notice pass");
    }

    #[test]
    fn nothing_can_be_asked_for_after_five_silent_working_days() {
        let story = Story::lacking(promised(), "2026-09-30");
        let why = story.refuses("2026-10-14", clerk(), &ask(&["proof"], "2026-10-30"));
        assert_eq!(why, Why::AcceptedByLaw { since: day("2026-09-30") });
        story.on("2026-10-13", clerk(), &ask(&["proof"], "2026-10-30"));
    }
}
