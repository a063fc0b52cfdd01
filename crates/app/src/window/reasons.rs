//! Why the cases cannot be accepted yet, each reason with the field it leads to and the items it concerns, and which deeds are
//! possible: asked of the table of allowed actions with the material as it lies on the counter.

use super::deed::{self, Deed};
use super::frame::Clerk;
use super::materials::MaterialRow;
use super::sheet::{Sheet, input_id};
use super::tab::Tab;
use crate::cases;
use crate::web::Fault;
use crate::{Ctx, intake};
use domain::cases::{Actor, Case, Facts, Handed, Roles, Submit, Terms, Why};
use domain::catalogue::Regime;
use domain::kernel::{ApplicationId, CaseId};
use ui::{Tag, TagKind};
use uuid::Uuid;

/// One reason why it cannot be accepted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    /// What to do.
    pub text: String,
    /// The field it leads to, as `#id`; empty for none.
    pub href: String,
    /// The items it concerns, by their places.
    of: Vec<usize>,
}

impl Reason {
    fn new(text: impl Into<String>, href: impl Into<String>, of: Vec<usize>) -> Self {
        Self { text: text.into(), href: href.into(), of }
    }
}

/// Reasons that concern the same items.
#[derive(Debug, Clone)]
pub(super) struct Concern {
    /// Which items, in words; empty when there is only one.
    pub of: String,
    /// The reasons.
    pub reasons: Vec<Reason>,
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

/// How a tab stands: what is in the way, and what can be done.
#[derive(Default)]
pub(super) struct Standing {
    /// Every reason, the nearest first.
    pub reasons: Vec<Reason>,
    /// The same, item by item.
    pub concerns: Vec<Concern>,
    /// The bar.
    pub acts: Vec<Act>,
    /// Of several items, whether each could be accepted.
    pub items: Vec<Tag>,
}

/// One case as it would be, and who asks.
struct Foreseen {
    case: Case,
    actor: Actor,
}

/// Reasons and deeds of a tab.
pub(super) async fn of(
    ctx: &Ctx,
    clerk: &Clerk,
    tab: &Tab,
    sheet: Option<&Sheet>,
) -> Result<Standing, Fault> {
    let Some(sheet) = sheet else {
        let reasons = nobody_or_nothing(tab);
        let why = reasons.first().map(|reason| reason.text.clone()).unwrap_or_default();
        let acts = Deed::ALL.into_iter().filter(|deed| deed.fits(false, clerk.only_files));
        let acts = acts.map(|deed| act(deed, false, why.clone())).collect();
        let concerns = vec![Concern { of: String::new(), reasons: reasons.clone() }];
        return Ok(Standing { reasons, concerns, acts, items: Vec::new() });
    };
    let counter = Counter::of(ctx, clerk, sheet).await?;
    let main = if clerk.only_files { Deed::Submit } else { Deed::Accept };
    let reasons = counter.reasons(main);
    let immediate = |terms: &Terms| terms.regime == Regime::Immediate;
    let (any, all) = (sheet.terms.iter().any(immediate), sheet.terms.iter().all(immediate));
    let acts = Deed::ALL.into_iter().filter(|deed| deed.fits(any, clerk.only_files));
    let why = |deed| counter.hindrance(deed).map(|why| why.to_string()).unwrap_or_default();
    let acts = acts.map(|deed| act(deed, all, why(deed))).collect();
    Ok(Standing { concerns: concerns(sheet, &reasons), items: tags(sheet, &reasons), acts, reasons })
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
    let counter = Counter::of(ctx, clerk, sheet).await?;
    Ok(counter.hindrance(deed).map(|why| format!("不能{}：{why}", deed.label())))
}

/// Which of the items could be accepted as they lie, in their order.
pub(super) async fn ready(ctx: &Ctx, clerk: &Clerk, sheet: &Sheet) -> Result<Vec<bool>, Fault> {
    let counter = Counter::of(ctx, clerk, sheet).await?;
    Ok((0..sheet.terms.len()).map(|at| counter.is_ready(at)).collect())
}

fn nobody_or_nothing(tab: &Tab) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if tab.typed.person.is_none() {
        reasons.push(Reason::new("先找到或登记申请人", "#document", Vec::new()));
    }
    if tab.typed.item.is_empty() {
        reasons.push(Reason::new("先选要办的事项", "#item", Vec::new()));
    }
    if reasons.is_empty() {
        reasons.push(Reason::new("这个事项在这里没有负责的部门，请换一个事项", "", Vec::new()));
    }
    reasons
}

