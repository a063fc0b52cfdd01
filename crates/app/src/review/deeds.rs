//! What was pressed becomes a command; what is wrong with it comes back beside everything that was typed.

use super::acts::{Back, DEEDS};
use super::case::{self, Show};
use super::list::Ask;
use crate::Ctx;
use crate::cases::{self, ActError, By, CaseView, StaffActor};
use crate::identity::Staff;
use crate::papers;
use crate::web::page::Look;
use crate::web::{Fault, Trace};
use ::papers::Kind;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Action, Command, TerminationGround};
use domain::kernel::time::Days;
use domain::kernel::{CaseId, StaffId};

/// The most characters of one answer.
const LONGEST: usize = 2000;
/// How far into the list the next case is looked for.
const NEXT_AMONG: usize = 20;

/// A posted form.
pub(super) struct Posted(pub Vec<(String, String)>);

impl Posted {
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
    }

    fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    fn step(&self) -> Result<usize, String> {
        self.get("step").parse().map_err(|_| "请选择环节".to_owned())
    }
}

/// A text that nobody reads to its end is refused with a sentence.
pub(super) fn short_enough(texts: &[(String, String)]) -> Result<(), String> {
    match texts.iter().map(|(_, text)| text.chars().count()).max() {
        Some(most) if most > LONGEST => {
            Err(format!("写得太长了：最多 {LONGEST} 个字，现在有 {most} 个字，请删短一些"))
        }
        _ => Ok(()),
    }
}

/// The command that a form asks for.
///
/// # Errors
/// The sentence for what was left out.
pub(super) fn command(view: &CaseView, action: Action, form: &Posted) -> Result<Command, String> {
    let reason = form.text("reason");
    Ok(match action {
        Action::Claim => Command::Claim { step: form.step()? },
        Action::PassStep => Command::PassStep {
            step: form.step()?,
            favourable: form.get("favourable") != "no",
            opinion: form.text("opinion"),
        },
        Action::ReturnToStep => Command::ReturnToStep { step: form.step()?, reason },
        Action::Reassign => {
            let to = form.get("to").parse().map_err(|_| "请选择转给谁".to_owned())?;
            Command::Reassign { step: form.step()?, to: StaffId(to), reason }
        }
        Action::ReportUp => {
            let to = view.organ_above.ok_or("没有找到上级部门，请联系系统管理员核对机构设置")?;
            Command::ReportUp { to, opinion: form.text("opinion") }
        }
        Action::HandBack => Command::HandBack { reason },
        Action::Suspend => suspend(view, form)?,
        Action::Resume => Command::Resume { outcome: form.text("outcome") },
        Action::RequestExtension => Command::RequestExtension { reason },
        Action::ApproveExtension => Command::ApproveExtension,
        Action::RejectExtension => Command::RejectExtension { reason },
        Action::Grant => Command::Grant { opinion: form.text("opinion") },
        Action::Deny => Command::Deny { reasons: form.text("reasons") },
        Action::MakeResult => make_result(form)?,
        Action::ReleaseSecondNotice => Command::ReleaseSecondNotice { reason },
        Action::DeemAccepted => Command::DeemAccepted,
        Action::Receive => Command::Receive { materials: Vec::new() },
        Action::Terminate => {
            let given = form.get("ground");
            let chosen = TerminationGround::ALL.into_iter().find(|ground| ground.label() == given);
            Command::Terminate { ground: chosen.ok_or("请选择终止原因")?, reason }
        }
        Action::Archive => Command::Archive,
        _ => return Err("这一步要在窗口办理".to_owned()),
    })
}

fn make_result(form: &Posted) -> Result<Command, String> {
    let valid_until = match form.get("valid_until") {
        "" => None,
        day => Some(day.parse().map_err(|_| "请选一个日期，例如 2029-03-16；长期有效的不填")?),
    };
    Ok(Command::MakeResult { document_no: form.text("document_no"), file: None, valid_until })
}

