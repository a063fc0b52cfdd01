//! What was pressed becomes a command; what is wrong with it comes back beside everything that was typed.

use super::acts::{Back, DEEDS, ENDS, GROUNDS};
use super::{actor, case};
use crate::Ctx;
use crate::cases::{self, ActError, CaseView, TaskFilter};
use crate::identity::Staff;
use crate::web::page::Look;
use crate::web::{Fault, Trace};
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Action, Command};
use domain::kernel::time::Days;
use domain::kernel::{CaseId, StaffId};
use uuid::Uuid;

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
        Action::Suspend => suspend(form)?,
        Action::Resume => Command::Resume { outcome: form.text("outcome") },
        Action::RequestExtension => Command::RequestExtension { reason },
        Action::ApproveExtension => Command::ApproveExtension,
        Action::RejectExtension => Command::RejectExtension { reason },
        Action::Grant => Command::Grant { opinion: form.text("opinion") },
        Action::Deny => Command::Deny { reasons: form.text("reasons") },
        Action::MakeResult => Command::MakeResult { document_no: form.text("document_no"), file: None },
        Action::ReleaseSecondNotice => Command::ReleaseSecondNotice { reason },
        Action::DeemAccepted => Command::DeemAccepted,
        Action::Receive => Command::Receive { materials: Vec::new() },
        Action::Terminate => {
            let given = form.get("ground");
            let ground = ENDS.into_iter().find(|(value, ..)| *value == given).ok_or("请选择终止原因")?.2;
            Command::Terminate { ground, reason }
        }
        Action::Archive => Command::Archive,
        _ => return Err("这一步要在窗口办理".to_owned()),
    })
}

fn suspend(form: &Posted) -> Result<Command, String> {
    let given = form.get("ground");
    let ground = GROUNDS.into_iter().find(|(value, ..)| *value == given).ok_or("请选择法定情形")?.2;
    let days: u16 = form
        .get("days")
        .parse()
        .ok()
        .filter(|days| (1..=365).contains(days))
        .ok_or("请填写预计需要几个工作日，1 到 365 之间的整数")?;
    Ok(Command::Suspend { ground, paper_no: form.text("paper_no"), expected: Days::Working(days) })
}

/// `POST /review/{id}/{deed}`.
pub(super) async fn act(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Path((id, deed)): Path<(Uuid, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let (_, action) = DEEDS.iter().find(|(name, _)| *name == deed).ok_or_else(Fault::not_found)?;
    let (id, form, look) = (CaseId(id), Posted(pairs), look.at(&format!("/review/{id}")));
    let version: i64 = form.get("version").parse().unwrap_or(0);
    let view = cases::view(&ctx, id, &super::by(&staff)).await?;
    let told = |wrong: String| (deed.clone(), wrong);
    let command = match command(&view, *action, &form) {
        Ok(command) => command,
        Err(wrong) => {
            let (deed, wrong) = told(wrong);
            let back = Back { deed: &deed, typed: &form.0, wrong: &wrong };
            return case::draw(&ctx, &look, &staff, id, &back, None).await;
        }
    };
    if !form.get("preview").is_empty() {
        let foreseen = cases::rehearse(&ctx, &actor(&staff), id, version, &command).await;
        let (foreseen, wrong) = match foreseen {
            Ok(events) => (Some(events), String::new()),
            Err(error @ (ActError::Refused(_) | ActError::Stale(_))) => (None, error.to_string()),
            Err(error) => return Err(error.into()),
        };
        let back = Back { deed: &deed, typed: &form.0, wrong: &wrong };
        return case::draw(&ctx, &look, &staff, id, &back, foreseen.as_deref()).await;
    }
    match cases::act_as_staff(&ctx, &actor(&staff), id, version, command, &trace.to_string()).await {
        Ok(_) if form.get("then") == "next" => next(&ctx, &staff, id).await,
        Ok(_) => Ok(Redirect::to(&format!("/review/{id}")).into_response()),
        Err(error @ (ActError::Refused(_) | ActError::Stale(_) | ActError::Number(_))) => {
            let wrong = error.to_string();
            let back = Back { deed: &deed, typed: &form.0, wrong: &wrong };
            case::draw(&ctx, &look, &staff, id, &back, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The most urgent other case of the list, or the list when there is none.
async fn next(ctx: &Ctx, staff: &Staff, done: CaseId) -> Result<Response, Fault> {
    let page = cases::worklist(ctx, &actor(staff), &TaskFilter::default(), None, 20)
        .await
        .map_err(ActError::from)?;
    let next = page.rows.iter().find(|row| row.case.id != done && super::list::KINDS.contains(&row.kind));
    let to = next.map_or_else(|| "/review".to_owned(), |row| format!("/review/{}", row.case.id));
    Ok(Redirect::to(&to).into_response())
}
