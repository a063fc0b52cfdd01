//! The form of an application 申请表: JSON Schema in the city's files, the general form for everybody and what single items
//! ask beside it. Several items of one application make one form, in which what two of them ask is asked once.

mod field;
mod formats;
#[cfg(test)]
mod tests;

pub use field::{Field, FieldKind};
pub use formats::why_not;

use super::CityError;
use domain::cases::Channel;
use domain::catalogue::{Audience, Item};
use domain::kernel::ItemId;
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

const FILE: &str = "forms.json";
/// Where the questions of items stand in the order of the general form.
const HERE: &str = "*";

/// A form, ready to be drawn and to be checked.
pub struct Form {
    /// Its questions in order.
    pub fields: Vec<Field>,
    /// Its schema.
    pub schema: Value,
    validator: Result<Validator, String>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Form {
    fn new(schema: Value) -> Result<Self, String> {
        let fields = field::read(&schema)?;
        let options = formats::NAMES.iter().fold(jsonschema::options(), |options, format| {
            options.with_format(*format, |text: &str| why_not(format, text).is_none())
        });
        let validator = options.should_validate_formats(true).build(&schema).map_err(|e| e.to_string());
        Ok(Self { fields, schema, validator })
    }

    /// What checks the answers.
    ///
    /// # Errors
    /// Why the schema is none; the files of a city are refused with that reason, so that it is never met here.
    pub fn validator(&self) -> Result<&Validator, &str> {
        self.validator.as_ref().map_err(String::as_str)
    }
}

/// The file.
#[derive(Deserialize)]
struct Written {
    general: Value,
    items: BTreeMap<u16, Value>,
}

/// All forms of a city.
#[derive(Debug)]
pub(super) struct Forms {
    general: Value,
    of_item: BTreeMap<u16, Value>,
    made: Mutex<HashMap<(u16, bool), Arc<Form>>>,
}

impl Forms {
    pub(super) fn parse(text: &str, items: &[Item]) -> Result<Self, CityError> {
        let fault = |message: String| CityError::whole(FILE, message);
        let Written { general, items: of_item } = serde_json::from_str(text)
            .map_err(|cause| fault(format!("不是完整的表单定义，请改正（{cause}）")))?;
        let whole = |form: Form| form.validator.as_ref().map(|_| ()).map_err(Clone::clone).map(|()| form);
        let common =
            Form::new(general.clone()).and_then(whole).map_err(|e| fault(format!("通用表单：{e}")))?;
        let mut asked: BTreeMap<String, (u16, Value)> = BTreeMap::new();
        for (seq, schema) in &of_item {
            if items.iter().all(|item| item.seq != *seq) {
                return Err(fault(format!("事项{seq}在items.csv里没有，请删去")));
            }
            let own = Form::new(schema.clone()).map_err(|e| fault(format!("事项{seq}：{e}")))?;
            Form::new(joined(&general, &[schema]))
                .and_then(whole)
                .map_err(|e| fault(format!("事项{seq}：{e}")))?;
            for field in &own.fields {
                rests_on_something(field).map_err(|e| fault(format!("事项{seq}：{e}")))?;
                if common.fields.iter().any(|known| known.name == field.name) {
                    return Err(fault(format!("事项{seq}：通用表单已经有“{}”，请换一个字段名", field.name)));
                }
                let property = property(schema, &field.name).cloned().unwrap_or_default();
                match asked.get(&field.name) {
                    Some((other, known)) if *known != property => {
                        let say = format!(
                            "“{}”在事项{other}和事项{seq}里写得不一样；同一个问题请写成一样，不同的问题请换一个字段名",
                            field.name
                        );
                        return Err(fault(say));
                    }
                    _ => asked.insert(field.name.clone(), (*seq, property)),
                };
            }
        }
        Ok(Self { general, of_item, made: Mutex::default() })
    }

