//! The forms of what can be done: one for each allowed action, with the fields it needs and what it will mean.

use crate::cases::{self, CaseView};
use domain::cases::{Action, TerminationGround};
use domain::kernel::StaffId;
use ui::{Button, Choice, Control, Field, TextKind, Width};

/// The actions that this page offers, with their names in addresses, in the order they stand on the page.
pub(super) const DEEDS: [(&str, Action); 19] = [
    ("claim", Action::Claim),
    ("grant", Action::Grant),
    ("deny", Action::Deny),
    ("pass", Action::PassStep),
    ("report-up", Action::ReportUp),
    ("make-result", Action::MakeResult),
    ("resume", Action::Resume),
    ("approve-extension", Action::ApproveExtension),
    ("reject-extension", Action::RejectExtension),
    ("suspend", Action::Suspend),
    ("request-extension", Action::RequestExtension),
    ("return", Action::ReturnToStep),
    ("reassign", Action::Reassign),
    ("hand-back", Action::HandBack),
    ("release-notice", Action::ReleaseSecondNotice),
    ("deem-accepted", Action::DeemAccepted),
    ("receive", Action::Receive),
    ("terminate", Action::Terminate),
    ("archive", Action::Archive),
];

/// What was typed into the form that came back, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Back<'a> {
    /// The action's name in addresses.
    pub deed: &'a str,
    /// Everything that was sent.
    pub typed: &'a [(String, String)],
    /// The sentence.
    pub wrong: &'a str,
}

