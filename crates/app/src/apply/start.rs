//! Before applying: whether it can be applied for here, what is needed, and a draft to begin or go on with.

use super::bundle::{Along, along};
use crate::Ctx;
use crate::catalogue::Entry;
use crate::identity::{Citizen, persons};
use crate::intake::{self, Draft, FieldKind, IntakeError, Owner, Starting, Values};
use crate::web::Fault;
use crate::web::page::{Look, public_page, send};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Applicant, Channel};
use domain::catalogue::MaterialSource;
use ui::{BackLink, Button};

/// Drafts that are looked through for one of the same item.
const EARLIER: u32 = 50;

#[derive(Template)]
#[template(path = "apply/start.html")]
struct StartPage {
    back: BackLink,
    name: String,
    papers: Vec<String>,
    /// How many the office looks up itself.
    waived: usize,
    written: bool,
    not_for: &'static str,
    go_on: Option<(String, String)>,
    along: Vec<Along>,
    button: Button,
    action: String,
}

/// `GET /apply/{item}`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let catalogue = ctx.catalogue();
    let entry = catalogue.item(&code).ok_or_else(Fault::not_found)?;
    let owner = Owner::Citizen(citizen.id);
    let drafts = intake::drafts(&ctx, owner, None, EARLIER).await.map_err(IntakeError::from)?;
    let along = if not_for(&ctx, entry, &citizen).is_empty() {
        along(&ctx, &drafts, &entry.item)
    } else {
        Vec::new()
    };
    let same = drafts.into_iter().find(|d| d.application.is_none() && d.items.contains(&entry.item.id));
    let when = |d: &Draft| super::drawn::moment(d.updated_at, ctx.now());
    let bring = entry.item.guide.materials.iter().filter(|m| m.source != MaterialSource::Shared);
    let fill_in = Button::submit(if same.is_some() { "重新填一份" } else { "开始填写" }).large();
    let body = StartPage {
        back: BackLink::named("返回办事指南", format!("/items/{}", entry.slug())),
        name: entry.name().to_owned(),
        papers: bring.filter(|m| m.required).map(|m| m.name.clone()).collect(),
        waived: entry.item.guide.materials.iter().filter(|m| m.source == MaterialSource::Shared).count(),
        written: entry.item.guide.written,
        not_for: not_for(&ctx, entry, &citizen),
        go_on: same.as_ref().map(|d| (when(d), format!("/apply/draft/{}/{}", d.id, super::steps::last(d)))),
        along,
        button: if same.is_some() { fill_in } else { fill_in.primary() },
        action: format!("/apply/{}", entry.slug()),
    };
    let mut page = public_page(&format!("申请：{}", entry.name()), &look, &body)?;
    page.surface = ui::Surface::White;
    page.head.no_index = true;
    send(StatusCode::OK, &page)
}

/// Why this account cannot apply; empty when it can.
fn not_for(ctx: &Ctx, entry: &Entry, citizen: &Citizen) -> &'static str {
    if !entry.item.guide.channels.online {
        return "这件事暂时不能在网上申请，请到就近的服务大厅办理。";
    }
    let city = ctx.city();
    let Some(item) = city.item(entry.item.id) else {
        return "这件事已经停止办理，请拨打 12345 询问。";
    };
    let form = city.form(&[item], Channel::Online);
    let kinds = form.fields.iter().find(|f| f.name == "applicant_kind");
    let wanted = if citizen.firm.is_some() { "firm" } else { "person" };
    match kinds.map(|field| &field.kind) {
        Some(FieldKind::Choice(choices)) if choices.iter().all(|(value, _)| *value != wanted) => {
            if wanted == "person" {
                "这件事由单位申请，请用单位账号登录。"
            } else {
                "这件事由个人申请，请用个人账号登录。"
            }
        }
        _ => "",
    }
}

/// `POST /apply/{item}`: a new draft, with what the account knows.
pub(super) async fn begin(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let catalogue = ctx.catalogue();
    let entry = catalogue.item(&code).ok_or_else(Fault::not_found)?;
    let why = not_for(&ctx, entry, &citizen);
    if !why.is_empty() {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "not_possible", "不能在这里申请", why));
    }
    let starting = Starting {
        channel: Channel::Online,
        items: vec![entry.item.id],
        accepting: None,
        applicant: citizen.firm.map(|id| Applicant::Firm { id, by: citizen.id }),
        values: known(&ctx, &citizen).await.map_err(IntakeError::from)?,
        happened_at: None,
    };
    let draft = intake::start(&ctx, Owner::Citizen(citizen.id), starting).await?;
    Ok(Redirect::to(&format!("/apply/draft/{}/info", draft.id)).into_response())
}

/// What the account knows of the form: nobody types again what was verified.
async fn known(ctx: &Ctx, citizen: &Citizen) -> store::Result<Values> {
    let mut values = Values::new();
    let mut set = |name: &str, value: &str| {
        if !value.is_empty() {
            values.insert(name.to_owned(), value.to_owned());
        }
    };
    if let Some(person) = persons::in_full(ctx, citizen.id.uuid()).await? {
        set("contact", &person.name);
        set("phone", &person.phone);
        set("address", &person.address);
        if citizen.firm.is_none() {
            set("applicant_kind", "person");
            set("name", &person.name);
            set("document", &person.document);
            set("document_kind", person.known.document.word());
        }
    }
    if let Some(firm) = citizen.firm
        && let Some(firm) = persons::in_full(ctx, firm.uuid()).await?
    {
        set("applicant_kind", "firm");
        set("firm_name", &firm.name);
        set("firm_code", &firm.document);
        set("address", &firm.address);
    }
    Ok(values)
}