fn act(deed: Deed, at_once: bool, why: String) -> Act {
    let main = if at_once { Deed::AtOnce } else { Deed::Accept };
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
    Law { of: String, why: Why },
}

impl std::fmt::Display for Hindrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Form(text) | Self::Fault(text) => f.write_str(text),
            Self::Law { of, why } => {
                write!(f, "{of}{}", in_law(why))
            }
        }
    }
}

fn in_law(why: &Why) -> String {
    why.article().map_or_else(|| why.to_string(), |article| format!("{why}（{article}）"))
}

/// The counter: what lies there, and the cases that it would become.
struct Counter<'a> {
    ctx: &'a Ctx,
    sheet: &'a Sheet,
    /// In the order of the items; nothing when the post cannot take them in here.
    cases: Option<Vec<Foreseen>>,
    trusted: bool,
}

impl<'a> Counter<'a> {
    async fn of(ctx: &'a Ctx, clerk: &Clerk, sheet: &'a Sheet) -> Result<Self, Fault> {
        let trusted = match sheet.draft.applicant {
            Some(applicant) => cases::may_promise(ctx, applicant).await?,
            None => true,
        };
        let mut counter = Self { ctx, sheet, cases: None, trusted };
        counter.cases = sheet.terms.iter().map(|terms| counter.foresee(clerk, terms)).collect();
        Ok(counter)
    }