/// The number of the notice is not asked: the organ's next one is taken when it is certain that it is needed.
fn suspend(view: &CaseView, form: &Posted) -> Result<Command, String> {
    let given = form.get("ground");
    let chosen = view.stop_grounds.iter().find(|known| known.label == given).ok_or("请选择法定情形")?;
    let days: u16 = form
        .get("days")
        .parse()
        .ok()
        .filter(|days| (1..=365).contains(days))
        .ok_or("请填写预计需要几个工作日，1 到 365 之间的整数")?;
    let paper_no = "（确认后编号）".to_owned();
    Ok(Command::Suspend { ground: chosen.ground.clone(), paper_no, expected: Days::Working(days) })
}

/// A stop of the clock gets the number of its notice 特别程序告知书; every other command stays as it is.
async fn numbered(ctx: &Ctx, staff: &Staff, view: &CaseView, command: Command) -> Result<Command, ActError> {
    let Command::Suspend { ground, expected, .. } = command else { return Ok(command) };
    let open = view.steps.iter().find(|step| step.open).map(|step| step.org);
    let paper_no = papers::next_number(ctx, open.unwrap_or(staff.org), Kind::SpecialProcedure).await?;
    Ok(Command::Suspend { ground, paper_no, expected })
}

/// `POST /review/{id}/{deed}`.
pub(super) async fn act(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Path((id, deed)): Path<(CaseId, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let (_, action) = DEEDS.iter().find(|(name, _)| *name == deed).ok_or_else(Fault::not_found)?;
    let form = Posted(pairs);
    let list = Ask::of_query(form.get("list"));
    let look = look.at(&list.case(id));
    let actor = StaffActor::from(&staff);
    let version: i64 = form.get("version").parse().unwrap_or(0);
    let view = cases::view(&ctx, id, &By::from(&staff)).await?;
    let back = |wrong| Back { deed: &deed, typed: &form.0, wrong };
    let command = match short_enough(&form.0).and_then(|()| command(&view, *action, &form)) {
        Ok(command) => command,
        Err(wrong) => {
            let show = Show { list, back: back(&wrong), ..Show::default() };
            return case::draw(&ctx, &look, &staff, id, show).await;
        }
    };
    if !form.get("preview").is_empty() {
        let (events, wrong) = match cases::rehearse(&ctx, &actor, id, version, &command).await {
            Ok(events) => (Some(events), String::new()),
            Err(error) => (None, error.told()?),
        };
        let show = Show { list, back: back(&wrong), foreseen: events.as_deref(), full: None };
        return case::draw(&ctx, &look, &staff, id, show).await;
    }
    // Whatever would refuse it is asked before a number is taken.
    let sound = match *action {
        Action::Suspend => cases::rehearse(&ctx, &actor, id, version, &command).await.map(drop),
        _ => Ok(()),
    };
    let done = match sound {
        Ok(()) => {
            let command = numbered(&ctx, &staff, &view, command).await?;
            cases::act_as_staff(&ctx, &actor, id, version, command, &trace.to_string()).await.map(drop)
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) if form.get("then") == "next" => next(&ctx, &staff, &list, id).await,
        Ok(()) => Ok(Redirect::to(&list.case(id)).into_response()),
        Err(error) => {
            let wrong = error.told()?;
            case::draw(&ctx, &look, &staff, id, Show { list, back: back(&wrong), ..Show::default() }).await
        }
    }
}

/// The most urgent other case of the same list that nobody else has taken, or the list when there is none.
async fn next(ctx: &Ctx, staff: &Staff, list: &Ask, done: CaseId) -> Result<Response, Fault> {
    let page = cases::worklist(ctx, &StaffActor::from(staff), &list.filter(ctx), None, NEXT_AMONG)
        .await
        .map_err(ActError::from)?;
    let free =
        |row: &&cases::TaskRow| row.case.id != done && row.holder.is_none_or(|holder| holder == staff.id);
    let to = page.rows.iter().find(free).map_or_else(|| list.link(), |row| list.case(row.case.id));
    Ok(Redirect::to(&to).into_response())
}
