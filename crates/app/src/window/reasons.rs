//! Why the case cannot be accepted yet, each reason with the field it leads to, and which deeds are possible: asked of the
//! table of allowed actions with the material as it lies on the counter.

use super::deed::{self, Deed};
use super::frame::Clerk;
use super::sheet::{Sheet, input_id};
use super::tab::Tab;
use crate::cases;
use crate::web::Fault;
use crate::{Ctx, intake};
use domain::cases::{Actor, Case, Facts, Handed, Roles, Submit, Why};
use domain::catalogue::Regime;
use domain::kernel::{ApplicationId, CaseId};
use uuid::Uuid;

/// One reason why it cannot be accepted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    /// What to do.
    pub text: String,
    /// The field it leads to, as `#id`; empty for none.
    pub href: String,
}

impl Reason {
    fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// One button of the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Act {
    /// What it sends.
    pub word: &'static str,
    /// What it says.
    pub label: &'static str,
    /// The key that presses it; empty for none.
    pub key: &'static str,
    /// The main one.
    pub primary: bool,
    /// It turns somebody away.
    pub danger: bool,
    /// Why it cannot be pressed now; empty when it can.
    pub why: String,
}

/// The case as it would be, and who asks.
struct Foreseen {
    case: Case,
    actor: Actor,
    trusted: bool,
}

/// Reasons and deeds of a tab.
pub(super) async fn of(
    ctx: &Ctx,
    clerk: &Clerk,
    tab: &Tab,
    sheet: Option<&Sheet>,
) -> Result<(Vec<Reason>, Vec<Act>), Fault> {
    let Some(sheet) = sheet else {
        let reasons = nobody_or_nothing(tab);
        let why = reasons.first().map(|reason| reason.text.clone()).unwrap_or_default();
        let acts = Deed::ALL.into_iter().filter(|deed| deed.fits(None, clerk.only_files));
        return Ok((reasons, acts.map(|deed| act(deed, None, why.clone())).collect()));
    };
    let foreseen = foresee(ctx, clerk, sheet).await?;
    let hindered = |deed| hindrance(ctx, sheet, foreseen.as_ref(), deed);
    let main = if clerk.only_files { Deed::Submit } else { Deed::Accept };
    let reasons = reasons(sheet, hindered(main));
    let regime = Some(sheet.terms.regime);
    let acts = Deed::ALL.into_iter().filter(|deed| deed.fits(regime, clerk.only_files));
    Ok((
        reasons,
        acts.map(|deed| act(deed, regime, hindered(deed).map(|why| why.to_string()).unwrap_or_default()))
            .collect(),
    ))
}

/// Why a deed is not possible with what lies on the counter; the sentence the server refuses with.
pub(super) async fn refusal(
    ctx: &Ctx,
    clerk: &Clerk,
    tab: &Tab,
    sheet: Option<&Sheet>,
    deed: Deed,
) -> Result<Option<String>, Fault> {
    let Some(sheet) = sheet else {
        return Ok(nobody_or_nothing(tab).into_iter().next().map(|reason| reason.text));
    };
    let foreseen = foresee(ctx, clerk, sheet).await?;
    Ok(hindrance(ctx, sheet, foreseen.as_ref(), deed).map(|why| format!("不能{}：{why}", deed.label())))
}

fn nobody_or_nothing(tab: &Tab) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if tab.typed.person.is_none() {
        reasons.push(Reason::new("先找到或登记申请人", "#document"));
    }
    if tab.typed.item.is_empty() {
        reasons.push(Reason::new("先选要办的事项", "#item"));
    }
    if reasons.is_empty() {
        reasons.push(Reason::new("这个事项在这里没有负责的部门，请换一个事项", ""));
    }
    reasons
}

fn act(deed: Deed, regime: Option<Regime>, why: String) -> Act {
    let main = if regime == Some(Regime::Immediate) { Deed::AtOnce } else { Deed::Accept };
    Act {
        word: deed.word(),
        label: deed.label(),
        key: deed.key(),
        primary: deed == main || deed == Deed::Submit,
        danger: deed.turns_away(),
        why,
    }
}

/// What stands in the way, from the form and from the law.
enum Hindrance {
    Form(String),
    Fault(String),
    Law(Why),
}

