//! The form of an application: its fields, its JSON Schema, and every problem of what was filled in, in plain words.

use std::collections::BTreeMap;

use domain::cases::Channel;
use domain::catalogue::{Audience, Item};
use domain::kernel::identity::{
    ForeignPermanentResident, HkMoTwPermit, IdNumber, Passport, PersonName, Phone, Uscc,
};
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::{Value, json};

use crate::cases::Party;

/// What was filled in, by field name; a field nobody touched is not there.
pub type Values = BTreeMap<String, String>;

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A telephone number.
    Phone,
    /// One of these: value and word.
    Choice(Vec<(&'static str, &'static str)>),
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form, the schema and the API.
    pub name: &'static str,
    /// The question.
    pub label: &'static str,
    /// How to answer it.
    pub hint: &'static str,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Must be answered.
    pub required: bool,
    /// Most characters.
    pub most: u64,
    /// The format that the schema names.
    pub format: Option<&'static str>,
    /// Shown masked to others.
    pub personal: bool,
    /// Asked only when another field has this value.
    pub when: Option<(&'static str, &'static str)>,
}

const PERSON: &str = "person";
const FIRM: &str = "firm";
/// The document of a natural person, by kind: value, word, format.
const DOCUMENTS: [(&str, &str, &str); 4] = [
    ("id_card", "居民身份证", "cn-id-number"),
    ("hkmotw_permit", "港澳台居民居住证或通行证", "hkmotw-permit"),
    ("foreign_pr", "外国人永久居留身份证", "foreign-permanent-resident"),
    ("passport", "护照", "passport"),
];

const fn line(name: &'static str, label: &'static str, hint: &'static str, most: u64) -> Field {
    let kind = FieldKind::Line;
    Field { name, label, hint, kind, required: true, most, format: None, personal: true, when: None }
}

/// The fields for these items on this channel.
#[must_use]
pub fn fields(items: &[&Item], channel: Channel) -> Vec<Field> {
    let mut fields = who_applies(items);
    fields.extend(whom_to_reach(items));
    if channel == Channel::Agent {
        fields.push(Field {
            personal: false,
            ..line("mandate", "委托情况", "谁委托、委托办什么、有没有委托书", 500)
        });
    }
    fields
}

/// One whose answer is nobody's secret.
const fn open(name: &'static str, label: &'static str) -> Field {
    let (hint, kind, most) = ("", FieldKind::Line, 20);
    Field { name, label, hint, kind, required: true, most, format: None, personal: false, when: None }
}

fn choice(choices: &[(&'static str, &'static str)]) -> FieldKind {
    FieldKind::Choice(choices.to_vec())
}

fn who_applies(items: &[&Item]) -> Vec<Field> {
    let kinds = DOCUMENTS.iter().map(|(value, word, _)| (*value, *word)).collect();
    vec![
        Field { kind: choice(&audience(items)), ..open("applicant_kind", "申请人是") },
        Field {
            format: Some("person-name"),
            when: Some(("applicant_kind", PERSON)),
            ..line("name", "姓名", "与身份证件一致", 100)
        },
        Field {
            kind: FieldKind::Choice(kinds),
            when: Some(("applicant_kind", PERSON)),
            ..open("document_kind", "证件类型")
        },
        Field {
            when: Some(("applicant_kind", PERSON)),
            ..line("document", "证件号码", "居民身份证为18位，末位可能是字母X", 40)
        },
        Field {
            personal: false,
            when: Some(("applicant_kind", FIRM)),
            ..line("firm_name", "单位名称", "与营业执照或登记证书一致", 200)
        },
        Field {
            personal: false,
            format: Some("uscc"),
            when: Some(("applicant_kind", FIRM)),
            ..line("firm_code", "统一社会信用代码", "18位，在营业执照上", 30)
        },
        Field {
            format: Some("person-name"),
            when: Some(("applicant_kind", FIRM)),
            ..line("legal_person", "法定代表人", "", 100)
        },
    ]
}

