//! 受理 in all its ways: complete, 容缺, 告知承诺, by silence; and 不受理, 不予受理 (行政许可法 第三十二条).

use super::{
    Acceptance, Actor, Case, Facts, Handed, Happened, Limits, REMEDIES, Status, Terms, Why,
    decide::{Outcome, as_role, ensure, for_applicant, in_status, names, said},
    submission::known,
};
use crate::kernel::{FileId, time};
use jiff::civil::Date;

/// The day of acceptance when the organ said nothing for five working days after the material came in.
pub(super) fn silent_since(case: &Case, facts: &Facts) -> Option<Date> {
    time::deemed_accepted(case.came_in?, facts.day(), facts.calendar)
}

fn at_the_window(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Received])?;
    as_role(facts.roles().window, "窗口人员")
}

pub(super) fn may_accept(case: &Case, facts: &Facts) -> Result<(), Why> {
    at_the_window(case, facts)?;
    let missing = names(case, case.missing());
    ensure(missing.is_empty(), Why::MaterialMissing { names: missing })
}

/// Accepting after five silent days is dated back to the day of receipt: the law accepted already.
pub(super) fn accept(case: &Case, facts: &Facts) -> Outcome {
    match silent_since(case, facts) {
        Some(day) => accepted(case, Acceptance::Deemed, day, facts),
        None => accepted(case, Acceptance::Complete, facts.day(), facts),
    }
}

fn accepted(case: &Case, how: Acceptance, on: Date, facts: &Facts) -> Outcome {
    let limits = case.terms().map(|t| Limits::started(t, on, facts.calendar)).unwrap_or_default();
    Ok(vec![Happened::Accepted { how, on, limits: Box::new(limits) }])
}

fn offered(case: &Case, facts: &Facts, offer: impl Fn(&Terms) -> bool, why: Why) -> Result<(), Why> {
    at_the_window(case, facts)?;
    ensure(case.terms().is_some_and(offer), why)?;
    ensure(facts.applicant_trusted, Why::NotTrusted)?;
    ensure(!case.missing().is_empty(), Why::NothingMissing)?;
    silent_since(case, facts).map_or(Ok(()), |since| Err(Why::AcceptedByLaw { since }))
}

pub(super) fn may_defer(case: &Case, facts: &Facts) -> Result<(), Why> {
    offered(case, facts, |t| t.deferral_allowed, Why::DeferralNotOffered)?;
    let deferrable = |c: &&str| case.terms().and_then(|t| t.material(c)).is_some_and(|m| m.deferrable);
    let firm = names(case, case.missing().into_iter().filter(|c| !deferrable(c)));
    ensure(firm.is_empty(), Why::NotDeferrable { names: firm })
}

pub(super) fn defer(case: &Case, missing: &[String], until: Date, facts: &Facts) -> Outcome {
    let lacking = case.missing();
    let same = lacking.len() == missing.len() && lacking.iter().all(|c| missing.iter().any(|m| m == c));
    ensure(same, Why::DeferralList { names: names(case, lacking) })?;
    ensure(until >= facts.day(), Why::DayPassed { day: until })?;
    let limits = case.terms().map(|t| Limits::started(t, facts.day(), facts.calendar)).unwrap_or_default();
    if let Some(due) = limits.leading().and_then(|l| l.due) {
        ensure(until <= due.date, Why::DeferralTooLate { latest: due.date })?;
    }
    accepted(case, Acceptance::Deferring { missing: missing.to_vec(), until }, facts.day(), facts)
}

pub(super) fn may_accept_on_commitment(case: &Case, facts: &Facts) -> Result<(), Why> {
    offered(case, facts, |t| t.commitment_allowed, Why::CommitmentNotOffered)
}

pub(super) fn on_commitment(case: &Case, promise: FileId, facts: &Facts) -> Outcome {
    accepted(case, Acceptance::Commitment { promise }, facts.day(), facts)
}

pub(super) fn may_deem(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Submitted, Status::Received])?;
    as_role(matches!(facts.actor, Actor::System) || facts.roles().supervisor, "系统或监督人员")?;
    let until = time::notice_due(case.came_in.unwrap_or(facts.day()), facts.calendar).date;
    ensure(silent_since(case, facts).is_some(), Why::NotSilentYet { until })
}

pub(super) fn deem(case: &Case, facts: &Facts) -> Outcome {
    let on = case.came_in.unwrap_or(facts.day());
    accepted(case, Acceptance::Deemed, on, facts)
}

pub(super) fn may_turn_away(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Submitted, Status::Received])?;
    as_role(facts.roles().window, "窗口人员")
}

pub(super) fn not_required(reason: &str) -> Outcome {
    said(reason, "不受理的理由")?;
    Ok(vec![Happened::NotRequired { reason: reason.to_owned() }])
}

pub(super) fn refuse(reason: &str, competent: &str) -> Outcome {
    said(reason, "不予受理的理由")?;
    said(competent, "有权受理的机关名称")?;
    Ok(vec![Happened::Refused {
        reason: reason.to_owned(),
        competent: competent.to_owned(),
        remedies: REMEDIES,
    }])
}

pub(super) fn may_supply(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview, Status::Suspended, Status::Granted])?;
    ensure(case.deferral.is_some(), Why::NothingDeferred)?;
    for_applicant(case, facts)
}

