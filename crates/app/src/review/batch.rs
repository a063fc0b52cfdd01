//! Deciding several simple cases with one opinion: looked at once more, then each on its own.

use super::deeds::short_enough;
use crate::Ctx;
use crate::cases::{self, By, StaffActor, read_number};
use crate::identity::Staff;
use crate::web::page::{Look, staff_form};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::response::Response;
use domain::kernel::CaseId;
use ui::{BackLink, Button, ErrorSummary, Field};

/// What was decided, or is about to be.
struct Line {
    href: String,
    item: String,
    number: String,
    applicant: String,
    pick: String,
    refused: String,
}

#[derive(Template)]
#[template(path = "review/batch.html")]
struct BatchPage {
    back: BackLink,
    errors: ErrorSummary,
    lines: Vec<Line>,
    done: Option<usize>,
    opinion: Field,
    button: Button,
}

fn picked(pairs: &[(String, String)]) -> Vec<(CaseId, i64)> {
    let picks = pairs.iter().filter(|(name, _)| name == "pick");
    picks
        .filter_map(|(_, pick)| {
            let (id, version) = pick.split_once(':')?;
            Some((CaseId(id.parse().ok()?), version.parse().ok()?))
        })
        .collect()
}

/// `POST /review/batch`: first the page to check, then with `confirm` the deciding.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let look = look.at("/review");
    let given = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned());
    let (picks, opinion) = (picked(&pairs), given("opinion").unwrap_or_default());
    let confirmed = given("confirm").is_some();
    let mut wrong = String::new();
    if picks.is_empty() {
        "还没有勾选办件，请回到列表勾选".clone_into(&mut wrong);
    } else if confirmed && opinion.is_empty() {
        "请写审批意见，它会写进每一个办件的决定里".clone_into(&mut wrong);
    } else if let Err(long) = short_enough(&pairs) {
        wrong = long;
    }
    let mut refused = Vec::new();
    let mut done = None;
    if confirmed && wrong.is_empty() {
        let outcome =
            cases::grant_batch(&ctx, &StaffActor::from(&staff), &picks, &opinion, &trace.to_string()).await?;
        done = Some(outcome.done.len());
        refused = outcome.refused;
    }
    let mut lines = Vec::new();
    for (id, version) in &picks {
        let why = refused.iter().find(|(case, _)| case == id).map(|(_, why)| why.clone());
        if done.is_some() && why.is_none() {
            continue;
        }
        lines.push(line(&ctx, &staff, *id, *version, why.unwrap_or_default()).await?);
    }
    let opinion = Field::area("opinion", "审批意见", &opinion).hint("例如：材料齐全，符合条件，同意");
    let opinion = if confirmed { opinion.error(&wrong) } else { opinion };
    let body = BatchPage {
        back: BackLink::named("返回待办", "/review"),
        errors: ErrorSummary::of([&opinion]),
        button: Button::submit(format!("确认准予这 {} 件", lines.len()))
            .primary()
            .large()
            .key("Ctrl+Enter")
            .named("confirm", "1"),
        lines,
        done,
        opinion,
    };
    staff_form("批量准予", &staff, &look, &body, confirmed && !wrong.is_empty())
}

async fn line(ctx: &Ctx, staff: &Staff, id: CaseId, version: i64, refused: String) -> Result<Line, Fault> {
    let view = cases::view(ctx, id, &By::from(staff)).await?;
    Ok(Line {
        href: format!("/review/{id}"),
        item: view.item_name,
        number: read_number(&view.number),
        applicant: view.party.map(|party| party.name).unwrap_or_default(),
        pick: format!("{id}:{version}"),
        refused,
    })
}