impl std::fmt::Display for Hindrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Form(text) | Self::Fault(text) => f.write_str(text),
            Self::Law(why) => match why.article() {
                Some(article) => write!(f, "{why}（{article}）"),
                None => why.fmt(f),
            },
        }
    }
}

fn hindrance(ctx: &Ctx, sheet: &Sheet, foreseen: Option<&Foreseen>, deed: Deed) -> Option<Hindrance> {
    if let Some(problem) = sheet.problems.first() {
        return Some(Hindrance::Form(problem.say.clone()));
    }
    let Some(foreseen) = foreseen else {
        return Some(Hindrance::Form("您的岗位不能在这里收件，请换本大厅的窗口账号".to_owned()));
    };
    let sound =
        matches!(deed, Deed::Notice | Deed::Receive | Deed::NotRequired | Deed::Refuse | Deed::Submit);
    if let Some(row) = sheet.rows.iter().find(|row| !row.fault.is_empty()).filter(|_| !sound) {
        return Some(Hindrance::Fault(format!("“{}”有问题：{}", row.name, row.fault)));
    }
    let city = ctx.city();
    let now = ctx.now();
    let facts = Facts {
        at: sheet.draft.happened_at.filter(|at| *at <= now).unwrap_or(now),
        entered_at: now,
        actor: foreseen.actor,
        calendar: &city.calendar,
        applicant_trusted: foreseen.trusted,
    };
    let why = deed::hindrance(&foreseen.case, deed, &facts)?;
    // What is found wrong is told with the notice, though all the papers are there.
    Some(Hindrance::Law(why))
}

async fn foresee(ctx: &Ctx, clerk: &Clerk, sheet: &Sheet) -> Result<Option<Foreseen>, Fault> {
    let Some(applicant) = sheet.draft.applicant else { return Ok(None) };
    let city = ctx.city();
    let Some(roles) = clerk.actor().roles_at_front(&city, clerk.org) else { return Ok(None) };
    let decides_at_once = roles.window && city.decides_at_once(clerk.org, sheet.terms.item);
    let roles = Roles { decides_at_once, ..roles };
    let trusted = cases::may_promise(ctx, applicant).await?;
    let actor = Actor::Staff { id: clerk.staff.id, org: clerk.org, roles };
    let now = ctx.now();
    let at = sheet.draft.happened_at.filter(|at| *at <= now).unwrap_or(now);
    let facts = Facts { at, entered_at: now, actor, calendar: &city.calendar, applicant_trusted: trusted };
    let submit = Submit {
        case: CaseId(Uuid::nil()),
        application: ApplicationId(Uuid::nil()),
        applicant,
        channel: sheet.draft.channel,
        org: clerk.org,
        form_digest: None,
        materials: on_the_counter(sheet),
        terms: Box::new(sheet.terms.clone()),
    };
    Ok(deed::foreseen(submit, &facts).ok().map(|case| Foreseen { case, actor, trusted }))
}

fn on_the_counter(sheet: &Sheet) -> Vec<Handed> {
    let handed = |row: &super::materials::MaterialRow| Handed {
        code: row.code.clone(),
        paper: row.paper,
        files: row.pages.iter().map(|page| page.id).collect(),
    };
    sheet.rows.iter().filter(|row| row.brought()).map(handed).collect()
}

fn reasons(sheet: &Sheet, accept: Option<Hindrance>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = sheet.problems.iter().map(problem).collect();
    for row in sheet.rows.iter().filter(|row| row.required && !row.brought()) {
        reasons.push(Reason::new(format!("缺“{}”", row.name), format!("#paper-{}", row.no)));
    }
    for row in sheet.rows.iter().filter(|row| !row.fault.is_empty()) {
        reasons
            .push(Reason::new(format!("“{}”有问题：{}", row.name, row.fault), format!("#fault-{}", row.no)));
    }
    match accept {
        Some(Hindrance::Law(Why::MaterialMissing { .. })) | None => {}
        Some(_) if !reasons.is_empty() => {}
        Some(why) => reasons.push(Reason::new(why.to_string(), "")),
    }
    reasons
}

fn problem(problem: &intake::Problem) -> Reason {
    let href = match problem.field.as_str() {
        "accepting" | "applicant" | "draft" => String::new(),
        "happened_at" => "#happened_on".to_owned(),
        name => format!("#{}", input_id(name)),
    };
    Reason::new(problem.say.clone(), href)
}
