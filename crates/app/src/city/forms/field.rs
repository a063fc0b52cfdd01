//! One question of a form, read from JSON Schema: `properties` with a `title` are questions, those inside a `then` are asked
//! only when its `if` holds, `x-order` says in which order.

use domain::catalogue::Basis;
use domain::kernel::ItemId;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A telephone number.
    Phone,
    /// A day.
    Date {
        /// It has happened: today at the latest.
        past: bool,
    },
    /// A number.
    Number {
        /// Without a fraction.
        whole: bool,
    },
    /// One of these: value and word.
    Choice(Vec<(String, String)>),
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form, the schema and the API.
    pub name: String,
    /// The question.
    pub label: String,
    /// How to answer it.
    pub hint: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Must be answered when it is asked.
    pub required: bool,
    /// Most characters.
    pub most: u64,
    /// The format that the schema names; empty for none.
    pub format: String,
    /// Shown masked to others.
    pub personal: bool,
    /// Asked only when another field has this value.
    pub when: Option<(String, String)>,
    /// What to say to an answer of the wrong shape; empty for the usual sentence.
    pub say: String,
    /// What the question of an item rests on; nothing for those of the general form.
    pub basis: Option<Basis>,
    /// The items of the application that ask it; none when all do.
    pub asked_by: Vec<ItemId>,
}

/// Most characters where the schema names no number.
const MOST: u64 = 200;
/// From so many characters on, an answer gets several lines.
const LONG: u64 = 600;
/// What the forms of the pages send beside the answers.
const TAKEN: [&str; 6] = ["accepting", "later", "true", "version", "file", "channel"];

impl Field {
    /// Whether it is asked, given what was answered so far.
    #[must_use]
    pub fn is_asked(&self, values: &BTreeMap<String, String>) -> bool {
        let given = |name: &String| values.get(name).map(|value| value.trim());
        self.when.as_ref().is_none_or(|(other, wanted)| given(other) == Some(wanted))
    }

    /// Whether it is an example that no department has confirmed.
    #[must_use]
    pub fn is_example(&self) -> bool {
        self.basis.as_ref().is_some_and(Basis::is_placeholder)
    }

    /// The word of a choice, or what was answered.
    #[must_use]
    pub fn word<'a>(&'a self, value: &'a str) -> &'a str {
        match &self.kind {
            FieldKind::Choice(choices) => choices.iter().find(|(v, _)| v == value).map_or(value, |(_, w)| w),
            _ => value,
        }
    }

    fn read(name: &str, schema: &Value) -> Result<Self, String> {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        let format = text("format");
        let most = schema.get("maxLength").and_then(Value::as_u64).unwrap_or(MOST);
        let kind = match (text("type"), format) {
            ("string", _) if schema.get("enum").is_some() => FieldKind::Choice(choices(name, schema)?),
            ("string", "date") => {
                FieldKind::Date { past: schema.get("x-past").and_then(Value::as_bool).unwrap_or_default() }
            }
            ("string", "phone") => FieldKind::Phone,
            ("string", _) if most >= LONG => FieldKind::Text,
            ("string", _) => FieldKind::Line,
            ("integer", _) => FieldKind::Number { whole: true },
            ("number", _) => FieldKind::Number { whole: false },
            (other, _) => return Err(format!("“{name}”的type“{other}”不支持，请写string、integer或number")),
        };
        Ok(Self {
            name: name.to_owned(),
            label: text("title").to_owned(),
            hint: text("description").to_owned(),
            kind,
            required: false,
            most,
            format: format.to_owned(),
            personal: schema.get("x-personal").and_then(Value::as_bool).unwrap_or_default(),
            when: None,
            say: text("x-say").to_owned(),
            basis: schema.get("x-basis").and_then(Value::as_str).map(Basis::parse),
            asked_by: Vec::new(),
        })
    }
}

fn texts(schema: &Value, key: &str) -> Vec<String> {
    let list = schema.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn choices(name: &str, schema: &Value) -> Result<Vec<(String, String)>, String> {
    let (values, words) = (texts(schema, "enum"), texts(schema, "x-labels"));
    if values.is_empty() || values.len() != words.len() {
        return Err(format!("“{name}”的enum和x-labels要一样多，一个值配一个词"));
    }
    Ok(values.into_iter().zip(words).collect())
}

/// Of these properties those that are questions.
fn questions(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(Map::iter).filter(|(_, property)| property.get("title").is_some())
}

/// The condition of a rule: a field and its value.
fn condition(rule: &Value) -> Option<(String, String)> {
    let properties = rule.get("if")?.get("properties")?.as_object()?;
    let (name, wanted) = properties.iter().next()?;
    Some((name.clone(), wanted.get("const")?.as_str()?.to_owned()))
}

/// The questions of a schema, in its order.
///
/// # Errors
/// A sentence for whoever writes the schema.
pub(super) fn read(schema: &Value) -> Result<Vec<Field>, String> {
    let mut found: Vec<Field> = Vec::new();
    let mut add = |holder: &Value, when: Option<(String, String)>| {
        let required = texts(holder, "required");
        for (name, property) in questions(holder) {
            let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if !plain || TAKEN.contains(&name.as_str()) {
                return Err(format!("“{name}”不能作为字段名，请用小写字母、数字和下划线，另起一个"));
            }
            if found.iter().any(|known| known.name == *name) {
                return Err(format!("“{name}”问了两次，请删去一处"));
            }
            let field = Field::read(name, property)?;
            found.push(Field { required: required.contains(name), when: when.clone(), ..field });
        }
        Ok(())
    };
    add(schema, None)?;
    for rule in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        let Some(then) = rule.get("then") else { continue };
        if questions(then).next().is_some() {
            let when = condition(rule).ok_or("allOf里的if只能写一个字段等于一个值（const）")?;
            add(then, Some(when))?;
        }
    }
    let order = texts(schema, "x-order");
    if let Some(field) = found.iter().find(|field| !order.contains(&field.name)) {
        return Err(format!("“{}”没有写进x-order，请补上", field.name));
    }
    found.sort_by_key(|field| order.iter().position(|name| *name == field.name));
    Ok(found)
}
