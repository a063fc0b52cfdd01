//! One event in full: who, when, where, on which ground, what it says, and how it stands in the chain.

use super::find::Actors;
use super::{hex, veil, words};
use crate::Ctx;
use crate::admin::desk::{for_the_city, when};
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::kernel::OrgId;
use domain::rights::Permission;
use store::journal::{self, Envelope, Standing, Stream};
use store::{Tx, Work};
use ui::{SafeHtml, Summary, SummaryRow, Tag, TagKind, Trail};

struct Read(i64);

impl Work for Read {
    type Out = Option<(Envelope, Standing)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let Some(event) = journal::by_position(tx, self.0).await? else { return Ok(None) };
        let stream = Stream { kind: &event.stream_kind, id: event.stream_id };
        let standing = journal::standing(tx, stream, event.seq).await?;
        Ok(Some((event, standing)))
    }
}

#[derive(Template)]
#[template(path = "admin/event.html")]
struct EventPage {
    trail: Trail,
    title: String,
    proof: SafeHtml,
    say: &'static str,
    summary: Summary,
    chain: Summary,
    body: Vec<(String, String)>,
}

/// `GET /admin/journal/{position}`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Path(position): Path<String>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ReadAuditLog)?;
    let position = position.parse().map_err(|_| Fault::not_found())?;
    let (event, standing) = ctx.db.read(Read(position)).await?.ok_or_else(Fault::not_found)?;
    let actor = Actors::default().name(&ctx, &event.stamp.actor).await?;
    let (tag, say) = proof(&standing);
    let title = format!("{}：{}", words::stream(&event.stream_kind), words::kind(&event.event.kind));
    let body = EventPage {
        trail: Trail::new([("系统管理", "/admin"), ("日志", "/admin/journal")], title.clone()),
        proof: SafeHtml::of(&tag),
        say,
        summary: summary(&ctx, &event, &actor),
        chain: chain(&event, &standing),
        body: veil::lines(&event.stream_kind, &event.event.body_json),
        title: title.clone(),
    };
    staff(&title, &staff_member, &look, &body)
}

fn proof(standing: &Standing) -> (Tag, &'static str) {
    match standing {
        s if !s.chained => (
            Tag::new(TagKind::Red, "校验不符"),
            "这条记录或它前面的记录被改动过。请保护现场，用 jinban verify 全面检查，并报告负责人。",
        ),
        Standing { sealed: Some((_, false)), .. } => (
            Tag::new(TagKind::Red, "与存证不符"),
            "存证以后这一串记录被改动过。请保护现场，用 jinban verify 全面检查，并报告负责人。",
        ),
        Standing { sealed: Some(_), .. } => {
            (Tag::new(TagKind::Green, "已存证，未改动"), "从第一条到这一条的校验值首尾相连，并与存证块一致。")
        }
        Standing { sealed: None, .. } => {
            (Tag::new(TagKind::Blue, "未改动，等待存证"), "校验值首尾相连；一分钟内会存进下一块。")
        }
    }
}

fn summary(ctx: &Ctx, event: &Envelope, actor: &str) -> Summary {
    let city = ctx.city();
    let org = event.stamp.org.and_then(|id| city.org(OrgId::from(id)));
    let mut rows = vec![
        SummaryRow::new("谁", actor),
        SummaryRow::new("单位", org.map_or("无", |org| org.name.as_str())),
        SummaryRow::new("发生时间", when(event.event.happened_at).as_str()),
        SummaryRow::new("录入时间", when(event.stamp.entered_at).as_str()),
    ];
    if let Some(ground) = &event.event.ground {
        rows.push(SummaryRow::new("依据", ground.as_str()));
    }
    rows.push(SummaryRow::new("请求编号", event.stamp.trace.as_str()));
    Summary::new(rows)
}

fn chain(event: &Envelope, standing: &Standing) -> Summary {
    let block = match standing.sealed {
        Some((block, _)) => {
            format!("第 {} 块，{}，校验值 {}", block.no, when(block.sealed_at), hex(&block.hash))
        }
        None => "还没有存证".to_owned(),
    };
    Summary::new(vec![
        SummaryRow::new("对象编号", event.stream_id.to_string().as_str()),
        SummaryRow::new("第几条", event.seq.to_string().as_str()),
        SummaryRow::new("总序号", event.position.to_string().as_str()),
        SummaryRow::new("校验值（SM3）", hex(&event.hash).as_str()),
        SummaryRow::new("存证", block.as_str()),
    ])
}
