//! The person at the counter: found by the number of their document, or registered with the document in hand.

use super::posted::Posted;
use super::tab::Typed;
use crate::Ctx;
use crate::identity::persons::{self, Assurance, NewPerson, PersonError, PersonView};
use crate::identity::{By, Staff};
use crate::web::{Fault, Trace};
use domain::identity::{Document, DocumentKind};
use domain::kernel::CitizenId;
use domain::kernel::identity::{PersonName, Phone, UsccDoubt};
use domain::kernel::time::legal_day;
use jiff::civil::Date;
use std::collections::BTreeMap;
use ui::{Choice, Control, Field, TextKind, Width};
use uuid::Uuid;

/// The fields of the part about the person; only these are taken over.
const NAMES: [&str; 9] =
    ["kind", "document", "as_issued", "name", "phone", "address", "handler_kind", "handler", "handler_name"];

/// What is wrong with a field: its name and the sentence.
pub(super) type Faults = Vec<(&'static str, String)>;

/// Takes over what was typed about the person; another number makes the person unknown again.
pub(super) fn take(typed: &mut Typed, posted: &Posted) {
    for name in NAMES.into_iter().filter(|name| posted.has(name)) {
        let value = posted.get(name).to_owned();
        let was = typed.who.insert(name.to_owned(), value.clone()).unwrap_or_default();
        if matches!(name, "kind" | "document") && was != value {
            typed.unknown = false;
        }
    }
}

fn said<'a>(who: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    who.get(name).map_or("", |value| value.as_str())
}

fn kind(who: &BTreeMap<String, String>, name: &str) -> DocumentKind {
    DocumentKind::of(said(who, name)).unwrap_or_default()
}

/// The questions about the person, with what was typed and what is wrong with it.
pub(super) fn fields(typed: &Typed, faults: &Faults) -> Vec<Field> {
    let who = &typed.who;
    let error = |name: &str| {
        faults.iter().find(|(known, _)| *known == name).map(|(_, why)| why.clone()).unwrap_or_default()
    };
    let kinds = |name: &'static str, label: &str, all: &[DocumentKind]| {
        let chosen = kind(who, name);
        let choice = |kind: &DocumentKind| Choice::new(kind.word(), kind.label(), *kind == chosen);
        Field::new(name, label, Control::Select(all.iter().map(choice).collect())).width(Width::Medium)
    };
    let text = |name: &'static str, label: &str, kind| {
        Field::text(name, label, kind, said(who, name)).error(error(name)).autocomplete("off")
    };
    let natural = DocumentKind::NATURAL;
    let all: Vec<DocumentKind> = natural.into_iter().chain([DocumentKind::Uscc]).collect();
    let mut fields = vec![
        kinds("kind", "证件类型", &all),
        text("document", "证件号码", TextKind::IdNumber).width(Width::Medium).max_length(60),
    ];
    if doubted(who) {
        let why = text("as_issued", "和执照一样也对不上的，写明核对情况", TextKind::Text);
        fields.push(why.hint("例如：执照原件就是这个代码，已请单位向登记机关核实").max_length(400));
    }
    if !typed.unknown {
        return fields;
    }
    if kind(who, "kind") == DocumentKind::Uscc {
        fields.push(text("name", "单位名称", TextKind::Text).max_length(400));
        fields.push(kinds("handler_kind", "经办人证件类型", &natural));
        fields
            .push(text("handler", "经办人证件号码", TextKind::IdNumber).width(Width::Medium).max_length(60));
        fields.push(text("handler_name", "经办人姓名", TextKind::Text).max_length(400));
        fields.push(text("phone", "经办人手机", TextKind::Tel).width(Width::Medium).max_length(40));
    } else {
        fields.push(text("name", "姓名", TextKind::Text).max_length(400));
        fields.push(text("phone", "手机", TextKind::Tel).width(Width::Medium).max_length(40));
    }
    fields.push(text("address", "住址", TextKind::Text).optional().max_length(400));
    fields
}

/// What looking up led to.
#[derive(Debug)]
pub(super) enum Found {
    /// Somebody known.
    Known(PersonView),
    /// The number is right and nobody is known under it.
    Nobody,
    /// The number cannot be right.
    Wrong(Faults),
}

type Doubted = (Document, Option<UsccDoubt>);