fn whom_to_reach(items: &[&Item]) -> Vec<Field> {
    vec![
        Field { format: Some("person-name"), ..line("contact", "联系人", "办理中有事找谁", 100) },
        Field {
            kind: FieldKind::Phone,
            format: Some("phone"),
            ..line("phone", "联系电话", "手机号，用来接收办理进度", 30)
        },
        Field { required: false, ..line("address", "联系地址", "", 200) },
        Field { kind: choice(&deliveries(items)), ..open("delivery", "结果怎么领取") },
        Field {
            when: Some(("delivery", "post")), ..line("delivery_address", "收件地址", "写到门牌号", 200)
        },
        Field {
            kind: FieldKind::Text,
            required: false,
            personal: false,
            ..line("matter", "申请事由", "需要特别说明的情况，可以不填", 1000)
        },
    ]
}

fn audience(items: &[&Item]) -> Vec<(&'static str, &'static str)> {
    let natural = |a: &Audience| *a == Audience::NaturalPerson;
    let all = |test: &dyn Fn(&Audience) -> bool| {
        items.iter().all(|i| i.guide.process.audience.is_empty() || i.guide.process.audience.iter().any(test))
    };
    let mut choices = Vec::new();
    if all(&natural) {
        choices.push((PERSON, "个人"));
    }
    if all(&|a| !natural(a)) {
        choices.push((FIRM, "单位"));
    }
    // Items of a bundle that agree on nobody leave the choice to the applicant; the window sorts it out.
    if choices.is_empty() { vec![(PERSON, "个人"), (FIRM, "单位")] } else { choices }
}

fn deliveries(items: &[&Item]) -> Vec<(&'static str, &'static str)> {
    let mut choices = vec![("window", "到窗口领取")];
    if items.iter().all(|item| item.guide.channels.by_post) {
        choices.push(("post", "邮寄"));
    }
    choices.push(("electronic", "电子送达"));
    choices
}

/// The JSON Schema of the form, for the API and for checking.
#[must_use]
pub fn schema(fields: &[Field]) -> Value {
    let property = |field: &Field| {
        let mut property = json!({"type": "string", "title": field.label, "maxLength": field.most});
        if let FieldKind::Choice(choices) = &field.kind {
            property["enum"] = choices.iter().map(|(value, _)| *value).collect();
            property["x-labels"] = choices.iter().map(|(_, word)| *word).collect();
        }
        if let Some(format) = field.format {
            property["format"] = format.into();
        }
        if !field.hint.is_empty() {
            property["description"] = field.hint.into();
        }
        property
    };
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let always: Vec<&str> =
        fields.iter().filter(|f| f.required && f.when.is_none()).map(|f| f.name).collect();
    let given = |name: &str, value: &str| json!({"properties": {name: {"const": value}}, "required": [name]});
    let mut rules: Vec<Value> = fields
        .iter()
        .filter(|field| field.required)
        .filter_map(|field| {
            let (name, value) = field.when?;
            Some(json!({"if": given(name, value), "then": {"required": [field.name]}}))
        })
        .collect();
    if properties.contains_key("document_kind") {
        rules.extend(DOCUMENTS.iter().map(|(kind, _, format)| {
            json!({"if": given("document_kind", kind), "then": {"properties": {"document": {"format": format}}}})
        }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": always,
        "allOf": rules,
    })
}

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
pub fn check(fields: &[Field], values: &Values) -> Vec<Problem> {
    let asked: Vec<&Field> = fields.iter().filter(|field| is_asked(field, values)).collect();
    let filled: serde_json::Map<String, Value> = asked
        .iter()
        .filter_map(|field| Some((field.name.to_owned(), values.get(field.name)?.trim().into())))
        .filter(|(_, value): &(String, Value)| value.as_str().is_some_and(|text| !text.is_empty()))
        .collect();
    let filled = Value::Object(filled);
    let validator = match validator(&schema(fields)) {
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
            problems.push(Problem::blocks(name, say(field, error.kind(), text(&filled, field.name))));
        }
    }
    problems.sort_by_key(|problem| fields.iter().position(|field| field.name == problem.field));
    problems
}