pub(super) fn supply(case: &Case, materials: &[Handed]) -> Outcome {
    case.terms().map_or(Ok(()), |t| known(t, materials))?;
    let wanted = case.deferral.as_ref().map_or(&[][..], |d| &d.missing);
    let of_use = |h: &Handed| wanted.contains(&h.code) && (h.paper > 0 || !h.files.is_empty());
    let lacking = names(case, wanted.iter().map(String::as_str));
    ensure(materials.iter().any(of_use), Why::MaterialMissing { names: lacking })?;
    Ok(vec![Happened::DeferredSupplied { materials: materials.to_vec() }])
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    #[test]
    fn limits_are_counted_from_the_day_of_acceptance_with_the_published_calendar() {
        let story = Story::accepted(promised(), "2026-03-02");
        assert_eq!(story.promised_due(), Some(day("2026-03-16")));
        assert_eq!(story.case.limits.left(day("2026-03-04"), china()), Some(8));
        assert_eq!(story.case.limits.used(day("2026-03-04"), china()), Some(2));
    }

    #[test]
    fn a_case_that_lacks_required_material_is_not_accepted() {
        let story = Story::lacking(promised(), "2026-03-02");
        let why = story.refuses("2026-03-02", clerk(), &Command::Accept);
        assert_eq!(why, Why::MaterialMissing { names: vec![because("诊断证明")] });
        assert_eq!(why.article(), Some("行政许可法第三十二条"));
    }

    #[test]
    fn five_working_days_of_silence_accept_from_the_day_of_receipt() {
        let story = Story::lacking(promised(), "2026-09-30");
        let early = story.refuses("2026-10-13", Actor::System, &Command::DeemAccepted);
        assert_eq!(early, Why::NotSilentYet { until: day("2026-10-13") });
        let deemed = story.on("2026-10-14", Actor::System, &Command::DeemAccepted);
        assert_eq!(deemed.case.accepted_on, Some(day("2026-09-30")));
        assert_eq!(deemed.case.accepted_by, None);
        assert_eq!(deemed.case.flags, [Flag::DeemedAccepted]);
        assert_eq!(deemed.promised_due(), Some(china().add_working(day("2026-09-30"), 10)));
    }

    #[test]
    fn a_clerk_who_accepts_too_late_accepts_from_the_day_of_receipt() {
        let late = Story::received(promised(), "2026-09-30").on("2026-10-14", clerk(), &Command::Accept);
        assert_eq!(late.case.accepted_on, Some(day("2026-09-30")));
        assert_eq!(late.case.flags, [Flag::DeemedAccepted]);
    }

    fn deferring(codes: &[&str], until: &str) -> Command {
        Command::AcceptDeferring { missing: codes.iter().map(|c| because(c)).collect(), until: day(until) }
    }

    #[test]
    fn deferral_names_exactly_what_is_missing_and_ends_by_the_promised_day() {
        let story = Story::lacking(promised(), "2026-03-02");
        let late = story.refuses("2026-03-02", clerk(), &deferring(&["proof"], "2026-03-17"));
        assert_eq!(late, Why::DeferralTooLate { latest: day("2026-03-16") });
        let wrong = story.refuses("2026-03-02", clerk(), &deferring(&["photo"], "2026-03-16"));
        assert_eq!(wrong, Why::DeferralList { names: vec![because("诊断证明")] });
        let open = story.on("2026-03-02", clerk(), &deferring(&["proof"], "2026-03-16"));
        assert!(open.case.deferral.is_some());
        let supplied =
            open.on("2026-03-10", citizen(), &Command::SupplyDeferred { materials: vec![paper("proof")] });
        assert_eq!(supplied.case.deferral, None);
    }

    #[test]
    fn what_may_not_be_deferred_is_named() {
        let story = Story::default()
            .on("2026-03-02", clerk(), &submit_with(promised(), Channel::Window, vec![paper("proof")]))
            .on("2026-03-02", clerk(), &receive());
        let why = story.refuses("2026-03-02", clerk(), &deferring(&["id"], "2026-03-16"));
        assert_eq!(why, Why::NotDeferrable { names: vec![because("身份证")] });
    }

    #[test]
    fn a_bad_record_excludes_deferral_and_commitment() {
        let story = Story::lacking(promised(), "2026-03-02");
        let distrusted = Facts { applicant_trusted: false, ..facts(ten("2026-03-02"), clerk()) };
        for command in [deferring(&["proof"], "2026-03-16"), Command::AcceptOnCommitment { promise: file() }]
        {
            assert_eq!(decide(&story.case, &command, &distrusted).unwrap_err().why, Why::NotTrusted);
        }
        assert!(
            story
                .on("2026-03-02", clerk(), &Command::AcceptOnCommitment { promise: file() })
                .case
                .on_commitment
        );
    }

    #[test]
    fn not_required_and_refused_are_different_and_the_refusal_names_the_competent_organ() {
        let story = Story::received(promised(), "2026-03-02");
        let nobody = Command::Refuse { reason: because("不属于本机关职权"), competent: because(" ") };
        let why = story.refuses("2026-03-02", clerk(), &nobody);
        assert_eq!(why, Why::TextMissing { what: because("有权受理的机关名称") });
        let refuse = Command::Refuse {
            reason: because("不属于本机关职权"),
            competent: because("常州市民政局"),
        };
        assert_eq!(story.clone().on("2026-03-02", clerk(), &refuse).case.status, Status::Refused);
        let free = Command::DeclareNotRequired { reason: because("依法不需要许可") };
        assert_eq!(story.on("2026-03-02", clerk(), &free).case.status, Status::NotRequired);
    }
}