fn document(who: &BTreeMap<String, String>, today: Date) -> Result<Doubted, Faults> {
    Document::parse_as_issued(kind(who, "kind"), said(who, "document"), today)
        .map_err(|why| vec![("document", why.say)])
}

/// Whether the number has the right form and wrong arithmetic, as some that were issued.
fn doubted(who: &BTreeMap<String, String>) -> bool {
    document(who, Date::MAX).is_ok_and(|(_, doubt)| doubt.is_some())
}

/// What stands in the way of a doubtful number: nothing once the clerk has said why it is right as issued.
fn unexplained(who: &BTreeMap<String, String>, doubt: Option<UsccDoubt>) -> Option<String> {
    doubt.filter(|_| said(who, "as_issued").is_empty()).map(|doubt| doubt.to_string())
}

/// Looks the person up by the number typed.
pub(super) async fn look_up(ctx: &Ctx, typed: &Typed) -> store::Result<Found> {
    match document(&typed.who, legal_day(ctx.now())) {
        Err(faults) => Ok(Found::Wrong(faults)),
        Ok((document, doubt)) => match persons::find_by_document(ctx, &document).await? {
            Some(view) => Ok(Found::Known(view)),
            None => Ok(unexplained(&typed.who, doubt)
                .map_or(Found::Nobody, |why| Found::Wrong(vec![("document", why)]))),
        },
    }
}

/// A person to be registered, and for a firm who acts for it.
struct Reading {
    new: NewPerson,
    handler: Option<NewPerson>,
}

fn read(who: &BTreeMap<String, String>, today: Date) -> Result<Reading, Faults> {
    let mut faults: Faults = Vec::new();
    let mut keep = |field: &'static str, why: String| faults.push((field, why));
    let main = document(who, today).map_err(|mut wrong| keep("document", wrong.remove(0).1)).ok();
    let doubt = main.as_ref().and_then(|(_, doubt)| *doubt);
    if let Some(why) = unexplained(who, doubt) {
        keep("document", why);
    }
    let as_issued = doubt.map(|_| said(who, "as_issued").to_owned());
    let main = main.map(|(document, _)| document);
    let firm = kind(who, "kind") == DocumentKind::Uscc;
    let phone = Phone::parse(said(who, "phone")).map_err(|why| keep("phone", why.to_string())).ok();
    let person =
        |field: &'static str| PersonName::parse(said(who, field)).map(|name| name.as_str().to_owned());
    let name = match said(who, "name") {
        text if firm && !text.is_empty() => Ok(text.to_owned()),
        _ if firm => Err("请填写单位名称，和营业执照上一样".to_owned()),
        _ => person("name").map_err(|why| why.to_string()),
    };
    let name = name.map_err(|why| keep("name", why)).ok();
    let mut handler = None;
    if firm {
        let parsed = Document::parse(kind(who, "handler_kind"), said(who, "handler"), today);
        let number = parsed.map_err(|why| keep("handler", why.say)).ok();
        let called = person("handler_name").map_err(|why| keep("handler_name", why.to_string())).ok();
        handler = number.zip(called);
    }
    let address = Some(said(who, "address").to_owned()).filter(|text| !text.is_empty());
    let (Some(document), Some(name), true) = (main, name, faults.is_empty()) else { return Err(faults) };
    let known = |document, name, phone, address| NewPerson {
        document,
        name,
        phone,
        address,
        handler: None,
        assurance: Assurance::Seen,
        as_issued: None,
    };
    Ok(match handler {
        Some((number, called)) => Reading {
            new: NewPerson { as_issued, ..known(document, name, None, address) },
            handler: Some(known(number, called, phone, None)),
        },
        None => Reading { new: known(document, name, phone, address), handler: None },
    })
}

/// Who applies: the person, and the firm they act for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Who {
    /// The natural person.
    pub person: Uuid,
    /// The firm.
    pub firm: Option<Uuid>,
}

impl Who {
    /// From a person who is known; nothing for a firm nobody acts for.
    pub fn of(view: &PersonView) -> Option<Self> {
        if !view.known.is_firm() {
            return Some(Self { person: view.id, firm: None });
        }
        view.known.handler.map(|handler| Self { person: handler.uuid(), firm: Some(view.id) })
    }
}

