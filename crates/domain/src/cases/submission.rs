//! 申请 and 接件: how a case begins.

use super::{
    Actor, Case, Facts, Handed, Happened, Status, Submit, Terms, Why,
    decide::{Outcome, as_role, ensure, in_status},
};
use crate::kernel::time::notice_due;

pub(super) fn may_submit(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Draft])?;
    let roles = facts.roles();
    as_role(
        matches!(facts.actor, Actor::Citizen { .. }) || roles.window || roles.agent,
        "申请人、窗口人员或代办员",
    )
}

pub(super) fn submit(submit: &Submit, facts: &Facts) -> Outcome {
    known(&submit.terms, &submit.materials)?;
    Ok(vec![Happened::Submitted {
        case: submit.case,
        application: submit.application,
        applicant: submit.applicant,
        channel: submit.channel,
        org: submit.org,
        form_digest: submit.form_digest.clone(),
        given: submit.given.clone(),
        materials: submit.materials.clone(),
        terms: submit.terms.clone(),
        notice_due: notice_due(facts.day(), facts.calendar),
    }])
}

pub(super) fn may_receive(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Submitted])?;
    as_role(facts.roles().window, "窗口人员")
}

pub(super) fn receive(case: &Case, materials: &[Handed], facts: &Facts) -> Outcome {
    case.terms().map_or(Ok(()), |t| known(t, materials))?;
    // The five days run from the day the material came in, not from the day somebody opened it (第三十二条).
    let came_in = case.came_in.unwrap_or(facts.day());
    Ok(vec![Happened::Received {
        materials: materials.to_vec(),
        notice_due: notice_due(came_in, facts.calendar),
    }])
}

/// Materials handed in must stand in the terms, each once.
pub(super) fn known(terms: &Terms, materials: &[Handed]) -> Result<(), Why> {
    let foreign: Vec<String> =
        materials.iter().filter(|h| terms.material(&h.code).is_none()).map(|h| h.code.clone()).collect();
    ensure(foreign.is_empty(), Why::UnknownMaterial { codes: foreign })?;
    let codes: Vec<&str> = materials.iter().map(|h| h.code.as_str()).collect();
    named_once(&codes)
}

/// No code may stand twice.
pub(super) fn named_once(codes: &[&str]) -> Result<(), Why> {
    let twice: Vec<String> = codes
        .iter()
        .enumerate()
        .filter(|(i, c)| codes[..*i].contains(c))
        .map(|(_, c)| (*c).to_owned())
        .collect();
    ensure(twice.is_empty(), Why::NamedTwice { codes: twice })
}
