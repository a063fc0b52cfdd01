//! What the window does with a case after it was accepted: first review, reporting up, making the result, ending.

use super::ask::Group;
use super::delivery;
use super::posted::Posted;
use super::reasons::Act;
use crate::Ctx;
use crate::cases::CaseView;
use crate::web::Fault;
use domain::cases::{Action, Command};
use ui::{Choice, Control, Field, FieldError, TextKind};

/// The steps: the word, the words on the button, the action of the table.
const STEPS: [(&str, &str, Action); 7] = [
    ("supplement", "收下补来的材料", Action::Resubmit),
    ("pass", "初审", Action::PassStep),
    ("report_up", "上报", Action::ReportUp),
    ("result", "制作结果", Action::MakeResult),
    ("deliver", "发件", Action::Deliver),
    ("withdraw", "申请人撤回", Action::Withdraw),
    ("archive", "归档", Action::Archive),
];

/// Whether it is the word of a step with a page of its own.
pub(super) fn is_known(word: &str) -> bool {
    matches!(word, "pass" | "report_up" | "result" | "withdraw")
}

/// The words of a step.
pub(super) fn label(word: &str) -> &'static str {
    STEPS.iter().find(|(known, _, _)| *known == word).map_or("", |step| step.1)
}

/// The step that can be passed at the window now.
fn open_step(view: &CaseView) -> Option<usize> {
    view.steps.iter().find(|step| step.open && !step.decides).map(|step| step.no)
}

/// The buttons of the steps that the table allows.
pub(super) fn acts(view: &CaseView) -> impl Iterator<Item = Act> {
    let may = |action| view.actions.contains(&action);
    STEPS
        .into_iter()
        .filter(move |(word, _, action)| match *word {
            "supplement" => may(Action::Resubmit) || may(Action::SupplyDeferred),
            "pass" => may(*action) && open_step(view).is_some(),
            "report_up" => may(*action) && view.organ_above.is_some(),
            _ => may(*action),
        })
        .map(|(word, label, _)| Act {
            word,
            label,
            key: if word == "deliver" { "Ctrl+Enter" } else { "" },
            primary: false,
            danger: word == "withdraw",
            why: String::new(),
        })
}

/// What the page of a step says before it asks.
pub(super) fn lead(ctx: &Ctx, view: &CaseView, word: &str) -> String {
    match word {
        "report_up" => {
            let city = ctx.city();
            let above = view
                .organ_above
                .and_then(|org| city.org(org))
                .map_or("上级部门", |org| org.name.as_str());
            format!("报给{above}。上报以后由对方审核和决定，期限从受理之日连续计算。")
        }
        "pass" => "核对材料是否齐全、是否符合条件，把意见写清楚。".to_owned(),
        "result" => "结果写上文号或证号以后就可以发给申请人。".to_owned(),
        "withdraw" => "申请人自己要撤回的，写清楚原因；撤回以后这一件就结束了，可以重新申请。".to_owned(),
        _ => String::new(),
    }
}

fn error(faults: &[FieldError], id: &str) -> String {
    faults.iter().find(|fault| fault.id == id).map(|fault| fault.text.clone()).unwrap_or_default()
}

/// The questions of a step; nothing when there is no such step.
pub(super) fn fields(
    view: &CaseView,
    word: &str,
    posted: &Posted,
    faults: &[FieldError],
) -> Option<Vec<Group>> {
    let area = |name: &str, label: &str, usual: &str| {
        let value = if posted.has(name) { posted.get(name) } else { usual };
        Field::new(name, label, Control::Area { value: value.to_owned(), rows: 3 })
            .error(error(faults, name))
            .max_length(2000)
    };
    let fields = match word {
        "pass" => {
            open_step(view)?;
            let no = posted.get("favourable") == "0";
            let choices = vec![Choice::new("1", "同意", !no), Choice::new("0", "不同意", no)];
            vec![
                Field::new("favourable", "初审结论", Control::Radio(choices)),
                area("opinion", "初审意见", "材料齐全，符合条件，同意上报。"),
            ]
        }
        "report_up" => vec![area("opinion", "上报意见", "初审通过，请予审核。")],
        "result" => vec![
            Field::text("document_no", "结果文号或证号", TextKind::Text, posted.get("document_no"))
                .hint("没有文号的，写办理结果，例如：已登记")
                .error(error(faults, "document_no"))
                .max_length(200)
                .autocomplete("off"),
            delivery::valid_until_field(posted, faults, delivery::VALID_UNTIL),
            Field::new(
                "file",
                "结果的扫描件",
                Control::File { accept: "image/*,.pdf", multiple: false, upload_url: String::new() },
            )
            .error(error(faults, "file"))
            .optional(),
        ],
        "withdraw" => vec![area("reason", "撤回的原因", "")],
        _ => return None,
    };
    Some(vec![Group { title: label(word).to_owned(), fields }])
}

fn missing(id: &str, text: &str) -> Vec<FieldError> {
    vec![FieldError { id: id.to_owned(), text: text.to_owned() }]
}

/// The command that the answers make; nothing when there is no such step.
///
/// # Errors
/// A fault when a file cannot be kept.
pub(super) async fn command(
    ctx: &Ctx,
    view: &CaseView,
    word: &str,
    posted: &Posted,
) -> Result<Option<Result<Command, Vec<FieldError>>>, Fault> {
    let text = |name: &str| posted.get(name).to_owned();
    let said =
        |name: &str, why: &str| if posted.get(name).is_empty() { Err(missing(name, why)) } else { Ok(()) };
    Ok(Some(match word {
        "pass" => {
            let Some(step) = open_step(view) else { return Ok(None) };
            let favourable = posted.get("favourable") != "0";
            said("opinion", "请写初审意见").map(|()| Command::PassStep {
                step,
                favourable,
                opinion: text("opinion"),
            })
        }
        "report_up" => {
            let Some(to) = view.organ_above else { return Ok(None) };
            said("opinion", "请写上报意见").map(|()| Command::ReportUp { to, opinion: text("opinion") })
        }
        "result" => {
            if let Err(faults) = said("document_no", "请写结果文号、证号或办理结果") {
                return Ok(Some(Err(faults)));
            }
            let valid_until = match delivery::valid_until(posted, delivery::VALID_UNTIL) {
                Ok(day) => day,
                Err(why) => return Ok(Some(Err(vec![why]))),
            };
            match delivery::file(ctx, posted, "file", "办理结果").await? {
                Ok(file) => Ok(Command::MakeResult { document_no: text("document_no"), file, valid_until }),
                Err(why) => Err(vec![why]),
            }
        }
        "withdraw" => {
            said("reason", "请写申请人为什么撤回").map(|()| Command::Withdraw { reason: text("reason") })
        }
        _ => return Ok(None),
    }))
}