    /// The form for these items on this channel.
    pub(super) fn of(&self, items: &[&Item], channel: Channel) -> Arc<Form> {
        let agent = channel == Channel::Agent;
        let [item] = items else { return Arc::new(self.make(items, agent)) };
        let key = (item.seq, agent);
        let made = |forms: &Mutex<HashMap<_, _>>| {
            forms.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone)
        };
        made(&self.made).unwrap_or_else(|| {
            let form = Arc::new(self.make(items, agent));
            self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&form));
            form
        })
    }

    fn make(&self, items: &[&Item], agent: bool) -> Form {
        let parts: Vec<&Value> = items.iter().filter_map(|item| self.of_item.get(&item.seq)).collect();
        let mut schema = joined(&self.general, &parts);
        narrow(&mut schema, "applicant_kind", |kind| may_apply(items, kind));
        narrow(&mut schema, "delivery", |way| {
            way != "post" || items.iter().all(|item| item.guide.channels.by_post)
        });
        if !agent {
            leave_out(&mut schema, "agent");
        }
        let empty = |why| Form { fields: Vec::new(), schema: json!({}), validator: Err(why) };
        let mut form = Form::new(schema).unwrap_or_else(empty);
        for field in &mut form.fields {
            field.asked_by = self.asking(items, &field.name);
        }
        form
    }

    /// The items that ask this question beside the general form; none when all of them ask it.
    fn asking(&self, items: &[&Item], name: &str) -> Vec<ItemId> {
        let asks = |item: &&&Item| {
            self.of_item.get(&item.seq).is_some_and(|schema| property(schema, name).is_some())
        };
        let of: Vec<ItemId> = items.iter().filter(asks).map(|item| item.id).collect();
        if of.len() == items.len() { Vec::new() } else { of }
    }
}

/// What nobody has confirmed is asked as an example and may stay empty: an example stops nobody from applying.
fn rests_on_something(field: &Field) -> Result<(), String> {
    match &field.basis {
        None => Err(format!("“{}”没有写x-basis（依据），请补上；还没有依据的写placeholder", field.name)),
        Some(basis) if basis.is_placeholder() && field.required => {
            Err(format!("“{}”还是示例，不能设为必填；部门确认依据以后再设", field.name))
        }
        Some(_) => Ok(()),
    }
}

/// Whether all these items are for such an applicant.
fn may_apply(items: &[&Item], kind: &str) -> bool {
    items.iter().all(|item| {
        let audience = &item.guide.process.audience;
        let person = |a: &Audience| *a == Audience::NaturalPerson;
        audience.is_empty() || audience.iter().any(|a| person(a) == (kind == "person"))
    })
}

fn part<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The question of this name, wherever it stands.
fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let thens = part(schema, "allOf").filter_map(|rule| rule.get("then"));
    let mut holders = std::iter::once(schema).chain(thens);
    holders.find_map(|holder| holder.get("properties")?.get(name).filter(|p| p.get("title").is_some()))
}

/// One schema of several.
fn joined(general: &Value, parts: &[&Value]) -> Value {
    let all = || std::iter::once(general).chain(parts.iter().copied());
    let properties: Map<String, Value> = all()
        .filter_map(|schema| schema.get("properties")?.as_object())
        .flatten()
        .map(|(name, property)| (name.clone(), property.clone()))
        .collect();
    let list = |key: &str| {
        all().flat_map(|schema| part(schema, key)).fold(Vec::new(), |mut list: Vec<Value>, one| {
            if !list.contains(one) {
                list.push(one.clone());
            }
            list
        })
    };
    let own: Vec<Value> = parts.iter().flat_map(|schema| part(schema, "x-order")).cloned().collect();
    let order = part(general, "x-order").flat_map(|name| match name.as_str() {
        Some(HERE) => own.clone(),
        _ => vec![name.clone()],
    });
    let order = order.fold(Vec::new(), |mut order: Vec<Value>, name| {
        if !order.contains(&name) {
            order.push(name);
        }
        order
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": list("required"),
        "allOf": list("allOf"),
        "x-order": order,
    })
}

/// Takes choices out of a question; one that would keep none keeps all.
fn narrow(schema: &mut Value, name: &str, stays: impl Fn(&str) -> bool) {
    let Some(property) = schema.get_mut("properties").and_then(|all| all.get_mut(name)) else { return };
    let keep: Vec<bool> = part(property, "enum").map(|v| v.as_str().is_some_and(&stays)).collect();
    if !keep.contains(&true) {
        return;
    }
    for key in ["enum", "x-labels"] {
        let mut at = keep.iter();
        if let Some(list) = property.get_mut(key).and_then(Value::as_array_mut) {
            list.retain(|_| at.next().copied().unwrap_or_default());
        }
    }
}

/// Takes the questions of another channel out.
fn leave_out(schema: &mut Value, channel: &str) {
    let of_it = |property: &Value| property.get("x-channel").and_then(Value::as_str) == Some(channel);
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let names: Vec<String> =
        properties.iter().filter(|(_, p)| of_it(p)).map(|(name, _)| name.clone()).collect();
    properties.retain(|name, _| !names.contains(name));
    for key in ["required", "x-order"] {
        if let Some(list) = schema.get_mut(key).and_then(Value::as_array_mut) {
            list.retain(|name| name.as_str().is_none_or(|name| names.iter().all(|out| out != name)));
        }
    }
}