impl Back<'_> {
    fn value(&self, deed: &str, name: &str) -> String {
        let found = self.typed.iter().find(|(n, _)| n == name && self.deed == deed);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// One form.
pub(super) struct Act {
    pub deed: &'static str,
    pub title: &'static str,
    pub open: bool,
    pub note: String,
    pub fields: Vec<Field>,
    pub buttons: Vec<Button>,
    pub wrong: String,
}

/// A colleague to whom a step can be given.
pub(crate) type Colleague = (StaffId, String);

/// The forms of everything that can be done now, the first one open.
pub(super) fn acts(view: &CaseView, colleagues: &[Colleague], back: &Back<'_>) -> Vec<Act> {
    let allowed = DEEDS.iter().filter(|(_, action)| view.actions.contains(action));
    let mut acts: Vec<Act> =
        allowed.map(|(deed, action)| act(view, deed, *action, colleagues, back)).collect();
    let any = acts.iter().any(|act| act.open);
    if let Some(first) = acts.first_mut().filter(|_| !any) {
        first.open = true;
    }
    acts
}

fn act(
    view: &CaseView,
    deed: &'static str,
    action: Action,
    colleagues: &[Colleague],
    back: &Back<'_>,
) -> Act {
    let here = back.deed == deed;
    Act {
        deed,
        title: action.label(),
        open: here,
        note: note(view, action, colleagues),
        fields: fields(view, deed, action, colleagues, back),
        buttons: buttons(action),
        wrong: if here { back.wrong.to_owned() } else { String::new() },
    }
}

fn note(view: &CaseView, action: Action, colleagues: &[Colleague]) -> String {
    match action {
        Action::Reassign if colleagues.is_empty() => {
            "这个单位还没有登记可以接手的审核、审批人员，请先联系系统管理员。".to_owned()
        }
        Action::Deny => "决定书会写明理由，并告知申请人：不服的，可以在 60 日内申请行政复议，或者在 6 个月内提起行政诉讼。".to_owned(),
        Action::Suspend => "只有法律规定的情形才能停表；填好后先看新的办结日期，再确认。".to_owned(),
        Action::ApproveExtension | Action::RejectExtension => {
            let reason = view.extension_request.as_ref().map(|(_, reason)| reason.as_str());
            reason.map(|r| format!("申请延长的理由：{r}")).unwrap_or_default()
        }
        Action::ReportUp => "上报后由上级部门审核决定，初审意见一并送达。".to_owned(),
        Action::DeemAccepted => "五个工作日没有答复，依法自收到材料之日起视为受理（行政许可法第三十二条）。".to_owned(),
        Action::ReleaseSecondNotice => "补正只能一次告知；放行后窗口可以再告知一次，并记入监督。".to_owned(),
        _ => String::new(),
    }
}

fn steps(view: &CaseView, deed: &str, back: &Back<'_>, before: bool) -> Field {
    let chosen = back.value(deed, "step");
    let fits = view.steps.iter().filter(|s| if before { s.passed_by.is_some() } else { s.open });
    let choices: Vec<Choice> = fits
        .enumerate()
        .map(|(n, s)| {
            let value = s.no.to_string();
            let on = value == chosen || (chosen.is_empty() && n == 0);
            Choice::new(value, format!("{}（{}）", s.name, s.org_name), on)
        })
        .collect();
    let label = if before { "退回到" } else { "环节" };
    Field::new("step", label, Control::Select(choices)).id(format!("{deed}-step"))
}

/// 同意 or 不同意; nothing is chosen worse than the usual.
fn finding(deed: &str, back: &Back<'_>) -> Field {
    let given = back.value(deed, "favourable");
    let on = |value: &str| value == given || (given.is_empty() && value == "yes");
    let choices =
        [("yes", "同意"), ("no", "不同意")].map(|(value, word)| Choice::new(value, word, on(value)));
    Field::new("favourable", "审核结论", Control::Radio(choices.to_vec())).id(format!("{deed}-favourable"))
}

fn fields(
    view: &CaseView,
    deed: &'static str,
    action: Action,
    colleagues: &[Colleague],
    back: &Back<'_>,
) -> Vec<Field> {
    let area = |name: &str, label: &str, hint: &str| {
        Field::area(name, label, back.value(deed, name))
            .id(format!("{deed}-{name}"))
            .hint(hint)
            .max_length(2000)
    };
    let line = |name: &str, label: &str, kind: TextKind| {
        Field::text(name, label, kind, back.value(deed, name))
            .id(format!("{deed}-{name}"))
            .autocomplete("off")
    };
    let select = |name: &str, label: &str, choices: Vec<(String, String)>| {
        let given = back.value(deed, name);
        let choice = |(value, word)| Choice::new(&value, word, value == given);
        Field::new(name, label, Control::Select(choices.into_iter().map(choice).collect()))
            .id(format!("{deed}-{name}"))
    };
    match action {
        Action::Claim => vec![steps(view, deed, back, false)],
        Action::PassStep => vec![
            steps(view, deed, back, false),
            finding(deed, back),
            area("opinion", "审核意见", "写清楚核对了什么、依据什么"),
        ],
        Action::ReturnToStep => vec![steps(view, deed, back, true), area("reason", "退回理由", "")],
        Action::Reassign => {
            let people = colleagues.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
            vec![steps(view, deed, back, false), select("to", "转给", people), area("reason", "转办理由", "")]
        }
        Action::ReportUp => vec![area("opinion", "初审意见", "")],
        Action::Suspend => {
            let named = |known: &cases::StopGroundView| (known.label.clone(), known.label.clone());
            vec![
                select("ground", "法定情形", view.stop_grounds.iter().map(named).collect()),
                line("days", "预计需要几个工作日", TextKind::Digits).width(Width::Short),
            ]
        }
        Action::Resume => vec![area("outcome", "特别程序的结果", "")],
        Action::RequestExtension => {
            vec![area("reason", "延长理由", "由本机关负责人批准，并告知申请人（行政许可法第四十二条）")]
        }
        Action::HandBack | Action::RejectExtension | Action::ReleaseSecondNotice => {
            vec![area("reason", "理由", "")]
        }
        Action::Grant => vec![area("opinion", "审批意见", "")],
        Action::Deny => vec![area("reasons", "不予许可的理由", "至少 10 个字，写明事实和依据，申请人会看到")],
        Action::MakeResult => vec![
            line("document_no", "文号", TextKind::Text).width(Width::Long),
            valid_until(deed, back.value(deed, "valid_until")),
        ],
        Action::Terminate => {
            let named = |ground: TerminationGround| (ground.label().to_owned(), ground.label().to_owned());
            let ends = TerminationGround::ALL.map(named).to_vec();
            vec![select("ground", "终止原因", ends), area("reason", "说明", "申请人会看到")]
        }
        _ => Vec::new(),
    }
}

/// The day until which a result holds.
fn valid_until(deed: &str, value: String) -> Field {
    Field::date("valid_until", "有效期至", value)
        .id(format!("{deed}-valid_until"))
        .hint("长期有效的不填；申请人会看到")
        .optional()
}

fn buttons(action: Action) -> Vec<Button> {
    let next = |text: &str| Button::submit(text.to_owned()).named("then", "next");
    match action {
        Action::Grant => {
            vec![Button::submit("准予").primary().key("Ctrl+Enter"), next("准予并看下一件").key("Alt+Enter")]
        }
        Action::Deny => vec![Button::submit("不予许可").danger(), next("不予许可并看下一件")],
        Action::PassStep => {
            vec![
                Button::submit("提交意见").primary().key("Ctrl+Enter"),
                next("提交并看下一件").key("Alt+Enter"),
            ]
        }
        Action::Claim => vec![Button::submit("认领").primary().key("Ctrl+Enter")],
        Action::Suspend => {
            vec![Button::submit("看新的办结日期").named("preview", "1").primary().key("Ctrl+Enter")]
        }
        Action::Terminate => vec![Button::submit("终止办理").danger()],
        other => vec![Button::submit(other.label()).primary().key("Ctrl+Enter")],
    }
}
