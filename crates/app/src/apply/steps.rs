//! The steps of filling in: who applies, materials, where and how, check. What was typed is saved whatever it is; only going on
//! asks whether it is right.

use super::drawn::{self, HOW, WHO};
use super::{check, materials};
use crate::Ctx;
use crate::city::City;
use crate::identity::Citizen;
use crate::intake::{self, Draft, IntakeError, Owner, Problem, Saving, Values};
use crate::web::page::{Look, form_answer};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::kernel::OrgId;
use serde::Deserialize;
use ui::{BackLink, Button, Choice, Control, ErrorSummary, Summary, SummaryRow};
use uuid::Uuid;

/// The steps with their names, in order.
pub(super) const STEPS: [(&str, &str); 4] = [
    ("info", "您的信息"),
    ("materials", "上传材料"),
    ("place", "在哪办、怎么拿结果"),
    ("check", "核对并提交"),
];

/// The step a draft was left at.
pub(super) fn last(draft: &Draft) -> &'static str {
    STEPS.iter().find(|(name, _)| *name == draft.step).map_or("info", |(name, _)| *name)
}

/// What stands above the question of every step.
pub(super) struct Head {
    pub back: BackLink,
    pub item: String,
    pub no: usize,
    pub of: usize,
}

impl Head {
    pub(super) fn new(draft: &Draft, city: &City, step: &str) -> Self {
        let at = STEPS.iter().position(|(name, _)| *name == step).unwrap_or(0);
        let back = match at.checked_sub(1).and_then(|before| STEPS.get(before)) {
            Some((before, _)) => BackLink::to(format!("/apply/draft/{}/{before}", draft.id)),
            None => BackLink::named("返回我的办件", "/me"),
        };
        Self { back, item: drawn::matters(draft, city), no: at + 1, of: STEPS.len() }
    }
}

/// Where the list of halls is opened.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PlaceAsk {
    #[serde(default)]
    district: String,
}

/// `GET /apply/draft/{id}/{step}`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path((id, step)): Path<(Uuid, String)>,
    Query(ask): Query<PlaceAsk>,
) -> Result<Response, Fault> {
    let draft = intake::open(&ctx, Owner::Citizen(citizen.id), id).await?;
    if draft.application.is_some() {
        return Ok(Redirect::to(&format!("/apply/done/{id}")).into_response());
    }
    draw(&ctx, &look, &draft, &step, &ask.district, &[]).await
}

/// The page of a step, with what is wrong with it.
pub(super) async fn draw(
    ctx: &Ctx,
    look: &Look,
    draft: &Draft,
    step: &str,
    district: &str,
    problems: &[Problem],
) -> Result<Response, Fault> {
    match step {
        "info" => info(ctx, look, draft, problems),
        "materials" => materials::page(ctx, look, draft, problems).await,
        "place" => place(ctx, look, draft, district, problems),
        "check" => check::page(ctx, look, draft, problems),
        _ => Err(Fault::not_found()),
    }
}