fn text<'a>(filled: &'a Value, name: &str) -> &'a str {
    filled.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn is_asked(field: &Field, values: &Values) -> bool {
    field.when.is_none_or(|(other, value)| values.get(other).is_some_and(|given| given.trim() == value))
}

fn say(field: &Field, kind: &Kind, given: &str) -> String {
    let label = field.label;
    match kind {
        Kind::Required { .. } if matches!(field.kind, FieldKind::Choice(_)) => format!("请选择{label}"),
        Kind::Required { .. } => format!("请填写{label}"),
        Kind::MaxLength { limit } => {
            format!("{label}最多 {limit} 个字，现在有 {} 个字，请缩短一些", given.chars().count())
        }
        Kind::Enum { .. } => format!("请从列出的选项里选择{label}"),
        Kind::Format { format } => {
            parse(format, given).unwrap_or_else(|| format!("{label}的格式不对，请核对"))
        }
        _ => format!("{label}填写得不对，请核对"),
    }
}

/// Why a text does not have a format, as the value itself says it; nothing when it has.
fn parse(format: &str, text: &str) -> Option<String> {
    fn why<T, E: ToString>(parsed: Result<T, E>) -> Option<String> {
        parsed.err().map(|e| e.to_string())
    }
    match format {
        "cn-id-number" => why(IdNumber::parse(text)),
        "hkmotw-permit" => why(HkMoTwPermit::parse(text)),
        "foreign-permanent-resident" => why(ForeignPermanentResident::parse(text)),
        "passport" => why(Passport::parse(text)),
        "uscc" => why(Uscc::parse(text)),
        "phone" => why(Phone::parse(text)),
        "person-name" => why(PersonName::parse(text)),
        _ => None,
    }
}

fn validator(schema: &Value) -> Result<jsonschema::Validator, String> {
    let formats = DOCUMENTS.map(|(_, _, format)| format).into_iter().chain(["uscc", "phone", "person-name"]);
    let options = formats.fold(jsonschema::options(), |options, format| {
        options.with_format(format, move |text: &str| parse(format, text).is_none())
    });
    options.should_validate_formats(true).build(schema).map_err(|e| e.to_string())
}

/// Who applies, out of the form.
#[must_use]
pub fn party(values: &Values) -> Party {
    let value = |name: &str| values.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
    let firm = value("applicant_kind") == FIRM;
    let kind =
        DOCUMENTS.iter().find(|(kind, _, _)| *kind == value("document_kind")).map(|(_, word, _)| *word);
    Party {
        firm,
        name: value(if firm { "firm_name" } else { "name" }),
        document_kind: if firm { "统一社会信用代码" } else { kind.unwrap_or_default() }.to_owned(),
        document: value(if firm { "firm_code" } else { "document" }),
        contact: value("contact"),
        phone: value("phone"),
    }
}

/// The answers with their questions, for the application.
#[must_use]
pub fn answers(fields: &[Field], values: &Values) -> Vec<crate::cases::Answer> {
    let answered = fields.iter().filter(|field| is_asked(field, values)).filter_map(|field| {
        let value = values.get(field.name)?.trim();
        let word = match &field.kind {
            FieldKind::Choice(choices) => {
                choices.iter().find(|(v, _)| *v == value).map_or(value, |(_, w)| *w)
            }
            _ => value,
        };
        (!word.is_empty()).then(|| crate::cases::Answer {
            name: field.name.to_owned(),
            label: field.label.to_owned(),
            value: word.to_owned(),
            personal: field.personal,
        })
    });
    answered.collect()
}
