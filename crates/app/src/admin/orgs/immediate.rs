//! Which 即办件 a hall may decide on the spot.

use super::detail::told;
use super::{named, trail};
use crate::Ctx;
use crate::admin::desk::{for_the_city, see, stamp};
use crate::city::City;
use crate::identity::Staff;
use crate::org::{OfficeRecord, change_office, office};
use crate::web::page::{Look, staff, staff_form};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::Response;
use domain::catalogue::{Item, Regime};
use domain::kernel::ItemId;
use domain::org::{OfficeCommand, Org};
use domain::rights::Permission;
use serde::Deserialize;
use ui::{
    Button, Empty, ErrorSummary, Field, FieldError, Note, NoteKind, Pager, Row, SafeHtml, Table, Tag,
    TagKind, TextKind, Trail, Width,
};

/// Items on one page.
const PAGE: usize = 30;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ask {
    after: String,
    done: String,
}

/// The form as it was typed; `change` is the item and `give` or `take`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    basis: String,
    change: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin/org_immediate.html")]
struct Immediate {
    trail: Trail,
    title: String,
    errors: ErrorSummary,
    note: Option<Note>,
    action: String,
    version: i64,
    after: String,
    basis: Field,
    table: Table,
    back: String,
}

fn page(city: &City, org: &Org, record: &OfficeRecord, typed: &Typed, wrong: &[String]) -> Immediate {
    let action = format!("/admin/orgs/{}/immediate", org.id);
    let after: u16 = typed.after.parse().unwrap_or(0);
    let at_once = |item: &&Item| item.regime.value == Regime::Immediate && item.seq > after;
    let mut rest = city.items.iter().filter(at_once);
    let items: Vec<&Item> = rest.by_ref().take(PAGE).collect();
    let next = rest.next().and(items.last()).map(|item| format!("{action}?after={}", item.seq));
    let table = Table::new("即办事项", ["事项", "部门", "授权", ">操作"])
        .rows(items.iter().map(|item| row(item, record)).collect())
        .empty(Empty::new("没有即办事项", "事项的办件类型在“事项”里维护。"))
        .pager(Pager {
            first: if after == 0 { String::new() } else { action.clone() },
            next: next.unwrap_or_default(),
        });
    let basis = Field::text("basis", "授权依据", TextKind::Text, &typed.basis)
        .hint("先写依据，再点事项后面的按钮，例如：部门授权书 2026 年第 2 号")
        .width(Width::Long)
        .error(wrong.join("；"));
    Immediate {
        trail: trail(city, org),
        title: format!("{}：即办授权", org.short),
        errors: ErrorSummary::new(
            wrong.iter().map(|say| FieldError { id: "basis".to_owned(), text: say.clone() }).collect(),
        ),
        note: None,
        version: record.version,
        after: typed.after.clone(),
        basis,
        table,
        back: format!("/admin/orgs/{}", org.id),
        action,
    }
}

fn row(item: &Item, record: &OfficeRecord) -> Row {
    let allowed = record.office.decides_at_once(item.id);
    let (tag, button) = if allowed {
        let take = Button::submit("取消授权").danger().named("change", format!("{}:take", item.id));
        (Tag::new(TagKind::Green, "可当场决定"), take)
    } else {
        let give = Button::submit("授权").named("change", format!("{}:give", item.id));
        (Tag::new(TagKind::Amber, "未授权"), give)
    };
    Row {
        cells: vec![
            SafeHtml::text(&item.identity.name),
            SafeHtml::text(&item.subject.short_name),
            SafeHtml::of(&tag),
            SafeHtml::of(&button.small().about(item.identity.name.as_str())),
        ],
        ..Row::default()
    }
}

/// `GET /admin/orgs/{id}/immediate?after=`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let org = hall(&city, &id)?;
    let record = office(&ctx, org.id).await?;
    let typed = Typed { after: ask.after, ..Typed::default() };
    let mut body = page(&city, org, &record, &typed, &[]);
    body.note = (ask.done == "saved").then(|| Note::new(NoteKind::Ok, "授权已经改好，新收的件马上按它办"));
    let title = body.title.clone();
    staff(&title, &staff_member, &look, &body)
}

/// Only halls decide on the spot.
fn hall<'a>(city: &'a City, id: &str) -> Result<&'a Org, Fault> {
    let org = named(city, id)?;
    if org.kind.is_hall() { Ok(org) } else { Err(Fault::not_found()) }
}

/// `POST /admin/orgs/{id}/immediate`.
pub(super) async fn authorise(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Extension(trace): Extension<Trace>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let org = hall(&city, &id)?;
    let (item, allowed) = wish(&typed.change)
        .ok_or_else(|| Fault::bad_request("change", "请从页面上的按钮选择要改的事项。"))?;
    let command = OfficeCommand::Authorise { item, allowed, basis: typed.basis.clone() };
    let wrong =
        match change_office(&ctx, org.id, typed.version, command, stamp(&ctx, &staff_member, &trace)).await {
            Ok(_) => {
                let after: u16 = typed.after.parse().unwrap_or(0);
                return Ok(see(&format!("/admin/orgs/{}/immediate?after={after}&done=saved", org.id)));
            }
            Err(error) => told(error)?,
        };
    let record = office(&ctx, org.id).await?;
    let wrong: Vec<String> = wrong.into_iter().map(|(_, say)| say).collect();
    let look = look.at(&format!("/admin/orgs/{}/immediate", org.id));
    let body = page(&city, org, &record, &typed, &wrong);
    let title = body.title.clone();
    staff_form(&title, &staff_member, &look, &body, true)
}

fn wish(change: &str) -> Option<(ItemId, bool)> {
    let (item, wish) = change.split_once(':')?;
    let allowed = match wish {
        "give" => true,
        "take" => false,
        _ => return None,
    };
    Some((item.parse().ok()?, allowed))
}