/// `POST /apply/draft/{id}/{step}`: saves; going on asks whether this step is right; the last step submits.
pub(super) async fn save(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Extension(trace): Extension<Trace>,
    Path((id, step)): Path<(Uuid, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let at = STEPS.iter().position(|(name, _)| *name == step).ok_or_else(Fault::not_found)?;
    let here = look.at(&format!("/apply/draft/{id}/{step}"));
    let owner = Owner::Citizen(citizen.id);
    let draft = intake::open(&ctx, owner, id).await?;
    if draft.application.is_some() {
        return Ok(Redirect::to(&format!("/apply/done/{id}")).into_response());
    }
    let draft = match intake::save(&ctx, owner, id, saving(&ctx.city(), &draft, &step, &pairs)).await {
        // Submitted meanwhile in another window or by a second press.
        Err(IntakeError::Submitted) => return Ok(Redirect::to(&format!("/apply/done/{id}")).into_response()),
        saved => saved?,
    };
    let pressed = |name: &str| pairs.iter().any(|(key, _)| key == name);
    if headers.contains_key("x-autosave") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if pressed("later") {
        return Ok(Redirect::to("/me").into_response());
    }
    if step == "check" {
        return check::submit(&ctx, &here, &citizen, &draft, pressed("true"), &trace.to_string()).await;
    }
    let problems = of_step(&ctx, &draft, &step);
    if problems.is_empty() {
        let next = STEPS.get(at + 1).map_or("check", |(name, _)| *name);
        return Ok(Redirect::to(&format!("/apply/draft/{id}/{next}")).into_response());
    }
    draw(&ctx, &here, &draft, &step, "", &problems).await
}

/// The fields that a step asks.
fn is_of_step(name: &str, step: &str) -> bool {
    let how = HOW.contains(&name) || name == "accepting";
    match step {
        "info" => !how && !name.starts_with("material."),
        "place" => how,
        _ => false,
    }
}

fn of_step(ctx: &Ctx, draft: &Draft, step: &str) -> Vec<Problem> {
    intake::check(ctx, draft).into_iter().filter(|p| p.blocks && is_of_step(&p.field, step)).collect()
}

/// What of the posted form belongs to this step. What the account has verified is not changed by a form.
fn saving(city: &City, draft: &Draft, step: &str, pairs: &[(String, String)]) -> Saving {
    let fields = draft.fields(city);
    let may = |name: &str| {
        let verified = WHO.contains(&name) && draft.values.get(name).is_some_and(|v| is_verified(name, v));
        is_of_step(name, step) && !verified && fields.iter().any(|f| f.name == name)
    };
    let values: Values = pairs.iter().filter(|(name, _)| may(name)).cloned().collect();
    let place = pairs.iter().find(|(name, _)| step == "place" && name == "accepting");
    let accepting = place.and_then(|(_, id)| id.parse().ok()).map(OrgId);
    Saving { values, step: Some(step.to_owned()), accepting, ..Saving::default() }
}

/// The account gave these; the legal representative of a firm is asked, because the account does not know it.
fn is_verified(name: &str, value: &str) -> bool {
    name != "legal_person" && !value.is_empty()
}

#[derive(Template)]
#[template(path = "apply/info.html")]
struct InfoPage {
    head: Head,
    errors: ErrorSummary,
    matters: Vec<String>,
    change: String,
    who: Summary,
    parts: Vec<Part>,
    action: String,
    next: Button,
    later: Button,
}

/// Questions that stand together.
struct Part {
    /// Those of the matter are headed as such.
    own: bool,
    /// None of them is confirmed by a department.
    example: bool,
    fields: Vec<ui::Field>,
}

/// The questions in their order, those of the matter apart from those that everybody is asked.
fn parts(city: &City, open: &[&intake::Field], draft: &Draft, problems: &[Problem]) -> Vec<Part> {
    let runs = open.chunk_by(|a, b| a.basis.is_some() == b.basis.is_some());
    let part = |run: &[&intake::Field]| {
        let own = run.iter().any(|field| field.basis.is_some());
        let example = own && run.iter().all(|field| field.is_example());
        let fields = run.iter().map(|field| {
            let hint = beside(&intake::asked_for(city, field), &field.hint);
            let hint = match &field.basis {
                Some(basis) if basis.is_placeholder() && !example => beside(&hint, "示例，待部门确认"),
                Some(basis) if !basis.is_placeholder() => beside(&hint, basis.text()),
                _ => hint,
            };
            drawn::field(field, &draft.values, problems).hint(hint)
        });
        Part { own, example, fields: fields.collect() }
    };
    runs.map(part).collect()
}

fn beside(hint: &str, remark: &str) -> String {
    match (hint, remark) {
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{hint} · {remark}"),
    }
}

fn buttons() -> (Button, Button) {
    let next = Button::submit("保存，继续下一步").primary().large();
    (next, Button::submit("先存着，以后再办").large().named("later", "1"))
}

fn info(ctx: &Ctx, look: &Look, draft: &Draft, problems: &[Problem]) -> Result<Response, Fault> {
    let city = ctx.city();
    let all = draft.fields(&city);
    let verified = |name: &str| {
        WHO.contains(&name) && draft.values.get(name).is_some_and(|value| is_verified(name, value))
    };
    let asked = all.iter().filter(|f| is_of_step(&f.name, "info") && f.is_asked(&draft.values));
    let (known, open): (Vec<_>, Vec<_>) = asked.partition(|field| verified(&field.name));
    let masked = intake::party(&draft.values).masked();
    let row = |name: &str, label: &str| {
        let value = match name {
            "name" | "firm_name" => masked.name.clone(),
            "document" | "firm_code" => masked.document.clone(),
            _ => all
                .iter()
                .find(|f| f.name == name)
                .map(|f| drawn::answer(f, &draft.values))
                .unwrap_or_default(),
        };
        SummaryRow::new(label, value.as_str()).source("来自实名认证").fixed()
    };
    let parts = parts(&city, &open, draft, problems);
    let (next, later) = buttons();
    let body = InfoPage {
        head: Head::new(draft, &city, "info"),
        errors: ErrorSummary::of(parts.iter().flat_map(|part| &part.fields)),
        matters: draft.items_in(&city).iter().map(|item| item.identity.name.clone()).collect(),
        change: format!("/apply/draft/{}/items", draft.id),
        who: Summary::new(known.iter().map(|f| row(&f.name, &f.label)).collect()),
        parts,
        action: format!("/apply/draft/{}/info", draft.id),
        next,
        later,
    };
    form_answer("您的信息", look, &body, !problems.is_empty())
}

#[derive(Template)]
#[template(path = "apply/place.html")]
struct PlacePage {
    head: Head,
    errors: ErrorSummary,
    districts: Vec<(String, String, bool)>,
    chosen: String,
    halls: Option<ui::Field>,
    fields: Vec<ui::Field>,
    action: String,
    next: Button,
    later: Button,
}

fn place(
    ctx: &Ctx,
    look: &Look,
    draft: &Draft,
    district: &str,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let city = ctx.city();
    let chosen = draft.accepting.and_then(|id| city.org(id));
    let near = chosen.and_then(|org| org.region.as_str().get(..6)).unwrap_or_default();
    let shown = if district.is_empty() { near } else { district };
    let all = draft.fields(&city);
    let how = all.iter().filter(|f| HOW.contains(&f.name.as_str()) && can_be_asked(f, &all));
    // Without a script nothing can appear when a choice is made: what depends on it is always shown and says when.
    let fields: Vec<ui::Field> = how.map(|f| conditional(f, draft, problems)).collect();
    let halls = (!shown.is_empty()).then(|| hall_field(ctx, draft, shown, problems));
    let missing = problems.iter().find(|p| p.field == "accepting").filter(|_| halls.is_none());
    let mut errors: Vec<ui::FieldError> =
        halls.iter().chain(&fields).filter_map(ui::Field::summary_line).collect();
    errors.extend(missing.map(|p| ui::FieldError { id: "districts".into(), text: p.say.clone() }));
    let (next, later) = buttons();
    let body = PlacePage {
        head: Head::new(draft, &city, "place"),
        errors: ErrorSummary::new(errors),
        districts: ctx
            .catalogue()
            .districts()
            .iter()
            .map(|d| (d.code.clone(), d.name.clone(), d.code == shown))
            .collect(),
        chosen: chosen.map(|org| org.name.clone()).unwrap_or_default(),
        halls,
        fields,
        action: format!("/apply/draft/{}/place", draft.id),
        next,
        later,
    };
    form_answer("在哪办、怎么拿结果", look, &body, !problems.is_empty())
}

/// Whether the choice that a field hangs on is offered at all.
fn can_be_asked(field: &intake::Field, all: &[intake::Field]) -> bool {
    field.when.as_ref().is_none_or(|(other, wanted)| {
        all.iter().filter(|f| f.name == *other).all(|f| match &f.kind {
            intake::FieldKind::Choice(choices) => choices.iter().any(|(value, _)| value == wanted),
            _ => true,
        })
    })
}

fn conditional(field: &intake::Field, draft: &Draft, problems: &[Problem]) -> ui::Field {
    let drawn = drawn::field(field, &draft.values, problems);
    if field.when.is_some() && !field.is_asked(&draft.values) {
        drawn.optional().hint("选“邮寄”时才要填，写到门牌号")
    } else {
        drawn
    }
}

fn hall_field(ctx: &Ctx, draft: &Draft, district: &str, problems: &[Problem]) -> ui::Field {
    let city = ctx.city();
    let items = draft.items_in(&city);
    let catalogue = ctx.catalogue();
    let halls = catalogue.districts().iter().filter(|d| d.code == district).flat_map(|d| &d.halls);
    let choices = halls.filter_map(|hall| {
        let org = city.hall_of(&hall.code.parse().ok()?).filter(|org| org.is_open())?;
        if !intake::not_taken_at(&city, &items, org.id).is_empty() {
            return None;
        }
        Some(Choice::new(org.id.to_string(), &hall.town, draft.accepting == Some(org.id)).hint(&org.name))
    });
    let error = problems.iter().find(|p| p.field == "accepting").map(|p| p.say.clone()).unwrap_or_default();
    ui::Field::new("accepting", "交给哪个镇（街道）办理", Control::Radio(choices.collect()))
        .hint(if items.len() > 1 {
            "全市通办：选离您近的就行；列出的地方，这几件事都能办"
        } else {
            "全市通办：选离您近的就行，材料由它转给主管部门"
        })
        .error(error)
}