/// Registers the person whose document the clerk has in hand.
///
/// # Errors
/// What is wrong with which field; a fault when the data cannot be written.
pub(super) async fn register(
    ctx: &Ctx,
    staff: &Staff,
    typed: &Typed,
    trace: &Trace,
) -> Result<Result<Who, Faults>, Fault> {
    let reading = match read(&typed.who, legal_day(ctx.now())) {
        Ok(reading) => reading,
        Err(faults) => return Ok(Err(faults)),
    };
    let by = || By::staff(staff, trace);
    let mut new = reading.new;
    if let Some(handler) = reading.handler {
        match persons::register(ctx, &handler, by()).await {
            Ok(view) => new.handler = Some(CitizenId(view.id)),
            Err(PersonError::Store(error)) => return Err(error.into()),
            Err(why) => return Ok(Err(vec![("handler_name", why.to_string())])),
        }
    }
    match persons::register(ctx, &new, by()).await {
        Ok(view) => Ok(Who::of(&view).ok_or_else(|| {
            vec![("document", "这个单位没有登记经办人，请先填写经办人的证件和姓名".to_owned())]
        })),
        Err(PersonError::Store(error)) => Err(error.into()),
        Err(PersonError::TooLong) => Ok(Err(vec![("address", PersonError::TooLong.to_string())])),
        Err(why) => Ok(Err(vec![("name", why.to_string())])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 3, 2);

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn wrong(pairs: &[(&str, &str)]) -> Vec<&'static str> {
        read(&typed(pairs), TODAY).err().unwrap_or_default().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn every_field_that_is_wrong_is_named_at_once() {
        assert_eq!(
            wrong(&[("document", "320402199003074510"), ("phone", "138"), ("name", "")]),
            ["document", "phone", "name"]
        );
        let right = [("document", "320402199003074516"), ("phone", "13812345678"), ("name", "王小明")];
        assert_eq!(wrong(&right), Vec::<&str>::new());
    }

    #[test]
    fn a_firm_is_registered_with_the_person_who_acts_for_it() {
        let firm = [("kind", "uscc"), ("document", "91320402MA1N002100"), ("name", "常州某某有限公司")];
        assert_eq!(wrong(&firm), ["phone", "handler", "handler_name"]);
        let mut whole = firm.to_vec();
        whole.extend([
            ("handler", "320402199003074516"),
            ("handler_name", "王小明"),
            ("phone", "13812345678"),
        ]);
        let reading = read(&typed(&whole), TODAY).ok().unwrap();
        assert_eq!(reading.handler.unwrap().name, "王小明");
        assert_eq!(reading.new.name, "常州某某有限公司");
    }

    #[test]
    fn a_credit_code_that_was_issued_wrong_is_taken_with_what_the_clerk_found() {
        let mut firm = vec![
            ("kind", "uscc"),
            ("document", "91350211M0000XUF46"),
            ("name", "厦门某某有限公司"),
            ("handler", "320402199003074516"),
            ("handler_name", "王小明"),
            ("phone", "13812345678"),
        ];
        assert_eq!(wrong(&firm), ["document"]);
        let typed_now = Typed { who: typed(&firm), ..Typed::default() };
        let asked = fields(&typed_now, &Faults::new());
        assert!(asked.iter().any(|field| field.name() == "as_issued"), "the way on is shown at once");
        firm.push(("as_issued", "执照原件就是这个代码"));
        let reading = read(&typed(&firm), TODAY).ok().unwrap();
        assert_eq!(reading.new.as_issued.as_deref(), Some("执照原件就是这个代码"));
        assert_eq!(reading.handler.unwrap().as_issued, None);
        let sound = [("kind", "uscc"), ("document", "91320402MA1N002100")];
        let sound = Typed { who: typed(&sound), ..Typed::default() };
        assert!(fields(&sound, &Faults::new()).iter().all(|field| field.name() != "as_issued"));
    }

    #[test]
    fn another_number_makes_the_person_unknown_again() {
        let mut now = Typed { unknown: true, ..Typed::default() };
        take(&mut now, &Posted::of(&[("document", ""), ("role", "admin")]));
        assert!(now.unknown, "the same number, nothing typed");
        assert!(!now.who.contains_key("role"), "foreign fields stay outside");
        take(&mut now, &Posted::of(&[("document", "320402199003074516")]));
        assert!(!now.unknown);
    }
}
