//! `POST /api/v1/cases/{id}/actions/{action}`: what is done in a case, for the actions that the case itself offers. The same
//! commands as on the pages, decided by the same table.

use super::actions::{self, ActionAsk, DeliveryAsk, ReceiverAsk, unfit};
use super::ask::{Named, Sent};
use super::files::is_own;
use super::once::{Outcome, once};
use super::words;
use crate::Ctx;
use crate::cases::{self, By, CaseView, Receiver, StaffActor};
use crate::identity;
use crate::identity::clients::Client;
use crate::intake::{self, Supplier};
use crate::papers;
use crate::web::{Fault, Trace};
use ::papers::Kind;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cases::{Action, Command, Delivery};
use domain::kernel::{CaseId, FileId, ReceiverId, StaffId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// 办好以后的办件。
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what super::once tells")]
pub(super) struct ActionDone {
    /// 办件的编号。
    id: Uuid,
    /// 办好以后的版本，下一步用。
    version: i64,
    /// 状态。
    #[schema(schema_with = words::status)]
    status: String,
    /// 状态的说法。
    status_label: String,
}

/// 办理
///
/// 做办件答复里 actions 列出的一个操作。别人先改过办件的，答复 409，请重新读取办件后再决定。
#[utoipa::path(post, path = "/api/v1/cases/{id}/actions/{action}", tag = "办件",
    params(ActPath),
    request_body = ActionAsk,
    responses((status = 200, description = "办好了", body = ActionDone)))]
pub(super) async fn act(
    State(ctx): State<Ctx>,
    Extension(trace): Extension<Trace>,
    Named((id, action)): Named<(Uuid, String)>,
    sent: Sent<ActionAsk>,
) -> Result<Response, Response> {
    let Sent { sender, body } = sent;
    let known: Action = words::value(&action).ok_or_else(|| Fault::not_found().into_response())?;
    actions::checked(known, &body).map_err(IntoResponse::into_response)?;
    let case = CaseId(id);
    let wish = Wish { plain: ctx.clone(), client: sender.client.clone(), case, action: known };
    let done = once(
        &ctx,
        &sender,
        |_| Outcome::Case(case),
        |ctx, _| async move { wish.carry_out(&ctx, body, &trace.to_string()).await },
    );
    Ok(done.await?.answer(StatusCode::OK))
}

/// The ids of the path; only their description is used.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "only its description is used")]
pub(super) struct ActPath {
    /// 办件的编号。
    id: Uuid,
    /// 操作，来自办件答复的 actions。
    #[param(schema_with = words::action)]
    action: String,
}

/// An action that a client wants in a case.
struct Wish {
    /// For what is written before the action itself; the context of the action is accompanied by its outcome.
    plain: Ctx,
    client: Client,
    case: CaseId,
    action: Action,
}

fn wrong(field: &str, say: &str) -> Fault {
    unfit(vec![(field.to_owned(), say.to_owned())])
}

impl Wish {
    async fn carry_out(self, ctx: &Ctx, body: ActionAsk, trace: &str) -> Result<(), Fault> {
        let staff = StaffActor::from(&self.client);
        for file in body.files() {
            if !is_own(&self.plain, &self.client, file).await? {
                return Err(wrong("file", "没有这个文件，请先上传到 /api/v1/files，再用答复里的编号"));
            }
        }
        let version = body.version();
        if matches!(self.action, Action::Resubmit | Action::SupplyDeferred) {
            let by = Supplier::Staff(&staff);
            intake::supplement(ctx, by, self.case, version, &body.paper(), trace).await?;
            return Ok(());
        }
        if let Some(to) = body.to() {
            let known = identity::find(&self.plain, StaffId(to)).await?;
            if !known.is_some_and(|record| record.account.open) {
                return Err(wrong("to", "没有这个工作人员，请核对编号"));
            }
        }
        let command = match self.action {
            Action::ReportUp => {
                let above = self.seen(&staff).await?.organ_above;
                let to = above.ok_or_else(|| wrong("action", "这个办件没有上级部门可以上报"))?;
                Command::ReportUp { to, opinion: body.opinion() }
            }
            Action::Suspend => self.stop(&staff, &body).await?,
            Action::Deliver => self.delivery(&staff, body).await?,
            other => actions::command(other, body)?,
        };
        cases::act_as_staff(ctx, &staff, self.case, version, command, trace).await?;
        Ok(())
    }

    async fn seen(&self, staff: &StaffActor) -> Result<CaseView, Fault> {
        Ok(cases::view(&self.plain, self.case, &By::Staff(staff.clone())).await?)
    }

    /// The stop of the clock; the number of its notice is taken when it is certain that it is needed.
    async fn stop(&self, staff: &StaffActor, body: &ActionAsk) -> Result<Command, Fault> {
        let view = self.seen(staff).await?;
        let (word, given, expected) = body.stop();
        let ground = view.stop_grounds.iter().find(|known| actions::ground_word(&known.ground) == word);
        let none = || wrong("ground", "没有这个情形，请从接口说明和办件的 stop_grounds 里选");
        let ground = ground.ok_or_else(none)?.ground.clone();
        let stop = |paper_no: &str| Command::Suspend {
            ground: ground.clone(),
            paper_no: paper_no.to_owned(),
            expected,
        };
        if !given.is_empty() {
            return Ok(stop(given));
        }
        cases::rehearse(&self.plain, staff, self.case, body.version(), &stop("待编")).await?;
        let open = view.steps.iter().find(|step| step.open).map(|step| step.org);
        let org = open.unwrap_or(self.client.org);
        Ok(stop(&papers::next_number(&self.plain, org, Kind::SpecialProcedure).await?))
    }

    /// The delivery; who took the result is noted when it is certain that it is delivered.
    async fn delivery(&self, staff: &StaffActor, body: ActionAsk) -> Result<Command, Fault> {
        let version = body.version();
        let how = match body.delivery().ok_or_else(|| wrong("delivery", "请写明怎么送达"))? {
            DeliveryAsk::Electronic {} => Delivery::Electronic,
            DeliveryAsk::Post { carrier, tracking } => Delivery::Post { carrier, tracking },
            DeliveryAsk::Window { signature, receiver } => {
                let signature = signature.map(FileId);
                let receiver = receiver.map(taken_by).transpose()?;
                let mut how = Delivery::Window { signature, receiver: None };
                if let Some(told) = receiver {
                    let trial = Delivery::Window { signature, receiver: Some(ReceiverId(Uuid::nil())) };
                    let trial = Command::Deliver { how: trial };
                    cases::rehearse(&self.plain, staff, self.case, version, &trial).await?;
                    let noted = cases::note_receiver(&self.plain, &told).await?;
                    how = Delivery::Window { signature, receiver: Some(noted) };
                }
                how
            }
        };
        Ok(Command::Deliver { how })
    }
}

/// Who took a result, as it is noted.
fn taken_by(asked: ReceiverAsk) -> Result<Receiver, Fault> {
    let short = |text: &str, most: usize| (1..=most).contains(&text.trim().chars().count());
    let tail =
        asked.document_tail.len() == 4 && asked.document_tail.bytes().all(|b| b.is_ascii_alphanumeric());
    if !short(&asked.name, 100) || !short(&asked.relation, 40) || !tail {
        return Err(wrong("delivery.receiver", "请写领取人的姓名、与申请人的关系、证件号码的后四位"));
    }
    let ReceiverAsk { name, relation, document_tail } = asked;
    Ok(Receiver { name: name.trim().to_owned(), relation: relation.trim().to_owned(), document_tail })
}