    fn facts<T>(&self, actor: Actor, asks: impl FnOnce(&Facts<'_>) -> T) -> T {
        let (city, now) = (self.ctx.city(), self.ctx.now());
        let at = self.sheet.draft.happened_at.filter(|at| *at <= now).unwrap_or(now);
        let trusted = self.trusted;
        asks(&Facts { at, entered_at: now, actor, calendar: &city.calendar, applicant_trusted: trusted })
    }

    fn foresee(&self, clerk: &Clerk, terms: &Terms) -> Option<Foreseen> {
        let applicant = self.sheet.draft.applicant?;
        let city = self.ctx.city();
        let roles = clerk.actor().roles_at_front(&city, clerk.org)?;
        let decides_at_once = roles.window && city.decides_at_once(clerk.org, terms.item);
        let roles = Roles { decides_at_once, ..roles };
        let actor = Actor::Staff { id: clerk.staff.id, org: clerk.org, roles };
        let submit = Submit {
            case: CaseId(Uuid::nil()),
            application: ApplicationId(Uuid::nil()),
            applicant,
            channel: self.sheet.draft.channel,
            org: clerk.org,
            form_digest: None,
            given: None,
            materials: on_the_counter(self.sheet, terms),
            terms: Box::new(terms.clone()),
        };
        let case = self.facts(actor, |facts| deed::foreseen(submit, facts)).ok()?;
        Some(Foreseen { case, actor })
    }

    /// What the law has against a deed with one of the items.
    fn law(&self, at: usize, deed: Deed) -> Option<Why> {
        let foreseen = self.cases.as_ref()?.get(at)?;
        self.facts(foreseen.actor, |facts| deed::hindrance(&foreseen.case, deed, facts))
    }

    fn is_ready(&self, at: usize) -> bool {
        self.cases.is_some() && self.law(at, Deed::Accept).is_none()
    }

    fn hindrance(&self, deed: Deed) -> Option<Hindrance> {
        if let Some(problem) = self.sheet.problems.first() {
            return Some(Hindrance::Form(problem.say.clone()));
        }
        if self.cases.is_none() {
            return Some(Hindrance::Form("您的岗位不能在这里收件，请换本大厅的窗口账号".to_owned()));
        }
        // What is found wrong is told with the notice, though all the papers are there.
        let sound =
            matches!(deed, Deed::Notice | Deed::Receive | Deed::NotRequired | Deed::Refuse | Deed::Submit);
        if let Some(row) = self.sheet.rows.iter().find(|row| !row.fault.is_empty()).filter(|_| !sound) {
            return Some(Hindrance::Fault(format!("“{}”有问题：{}", row.name, row.fault)));
        }
        let terms = &self.sheet.terms;
        let all_ready = (0..terms.len()).all(|at| self.is_ready(at));
        terms.iter().enumerate().find_map(|(at, one)| {
            let own = deed.of_one(one.regime, self.is_ready(at), all_ready);
            let why = self.law(at, own)?;
            let of = if terms.len() > 1 { format!("“{}”：", one.item_name) } else { String::new() };
            Some(Hindrance::Law { of, why })
        })
    }

    fn reasons(&self, main: Deed) -> Vec<Reason> {
        let sheet = self.sheet;
        let everyone: Vec<usize> = (0..sheet.terms.len()).collect();
        let asking = |wanted: &dyn Fn(&Terms) -> bool| {
            everyone.iter().copied().filter(|at| wanted(&sheet.terms[*at])).collect::<Vec<usize>>()
        };
        let mut reasons: Vec<Reason> =
            sheet.problems.iter().map(|problem| self.problem(problem, &everyone)).collect();
        for row in sheet.rows.iter().filter(|row| row.required && !row.brought()) {
            let of = asking(&|terms| terms.material(&row.code).is_some_and(|m| m.required));
            reasons.push(Reason::new(format!("缺“{}”", row.name), format!("#paper-{}", row.no), of));
        }
        for row in sheet.rows.iter().filter(|row| !row.fault.is_empty()) {
            let of = asking(&|terms| terms.material(&row.code).is_some());
            let text = format!("“{}”有问题：{}", row.name, row.fault);
            reasons.push(Reason::new(text, format!("#fault-{}", row.no), of));
        }
        if self.cases.is_none() && reasons.is_empty() {
            reasons
                .extend(self.hindrance(main).map(|why| Reason::new(why.to_string(), "", everyone.clone())));
        }
        for at in everyone {
            let free = reasons.iter().all(|reason| !reason.of.contains(&at));
            match self.law(at, main) {
                Some(why) if free && !matches!(why, Why::MaterialMissing { .. }) => {
                    reasons.push(Reason::new(in_law(&why), "", vec![at]));
                }
                _ => {}
            }
        }
        reasons
    }

    fn problem(&self, problem: &intake::Problem, everyone: &[usize]) -> Reason {
        let href = match problem.field.as_str() {
            "accepting" | "applicant" | "draft" => String::new(),
            "happened_at" => "#happened_on".to_owned(),
            name => format!("#{}", input_id(name)),
        };
        let city = self.ctx.city();
        let form = self.sheet.draft.form(&city);
        let asked = form.fields.iter().find(|field| field.name == problem.field);
        let asked = asked.map(|field| field.asked_by.as_slice()).unwrap_or_default();
        let asks = |at: &usize| asked.is_empty() || asked.contains(&self.sheet.terms[*at].item);
        Reason::new(problem.say.clone(), href, everyone.iter().copied().filter(asks).collect())
    }
}

/// Of what lies on the counter, what an item asks for.
fn on_the_counter(sheet: &Sheet, terms: &Terms) -> Vec<Handed> {
    let handed = |row: &MaterialRow| Handed {
        code: row.code.clone(),
        paper: row.paper,
        files: row.pages.iter().map(|page| page.id).collect(),
    };
    let asked = |row: &&MaterialRow| row.brought() && terms.material(&row.code).is_some();
    sheet.rows.iter().filter(asked).map(handed).collect()
}

/// The reasons by the items they concern: first what all lack, then each item's own.
fn concerns(sheet: &Sheet, reasons: &[Reason]) -> Vec<Concern> {
    let all = sheet.terms.len();
    if all < 2 {
        return vec![Concern { of: String::new(), reasons: reasons.to_vec() }];
    }
    let mut groups: Vec<(Vec<usize>, Vec<Reason>)> = Vec::new();
    for reason in reasons {
        match groups.iter_mut().find(|(of, _)| *of == reason.of) {
            Some((_, own)) => own.push(reason.clone()),
            None => groups.push((reason.of.clone(), vec![reason.clone()])),
        }
    }
    groups.sort_by_key(|(of, _)| (of.len() != all, of.clone()));
    let named = |of: &[usize]| {
        if of.len() == all {
            return format!("{all} 件都要");
        }
        of.iter().map(|at| format!("“{}”", sheet.terms[*at].item_name)).collect()
    };
    groups.into_iter().map(|(of, reasons)| Concern { of: named(&of), reasons }).collect()
}

/// Of several items, how each stands.
fn tags(sheet: &Sheet, reasons: &[Reason]) -> Vec<Tag> {
    let tag = |at: usize| match reasons.iter().filter(|reason| reason.of.contains(&at)).count() {
        0 => Tag::new(TagKind::Green, "可以受理"),
        open => Tag::new(TagKind::Amber, format!("还差 {open} 处")),
    };
    let several = sheet.terms.len() > 1;
    (0..sheet.terms.len()).filter(|_| several).map(tag).collect()
}
