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
