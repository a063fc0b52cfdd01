//! 进度查询: number and query code, without signing in; shows where a case stands and nothing of the person.

use super::case::by_code;
use crate::Ctx;
use crate::cases::{self, LookupError};
use crate::web::Fault;
use crate::web::page::{Look, form_answer};
use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use serde::Deserialize;
use ui::{Button, ErrorSummary, Field, TextKind, Width};

#[derive(Template)]
#[template(path = "apply/track.html")]
struct TrackPage {
    errors: ErrorSummary,
    number: Field,
    code: Field,
    button: Button,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

/// `GET /track`.
pub(super) async fn page(look: Look) -> Result<Response, Fault> {
    draw(&look, &Typed::default(), "")
}

fn draw(look: &Look, typed: &Typed, wrong: &str) -> Result<Response, Fault> {
    let number = Field::text("number", "受理编号", TextKind::Digits, &typed.number)
        .hint("13 位数字，在回执上")
        .width(Width::Medium)
        .autocomplete("off")
        .error(wrong);
    let code = Field::text("code", "查询码", TextKind::Text, &typed.code)
        .hint("6 位，在编号的下面")
        .width(Width::Short)
        .autocomplete("off");
    let body = TrackPage {
        errors: ErrorSummary::of([&number]),
        number,
        code,
        button: Button::submit("查进度").primary().large(),
    };
    form_answer("进度查询", look, &body, !wrong.is_empty())
}

/// `POST /track`; the code is not part of any address.
pub(super) async fn find(
    State(ctx): State<Ctx>,
    look: Look,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let look = look.at("/track");
    match cases::by_number_and_code(&ctx, &typed.number, &typed.code).await {
        Ok(view) => by_code(&ctx, &look, &view),
        Err(LookupError::Store(error)) => Err(cases::ActError::Store(error).into()),
        Err(error) => draw(&look, &typed, &error.to_string()),
    }
}
