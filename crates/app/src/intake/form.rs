//! What was filled into a form: every problem in plain words, who applies, and the answers as the case keeps them.

use std::collections::BTreeMap;

use domain::identity::DocumentKind;
use jiff::civil::Date;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::cases::{Answer, Party};
use crate::city::{Field, FieldKind, Form, why_not};

/// What was filled in, by field name; a field nobody touched is not there.
pub type Values = BTreeMap<String, String>;

const FIRM: &str = "firm";

/// One thing that is not right yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, `material.CODE` for a material, or `draft` for the whole.
    pub field: String,
    /// What to do.
    pub say: String,
    /// It cannot be submitted so.
    pub blocks: bool,
}

impl Problem {
    pub(super) fn blocks(field: impl Into<String>, say: impl Into<String>) -> Self {
        Self { field: field.into(), say: say.into(), blocks: true }
    }
}

/// Everything that is not right yet, in the order of the fields.
#[must_use]
pub fn check(form: &Form, values: &Values, today: Date) -> Vec<Problem> {
    let asked: Vec<&Field> = form.fields.iter().filter(|field| field.is_asked(values)).collect();
    let given = |field: &&Field| values.get(&field.name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let filled = asked.iter().filter_map(|f| Some((f.name.clone(), instance(f, given(f)?))));
    let filled = Value::Object(filled.collect());
    let validator = match form.validator() {
        Ok(validator) => validator,
        Err(e) => return vec![Problem::blocks("draft", format!("表单定义有误，请联系事项管理员（{e}）"))],
    };
    let mut problems: Vec<Problem> = Vec::new();
    for error in validator.iter_errors(&filled) {
        let name = match error.kind() {
            Kind::Required { property } => property.as_str().unwrap_or_default().to_owned(),
            _ => error.instance_path().to_string().trim_start_matches('/').to_owned(),
        };
        let Some(field) = asked.iter().find(|field| field.name == name) else { continue };
        if problems.iter().all(|known| known.field != name) {
            problems.push(Problem::blocks(name, say(field, error.kind(), given(field).unwrap_or_default())));
        }
    }
    for field in asked.iter().filter(|field| field.kind == FieldKind::Date { past: true }) {
        let later = given(field).and_then(|day| day.parse::<Date>().ok()).is_some_and(|day| day > today);
        if later && problems.iter().all(|known| known.field != field.name) {
            problems.push(Problem::blocks(&field.name, format!("{}不能晚于今天，请核对", field.label)));
        }
    }
    problems.sort_by_key(|problem| form.fields.iter().position(|field| field.name == problem.field));
    problems
}

/// What was typed, as the schema's type has it; what is no number stays a text and is refused as one.
fn instance(field: &Field, typed: &str) -> Value {
    let FieldKind::Number { whole } = field.kind else { return typed.into() };
    let plain = typed.replace(',', "");
    if whole {
        plain.parse::<i64>().map_or_else(|_| typed.into(), Value::from)
    } else {
        plain.parse::<f64>().ok().filter(|n| n.is_finite()).map_or_else(|| typed.into(), Value::from)
    }
}

fn say(field: &Field, kind: &Kind, given: &str) -> String {
    let label = &field.label;
    let long = given.chars().count();
    match kind {
        Kind::Required { .. } if matches!(field.kind, FieldKind::Choice(_)) => format!("请选择：{label}"),
        Kind::Required { .. } => format!("请填写{label}"),
        Kind::MaxLength { limit } => format!("{label}最多 {limit} 个字，现在有 {long} 个字，请缩短一些"),
        Kind::MinLength { limit } => format!("{label}至少 {limit} 个字，现在只有 {long} 个字"),
        Kind::Enum { .. } => format!("{label}：请从列出的选项里选一个"),
        Kind::Format { format } if format == "date" => {
            format!("{label}要写年、月、日，例如 2026-03-02")
        }
        Kind::Format { format } => {
            why_not(format, given).unwrap_or_else(|| format!("{label}的格式不对，请核对"))
        }
        Kind::Minimum { limit } => format!("{label}不能小于 {limit}，请核对"),
        Kind::Maximum { limit } => format!("{label}不能大于 {limit}，请核对"),
        Kind::Pattern { .. } | Kind::Type { kind: TypeKind::Single(_) } if !field.say.is_empty() => {
            field.say.clone()
        }
        Kind::Type { .. } => format!("{label}要填数字，例如 3"),
        _ => format!("{label}填写得不对，请核对"),
    }
}

/// Who applies, out of the form.
#[must_use]
pub fn party(values: &Values) -> Party {
    let value = |name: &str| values.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
    let firm = value("applicant_kind") == FIRM;
    let kind = DocumentKind::of(&value("document_kind")).map(DocumentKind::label);
    Party {
        firm,
        name: value(if firm { "firm_name" } else { "name" }),
        document_kind: if firm { DocumentKind::Uscc.label() } else { kind.unwrap_or_default() }.to_owned(),
        document: value(if firm { "firm_code" } else { "document" }),
        contact: value("contact"),
        phone: value("phone"),
    }
}

/// The answers with their questions, for the application.
#[must_use]
pub fn answers(form: &Form, values: &Values) -> Vec<Answer> {
    let answered = form.fields.iter().filter(|field| field.is_asked(values)).filter_map(|field| {
        let word = field.word(values.get(&field.name)?.trim());
        (!word.is_empty()).then(|| Answer {
            name: field.name.clone(),
            label: field.label.clone(),
            value: word.to_owned(),
            personal: field.personal,
        })
    });
    answered.collect()
}
